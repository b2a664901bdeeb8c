# undo: puts back what a run changed, in all mailboxes or in one, and nothing
# else; it is asked about, can be tried, and can be undone in turn.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 34

sim_start --seeds "$(three_seeds)"
sendas_run fix anna@example.com ben@example.com chie@example.com \
    --yes --max-changes 3
status_is 0 "a fix of three"
fix=$(newest_run)

sendas_run undo "$fix" --dry-run
status_is 1 "a dry run of an undo: exit status 1, there is something to do"
has "$out" '"Treat as an alias" off -> on' "it shows what would be put back"
requests_are patch 3 "... and writes nothing"

sendas_run undo "$fix" ben@example.com --yes --max-changes 1
status_is 0 "an undo of one mailbox: exit status 0, findings are no failure"
is "$(alias_of ben@example.com ben@ocn.ne.jp)" true "its box is ticked again"
is "$(alias_of anna@example.com anna@ocn.ne.jp)" false "no other is touched"
undo=$(newest_run)
run_is "$fix" 'd.run.changes.undone' 1 "the run says that one is put back"
run_is "$undo" 'd.run.undoOf' "$fix" "the undo says what it takes back"
unlike "$out" 'take 30 minutes' "an undo promises no effect"

sendas_ask 'type the number of changes: ' 2 -- undo "$fix"
status_is 0 "the rest, asked about"
has "$tty" '"Treat as an alias" off -> on' "the question names the change"
is "$(alias_of anna@example.com anna@ocn.ne.jp)" true "anna's box is back"
is "$(alias_of chie@example.com chie@ocn.ne.jp)" true "chie's box is back"
requests_are patch 6 "each was written once"
run_is "$fix" 'd.run.changes.undone' 3 "all of the run is put back"

sendas_run undo "$fix" --yes --max-changes 3
status_is 2 "once more: exit status 2"
like "$err" 'nothing to put back' "it says why"
requests_are patch 6 "... and writes nothing"

sendas_run undo "$undo" --yes --max-changes 1
status_is 0 "an undo is undone"
is "$(alias_of ben@example.com ben@ocn.ne.jp)" false "the box is clear again"

sendas_run undo "$undo" anna@example.com --yes --max-changes 1
status_is 2 "a mailbox that the run did not change: exit status 2"
like "$err" 'anna@example\.com' "it is named"
sendas_run undo 20200101T000000Z-0000 --yes --max-changes 1
status_is 2 "a run that there is not: exit status 2"
like "$err" '20200101T000000Z-0000' "it is named"
sendas_run undo
status_is 2 "no run at all: exit status 2"
like "$err" 'which run' "it asks which"

sim_start --seeds "$(three_seeds)"
sendas_run fix anna@example.com ben@example.com --yes --max-changes 2
fix=$(newest_run)
node "$helpers/sim-state.js" "$sim_ready" ben@example.com \
    'd.sendAs[1].treatAsAlias = true'
sendas_run undo "$fix" --yes --max-changes 2 --format json
status_is 4 "somebody changed one since: exit status 4"
json_is "$out" 'd.mailboxes.map((m) => m.mailbox + " " +
    m.changes[0].outcome).sort().join()' \
    "anna@example.com applied,ben@example.com changed-meanwhile" \
    "that one is left alone, the other put back"
requests_are patch 3 "nothing was written for it"
run_is "$fix" 'd.run.changes.undone' 1 "only the other is marked as undone"

sendas_run undo "$fix" --yes --max-changes 2 --format json
json_is "$out" 'd.mailboxes[0].changes[0].outcome' changed-meanwhile \
    "what was not put back can be tried again, and is the same"
sendas_run fix ben@example.com --yes --max-changes 1
sendas_run undo "$fix" --yes --max-changes 2
status_is 0 "once it stands as the run left it, it can be put back"
is "$(alias_of ben@example.com ben@ocn.ne.jp)" true "... and is"
