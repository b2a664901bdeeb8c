# At a terminal the password is asked for, once the change was agreed to, and
# is not shown; what a person may do there.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
needs_expect
needs_sim
needs_smtp
plan 46

smtp_start
smtp_policy ssl
right=$server_password

# at_terminal [REGEX ANSWER]... -- ARGUMENT...: of fix, with anna's server wrong
# and nothing known from before, if there is no run to go on with.
at_terminal()
{
	ask_words="--credentials $sim_key --ca-file $sim_ca
	    --endpoint gmail=$sim_gmail --endpoint token=$sim_token
	    --policy $policy"
	tries=$(smtp_events auth)
	ask_with "$@"
	tries=$(($(smtp_events auth) - tries))
}

start()
{
	rm -rf "$work/home/.local/state/sendas"
	sim_start --seeds "$(seed one "$(server_box anna@example.com \
	    "$(server 127.0.0.1 25 none)" '' "${1:-true}")")"
}

start
at_terminal 'y/N' y 'not shown' "$right" -- fix anna@example.com
status_is 0 "typed: exit status 0"
has "$tty" "SMTP server 127.0.0.1, port 25, not secured -> 127.0.0.1, port" \
    "the question names both servers"
has "$tty" "The password of taro@ocn.ne.jp at this server" \
    "and that it needs a password"
has "$tty" "Make these 2 changes" "both changes are agreed to"
has "$tty" "Mail password of taro@ocn.ne.jp at 127.0.0.1" "it is asked for"
has_not "$tty" "$right" "it is not shown"
is "$(server_of anna@example.com)" "$(right_server ssl)" "the server is set"
is "$tries" 1 "one login"

start
at_terminal 'y/N' n -- fix anna@example.com
status_is 1 "declined: exit status 1"
has_not "$tty" "not shown" "no password is asked for"
requests_are patch 0 "nothing is changed"

# Mistyped.
start
at_terminal 'y/N' y 'not shown' mistyped 'Once more.*not shown' "$right" -- \
    fix anna@example.com
status_is 0 "mistyped once: exit status 0"
is "$tries" 2 "two logins"
is "$(server_of anna@example.com)" "$(right_server ssl)" "the server is set"
start
at_terminal 'y/N' y 'not shown' mistyped 'not shown' mistyped -- \
    fix anna@example.com
status_is 4 "mistyped twice: exit status 4"
is "$tries" 2 "there is no third"
is "$(passwords_given)" 0 "Google got none"
has "$out" "does not take this user name or password" "why is told"
is "$(alias_of anna@example.com taro@ocn.ne.jp)" false \
    "the alias is off all the same"
has "$out" "How to fix it" "and the steps by hand follow"

# Enter alone, the end of input, an interruption.
for row in '|4|No password was given' '^D|4|no password was given' \
    '^C|130|interrupted'; do
	key=${row%%|*}
	row=${row#*|}
	start
	at_terminal 'y/N' y 'not shown' "$key" -- fix anna@example.com
	status_is "${row%|*}" "${key:-Enter}: exit status ${row%|*}"
	cat "$out" "$err" >"$work/said"
	has "$work/said" "${row#*|}" "${key:-Enter}: says so"
	is "$tries" 0 "${key:-Enter}: no login"
	is "$(server_of anna@example.com)" "127.0.0.1 25 none x true" \
	    "${key:-Enter}: the server is as before"
done
open=$(newest_run)
run_is "$open" 'd.run.changes.open' 1 "^C: it stays confirmed"
at_terminal 'not shown' "$right" -- fix --run "$open"
status_is 0 "gone on with: exit status 0"
is "$(server_of anna@example.com)" "$(right_server ssl)" "the server is set"

# ^C while the server is silent.
smtp_policy silent
start false
at_terminal 'y/N' y 'not shown' "$right" '' '^C' -- fix anna@example.com \
    --timeout 25
status_is 130 "^C while the server is silent: exit status 130"
is "$(passwords_given)" 0 "Google got no password"
run_is "$(newest_run)" 'd.run.changes.open' 1 "it stays confirmed"
smtp_policy ssl

# A dry run asks nothing, and shows it.
start
at_terminal -- fix anna@example.com --dry-run
status_is 1 "a dry run: exit status 1"
has "$out" "SMTP server 127.0.0.1, port 25" "the server is shown"
is "$tries" 0 "no login"

# An undo.
start
at_terminal 'y/N' y 'not shown' "$right" -- fix anna@example.com
at_terminal 'y/N' y -- undo "$(newest_run)"
status_is 4 "an undo to a server without TLS: exit status 4"
has "$out" "not one that a password may be sent to" "it says why"

# In Japanese.
start
at_terminal 'はい=y' y '画面には出ません' "$right" -- fix anna@example.com --lang ja
status_is 0 "in Japanese: exit status 0"
has "$tty" "SMTPサーバー 127.0.0.1、ポート25、" "the servers"
has "$out" "変更し、Gmail" "the outcome"
