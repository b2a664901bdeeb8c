# Somebody else is at the same mailbox: between plan and apply, between the
# look and the write, with another field, or with the whole address.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 14

sim_start --seeds "$(three_seeds)"
sendas_run fix anna@example.com ben@example.com chie@example.com --dry-run
dry=$(newest_run)
node "$helpers/sim-state.js" "$sim_ready" anna@example.com \
    'd.sendAs[1].treatAsAlias = false'
node "$helpers/sim-state.js" "$sim_ready" ben@example.com \
    'd.sendAs[1].smtpMsa.port = 587; d.sendAs[1].smtpMsa.securityMode = "starttls"'
node "$helpers/sim-state.js" "$sim_ready" chie@example.com 'd.sendAs.pop()'
sendas_run fix --run "$dry" --yes --max-changes 3 --format json
status_is 4 "changed between plan and apply: exit status 4"
json_is "$out" 'd.mailboxes.map((m) => m.mailbox[0] + " " +
    m.changes[0].outcome).sort().join()' \
    "a changed-meanwhile,b applied,c changed-meanwhile" \
    "the field that is written decides, and that the address is there"
requests_are patch 1 "nothing else is written"
is "$(sim_state_of ben@example.com 'd.sendAs[1].smtpMsa.port')" 587 \
    "somebody else's port is left as it is"
is_report json "$out" "the report keeps to the contract"
run_is "$dry" 'd.run.changes["changed-meanwhile"]' 2 "the journal says the same"
run_is "$dry" 'd.run.changes.open' 0 "... and nothing is open"

# Put back by hand to what it was: nothing of the old run is done again.
node "$helpers/sim-state.js" "$sim_ready" anna@example.com \
    'd.sendAs[1].treatAsAlias = true'
sendas_run fix --run "$dry" --yes --max-changes 3
status_is 2 "what was left alone is done with: exit status 2"
requests_are patch 1 "nothing is written"

sim_start --seeds "$(seed between "$(mailbox dai@example.com dai@ocn.ne.jp \
    ', "changeBetween": {"field": "treatAsAlias", "value": false,
	"after": 1}')")"
sendas_run fix dai@example.com --yes --max-changes 1 --format json
status_is 4 "changed between the two looks of one run: exit status 4"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' changed-meanwhile \
    "it is told"
requests_are patch 0 "nothing was written"
sendas_run audit dai@example.com
status_is 0 "and it is right as it is"
like "$out" '^OK +dai@ocn' "so says the audit"
