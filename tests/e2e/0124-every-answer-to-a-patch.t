# What Google does with a PATCH is not known for certain, so each possible
# answer is had, and each outcome is the honest one: in the report, in the
# exit status, and in the journal.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 75

# outcome_is SEED STATUS OUTCOME PATCHES OPEN NAME: of one mailbox whose seed
# has `SEED` beside the usual.
outcome_is()
{
	sim_start --seeds "$(seed one "$(mailbox anna@example.com \
	    anna@ocn.ne.jp ", $1")")"
	sendas_run fix anna@example.com --yes --max-changes 1 --timeout 2 \
	    --format json
	status_is "$2" "$6: exit status $2"
	json_is "$out" 'd.mailboxes[0].changes[0].outcome' "$3" "$6: $3"
	requests_are patch "$4" "$6: PATCHes"
	answered=$(newest_run)
	run_is "$answered" 'd.run.changes.open' "$5" "$6: left open"
}

outcome_is '"patch": "apply"' 0 applied 1 0 "done"
outcome_is '"patch": "ignore"' 4 ignored 1 0 "taken, and not done"
outcome_is '"patch": "refuse"' 4 refused 1 0 "a personal account"
outcome_is '"patch": "pending"' 4 pending-verification 1 0 "to be confirmed"
outcome_is '"patch": "error400"' 4 failed 1 0 "refused for another reason"
outcome_is '"patch": {"kind": "slow-apply", "ms": 3000}' 4 ignored 1 0 \
    "done later than it is looked at"
outcome_is '"faults": {"patchFault": {"kind": "reset", "applied": true}}' \
    0 applied 1 0 "done, the answer lost"
outcome_is '"faults": {"patchFault": {"kind": "reset", "applied": false}}' \
    4 failed 2 0 "not done, the answer lost, twice"
outcome_is '"faults": {"patchFault": {"kind": "reset", "applied": false,
    "times": 1}}' 0 applied 2 0 "not done, the answer lost, once"
outcome_is '"faults": {"patchFault": {"kind": "goaway", "times": 1}}' \
    0 applied 2 0 "the connection ended before it"
outcome_is '"faults": {"patchFault": {"kind": "stall", "applied": true}}' \
    0 applied 1 0 "done, and never an answer"
outcome_is '"faults": {"patchFault": {"kind": "trickle", "applied": true}}' \
    0 applied 1 0 "done, and an answer without an end"
outcome_is '"faults": {"patchFault": {"kind": "late", "ms": 300}}' \
    0 applied 1 0 "done, and answered late"

# Pending before: Google may refuse a change of such an address.
sim_start --seeds "$(seed one "$(mailbox anna@example.com anna@ocn.ne.jp \
    ', "patch": "pending-blocks"' | sed 's/"accepted"/"pending"/')")"
sendas_run fix anna@example.com --yes --max-changes 1 --format json
status_is 4 "an address that waits to be confirmed: exit status 4"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' failed "it is not called done"
is "$(alias_of anna@example.com anna@ocn.ne.jp)" true "nor is it"

# What was sent and cannot be read back stays open, and is looked at later,
# without a second PATCH.
sim_start --seeds "$(seed one "$(mailbox anna@example.com anna@ocn.ne.jp \
    ', "faults": {"listStatus": {"code": 400, "reason": "failedPrecondition",
	"message": "Mail service not enabled", "after": 2, "times": 2}}')")"
sendas_run fix anna@example.com --yes --max-changes 1 --format json
status_is 4 "sent, and not read back: exit status 4"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' failed "it is not called done"
open=$(newest_run)
run_is "$open" 'd.run.changes.open' 1 "it stays open"
like "$err" "To go on: sendas fix --run $open" "the way on is told"
sendas_run undo "$open" --yes --max-changes 1
status_is 2 "there is nothing to put back yet"
sendas_run fix --run "$open" --format json
status_is 4 "Google is still away: exit status 4"
run_is "$open" 'd.run.changes.open' 1 "it stays open"
sendas_run fix --run "$open" --format json
status_is 0 "Google is back: exit status 0"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' applied "it is read back"
requests_are patch 1 "one PATCH in all"
run_is "$open" 'd.run.changes.applied' 1 "the journal has it"

# Google takes no change of anybody just now: nothing is lost.
sim_start --seeds "$(seed two "$(mailbox anna@example.com anna@ocn.ne.jp \
    ', "faults": {"patchStatus": {"code": 403, "reason": "accessNotConfigured",
	"message": "Gmail API has not been used in project 1", "times": 1}}'),
    $(mailbox ben@example.com ben@ocn.ne.jp '')")"
sendas_run fix anna@example.com --yes --max-changes 1
status_is 3 "a refusal that concerns the project: exit status 3"
open=$(newest_run)
run_is "$open" 'd.run.changes.open' 1 "the change stays confirmed"
sendas_run fix --run "$open"
status_is 0 "gone on with later: exit status 0"
is "$(alias_of anna@example.com anna@ocn.ne.jp)" false "it is done"
run_is "$open" 'd.run.finished !== null' true "and the run is finished"

# One change's answer was lost, and by the time that it is looked at (the look
# comes late) the project is refused: it is not sent once more then, and not
# called done with.
sim_start --seeds "$(seed lost "$(mailbox anna@example.com anna@ocn.ne.jp \
    ', "faults": {"patchStatus": {"code": 403, "reason": "accessNotConfigured",
	"message": "Gmail API has not been used in project 1", "times": 1}}'),
    $(mailbox ben@example.com ben@ocn.ne.jp ', "faults": {"patchFault":
	{"kind": "reset", "applied": false, "times": 1}, "listFault":
	{"kind": "late", "ms": 1000, "after": 2, "times": 1}}')")"
sendas_run fix anna@example.com ben@example.com --yes --max-changes 2
status_is 3 "lost, and the project refused: exit status 3"
open=$(newest_run)
run_is "$open" 'd.run.changes.open' 2 "both stay confirmed"
sendas_run fix --run "$open"
status_is 0 "gone on with later: exit status 0"
run_is "$open" 'd.run.changes.applied' 2 "both are done"
