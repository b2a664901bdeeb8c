# fix --resume goes on with the newest unfinished fix of the same mailboxes, and
# with nothing that has not seen all of them.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/beside.sh"
needs_expect
needs_sim
plan 42

sim_start --seeds "$(three_seeds)"
two="anna@example.com ben@example.com"
# shellcheck disable=SC2086 # words are meant
sendas_run fix $two --dry-run
old=$(newest_run)
# Ids and times have whole seconds; what comes later must win all the same.
# shellcheck disable=SC2086
sendas_ask 'type the number of changes: ' n -- fix $two
status_is 1 "a fix that was declined: exit status 1"
new=$(newest_run)
run_is "$new" '[d.run.dryRun, d.run.finished, d.run.changes.planned]' \
    '[false,null,2]' "its plan waits"
sendas_run fix chie@example.com --yes --max-changes 1
chie=$(newest_run)
sendas_run undo "$chie" --dry-run
undo=$(newest_run)
sendas_run audit anna@example.com
audit=$(newest_run)
requests_are patch 1 "so far chie's box is cleared"

# What is not to be gone on with.
printf '%s\n' ben@example.com anna@example.com >"$work/turned"
sendas_run fix --users "$work/turned" --resume --yes --max-changes 2
status_is 2 "the same mailboxes the other way round: exit status 2"
has "$err" "sendas fix --run $new" "the way to go on is named"
sendas_run fix --resume --yes --max-changes 2
status_is 2 "no mailboxes at all: exit status 2"
# shellcheck disable=SC2086
sendas_run fix $two --resume "$new" --yes --max-changes 2
status_is 2 "an id that does not stand behind =: exit status 2"
# shellcheck disable=SC2086
sendas_run fix $two --resume --run "$new" --yes --max-changes 2
status_is 2 "--resume and --run: exit status 2"
for run in "$audit" "$undo" "$chie" 20200101T000000Z-0000; do
	# shellcheck disable=SC2086
	sendas_run fix $two --resume="$run" --yes --max-changes 2
	status_is 2 "another run than such a fix: exit status 2"
	has "$err" "$run" "it is named"
done
requests_are patch 1 "none of these wrote anything"

# The newest fix, though an undo and an audit are newer; the selection is what
# it is, however it is given.
printf '%s\n' anna@example.com ben@example.com >"$work/same"
sendas_ask 'type the number of changes: ' 2 -- fix --users "$work/same" \
    --resume
status_is 0 "the same mailboxes from a list: exit status 0"
has "$tty" 'anna@ocn.ne.jp' "it asks again about what was declined"
run_is "$new" 'd.run.changes.applied' 2 "the newest fix is finished"
run_is "$old" 'd.run.changes.planned' 2 "an older one is as it was"
run_is "$undo" 'd.run.changes.planned' 1 "an undo too"
requests_are patch 3 "each box is cleared once"

# Then the older one is the newest unfinished; its plan is out of date.
# shellcheck disable=SC2086
sendas_run fix $two --resume --yes --max-changes 2
status_is 4 "an older plan: exit status 4"
run_is "$old" 'd.run.changes["changed-meanwhile"]' 2 \
    "nothing is as it was seen"
# shellcheck disable=SC2086
sendas_run fix $two --resume --yes --max-changes 2
status_is 2 "then there is none left: exit status 2"
has "$err" 'no unfinished run' "it says so"
requests_are patch 3 "nothing was written twice"

# ---- a run that did not see all of its mailboxes ----

# More than are under way at once.
count=90
seeds=$(many_seeds $count)
all="--users $work/users --yes --max-changes $count"

# is_not_resumed NAME: what stopped while it read is not taken for the whole,
# and the way on is named.
is_not_resumed()
{
	cut=$(newest_run)
	planned=$(json "$work/runs.json" 'd.runs[0].changes.planned')
	ok "$1: a part was read" test "$planned" -gt 0 -a "$planned" -lt $count
	sim_start --seeds "$seeds"
	# shellcheck disable=SC2086
	sendas_run fix $all --resume
	status_is 2 "$1: exit status 2"
	has "$err" 'before it had read all mailboxes' "$1: it says why"
	has "$err" "sendas fix --run $cut" "$1: the way on is named"
	requests_are patch 0 "$1: nothing is written"
}

sim_start --seeds "$seeds" --delay 300
# shellcheck disable=SC2086
begin fix $all
wait_for 30 asked_for token 1
kill -INT "$begun_pid"
end
status_is 130 "Ctrl-C while it reads: exit status 130"
is_not_resumed "Ctrl-C while it reads"
sendas_run fix --run "$cut" --yes --max-changes $count
status_is 0 "with --run it is gone on with: exit status 0"
requests_are patch "$planned" "what it has is made"

# A refusal that concerns the project comes with the first mailbox.
off='"faults": {"listStatus": {"code": 403, "reason": "accessNotConfigured",'
off="$off \"message\": \"Gmail API is off\"}}"
sed "s/\"mailbox\": \"user1@example.com\"/&, $off/" "$seeds" >"$work/off.json"
sim_start --seeds "$work/off.json" --delay 300
# shellcheck disable=SC2086
sendas_run fix $all
status_is 3 "Google refuses the project: exit status 3"
is_not_resumed "Google refuses the project"
