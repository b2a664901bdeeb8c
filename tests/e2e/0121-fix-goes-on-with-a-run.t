# fix --run and --resume: a plan of a dry run is applied once it is confirmed;
# what is not the same, or has nothing left, is refused with the way out.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 44
three="anna@example.com ben@example.com chie@example.com"

sim_start --seeds "$(three_seeds)"
# shellcheck disable=SC2086 # words are meant
sendas_run fix $three --dry-run
status_is 1 "a dry run that plans changes: exit status 1"
dry=$(newest_run)
like "$err" "sendas fix --run $dry" "it tells how to make them"
run_is "$dry" 'd.run.changes.planned' 3 "the plan is in the journal"

sendas_run fix --run "$dry"
status_is 1 "with nobody to ask: exit status 1"
like "$err" 'nobody to ask' "it says so"
sendas_ask 'type the number of changes: ' 2 -- fix --run "$dry"
status_is 1 "a wrong number is a no"
requests_are patch 0 "nothing is written without a yes"
sendas_ask 'type the number of changes: ' 3 -- fix --run "$dry"
status_is 0 "the plan is applied"
has "$tty" 'anna@ocn.ne.jp' "the question names what changes"
has "$tty" 'Why: "Treat as an alias" is ticked' "... and why"
requests_are patch 3 "each once"
requests_are list 9 "looked at when planned, before and after"
run_is "$dry" 'd.run.finished !== null' true "the run is finished"
run_is "$dry" 'd.run.changes.applied' 3 "its changes are applied"
run_is "$dry" 'd.run.dryRun' false "it is no dry run any more"

sendas_run fix --run "$dry" --yes --max-changes 3
status_is 2 "nothing is left: exit status 2"
like "$err" 'nothing left to do' "it says so"
sendas_run audit anna@example.com
sendas_run fix --run "$(newest_run)" --yes --max-changes 3
status_is 2 "an audit plans nothing: exit status 2"
like "$err" 'is an audit' "it says so"
sendas_run fix --run 20200101T000000Z-0000
status_is 2 "a run that there is not: exit status 2"
sendas_run fix --run nonsense/../x
status_is 2 "no id at all: exit status 2"
sendas_run fix anna@example.com --run "$dry"
status_is 2 "mailboxes beside --run: exit status 2"
requests_are patch 3 "none of these wrote anything"

sim_start --seeds "$(three_seeds)"
# shellcheck disable=SC2086
sendas_run fix $three --dry-run
dry=$(newest_run)
sed 's/"OCN"/"OCN!"/' "$top_srcdir/policies/ocn.json" >"$work/other.json"
sendas_run fix --run "$dry" --policy "$work/other.json" --yes --max-changes 3
status_is 2 "another policy: exit status 2"
like "$err" 'another policy \(ocn\)' "the right one is named"
sendas_run fix anna@example.com --resume --yes --max-changes 3
status_is 2 "--resume with other mailboxes: exit status 2"
like "$err" "fix --run $dry" "it names the way"
# shellcheck disable=SC2086
sendas_run fix $three --resume --policy "$work/other.json" --yes \
    --max-changes 3
status_is 2 "--resume with another policy: exit status 2"
# shellcheck disable=SC2086
sendas_run fix $three --resume --max-changes 2 --yes
status_is 1 "more changes than allowed: exit status 1"
like "$err" 'has 3 changes, more than --max-changes 2' "it says how many"
requests_are patch 0 "none of these wrote anything"
# shellcheck disable=SC2086
sendas_run fix $three --resume="$dry" --yes --max-changes 3
status_is 0 "--resume=RUN with the same: exit status 0"
requests_are patch 3 "it applies the plan"
# shellcheck disable=SC2086
sendas_run fix $three --resume --yes --max-changes 3
status_is 2 "--resume with nothing unfinished: exit status 2"
like "$err" 'no unfinished run' "it says so"

# A run that was cut off while it read has not seen all.
sim_start --seeds "$(seed cut "$(mailbox anna@example.com anna@ocn.ne.jp ''),
    $(mailbox ben@example.com ben@ocn.ne.jp '')")"
sendas_run fix anna@example.com --dry-run
one=$(newest_run)
sendas_run fix --run "$one" --dry-run
status_is 1 "a plan can be looked at again: exit status 1"
has "$out" 'anna@ocn.ne.jp' "it is shown"
requests_are list 1 "from the journal, without asking Google"
run_is "$one" 'd.run.changes.planned' 1 "and it stays planned"

# Two runs do not change one mailbox at once.
SENDAS_POINT=$(clean_env env SENDAS_FAULT_POINT=journal.begin.before \
    "$sendas" fix anna@example.com --credentials "$sim_key" \
    --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
    --endpoint "token=$sim_token" --dry-run >/dev/null 2>&1; echo $?)
if test "$SENDAS_POINT" = 137; then
	test_env=SENDAS_FAULT_POINT=apply.intended
	sendas_run fix anna@example.com --yes --max-changes 1
	test_env=
	cut=$(newest_run)
	sendas_run fix anna@example.com ben@example.com --yes --max-changes 2
	status_is 2 "another run is not finished: exit status 2"
	like "$err" "sendas fix --run $cut" "the way out is named"
	requests_are patch 0 "nothing is written"
	sendas_run fix --run "$cut"
	status_is 0 "that one is finished without being asked about again"
	sendas_run fix anna@example.com ben@example.com --yes --max-changes 2
	status_is 0 "and then the other one goes"
else
	skip 5 "built without --enable-fault-points"
fi
