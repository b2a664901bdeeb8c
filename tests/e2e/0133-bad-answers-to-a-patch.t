# A PATCH whose answer is bad, late or never comes, and answers that differ from
# one address to the next: each outcome is told alike in text, JSON and journal.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 75

# answer_is SEED STATUS OUTCOME PATCHES ALIAS NAME TEXT: of one mailbox whose
# seed has `SEED` beside the usual; ALIAS is how it stands at Google then.
answer_is()
{
	sim_start --seeds "$(seed one "$(mailbox anna@example.com \
	    anna@ocn.ne.jp ", $1")")"
	sendas_run fix anna@example.com --yes --max-changes 1 --timeout 2
	status_is "$2" "$6: exit status $2"
	has "$out" "anna@ocn.ne.jp: \"Treat as an alias\" on -> off: $7" \
	    "$6: the text says so"
	run_is "$(newest_run)" 'd.mailboxes[0].changes[0].outcome' "$3" \
	    "$6: $3, in the journal"
	run_is "$(newest_run)" '[d.run.changes.open, d.run.finished !== null]' \
	    '[0,true]' "$6: nothing is left open"
	requests_are patch "$4" "$6: PATCHes"
	is "$(alias_of anna@example.com anna@ocn.ne.jp)" "$5" \
	    "$6: which is true"
}

answer_is '"patch": "error500"' 4 failed 1 true "error 500" \
    'not known to be changed'
answer_is '"faults": {"patchFault": {"kind": "stall", "applied": false}}' \
    4 failed 1 true "not done, and never an answer" 'not known to be changed'
answer_is '"faults": {"patchFault": {"kind": "trickle", "applied": false}}' \
    4 failed 1 true "not done, and an answer without an end" \
    'not known to be changed'
answer_is '"faults": {"patchFault": {"kind": "late", "ms": 300,
    "applied": false}}' 4 ignored 1 true "not done, and called done late" \
    'not changed: Google ignored it'
answer_is '"faults": {"patchFault": {"kind": "late", "ms": 3000,
    "applied": true}}' 0 applied 1 false "done, and called done too late" \
    'changed, and read back'
answer_is '"faults": {"patchFault": {"kind": "goaway", "applied": true}}' \
    0 applied 1 false "done, and said not to be" 'changed, and read back'
answer_is '"faults": {"patchFault": {"kind": "goaway"}}' \
    4 failed 2 true "the connection ends before it each time" \
    'not known to be changed'

# ---- two addresses in one mailbox ----

# two_seeds PATCH [MORE]: anna with the addresses left and right; PATCH is what
# becomes of a change, by address, and MORE are further members.
two_seeds()
{
	two="{\"mailbox\": \"anna@example.com\", \"kind\": \"workspace\",
	    \"patch\": $1${2:-}, \"sendAs\": [
	    {\"sendAsEmail\": \"anna@example.com\", \"isPrimary\": true}"
	for name in left right; do
		two="$two, {\"sendAsEmail\": \"$name@ocn.ne.jp\",
		    \"displayName\": \"T\", \"treatAsAlias\": true,
		    \"verificationStatus\": \"accepted\", \"smtpMsa\": {
		    \"host\": \"smtp.ocn.ne.jp\", \"port\": 465,
		    \"securityMode\": \"ssl\"}}"
	done
	seed two "$two]}"
}
outcomes='d.mailboxes[0].changes.map((c) => c.outcome).join()'

# both_are PATCH OUTCOMES PATCHES NAME
both_are()
{
	sim_start --seeds "$(two_seeds "$1")"
	sendas_run fix anna@example.com --yes --max-changes 2 --format json
	status_is 4 "$4: exit status 4"
	json_is "$out" "$outcomes" "$2" "$4: each has its own outcome"
	is_report json "$out" "$4: the report keeps to the contract"
	run_is "$(newest_run)" "$outcomes" "$2" "$4: in the journal too"
	requests_are patch "$3" "$4: PATCHes"
}

both_are '{"left@ocn.ne.jp": "ignore"}' ignored,applied 2 \
    "one ignored, one done"
both_are '{"right@ocn.ne.jp": "error500"}' applied,failed 2 \
    "one done, one failed"
both_are '{"left@ocn.ne.jp": "refuse"}' refused,refused 1 \
    "refused: another is not tried"

# The project is refused between the two: what is done is told, and what is not
# waits; the mailbox is nobody else's to change until then.
sim_start --seeds "$(two_seeds '"apply"' ', "faults": {"patchStatus": {
    "code": 403, "reason": "accessNotConfigured", "message": "Off",
    "after": 1, "times": 1}}')"
sendas_run fix anna@example.com --yes --max-changes 2 --format json
status_is 3 "refused between two changes: exit status 3"
json_is "$out" "$outcomes" applied,failed "the second is not called done"
cut=$(newest_run)
run_is "$cut" '[d.run.changes.applied, d.run.changes.open]' '[1,1]' \
    "the journal has one done, one open"
sendas_run undo "$cut" --yes --max-changes 2
status_is 2 "an undo has to wait: exit status 2"
has "$err" "sendas fix --run $cut" "it names what comes first"
requests_are patch 2 "it writes nothing"
sendas_run fix --run "$cut" --format json
status_is 0 "gone on with: exit status 0"
json_is "$out" "$outcomes" applied "the second is done"
requests_are patch 3 "the first is not done again"
run_is "$cut" '[d.run.changes.applied, d.run.finished !== null]' '[2,true]' \
    "the run is finished"
sendas_run undo "$cut" --yes --max-changes 2
status_is 0 "then the undo goes: exit status 0"
run_is "$cut" 'd.run.changes.undone' 2 "both are put back"

# What Google does late is found right by the next look, and not written again.
sim_start --seeds "$(seed one "$(mailbox anna@example.com anna@ocn.ne.jp \
    ', "patch": {"kind": "slow-apply", "ms": 2000}')")"
sendas_run fix anna@example.com --yes --max-changes 1
status_is 4 "done later than it is looked at: exit status 4"
late=$(newest_run)
run_is "$late" 'd.mailboxes[0].changes[0].outcome' ignored \
    "it is told as it was seen"
is_cleared()
{
	test "$(alias_of anna@example.com anna@ocn.ne.jp)" = false
}
ok "later it is done" wait_for 10 is_cleared
sendas_run fix anna@example.com --yes --max-changes 1
status_is 0 "the next fix has nothing to do: exit status 0"
like "$out" '^OK +anna@ocn\.ne\.jp' "it finds it right"
requests_are patch 1 "and writes nothing"
