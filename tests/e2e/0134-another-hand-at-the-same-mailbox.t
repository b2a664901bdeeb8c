# Another hand changes something while a fix or an undo is at work: only the
# field that is written counts, each address counts for itself, and what was not
# read back as wanted is not called done.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 29

# meanwhile FIELD VALUE AFTER: anna, in whose mailbox that changes after so many
# lists.
meanwhile()
{
	sim_start --seeds "$(seed one "$(mailbox anna@example.com \
	    anna@ocn.ne.jp ", \"changeBetween\": {\"field\": \"$1\",
	    \"value\": $2, \"after\": $3}")")"
}
outcomes='d.mailboxes[0].changes.map((c) => c.outcome).join()'

# fixed_is STATUS OUTCOME PATCHES NAME
fixed_is()
{
	sendas_run fix anna@example.com --yes --max-changes 1 --format json
	status_is "$1" "$4: exit status $1"
	json_is "$out" "$outcomes" "$2" "$4: $2"
	requests_are patch "$3" "$4: PATCHes"
}

# Between the two looks before the write.
meanwhile smtpMsa.port 587 1
fixed_is 1 applied 1 "another field"
is "$(sim_state_of anna@example.com 'd.sendAs[1].smtpMsa.port')" 587 \
    "another field: it stays as the other hand left it"
json_is "$out" 'd.mailboxes[0].addresses[1].relay.port' 587 \
    "another field: the report shows it as it is now"
meanwhile treatAsAlias null 1
fixed_is 4 changed-meanwhile 0 "the field is not there any more"

# Between the looks of an undo: the fix has three, and the undo one before.
meanwhile treatAsAlias true 4
fixed_is 0 applied 1 "the fix goes before"
fix=$(newest_run)
sendas_run undo "$fix" --yes --max-changes 1 --format json
status_is 4 "an undo of what was ticked again: exit status 4"
json_is "$out" "$outcomes" changed-meanwhile "it is told"
requests_are patch 1 "nothing is written"
run_is "$fix" 'd.run.changes.applied' 1 "the fix is not called undone"

# One address of two.
two='{"mailbox": "anna@example.com", "kind": "workspace", "sendAs": [
	{"sendAsEmail": "anna@example.com", "isPrimary": true}'
for name in left right; do
	two="$two, {\"sendAsEmail\": \"$name@ocn.ne.jp\", \"displayName\": \"T\",
	    \"treatAsAlias\": true, \"verificationStatus\": \"accepted\"}"
done
sim_start --seeds "$(seed two "$two]}, $(mailbox ben@example.com \
    ben@ocn.ne.jp ''), $(mailbox chie@example.com chie@ocn.ne.jp '')")"
sendas_run fix anna@example.com ben@example.com chie@example.com --dry-run
dry=$(newest_run)
node "$helpers/sim-state.js" "$sim_ready" anna@example.com \
    'd.sendAs[1].treatAsAlias = false; d.sendAs.reverse()'
node "$helpers/sim-state.js" "$sim_ready" ben@example.com \
    'd.kind = "mail-service-off"'
node "$helpers/sim-state.js" "$sim_ready" chie@example.com \
    'd.sendAs[1].sendAsEmail = "CHIE@ocn.ne.jp"'
sendas_run fix --run "$dry" --yes --max-changes 4 --format json
status_is 4 "three mailboxes that changed: exit status 4"
json_is "$out" 'd.mailboxes.flatMap((m) => m.changes).map((c) =>
    c.address.split("@")[0] + " " + c.outcome).sort().join()' \
    "ben failed,chie applied,left changed-meanwhile,right applied" \
    "each address for itself"
is_report json "$out" "the report keeps to the contract"
requests_are patch 2 "two are written"
is "$(alias_of anna@example.com right@ocn.ne.jp)" false \
    "the address that stood is changed, wherever it stands in the list"
like "$out" '"outcome":"failed".*Mail service not enabled' \
    "what could not be looked at says why"
run_is "$dry" '["applied", "changed-meanwhile", "failed", "open"].map((o) =>
    d.run.changes[o])' '[2,1,1,0]' "the journal says the same"

# What could not be looked at is not tried again by itself: a new fix does that.
node "$helpers/sim-state.js" "$sim_ready" ben@example.com \
    'd.kind = "workspace"'
sendas_run fix ben@example.com --yes --max-changes 1
status_is 0 "the mailbox is back, and a new fix sets it right: exit status 0"
is "$(alias_of ben@example.com ben@ocn.ne.jp)" false "its box is clear"
requests_are patch 3 "with one more PATCH"

# Ticked again by somebody after the fix: an undo has nothing to put back.
node "$helpers/sim-state.js" "$sim_ready" ben@example.com \
    'd.sendAs[1].treatAsAlias = true'
ben=$(newest_run)
sendas_run undo "$ben" --yes --max-changes 1
status_is 4 "ticked again after the fix: exit status 4"
has "$out" 'left alone: it was changed meanwhile' "it is left alone"
requests_are patch 3 "nothing is written"
run_is "$ben" 'd.run.changes.undone' 0 "nothing is called undone"
