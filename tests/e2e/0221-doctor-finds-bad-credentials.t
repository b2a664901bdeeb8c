# doctor and credentials that cannot be used: what is wrong with them, by
# themselves or to Google, and what to do; the rest is looked at all the same.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
plan 37

sim_start --demo --seeds "$(seed people "
	$(mailbox gone@example.com gone@ocn.ne.jp \
	    ', "person": true, "refresh": "revoked"'),
	$(mailbox other@example.com other@ocn.ne.jp ', "person": true,
	    "refresh": "scopes:gmail.settings.sharing"')")"
good_key=$sim_key

run "$sendas" doctor --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
    --endpoint "token=$sim_token"
keep_said
status_is 3 "no credentials: exit status 3"
says problem Credentials 'nothing to sign in with.*--credentials FILE'
says ok Connection 'connected'
says ok Clock agrees
for part in Token Scope Mailbox; do
	says 'not checked' $part 'no credentials'
done
says problem Result 'audit: no; fix: no; 1 problem above'
has_not "$out" "super admin" "nobody is asked for a delegation"

sim_key=$work/open.json
cp "$good_key" "$sim_key"
chmod 644 "$sim_key"
doctor --mailbox taro@example.com
status_is 3 "others can read it: exit status 3"
says problem Credentials "other users.*Run: chmod 600 $sim_key"
requests_are token 0 "it was not used"
test_env="GOOGLE_APPLICATION_CREDENTIALS=$sim_key"
run "$sendas" doctor --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
    --endpoint "token=$sim_token"
keep_said
says problem Credentials 'found by GOOGLE_APPLICATION_CREDENTIALS; --cred'
test_env=
head -c 900 "$good_key" >"$work/half.json"
chmod 600 "$work/half.json"
sim_key=$work/half.json
doctor
status_is 3 "half a file: exit status 3"
says problem Credentials 'not JSON'
sim_key=$work/none.json
doctor
status_is 3 "no such file: exit status 3"
says problem Credentials 'none\.json'
sim_key=$work/damaged.json
sed 's/\(PRIVATE KEY-----\\n\)[A-Za-z0-9+/]\{40\}/\1/' "$good_key" >"$sim_key"
chmod 600 "$sim_key"
doctor
status_is 3 "a key with a piece missing: exit status 3"
says problem Credentials 'damaged\.json: .*key'

# What only Google can tell.
sim_key=$work/other.json
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
    -out "$work/other.pem" 2>/dev/null
node -e '
	const fs = require("fs");
	const account = JSON.parse(fs.readFileSync(process.argv[1]));
	account.private_key = fs.readFileSync(process.argv[2], "utf8");
	fs.writeFileSync(process.argv[3], JSON.stringify(account),
		{ mode: 0o600 });' "$good_key" "$work/other.pem" "$sim_key"
doctor --mailbox taro@example.com
status_is 3 "another private key: exit status 3"
says ok Credentials 'others cannot read it'
says problem Token 'does not accept the private key.*Make a new JSON key'
says 'not checked' Scope .
says 'not checked' Mailbox .
has_not "$out" "super admin" "the delegation is not the trouble"
doctor
status_is 0 "the same, with no mailbox to try: exit status 0"

# Persons.
echo ya29.invented-and-over >"$work/token"
doctor_as "$work/token"
status_is 3 "an access token that is over: exit status 3"
says problem Token 'did not take the access token.*get a new one'
sim_key=$sim_state/authorized/gone%40example.com
doctor
status_is 3 "a sign-in that was revoked: exit status 3"
says problem Token 'no longer works.*Sign in again'
sim_key=$sim_state/authorized/other%40example.com
doctor --for fix
status_is 3 "a sign-in with another scope: exit status 3"
says ok Token 'gives one'
says problem Scope 'lacks a scope.*gmail\.settings\.basic'

run sh -c 'exec "$@" 3<"$0"' "$work/token" "$sendas" doctor \
    --access-token-fd 3 --credentials "$good_key"
status_is 2 "both kinds: exit status 2"
run "$sendas" doctor --for undo
status_is 2 "--for something else: exit status 2"

has_no_secret
