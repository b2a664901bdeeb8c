# fix when the connection breaks after Google has made a change and before it
# answers: the change is not sent again, what came of it is read, and when that
# cannot be read nothing is claimed.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 12

sim_start --delay 400 --seeds "$(seed mailboxes "
	$(mailbox once@example.com once@ocn.ne.jp ""),
	$(mailbox forgood@example.com forgood@ocn.ne.jp "")")"

# with_relay MAILBOX [for-good]: a bad network for the Gmail API.
with_relay()
{
	rm -f "$work/port"
	node "$helpers/relay.js" "$sim_ready" "$1" "$work/port" ${2:+"$2"} \
	    >"$work/relay.log" 2>&1 &
	relay_pid=$!
	wait_for 20 test -s "$work/port" || exit 1
	sim_direct=$sim_gmail
	sim_gmail=https://127.0.0.1:$(cat "$work/port")/
}

without_relay()
{
	kill "$relay_pid"
	wait "$relay_pid" 2>/dev/null || true
	sim_gmail=$sim_direct
}

with_relay once@example.com
sendas_run fix once@example.com --yes --max-changes 1 --format json
without_relay
status_is 0 "done, answer lost, read back: exit status 0"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' applied \
    "what was read back is applied"
json_is "$out" 'd.mailboxes[0].addresses[1].treatAsAlias' false \
    "and the report shows it"
requests_are patch 1 "the PATCH was not sent again"
requests_are list 3 "it was read again after it"

with_relay forgood@example.com for-good
sendas_run fix forgood@example.com --yes --max-changes 1 --format json
without_relay
status_is 4 "and nobody there to read it from: exit status 4"
is_report json "$out" "the JSON keeps to the contract"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' failed \
    "what was not read back is not called done"
has "$out" "may or may not be done" "it says what is known"
has "$out" "To look again: sendas fix --run" "and what to do"
requests_are patch 2 "no PATCH was sent again"
is "$(alias_of forgood@example.com forgood@ocn.ne.jp)" false \
    "it was in fact done"
