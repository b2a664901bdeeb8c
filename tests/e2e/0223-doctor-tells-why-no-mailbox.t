# doctor with a mailbox that does not answer: the reason stands with the
# mailbox, and nowhere else.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
plan 35

# dead KIND [MORE]
dead()
{
	printf '{"mailbox": "%s@example.com", "kind": "%s", "sendAs": []%s}' \
	    "$1" "$1" "${2:-}"
}
sim_start --demo --seeds "$(seed dead "
	$(dead suspended), $(dead suspended-no-token),
	$(dead mail-service-off), $(dead deleted), $(dead domain-policy),
	$(dead wrong-mailbox ', "answersAs": "taro@example.com"'),
	$(mailbox disabled@example.com disabled@ocn.ne.jp ', "faults":
	    {"listStatus": {"code": 403, "reason": "accessNotConfigured",
	    "message": "Gmail API has not been used"}}'),
	$(mailbox busy@example.com busy@ocn.ne.jp \
	    ', "faults": {"listStatus": {"code": 503}}'),
	$(mailbox page@example.com page@ocn.ne.jp \
	    ', "faults": {"listBody": "html"}')")"

# fails MAILBOX STATUS TEXT: and one problem alone is told.
fails()
{
	doctor --mailbox "$1"
	status_is "$2" "$1: exit status $2"
	says problem Mailbox "$3"
	is "$(grep -c '^problem' "$out")" 2 \
	    "$1: it is the one problem, beside the result"
}
fails suspended@example.com 4 'user is suspended'
says ok Token 'in the name of suspended@'
says ok Scope granted
fails suspended-no-token@example.com 4 'knows no such mailbox'
says 'not checked' Token 'none for this mailbox: see below'
fails mail-service-off@example.com 4 'Gmail is switched off.*Admin console'
fails deleted@example.com 4 'has been deleted'
fails domain-policy@example.com 4 'administrator does not allow'
fails taro@gmail.com 4 'no such mailbox in the domains.*personal @gmail'
has_not "$out" "super admin" "the delegation is not the trouble"
fails wrong-mailbox@example.com 4 'but the mailbox of taro@example\.com'
fails disabled@example.com 3 'Gmail API is not enabled.*Enable it there'
fails busy@example.com 4 'passing trouble.*Try again later'
is "$(grep -c '"call":"list".*"mailbox":"busy@' "$sim_requests")" 1 \
    "it is asked once, not again and again"

# Somebody else's mailbox.
doctor_as "$sim_state/tokens/yumi%40example.jp" --mailbox taro@example.com
status_is 4 "a person, and another's mailbox: exit status 4"
has_no_secret
