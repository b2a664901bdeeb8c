# audit --from - on a terminal: what a person pastes is read, also a line that
# is longer than a terminal's own limit of 4,096 bytes, and it ends by itself
# when the JSON closes.
. "$(dirname "$0")/../helpers/tap.sh"
needs_expect
plan 4
run_limit_sec=6

ocn='{"sendAsEmail": "t@ocn.ne.jp", "displayName": "T", "treatAsAlias": true}'

paste_into_terminal()
{
	begin_run
	run_command="(pasted) audit --from -"
	clean_env expect -N -n -f "$helpers/pty.exp" "$run_limit_sec" "$tty" \
	    - - '' "$1" -- "$sendas" audit --from - --color never || status=$?
	note_sanitizer
}

paste_into_terminal "{\"sendAs\": [$ocn]}"
status_is 1 "a short paste ends by itself"
like "$tty" 'FIX +t@ocn\.ne\.jp' "... and is judged"

long=$(head -c 6000 /dev/zero | tr '\0' ' ')
paste_into_terminal "{\"sendAs\": [$long$ocn]}"
status_is 1 "6,000 bytes on one line end by themselves"
like "$tty" 'FIX +t@ocn\.ne\.jp' "... and are read whole"
