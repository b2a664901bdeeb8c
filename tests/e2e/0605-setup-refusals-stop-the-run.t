# What is wrong with the set-up, not with a mailbox: the run ends soon with
# exit status 3 and says exactly what to do, where, and with which values.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 34
scope=https://www.googleapis.com/auth/gmail.settings.basic

# The delegation is missing, or has other scopes.
sim_start --demo --count 200 --delegated-scopes gmail.readonly
sendas_run audit jiro@example.com
client_id=$(json "$sim_key" d.client_id)
status_is 3 "no delegation: exit status 3"
like "$out" '^NOT READ' "nothing is read"
has "$out" "(client ID $client_id)" "the client id is named"
has "$out" "the scopes $scope" "the scope is named"
has "$out" "https://admin.google.com/ac/owl/domainwidedelegation?\
clientScopeToAdd=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.settings.basic\
&clientIdToAdd=$client_id&overwriteClientId=true" "and the page, filled in"
has "$out" "unauthorized_client" "Google's own word is there, to search for"
has "$out" "24 hours" "and how long it takes"

names=$(seq -f 'user%05g@example.com' 1 200)
# shellcheck disable=SC2086 # words are meant
sendas_run audit $names --format json
status_is 3 "200 mailboxes: exit status 3"
is_report json "$out" "the JSON keeps to the contract"
json_is "$out" '[d.summary.mailboxes, d.summary.read, d.summary.complete]' \
    '[200,0,false]' "it is not complete"
json_is "$out" '[...new Set(d.mailboxes.map((m) => m.status + " " +
	m.reason))].sort()' '["skipped cancelled","unreadable scope-missing"]' \
    "each is there, with its reason"
ok "it did not ask for all" test "$(requests token)" -lt 150
sendas_run fix jiro@example.com --yes --max-changes 1
status_is 3 "fix: exit status 3"
is "$(grep -c '"call":"\(list\|patch\)"' "$sim_requests")" 0 \
    "and the API is not even asked"

# The key, its account, the clock and the address of the token endpoint.
sim_start --demo
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
    -out "$work/other.pem" 2>/dev/null
good_key=$sim_key
sim_key=$work/other.json
node -e '
	const fs = require("fs");
	const account = JSON.parse(fs.readFileSync(process.argv[1]));
	account.private_key = fs.readFileSync(process.argv[2], "utf8");
	fs.writeFileSync(process.argv[3], JSON.stringify(account),
		{ mode: 0o600 });' "$good_key" "$work/other.pem" "$sim_key"
sendas_run audit jiro@example.com
status_is 3 "another key: exit status 3"
has "$out" "does not accept the private key" "it says so"
has "$out" "Make a new JSON key" "and what to do"
sed 's/"client_email": *"/&not-/' "$good_key" >"$work/deleted.json"
chmod 600 "$work/deleted.json"
sim_key=$work/deleted.json
sendas_run audit jiro@example.com
status_is 3 "an account that Google does not know: exit status 3"
has "$out" "does not know this service account" "it says so"

sim_start --demo --clock-offset=-7200
sendas_run audit jiro@example.com
status_is 3 "a clock that is wrong: exit status 3"
has "$out" "the clock of this machine is wrong" "it says so"
has "$out" "$(date -u +'%Y-%m-%d')" "... and what it says"
sim_start --demo --audience https://oauth2.googleapis.com/token
sendas_run audit jiro@example.com
status_is 3 "a token endpoint that goes by another name: exit status 3"
has "$out" "Check --endpoint token=URL" "it says what to check"

# The Cloud project.
# project NAME REASON: the API refuses everybody.
project()
{
	one=$(mailbox "$1@example.com" "$1@ocn.ne.jp" ", \"faults\":
		{\"listStatus\": {\"code\": 403, \"reason\": \"$2\",
		\"message\": \"Gmail API has not been used\"}}")
	sim_start --seeds "$(seed "$1" "$one")"
	sendas_run audit "$1@example.com"
	status_is 3 "$2: exit status 3"
}
project disabled accessNotConfigured
has "$out" "The Gmail API is not enabled" "it says so"
has "$out" "Gmail API has not been used" "with Google's words"
project quota dailyLimitExceeded
has "$out" "used up its quota for today" "it says so"
requests_are list 1 "and it is not tried again"
project scope insufficientPermissions
has "$out" "$scope" "the scope that is missing is named"

# A person's token for somebody else.
sim_start --demo
sendas_run_as "$sim_state/tokens/yumi%40example.jp" audit yumi@example.jp \
    jiro@example.com --format json
status_is 4 "one's own and another's mailbox: exit status 4"
json_is "$out" 'd.mailboxes.map((m) => m.status).sort()' \
    '["read","wrong-mailbox"]' "the own one is read, the other is not"
