# Another mailbox answers in the middle of an undo: at the look just before its
# write, and at the one after it. Nothing is written to it and nothing claimed.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 23

outcome='d.mailboxes[0].changes[0].outcome'

# wrong_after LISTS: anna's mailbox is cleared by a fix, whose id is in $fix;
# the list after so many is another's.
wrong_after()
{
	sim_start --seeds "$(seed wrong "$(mailbox anna@example.com \
	    anna@ocn.ne.jp ", \"faults\": {\"listBody\": {\"after\": $1,
	    \"times\": 1, \"body\": \"{\\\"sendAs\\\": [{\\\"sendAsEmail\\\":
	    \\\"ben@example.com\\\", \\\"isPrimary\\\": true}, {\\\"sendAsEmail\\\":
	    \\\"anna@ocn.ne.jp\\\", \\\"treatAsAlias\\\": true}]}\"}}" |
	    tr -s '\n\t' ' ')")"
	sendas_run fix anna@example.com --yes --max-changes 1
	fix=$(newest_run)
	requests_are patch 1 "the fix is done"
}

wrong_after 4
sendas_run undo "$fix" --yes --max-changes 1 --format json
status_is 4 "before the write: exit status 4"
json_is "$out" "$outcome" failed "it is not called done"
has "$out" 'ben@example.com answered' "it says who answered"
is_report json "$out" "the report keeps to the contract"
requests_are patch 1 "nothing is written"
run_is "$fix" 'd.run.changes.applied' 1 "the fix can still be undone"
sendas_run undo "$fix" --yes --max-changes 1
status_is 0 "and is, once the right one answers: exit status 0"
is "$(alias_of anna@example.com anna@ocn.ne.jp)" true "the box is ticked"

# What it shows agrees with what the undo wants, and is another's all the same.
wrong_after 5
sendas_run undo "$fix" --yes --max-changes 1 --format json
status_is 4 "after the write: exit status 4"
json_is "$out" "$outcome" failed "what another shows is no read-back"
has "$out" 'may or may not be done' "it says what is known"
requests_are patch 2 "it was written"
undo=$(newest_run)
run_is "$undo" 'd.run.changes.open' 1 "it stays open"
run_is "$fix" 'd.run.changes' '{"planned":0,"open":0,"applied":1,"ignored":0,'\
'"pending-verification":0,"refused":0,"changed-meanwhile":0,"failed":0,'\
'"undone":0}' "the fix is not called undone yet"
sendas_run undo "$fix" --yes --max-changes 1
status_is 4 "another undo finds that it is ticked: exit status 4"
has "$out" 'left alone: it was changed meanwhile' "and leaves it alone"
requests_are patch 2 "it writes nothing"
sendas_run fix --run "$undo"
status_is 0 "gone on with: exit status 0"
requests_are patch 2 "what is done is not written again"
run_is "$undo" 'd.run.changes.applied' 1 "now it is read back"
run_is "$fix" 'd.run.changes.undone' 1 "and the fix is undone"
