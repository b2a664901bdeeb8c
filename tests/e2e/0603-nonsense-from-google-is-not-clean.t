# Answers that make no sense, from the API and from the token endpoint: web
# pages, garbage, too much, half of it, nothing. None is taken for settings,
# and what was only cut once is asked for again.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 20

list=
# add NAME FAULTS
add()
{
	list=${list:+$list,}$(mailbox "$1@example.com" "$1@ocn.ne.jp" \
	    ", \"faults\": {$2}")
}
bodies="html garbage huge truncated empty"
for body in $bodies; do
	add "list-$body" "\"listBody\": \"$body\""
	add "token-$body" "\"tokenBody\": \"$body\""
done
add type '"listBody": "{\"sendAs\": [{\"sendAsEmail\": 5}]}"'
add array '"listBody": "[]"'
add none '"listBody": "{}"'
add twice '"listBody": "{\"sendAs\": [], \"sendAs\": []}"'
add nul '"listBody": "{\"sendAs\": [{\"sendAsEmail\": \"a\\u0000b\"}]}"'
add bytes '"listBody": {"base64":
	"eyJzZW5kQXMiOiBbeyJzZW5kQXNFbWFpbCI6ICL/In1dfQ=="}'
add nobearer '"tokenBody": "{\"access_token\": 5}"'
add notype '"tokenBody": "{\"access_token\": \"ya29.x\"}"'
add badtoken '"tokenBody": "{\"access_token\": \"ya29.x\\r\\nX: y\", '\
'\"token_type\": \"Bearer\"}"'
add cut-once '"listBody": {"body": "truncated", "times": 1}'
add garbled-once '"listBody": {"body": "garbage", "times": 1}'
add torn-once '"listBody": {"body": "torn", "times": 1}'
add token-torn-once '"tokenBody": {"body": "torn", "times": 1}'
add good ''
list=$(printf '%s' "$list" | sed 's/, "faults": {}//')
sim_start --seeds "$(seed mailboxes "$list")"

names=$(printf '%s' "$list" | grep -o '"mailbox": "[^"]*"' | cut -d'"' -f4)
# shellcheck disable=SC2086 # words are meant
sendas_run audit $names --format json
cp "$out" "$work/report.json"
status_is 4 "exit status 4"
is_report json "$out" "the JSON keeps to the contract"

# reasons NAMES WANTED NAME: of these mailboxes.
reasons()
{
	json_is "$work/report.json" "'$1'.split(' ').map((n) =>
		d.mailboxes.find((m) => m.mailbox === n + '@example.com')).map(
		(m) => m.reason || m.status).join(' ')" "$2" "$3"
}
reasons "list-html list-garbage list-truncated list-empty" \
    "bad-answer bad-answer bad-answer bad-answer" "the API's nonsense"
reasons "token-html token-garbage token-truncated token-empty" \
    "bad-answer bad-answer bad-answer bad-answer" "the token endpoint's"
reasons "list-huge token-huge" "too-large too-large" "too much"
reasons "type array twice nul bytes" \
    "bad-answer bad-answer bad-answer bad-answer bad-answer" \
    "JSON that is not the API's"
reasons none bad-answer "an empty object is not an empty mailbox"
reasons "nobearer notype badtoken" "bad-answer bad-answer bad-answer" \
    "a token that is none"
reasons good read "what is good is read beside them"
reasons "torn-once token-torn-once" "read read" \
    "an answer that broke off is asked for again"
reasons "cut-once garbled-once" "read read" \
    "an answer that was cut or does not parse is asked for again"
again=$(grep -c '"call":"list".*"mailbox":"list-truncated@example.com"' \
    "$sim_requests")
ok "... but not on and on" test "$again" -ge 2 -a "$again" -le 3

said()
{
	json_is "$work/report.json" "d.mailboxes.find((m) => m.mailbox ===
		'$1@example.com').message.includes('$2')" true "$3"
}
said type 'sendAs[0].sendAsEmail: want a text' "the place is told"
said twice '"sendAs" stands here twice' "a key twice is told"
said token-html 'proxy' "that a network's page may be in between is told"
said list-huge '8388608 bytes' "how much is too much is told"

sendas_run audit list-html@example.com
status_is 4 "a page instead of settings: exit status 4"
unlike "$out" 'Sign in to the network' "... and the page is not shown"
sendas_run audit token-html@example.com
status_is 3 "a page instead of the only token: exit status 3"
sendas_run fix list-garbage@example.com --yes --max-changes 9
requests_are patch 0 "nothing is changed by what cannot be read"
