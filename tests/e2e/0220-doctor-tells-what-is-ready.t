# doctor where nothing is wrong: each part in its order, what it allows, for a
# service account and for persons, and what it says to a super admin before
# anything was tried. It changes nothing.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
plan 51

sim_start --demo --seeds "$(seed more "
	$(mailbox reiko@example.com reiko@ocn.ne.jp ', "person": true')")"
doctor --for fix --mailbox taro@example.com
status_is 0 "a service account, for fix: exit status 0"
is_empty "$err" "all is said on standard output"
is "$(sed -n 's/^\(ok\|note\) *\([A-Z][a-z]*\): .*/\2/p' "$out" | uniq |
    tr '\n' ' ')" "Credentials Proxy Endpoints Connection Clock Token Scope \
Mailbox Result " "each part has its line, in this order"
unlike "$out" '^(problem|not checked +[^G ])' \
    "and nothing is wrong, though one thing cannot be seen"
says ok Credentials 'service-account.json \(found by --credentials\)'
says ok Credentials "client ID $(json "$sim_key" d.client_id); others cannot"
says ok Proxy none
says note Endpoints "Gmail API: $sim_gmail "
says note Endpoints "token endpoint: $sim_token "
says ok Connection "issued by CN=sendas test CA .*--ca-file $sim_ca\)"
says ok Clock "agrees with Google's"
says ok Token 'in the name of taro@example\.com'
says ok Scope 'auth/gmail\.settings\.basic: granted'
says note Scope 'gmail\.settings\.sharing: not granted; wanted only if'
says ok Mailbox 'taro@example\.com answers, with 2 addresses'
says ok Result 'audit: yes; fix: yes, by the API'
has_not "$out" "super admin" "what is granted is not asked for"
unlike "$out" 'ocn' "no settings are shown"
unlike "$out" '.{81}' "it fits 80 columns"
requests_are patch 0 "nothing was changed"
is "$(grep -o '"scopes":\[[^]]*\]' "$sim_requests" | sort -u | wc -l)" 2 \
    "each scope was asked for alone"
doctor --mailbox TARO@example.com
status_is 0 "for audit, with capitals: exit status 0"
has_not "$out" sharing "the other scope is no matter there"

doctor
status_is 0 "no --mailbox: exit status 0"
for part in Token Scope Mailbox; do
	says 'not checked' $part 'give --mailbox'
done
says 'not checked' Result 'not known'
has "$out" "For a super admin of the domain, if it is not done yet" \
    "what to ask for is said"
like "$out" "Client ID: $(json "$sim_key" d.client_id)\$" "with the client ID"
has "$out" "24 hours" "... and how long it takes"

# Persons.
doctor_as "$sim_state/tokens/yumi%40example.jp" --for fix
status_is 0 "an access token: exit status 0"
says ok Credentials 'access-token-fd 3: an access token'
says ok Token 'Google takes it'
says ok Scope 'enough to read'
says ok Mailbox 'yumi@example\.jp answers'
says note Result 'audit: yes; fix: by hand.*lets a personal account be read'
has_not "$out" "super admin" "nobody has to delegate anything"
sim_key=$sim_state/authorized/reiko%40example.com
doctor --for audit
status_is 0 "a stored sign-in: exit status 0"
says ok Credentials "a person's stored sign-in, client ID [0-9]+-"
says ok Token 'gives one for this sign-in'
says ok Mailbox 'reiko@example\.com answers'
says ok Result 'audit: yes; fix: by hand'
test_env="GOOGLE_APPLICATION_CREDENTIALS=$sim_key"
run "$sendas" doctor --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
    --endpoint "token=$sim_token"
keep_said
status_is 0 "found by a variable: exit status 0"
says ok Credentials 'found by GOOGLE_APPLICATION_CREDENTIALS'
test_env=

# How it is shown, and how it is called.
doctor --color always
like "$out" "^$(printf '\033')\[1;32mok$(printf '\033')\[0m +Proxy" "colour"
doctor --mailbox taro
status_is 2 "--mailbox without an address: exit status 2"
doctor taro@example.com
status_is 2 "a mailbox as a word: exit status 2"
has "$err" "--mailbox taro@example.com" "it says how instead"

has_no_secret
