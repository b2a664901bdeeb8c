# audit of mailboxes that cannot be read, each for its own reason: it is told,
# it is never clean, and the others are read all the same.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 12

# dead KIND NAME
dead()
{
	printf '{"mailbox": "%s@example.com", "kind": "%s", "sendAs": []}' \
	    "$2" "$1"
}
sim_start --demo --seeds "$(seed dead "
	$(dead deleted deleted), $(dead restricted restricted),
	$(dead domain-policy policy), $(dead mail-service-off off),
	$(mailbox missing@example.com missing@ocn.ne.jp \
	    ', "faults": {"listStatus": {"code": 404}}'),
	$(mailbox denied@example.com denied@ocn.ne.jp ', "faults":
	    {"listStatus": {"code": 403, "reason": "forbidden", "message":
	    "Delegation denied for denied@example.com"}}'),
	$(mailbox precondition@example.com precondition@ocn.ne.jp ', "faults":
	    {"listStatus": {"code": 400, "reason": "failedPrecondition",
	    "message": "Precondition check failed."}}'),
	$(mailbox teapot@example.com teapot@ocn.ne.jp \
	    ', "faults": {"listStatus": {"code": 418, "message": "teapot"}}')"
)"

sendas_run audit deleted@example.com restricted@example.com \
    policy@example.com off@example.com missing@example.com \
    denied@example.com precondition@example.com teapot@example.com \
    nobody@example.com yumi@example.jp hanako@example.com --format json
status_is 4 "exit status 4"
is_report json "$out" "the JSON keeps to the contract"
json_is "$out" 'd.mailboxes.filter((m) => m.status !== "read").map((m) =>
	m.mailbox.split("@")[0] + " " + m.reason).sort()' \
    '["deleted account-deleted","denied delegation-denied",'\
'"missing not-found","nobody bad-subject","off mail-service-off",'\
'"policy domain-policy","precondition precondition-failed",'\
'"restricted account-restricted","teapot other","yumi bad-subject"]' \
    "each has its reason"
json_is "$out" '[d.summary.unreadable, d.summary.read, d.summary.clean,
	d.summary.complete]' '[10,1,1,true]' "only the good one is clean"
has "$out" "teapot" "what Google said is told"
has "$out" "a personal @gmail.com mailbox cannot be reached this way" \
    "a personal account is told from a typing error"

sendas_run audit off@example.com deleted@example.com hanako@example.com
status_is 4 "as text: exit status 4"
is "$(grep -c '^NOT READ' "$out")" 2 "two are not read"
like "$out" '^OK +hanako@mba\.ocn\.ne\.jp' "the good one is judged"

sendas_run fix off@example.com jiro@example.com --yes --max-changes 1 \
    --format json
status_is 4 "fix of one readable and one not: exit status 4"
json_is "$out" 'd.summary.changes' '{"applied":1}' "the readable one is fixed"
is "$(alias_of jiro@example.com jiro@ocn.ne.jp)" false "at Google, too"
