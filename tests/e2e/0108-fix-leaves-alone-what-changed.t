# fix looks again just before it writes: what is no longer as the plan saw it
# is left alone and reported; a change of another field is none of its
# business.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 15

# The double has "another hand" change the field after the first list.
between()
{
	printf ', "changeBetween": {"field": "%s", "value": %s, "after": 1}' \
	    "$1" "$2"
}
sim_start --seeds "$(seed mailboxes "
	$(mailbox cleared@example.com cleared@ocn.ne.jp \
	    "$(between treatAsAlias false)"),
	$(mailbox again@example.com again@ocn.ne.jp \
	    "$(between treatAsAlias false)"),
	$(mailbox gone@example.com gone@ocn.ne.jp \
	    "$(between sendAsEmail '"other@ocn.ne.jp"')"),
	$(mailbox port@example.com port@ocn.ne.jp \
	    "$(between smtpMsa.port 587)"),
	$(mailbox case@example.com case@ocn.ne.jp \
	    "$(between sendAsEmail '"CASE@ocn.ne.jp"')")")"

sendas_run fix cleared@example.com --yes --max-changes 1
status_is 4 "cleared by someone else: exit status 4"
has "$out" "left alone: it was changed meanwhile" "it says so"
requests_are patch 0 "no PATCH"

sendas_run fix again@example.com --yes --max-changes 1 --format json
status_is 4 "in JSON: exit status 4"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' changed-meanwhile \
    "the outcome has its name"
json_is "$out" 'd.mailboxes[0].addresses[1].treatAsAlias' false \
    "and the report shows what is there now"

sendas_run fix gone@example.com --yes --max-changes 1 --format json
status_is 4 "the address is gone: exit status 4"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' changed-meanwhile \
    "that is a change, too"
requests_are patch 0 "still no PATCH"

sendas_run fix port@example.com --yes --max-changes 1 --format json
json_is "$out" 'd.mailboxes[0].changes[0].outcome' applied \
    "another field changed: the box is cleared all the same"
json_is "$out" 'd.mailboxes[0].addresses[1].relay.port' 587 \
    "and the other hand's port stays"
json_is "$out" 'd.mailboxes[0].addresses[1].findings.map((f) => f.rule)
	.includes("tls-587-ssl")' true "and is judged as it is now"
status_is 1 "what is now wrong is a finding: exit status 1"

sendas_run fix case@example.com --yes --max-changes 1
status_is 0 "an address in other letters is the same address"
requests_are patch 2 "one PATCH each for the last two"
