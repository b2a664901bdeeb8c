# Colour is for a terminal; NO_COLOR, a dumb terminal and --color never turn it
# off there, --color always turns it on anywhere.
. "$(dirname "$0")/../helpers/tap.sh"
needs_expect
plan 15

echo '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": true}]}' \
    >"$work/good"
red=$(printf '\033\\[1;31m')
any=$(printf '\033')

# on_terminal ARGUMENT...: with standard output on a terminal.
on_terminal()
{
	begin_run
	run_command="(on a terminal) $*"
	clean_env expect -N -n -f "$helpers/pty.exp" "$run_limit_sec" "$tty" \
	    - - '/ n\] $' n -- "$sendas" audit --from "$work/good" "$@" || status=$?
	note_sanitizer
}

test_env="TERM=xterm"
on_terminal
status_is 1 "a terminal: exit status 1 for the finding"
like "$tty" "${red}FIX" "a terminal: the mark is red"
on_terminal --color auto
like "$tty" "$red" "--color auto is the same"
on_terminal --color never
like "$tty" '^FIX' "--color never: the mark is there"
unlike "$tty" "$any" "--color never: without colour"
on_terminal -o "$work/report"
unlike "$work/report" "$any" "a file has no colour"
on_terminal --format json
unlike "$tty" "$any" "JSON has no colour"

test_env="TERM=xterm NO_COLOR=1"
on_terminal
unlike "$tty" "$any" "NO_COLOR=1: without colour"
test_env="TERM=xterm NO_COLOR="
on_terminal
like "$tty" "$red" "an empty NO_COLOR does not count"
test_env="TERM=dumb"
on_terminal
unlike "$tty" "$any" "TERM=dumb: without colour"
test_env=

run "$sendas" audit --from "$work/good"
unlike "$out" "$any" "not a terminal: without colour"
run "$sendas" audit --from "$work/good" --color always
like "$out" "${red}FIX" "--color always: with colour"
run "$sendas" audit --from "$work/good" --color always --format json
unlike "$out" "$any" "--color always: JSON has none"
run "$sendas" audit --from "$work/good" --color sometimes
status_is 2 "--color sometimes: exit status 2"
like "$err" 'auto, always, never' "... and it says what there is"
