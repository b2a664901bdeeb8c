# In a fleet the alias alone is changed, unless there is a file of passwords:
# what it has none for is told, mailbox by mailbox; logins are one at a time,
# not too many, and end when they fail one after another.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
needs_sim
needs_smtp
plan 51

smtp_start
smtp_policy ssl

# start COUNT [MORE]: so many mailboxes with a wrong server, u1@example.com and
# on, each with MORE of a seed.
start()
{
	rm -rf "$work/home/.local/state/sendas"
	boxes=
	users=
	for n in $(seq "$1"); do
		users="$users u$n@example.com"
		boxes="$boxes${boxes:+,}$(server_box "u$n@example.com" \
		    "$(server 127.0.0.1 25 none)" "${2:-}")"
	done
	sim_start --seeds "$(seed fleet "$boxes")"
	# shellcheck disable=SC2086 # words
	printf '%s\n' mailbox $users >"$work/users.csv"
}

# fix_fleet ARGUMENT...
fix_fleet()
{
	sendas_run fix --users "$work/users.csv" --policy "$policy" --yes "$@"
}

# set_right: how many servers are.
set_right()
{
	count=0
	for user in $users; do
		test "$(server_of "$user")" != "$(right_server ssl)" ||
		    count=$((count + 1))
	done
	echo "$count"
}

start 3
fix_fleet --max-changes 3
status_is 1 "without a file: exit status 1"
is "$(set_right)" 0 "no server is changed"
requests_are patch 3 "the aliases are"
is "$(grep -c 'By hand, in Gmail, or with --passwords FILE' "$out")" 3 \
    "what is left is told of each mailbox"

start 3
passwords_file u2@example.com gone@example.com
fix_fleet --passwords "$passwords" --max-changes 4
status_is 1 "a file with one of three: exit status 1"
is "$(set_right)" 1 "one server is changed"
is "$(server_of u2@example.com)" "$(right_server ssl)" "the right one"
is "$(grep -c 'By hand, in Gmail' "$out")" 2 "the others are told"
has "$err" "1 entry (line 3) is for no address" "so is the one nobody needs"

# The plan counts, whatever else.
start 3
# shellcheck disable=SC2086 # words
passwords_file $users
fix_fleet --passwords "$passwords" --max-changes 5
status_is 1 "more changes than allowed: exit status 1"
requests_are patch 0 "nothing is changed"
is "$(smtp_events connect)" 1 "and nothing is tried"

# A user name of its own.
start 1
printf 'Mailbox,Address,User Name,Password\r\n%s\r\n' \
    "u1@example.com,taro@ocn.ne.jp,taro@ocn.ne.jp,$server_password" \
    >"$passwords"
fix_fleet --passwords "$passwords" --max-changes 2
status_is 0 "columns in capitals, CRLF, a user name: exit status 0"
is "$(set_right)" 1 "the server is changed"

# One at a time, and no more than allowed; the rest waits.
start 8
# shellcheck disable=SC2086 # words
passwords_file $users
tries=$(smtp_events auth)
fix_fleet --passwords "$passwords" --max-changes 16 --max-logins 3
status_is 4 "no more than allowed: exit status 4"
is "$(($(smtp_events auth) - tries))" 3 "3 logins"
is "$(set_right)" 3 "3 servers"
has "$out" "as one run may try (3; --max-logins)" "why is told"
open=$(newest_run)
run_is "$open" 'd.run.changes.open' 5 "5 stay confirmed"
sendas_run fix --run "$open" --policy "$policy" --passwords "$passwords"
status_is 0 "gone on with: exit status 0"
is "$(set_right)" 8 "all servers are changed"
is "$(smtp_events overlap)" 0 "one login at a time"

# Wrong passwords: three in a row are no accident.
start 8
server_password=wrong
# shellcheck disable=SC2086 # words
passwords_file $users
server_password=invented-password
tries=$(smtp_events auth)
fix_fleet --passwords "$passwords" --max-changes 16 --format json
status_is 4 "wrong ones: exit status 4"
is "$(($(smtp_events auth) - tries))" 3 "after three there is an end"
is "$(set_right)" 0 "no server is changed"
is "$(passwords_given)" 0 "Google was given none"
run_is "$(newest_run)" 'd.run.changes.open' 5 "5 stay confirmed"
is "$(json "$out" 'd.mailboxes.filter((m) => m.changes[0].outcome ===
    "applied").length')" 8 "all aliases are off"

# A server that asks to wait is not asked again.
smtp_policy greeting-421
start 4
# shellcheck disable=SC2086 # words
passwords_file $users
tries=$(smtp_events connect greeting-421)
fix_fleet --passwords "$passwords" --max-changes 8
status_is 4 "a server that asks to wait: exit status 4"
is "$(($(smtp_events connect greeting-421) - tries))" 1 "it is asked once"
has "$out" "asked to wait" "why is told"
run_is "$(newest_run)" 'd.run.changes.open' 4 "all stay confirmed"
smtp_policy ssl

# A refusal that concerns all, while they wait for their turn: whoever is not
# logging in then, does not any more, and one login that works is for nothing.
smtp_policy slow
start 6 ', "faults": {"patchStatus": {"code": 403,
    "reason": "accessNotConfigured", "message": "not enabled"}}'
# shellcheck disable=SC2086 # words
passwords_file $users
tries=$(smtp_events auth)
fix_fleet --passwords "$passwords" --max-changes 6 --only port-25,tls-off
status_is 3 "the project is refused: exit status 3"
is "$(passwords_given)" 1 "Google is given one password"
is "$(($(smtp_events auth) - tries))" 2 "the login that was begun is the last"
has "$out" "5 planned and not made" "the others are told as not made"
run_is "$(newest_run)" 'd.run.changes.open' 6 "all stay confirmed"
smtp_policy ssl

# Files that cannot be used, and nothing is asked of Google.
start 1
refused()
{
	fix_fleet --passwords "$passwords" --max-changes 2
	status_is "$1" "$3: exit status $1"
	has "$err" "$2" "$3: it is told"
}
passwords_file u1@example.com
chmod 640 "$passwords"
refused 5 "chmod 600" "others can read it"
chmod 600 "$passwords"
echo "U1@example.com,TARO@ocn.ne.jp,,other" >>"$passwords"
refused 5 "lines 2 and 3" "twice the same"
printf 'mailbox,address,passwort\na@b.jp,c@ocn.ne.jp,x\n' >"$passwords"
refused 5 "the column \"password\" is missing" "a column that is none"
printf 'mailbox,address,password\nu1@example.com,taro@ocn.ne.jp,"a"b\n' \
    >"$passwords"
refused 5 "line 2" "quotation marks that do not match"
printf '\203\201\201[\203\213,address,password\n' >"$passwords"
refused 5 "UTF-8" "Shift_JIS"
requests_are token 0 "nobody was signed in for"
start 2
server_run fix --users "$work/users.csv" --yes --max-changes 2
status_is 2 "a descriptor for a list: exit status 2"
# One that is not open could be any file of our own, once these are. (make has
# some open for whom it starts.)
exec 3<&- 4<&- 7<&- 9<&-
for n in 3 4 7 9; do
	sendas_run fix u1@example.com --policy "$policy" --yes --max-changes 2 \
	    --password-fd "$n" --no-probe
	test "$status" = 2 || break
done
is "$n $status" "9 2" "a descriptor that is not open: exit status 2"
is "$(passwords_given)" 0 "and nothing of ours went to Google"
