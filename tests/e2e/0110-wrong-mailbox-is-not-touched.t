# The mailbox that answers must be the one that was asked for: otherwise
# nothing of it is judged, shown or changed.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 20

no_primary=$(mailbox noprimary@example.com noprimary@ocn.ne.jp "" |
    sed 's/"isPrimary": true,//')
capitals=$(mailbox capitals@example.com capitals@ocn.ne.jp "" |
    sed 's/"sendAsEmail": "capitals@example/"sendAsEmail": "Capitals@Example/')
sim_start --demo --seeds "$(seed wrong '{"mailbox": "boss@example.com",
	"kind": "wrong-mailbox", "answersAs": "jiro@example.com",
	"sendAs": []},'"$no_primary,$capitals")"

sendas_run audit boss@example.com
status_is 4 "audit: exit status 4"
like "$out" '^NOT READ' "it counts as not read"
has "$out" "boss@example.com was asked for, but the mailbox of \
jiro@example.com answered" "it says who answered"
unlike "$out" 'jiro@ocn\.ne\.jp' "nothing of the other's settings is shown"

sendas_run audit boss@example.com --format json
status_is 4 "audit in JSON: exit status 4"
is_report json "$out" "the JSON keeps to the contract"
json_is "$out" 'd.mailboxes.map((m) => [m.mailbox, m.status])' \
    '[["boss@example.com","wrong-mailbox"]]' "the status has its name"
json_is "$out" 'd.summary.clean' 0 "and it is not clean"

sendas_run fix boss@example.com --yes --max-changes 9
status_is 4 "fix: exit status 4"
requests_are patch 0 "no PATCH"
is "$(alias_of jiro@example.com jiro@ocn.ne.jp)" true \
    "the other mailbox is as it was"

sendas_run audit boss@example.com hanako@example.com --format json
status_is 4 "beside a good one: exit status 4"
json_is "$out" 'd.summary.clean' 1 "the good one is still judged"

sendas_run audit HANAKO@Example.com --format json
status_is 0 "capitals in the name are no difference"
json_is "$out" 'd.mailboxes[0].status' read "and it is read"
sendas_run fix capitals@example.com --yes --max-changes 1 --format json
status_is 0 "nor are they in Google's answer"
json_is "$out" 'd.summary.changes' '{"applied":1}' "and it is fixed"

sendas_run fix noprimary@example.com --yes --max-changes 1
status_is 4 "an answer without a primary address: exit status 4"
has "$out" "names no primary address" "it says why"
requests_are patch 1 "and changes nothing"
