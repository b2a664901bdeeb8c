# --canary N: the first mailboxes' changes, and then an end with the command
# that goes on; no mailbox is split, and what is asked about is what is done.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 19

# ticked ADDRESS: a send-as entry whose box is ticked.
ticked()
{
	printf '{"sendAsEmail": "%s", "displayName": "T", "treatAsAlias": true,
		"verificationStatus": "accepted", "smtpMsa": {
		 "host": "smtp.ocn.ne.jp", "port": 465, "username": "%s",
		 "password": "invented-password", "securityMode": "ssl"}}' \
	    "$1" "$1"
}

two_boxes()
{
	printf '{"mailbox": "%s@example.com", "kind": "workspace", "sendAs": [
		{"sendAsEmail": "%s@example.com", "isPrimary": true}, %s, %s]}' \
	    "$1" "$1" "$(ticked "$1@ocn.ne.jp")" "$(ticked "$1@sky.ocn.ne.jp")"
}

sim_start --seeds "$(seed canary "$(two_boxes anna), $(two_boxes ben),
    $(two_boxes chie)")"
printf '%s@example.com\n' anna ben chie >"$work/users"

sendas_run fix --users "$work/users" --canary 3 --dry-run
status_is 2 "a canary and a dry run: exit status 2"
sendas_run fix --users "$work/users" --canary 0 --yes --max-changes 6
status_is 2 "a canary of nothing: exit status 2"
sendas_run fix --users "$work/users" --canary 3 --yes --max-changes 5
status_is 1 "--max-changes is about the whole plan: exit status 1"
requests_are patch 0 "nothing was written"

sendas_ask '\[y/N\] ' y -- fix --users "$work/users" \
    --canary 3
status_is 1 "changes are left: exit status 1"
canary=$(newest_run)
requests_are patch 2 "no mailbox is split, and no more than 3 are made"
run_is "$canary" 'd.run.changes.applied' 2 "the journal knows"
run_is "$canary" 'd.run.changes.planned' 4 "the rest stays planned"
run_is "$canary" 'd.mailboxes.filter((m) => m.changes &&
    new Set(m.changes.map((c) => c.outcome)).size > 1).length' 0 \
    "each mailbox is done whole or not at all"
like "$err" "sendas fix --run $canary" "it ends with the command that goes on"
like "$err" "sendas undo $canary" "... and the one that goes back"
has "$out" "made and read back" "the summary says what was made"

sendas_run fix --run "$canary" --canary 1 --yes --max-changes 6
status_is 1 "another canary: exit status 1"
requests_are patch 4 "one mailbox is taken, though it has two changes"
sendas_run fix --run "$canary" --yes --max-changes 6
status_is 0 "the rest: exit status 0"
requests_are patch 6 "each change was made once"
run_is "$canary" 'd.run.changes.applied' 6 "all in one run"
run_is "$canary" 'd.run.finished !== null' true "which is finished"
sendas_run undo "$canary" --yes --max-changes 6 --canary 2
status_is 1 "an undo has canaries too: exit status 1"
