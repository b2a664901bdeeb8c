# A server whose change makes Gmail ask to confirm the address again, and the
# program killed after it was sent: what goes on gives each change the outcome
# that it has when nothing happens. The server is what made Gmail ask.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
needs_sim
needs_smtp

smtp_start
smtp_policy ssl
passwords_file anna@example.com

# fix_until POINT: killed there; empty: not at all.
fix_until()
{
	rm -rf "$work/home/.local/state/sendas"
	sim_start --seeds "$(seed one "$(server_box anna@example.com \
	    "$(server 127.0.0.1 25 none)" ', "patch": "pending-blocks"')")"
	test_env=${1:+SENDAS_FAULT_POINT=$1}
	sendas_run fix anna@example.com --policy "$policy" \
	    --passwords "$passwords" --yes --max-changes 2
	test_env=
}

fix_until journal.begin.before
test "$status" = 137 || skip_all "built without --enable-fault-points"
plan 14

# outcomes_are NAME: as the journal has them.
outcomes_are()
{
	run_is "$(newest_run)" 'd.mailboxes[0].changes.map((c) => c.field +
	    " " + c.outcome).join()' \
	    "treatAsAlias applied,smtpMsa pending-verification" "$1"
}

fix_until ""
status_is 4 "not killed: exit status 4"
outcomes_are "not killed: the server alone is pending"
for point in apply.patched:2 apply.read-back journal.settle.before; do
	fix_until "$point"
	status_is 137 "$point: killed"
	sendas_run fix --run "$(newest_run)" --policy "$policy" \
	    --passwords "$passwords"
	status_is 4 "$point: gone on with: exit status 4"
	outcomes_are "$point: the server alone is pending"
	is "$(passwords_given)" 2 "$point: it was sent once more"
done
