# Two processes: a run belongs to one of them at a time; runs over different
# mailboxes do not disturb each other; and of a run that was killed what is
# confirmed comes first, before anything new for its mailboxes.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/beside.sh"
needs_sim
plan 34

# changes_are RUN OUTCOME COUNT NAME
changes_are()
{
	run_is "$1" "d.run.changes.$2" "$3" "$4"
}

# ---- a run that another process is at ----

# More than are under way at once: the last ones wait while these are asked
# about.
sim_start --seeds "$(many_seeds 80)" --delay 1000
begin fix --users "$work/users" --yes --max-changes 80
wait_for 30 asked_for patch 1
alive=$(newest_run)
run_is "$alive" 'd.run.underWay' true "a run that is alive is shown as such"
sendas_run fix --run "$alive" --yes --max-changes 80
status_is 2 "the same run beside it: exit status 2"
like "$err" "$alive is under way in another process \\($begun_pid\\)" \
    "the other process is named"
end
status_is 0 "the first one ends as if alone"
each_patched_once 80 "each mailbox was written to once"
changes_are "$alive" applied 80 "and the journal knows it"
run_is "$alive" 'd.run.underWay' false "its lock is gone with it"
sendas_run fix --run "$alive" --yes --max-changes 80
status_is 2 "once it is over: exit status 2"
like "$err" 'nothing left to do' "since nothing is left"

# ---- different mailboxes at once ----

sim_start --seeds "$(many_seeds 20)" --delay 200
head -n 10 "$work/users" >"$work/first"
tail -n 10 "$work/users" >"$work/second"
begin fix --users "$work/first" --yes --max-changes 10
wait_for 30 asked_for list 1
sendas_run fix --users "$work/second" --yes --max-changes 10
status_is 0 "the second: exit status 0"
second=$(clean_env "$sendas" runs --format json >"$work/both" &&
    json "$work/both" 'd.runs[0].id')
end
status_is 0 "the first: exit status 0"
each_patched_once 20 "each mailbox was written to once"
is "$(ticked)" 0 "each box is clear"
changes_are "$second" applied 10 "the second with its changes"
clean_env "$sendas" runs --format json >"$work/both"
json_is "$work/both" 'd.runs.slice(0, 2).map((r) => r.changes.applied)' \
    '[10,10]' "and the first with its own"
json_is "$work/both" 'd.runs.slice(0, 2).every((r) => r.finished !== null)' \
    true "both are finished"

# Over the same mailboxes: what one of them confirmed, the other leaves alone.
sim_start --seeds "$(many_seeds 20)" --delay 200
begin fix --users "$work/users" --yes --max-changes 20
wait_for 30 asked_for list 1
sendas_run fix --users "$work/users" --yes --max-changes 20
second_status=$status
end
is "$status" 0 "the same mailboxes at once: the first goes through"
case $second_status in
0 | 2 | 4) pass "the second goes through too, or is told what it met" ;;
*) fail "the second goes through too, or is told what it met" \
	"exit status $second_status" ;;
esac
each_patched_once 20 "each mailbox was written to once"
is "$(ticked)" 0 "each box is clear"

# ---- a run that was killed ----

# More than are under way at once, so that some have not been come to.
sim_start --seeds "$(many_seeds 80)" --delay 400
begin fix --users "$work/users" --yes --max-changes 80
wait_for 30 asked_for patch 1
kill -KILL "$begun_pid"
end
status_is 137 "it is killed while it writes"
cut=$(newest_run)
run_is "$cut" 'd.run.underWay' false "it is not taken for alive"
run_is "$cut" 'd.run.changes.open + d.run.changes.applied' 80 \
    "all that was confirmed is open or applied"
sent=$(requests patch)
for mailbox in user80@example.com USER80@Example.com; do
	sendas_run fix "$mailbox" --yes --max-changes 1
	status_is 2 "a new fix for $mailbox, which it is to change: status 2"
	like "$err" "$cut is not finished.*sendas fix --run $cut" \
	    "the way out is named"
done
requests_are patch "$sent" "nothing was written"
sendas_run fix user80@example.com --dry-run
status_is 1 "a dry run may look at it"
sendas_run fix --run "$cut"
status_is 0 "it is gone on with, without being asked about again"
is "$(ticked)" 0 "each box is clear"
each_patched_once 80 "each mailbox was written to once"
sendas_run fix user80@example.com --yes --max-changes 1
status_is 0 "then a new fix is welcome"
requests_are patch 80 "and finds nothing to do"
