# fix: what it says of a change is what was read back, not what Google
# answered; and each way of not working has a name and exit status 4.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 38

list=
for behaviour in apply ignore pending refuse error500 error400; do
	for run in text json; do
		name=$run.$behaviour
		one=$(mailbox "$name@example.com" "$name@ocn.ne.jp" \
		    ", \"patch\": \"$behaviour\"")
		list=${list:+$list,}$one
	done
done
sim_start --seeds "$(seed mailboxes "$list")"

sendas_run fix json.ignore@example.com json.apply@example.com \
    json.pending@example.com json.refuse@example.com \
    json.error500@example.com json.error400@example.com \
    --yes --max-changes 6 --format json
status_is 4 "one change of six worked: exit status 4"
is_report json "$out" "the JSON keeps to the contract"
requests_are patch 6 "a PATCH is sent once, also after an error"

# outcome BEHAVIOUR WANTED TREATASALIAS NAME
outcome()
{
	json_is "$out" "((m) => [m.changes[0].outcome, m.addresses.find(
		(a) => a.provider === 'ocn').treatAsAlias])(d.mailboxes.find(
		(m) => m.mailbox === 'json.$1@example.com'))" \
	    "[\"$2\",$3]" "$4"
}
outcome apply applied false "done and read back is applied"
outcome ignore ignored true "a 200 that changed nothing is ignored"
outcome pending pending-verification false \
    "done at the price of the confirmation is pending-verification"
outcome refuse refused true "Google's refusal of programs is refused"
outcome error500 failed true "an error that changed nothing is failed"
outcome error400 failed true "a refused request is failed"
json_is "$out" 'd.summary.changes' \
    '{"applied":1,"ignored":1,"pending-verification":1,'\
'"refused":1,"failed":2}' \
    "the summary counts each"

# said BEHAVIOUR STATUS TEXT NAME
said()
{
	sendas_run fix "text.$1@example.com" --yes --max-changes 1
	status_is "$2" "$4: exit status $2"
	has "$out" "$3" "$4: it is said"
}
said apply 0 "changed, and read back from Gmail" "applied"
said ignore 4 "not changed: Google ignored it" "ignored"
unlike "$out" 'take effect' "ignored: nothing to wait for"
said pending 4 "changed, but must be confirmed again" "pending"
has "$out" "Its owner opens the link" \
    "pending: with what to do"
said refuse 4 "not changed: Google allows it by hand only" "refused"
has "$out" "How to fix it (in a computer's browser" \
    "refused: with the steps by hand"
said error500 4 "not known to be changed" "error 500"
has "$out" "HTTP 500" "error 500: with what Google said"
unlike "$out" 'How to fix it' \
    "error 500: no steps by hand for a passing trouble"
said error400 4 "not known to be changed" "error 400"
has "$out" "HTTP 400, Invalid value" "error 400: with what Google said"

# Whatever came of it, it is true at Google.
for behaviour in ignore refuse error500 error400; do
	is "$(alias_of "text.$behaviour@example.com" \
	    "text.$behaviour@ocn.ne.jp")" true "$behaviour: not changed"
done
for behaviour in apply pending; do
	is "$(alias_of "text.$behaviour@example.com" \
	    "text.$behaviour@ocn.ne.jp")" false "$behaviour: changed"
done

# Only the personal kind of 403 leads to the steps; others are told as they
# are.
one=$(mailbox denied@example.com denied@ocn.ne.jp ', "faults": {"patchStatus":
	{"code": 403, "reason": "forbidden", "message": "Not today"}}')
sim_start --seeds "$(seed denied "$one")"
sendas_run fix denied@example.com --yes --max-changes 1
status_is 4 "another 403: exit status 4"
has "$out" "Not today" "another 403: Google's words"
unlike "$out" 'How to fix it' "another 403: no personal account"
requests_are patch 1 "another 403: no second try"
