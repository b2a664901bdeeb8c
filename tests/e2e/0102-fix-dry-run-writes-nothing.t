# fix --dry-run: the same look and the same plan, and no write; exit status 1
# when there is something to change, 0 when there is nothing.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 15

sim_start --demo

sendas_run fix jiro@example.com --dry-run
status_is 1 "a plan: exit status 1"
like "$out" '^Planned, and not written:' "the results say that it is a plan"
like "$out" '"Treat as an alias" on -> off' "... and what would change"
unlike "$err" 'nobody to ask' "nobody needs to be asked"
requests_are patch 0 "no PATCH"
is "$(alias_of jiro@example.com jiro@ocn.ne.jp)" true \
    "nothing changed at Google"

sendas_run fix jiro@example.com taro@example.com hanako@example.com \
    --dry-run --format json
status_is 1 "several mailboxes: exit status 1"
is_report json "$out" "the JSON keeps to the contract"
json_is "$out" 'd.run.dryRun' true "it says that it was a dry run"
json_is "$out" 'd.summary.changes' '{"planned":2}' "both changes are planned"
json_is "$out" 'd.mailboxes.find((m) => m.mailbox === "jiro@example.com")
	.changes' '[{"address":"jiro@ocn.ne.jp","field":"treatAsAlias",'\
'"before":true,"after":false,"outcome":"planned","reversible":true}]' \
    "a change has its values before and after"
requests_are patch 0 "still no PATCH"

sendas_run fix jiro@example.com --dry-run --yes --max-changes 5
requests_are patch 0 "--dry-run is stronger than --yes"

sendas_run fix hanako@example.com --dry-run
status_is 0 "nothing to change: exit status 0"
unlike "$out" 'Planned' "... and no plan"
