# Another mailbox answers: at the first look, at the look before the write, at
# the one after it, at the look of an undo. Nothing is written to it, and
# nothing is claimed.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 20

wrong='d.kind = "wrong-mailbox"; d.answersAs = "ben@example.com"'
right='d.kind = "workspace"; delete d.answersAs'

sim_start --seeds "$(three_seeds)"
sendas_run fix anna@example.com --dry-run
dry=$(newest_run)
node "$helpers/sim-state.js" "$sim_ready" anna@example.com "$wrong"
sendas_run fix anna@example.com --yes --max-changes 1 --format json
status_is 4 "at the first look: exit status 4"
json_is "$out" 'd.mailboxes[0].status' wrong-mailbox "it is told"
json_is "$out" 'd.mailboxes[0].changes === undefined' true "nothing is planned"

sendas_run fix --run "$dry" --yes --max-changes 1 --format json
status_is 4 "before the write: exit status 4"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' failed "it is not called done"
has "$out" 'ben@example.com answered' "it says who answered"
requests_are patch 0 "nothing was written to anybody"
is "$(alias_of ben@example.com ben@ocn.ne.jp)" true "the other is as it was"

node "$helpers/sim-state.js" "$sim_ready" anna@example.com "$right"
sendas_run fix anna@example.com --yes --max-changes 1
status_is 0 "the right one again: exit status 0"
fix=$(newest_run)
node "$helpers/sim-state.js" "$sim_ready" anna@example.com "$wrong"
sendas_run undo "$fix" --yes --max-changes 1 --format json
status_is 4 "at the look of an undo: exit status 4"
json_is "$out" 'd.mailboxes[0].status' wrong-mailbox "it is told"
requests_are patch 1 "nothing is put back in another's mailbox"
run_is "$fix" 'd.run.changes.applied' 1 "the fix stays to be undone"
node "$helpers/sim-state.js" "$sim_ready" anna@example.com "$right"
sendas_run undo "$fix" --yes --max-changes 1
status_is 0 "and can be, once the right one answers"

# The third look is the one after the write.
sim_start --seeds "$(seed after "$(mailbox chie@example.com chie@ocn.ne.jp \
    ', "faults": {"listBody": {"after": 2, "times": 1, "body":
	"{\"sendAs\": [{\"sendAsEmail\": \"ben@example.com\", \"isPrimary\": true}]}"}}' \
    )")"
sendas_run fix chie@example.com --yes --max-changes 1 --format json
status_is 4 "after the write: exit status 4"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' failed \
    "what was not read back is not called done"
has "$out" 'may or may not be done' "it says what is known"
open=$(newest_run)
run_is "$open" 'd.run.changes.open' 1 "it stays open"
sendas_run fix --run "$open"
status_is 0 "once the right one answers it is read back: exit status 0"
requests_are patch 1 "without a second PATCH"
