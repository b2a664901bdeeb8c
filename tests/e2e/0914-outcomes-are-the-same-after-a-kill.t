# The program is killed while an SMTP server is in flight, where what goes on
# has to judge what an earlier process did: each change gets the outcome that it
# has when nothing happens. A server's change makes Gmail ask to confirm the
# address again; a person's is made only when Google has taken another one.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
needs_sim
needs_smtp

smtp_start
smtp_policy ssl
passwords_file anna@example.com

# fix_until POINT MORE: of a mailbox whose seed has MORE beside the usual, killed
# there; empty: not at all.
fix_until()
{
	rm -rf "$work/home/.local/state/sendas"
	sim_start --seeds "$(seed one "$(server_box anna@example.com \
	    "$(server 127.0.0.1 25 none)" ", $2")")"
	case $2 in
	*person*) sim_key=$(json "$sim_ready" \
		'd.authorized["anna@example.com"]') ;;
	esac
	test_env=${1:+SENDAS_FAULT_POINT=$1}
	sendas_run fix anna@example.com --policy "$policy" \
	    --passwords "$passwords" --yes --max-changes 2
	test_env=
}

fix_until journal.begin.before '"patch": "apply"'
test "$status" = 137 || skip_all "built without --enable-fault-points"
plan 26

# outcomes_are WANTED NAME: as the journal has them.
outcomes_are()
{
	run_is "$(newest_run)" 'd.mailboxes[0].changes.map((c) => c.field +
	    " " + c.outcome).join()' "$1" "$2"
}

# same_after POINT MORE STATUS OUTCOMES GIVEN NAME: passwords given to Google, in
# all.
same_after()
{
	fix_until "$1" "$2"
	status_is 137 "$6, $1: killed"
	sendas_run fix --run "$(newest_run)" --policy "$policy" \
	    --passwords "$passwords"
	status_is "$3" "$6, $1: gone on with: exit status $3"
	outcomes_are "$4" "$6, $1: the same outcomes"
	is "$(passwords_given)" "$5" "$6, $1: passwords given"
}

again='"patch": "pending-blocks"'
outcomes="treatAsAlias applied,smtpMsa pending-verification"
fix_until "" "$again"
status_is 4 "Gmail asks again, not killed: exit status 4"
outcomes_are "$outcomes" "Gmail asks again, not killed: the server alone did that"
for point in apply.patched:2 apply.read-back journal.settle.before; do
	same_after "$point" "$again" 4 "$outcomes" 2 "Gmail asks again"
done

person='"kind": "personal", "person": true, "patch": "apply"'
outcomes="treatAsAlias applied,smtpMsa applied"
fix_until "" "$person"
status_is 0 "a person, not killed: exit status 0"
outcomes_are "$outcomes" "a person, not killed: both are applied"
same_after apply.patched:1 "$person" 0 "$outcomes" 1 "a person"
same_after apply.patched:2 "$person" 0 "$outcomes" 2 "a person"

# Nothing was sent yet.
fix_until apply.intended "$person"
sendas_run fix --run "$(newest_run)" --policy "$policy" \
    --passwords "$passwords"
outcomes_are "$outcomes" "a person, before any change: both are applied"
is "$(passwords_given)" 1 "a person, before any change: one password"
