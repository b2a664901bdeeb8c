# A change whose answer is lost is not sent again before the mailbox was read:
# not by libcurl either, which repeats by itself what met a connection that had
# been used before and broke.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/beside.sh"
needs_sim
plan 31

# calls: what was asked of the API, in order.
calls()
{
	grep -oE '"call":"(list|patch)"' "$sim_requests" |
	    sed 's/.*:"\(.*\)"/\1/' | tr '\n' ' '
}

# after FAULT PROTOCOL CALLS OUTCOME NAME: fix of a mailbox whose PATCH meets
# the fault.
after()
{
	# shellcheck disable=SC2086 # none or one word
	sim_start $2 --seeds "$(seed one "$(mailbox anna@example.com \
	    anna@ocn.ne.jp ", \"faults\": {\"patchFault\": $1}")")"
	sendas_run fix anna@example.com --yes --max-changes 1 --format json
	is "$(calls)" "$3" "$5: read before each PATCH"
	json_is "$out" 'd.mailboxes[0].changes[0].outcome' "$4" "$5: $4"
	run_is "$(newest_run)" "d.run.changes['$4']" 1 "$5: in the journal, too"
}

for protocol in "" --http1; do
	name="HTTP/2"
	test -z "$protocol" || name="HTTP/1.1"
	after '{"kind": "reset", "applied": true}' "$protocol" \
	    "list list patch list " applied "$name: done, and no answer"
	after '{"kind": "reset", "applied": false, "times": 1}' "$protocol" \
	    "list list patch list patch list " applied \
	    "$name: not done, and no answer"
	after '{"kind": "reset", "applied": false}' "$protocol" \
	    "list list patch list patch list " failed \
	    "$name: never done, and no answer"
	after '{"kind": "goaway", "times": 1}' "$protocol" \
	    "list list patch list patch list " applied \
	    "$name: the server ends the connection before it"
done
unlike "$err" 'callback' "no word of how it is done"

# So many on one connection that the double ends it in between, at different
# moments, with changes under way.
seeds=$(many_seeds 300)
for try in 1 2; do
	sim_start --seeds "$seeds"
	sendas_run fix --users "$work/users" --yes --max-changes 300
	status_is 0 "300 mailboxes: exit status 0"
	sendas_run fix --users "$work/users" --yes --max-changes 300
	each_patched_once 300 "300 mailboxes: each was written to once"
	is "$(ticked)" 0 "300 mailboxes: each box is clear"
done
