# undo touches what was changed and nothing else, tells each address apart, and
# says what it leaves alone beside what it puts back.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 42

# Each answer that Google may have given to the fix.
list=
for answer in apply ignore refuse pending error400; do
	list="${list:+$list, }$(mailbox "$answer@example.com" \
	    "$answer@ocn.ne.jp" ", \"patch\": \"$answer\"")"
done
sim_start --seeds "$(seed answers "$list")"
sendas_run fix apply@example.com ignore@example.com refuse@example.com \
    pending@example.com error400@example.com --yes --max-changes 5
status_is 4 "a fix of which a part worked: exit status 4"
fix=$(newest_run)
requests_are patch 5 "each was tried"

for answer in ignore refuse error400; do
	sendas_run undo "$fix" "$answer@example.com" --yes --max-changes 1
	status_is 2 "$answer: there is nothing to put back"
	has "$err" "$answer@example.com" "$answer: it is named"
done
sendas_run undo "$fix" apply@example.com ignore@example.com --yes \
    --max-changes 2
status_is 2 "one of two that was not changed: exit status 2"
requests_are patch 5 "nothing is written for the other one either"

sendas_run undo "$fix" --yes --max-changes 2 --format json
status_is 0 "an undo of all: exit status 0"
is_report json "$out" "the report keeps to the contract"
json_is "$out" 'd.mailboxes.map((m) => m.mailbox.split("@")[0] + " " +
    m.changes[0].before + "-" + m.changes[0].after + " " +
    m.changes[0].outcome).sort().join()' \
    "apply false-true applied,pending false-true applied" \
    "what was changed is put back, confirmed by its owner or not"
requests_are patch 7 "nothing else is written"
run_is "$fix" 'd.run.changes' '{"planned":0,"open":0,"applied":0,"ignored":1,'\
'"pending-verification":0,"refused":1,"changed-meanwhile":0,"failed":1,'\
'"undone":2}' "the run keeps what became of each"

# One mailbox, two addresses, of which somebody ticked one again.
two='{"mailbox": "anna@example.com", "sendAs": [
	{"sendAsEmail": "anna@example.com", "isPrimary": true}'
for name in left right; do
	two="$two, {\"sendAsEmail\": \"$name@ocn.ne.jp\", \"displayName\": \"T\",
	    \"treatAsAlias\": true, \"verificationStatus\": \"accepted\"}"
done
sim_start --seeds "$(seed two "$two], \"kind\": \"workspace\"}, $(mailbox \
    ben@example.com ben@ocn.ne.jp '')")"
sendas_run fix anna@example.com ben@example.com --yes --max-changes 3
fix=$(newest_run)
requests_are patch 3 "three boxes are cleared"
node "$helpers/sim-state.js" "$sim_ready" anna@example.com \
    'd.sendAs[1].treatAsAlias = true'
node "$helpers/sim-state.js" "$sim_ready" ben@example.com 'd.sendAs.pop()'

both='d.mailboxes.flatMap((m) => m.changes.map((c) =>
	c.address.split("@")[0] + " " + c.outcome)).sort().join()'
sendas_run undo "$fix" --dry-run --format json
status_is 4 "a dry run that finds changes by others: exit status 4"
json_is "$out" "$both" \
    "ben changed-meanwhile,left changed-meanwhile,right planned" \
    "it tells what would be left alone and what would be put back"
requests_are patch 3 "and writes nothing"

sendas_ask '\[y/N\] ' n -- undo "$fix"
status_is 4 "declined, and two that others changed: exit status 4"
has "$tty" 'right@ocn.ne.jp' "the question names what is put back"
has_not "$tty" 'left@ocn.ne.jp' "... and not what is left alone"
has_not "$tty" 'ben@ocn.ne.jp' "... nor an address that is gone"
declined=$(newest_run)
requests_are patch 3 "a no writes nothing"

sendas_run undo "$fix" ben@example.com --yes --max-changes 1
status_is 4 "an address that is gone: exit status 4"
has "$out" '* ben@ocn.ne.jp: "Treat as an alias" off -> on: left alone' \
    "the report says that it was left alone"
sendas_run undo "$fix" anna@example.com --yes --max-changes 2
status_is 4 "one box that stands and one that does not: exit status 4"
has "$out" '* left@ocn.ne.jp: "Treat as an alias" off -> on: left alone' \
    "the report says what was left alone"
has "$out" '* right@ocn.ne.jp: "Treat as an alias" off -> on: changed' \
    "... beside what was put back in the same mailbox"
requests_are patch 4 "one write"
is "$(alias_of anna@example.com right@ocn.ne.jp)" true "the box is ticked"
run_is "$fix" '[d.run.changes.undone, d.run.changes.applied]' '[1,2]' \
    "one of three is marked as put back"
run_is "$(newest_run)" 'd.run.finished !== null' true "the undo is finished"

# What was planned before is not done a second time.
sendas_run fix --run "$declined" --yes --max-changes 3 --format json
status_is 4 "an undo that was declined, after another made it: exit status 4"
json_is "$out" 'd.mailboxes.flatMap((m) => m.changes).filter((c) =>
    c.address === "right@ocn.ne.jp").map((c) => c.outcome)' \
    '["changed-meanwhile"]' "it finds that it is not as it was"
requests_are patch 4 "and writes nothing"
run_is "$fix" 'd.run.changes.undone' 1 "and marks nothing"

# An undo that was tried is made by its id, as a fix is.
sim_start --seeds "$(three_seeds)"
sendas_run fix anna@example.com ben@example.com --yes --max-changes 2
fix=$(newest_run)
sendas_run undo "$fix" --dry-run
tried=$(newest_run)
like "$err" "sendas fix --run $tried" "a dry run of an undo: how to make it"
sendas_ask 'type the number of changes: ' 2 -- fix --run "$tried"
status_is 0 "made by its id: exit status 0"
has "$tty" '"Treat as an alias" off -> on' "it is asked about as an undo"
run_is "$tried" '[d.run.command, d.run.dryRun, d.run.changes.applied]' \
    '["undo",false,2]' "it is an undo, and no dry run any more"
run_is "$fix" 'd.run.changes.undone' 2 "the fix is put back"
