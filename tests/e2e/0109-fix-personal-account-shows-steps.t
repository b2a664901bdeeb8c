# fix of a personal account: Google lets a program read it, not change it. One
# change is tried; then come the steps to do by hand, for every address.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 25

sim_start --demo --seeds "$(seed two '{"mailbox": "two@example.jp",
	"kind": "personal", "sendAs": [
	{"sendAsEmail": "two@example.jp", "isPrimary": true},
	{"sendAsEmail": "one@ocn.ne.jp", "treatAsAlias": true,
	 "verificationStatus": "accepted", "smtpMsa": {"host": "smtp.ocn.ne.jp",
	 "port": 465, "securityMode": "ssl"}},
	{"sendAsEmail": "other@ocn.ne.jp", "treatAsAlias": true,
	 "verificationStatus": "accepted", "smtpMsa": {"host": "smtp.ocn.ne.jp",
	 "port": 465, "securityMode": "starttls"}}]}')"
token=$sim_state/tokens/yumi%40example.jp

sendas_run_as "$token" audit yumi@example.jp
status_is 1 "an audit reads it: exit status 1 for the finding"
like "$out" '^FIX +yumi@sky\.ocn\.ne\.jp' "... and names the address"

sendas_run_as "$token" fix yumi@example.jp --yes --max-changes 1
status_is 4 "a fix is refused: exit status 4"
requests_are patch 1 "it was tried once"
has "$out" "not changed: Google allows it by hand only" "the outcome is honest"
has "$out" "How to fix it (in a computer's browser, about 5 minutes" \
    "the steps by hand are there"
has "$out" "https://mail.google.com/mail/\
?authuser=yumi%40example.jp#settings/accounts" "... with the link to the page"
like "$out" '^ 3\. \* Clear "Treat as an alias", then "Next Step"' \
    "... what to change is marked"
like "$out" 'smtp\.ocn\.ne\.jp / 465 / SSL / yumi@sky\.ocn\.ne\.jp' \
    "... what to look at is there"
like "$out" '^ 5\. "Save Changes"' "... up to the last click"
unlike "$out" '\(recommended\)' "... and no word that the dialog may not have"
unlike "$out" 'changed, and read back' "nothing is called changed"
is "$(alias_of yumi@example.jp yumi@sky.ocn.ne.jp)" true \
    "nothing changed at Google"

sendas_run_as "$token" fix --yes --max-changes 1 --format json
status_is 4 "whoever the token is for: exit status 4"
is_report json "$out" "the JSON keeps to the contract"
json_is "$out" '[d.mailboxes[0].mailbox, d.mailboxes[0].changes[0].outcome]' \
    '["yumi@example.jp","refused"]' "it knows whose mailbox it is"
json_is "$out" 'd.mailboxes[0].changes[0].after' false \
    "a refused change still says what was wanted"

sendas_run_as "$token" fix --lang ja --yes --max-changes 1
status_is 4 "in Japanese: exit status 4"
like "$out" 'authuser=yumi%40example\.jp' "... and the link is the same"

sendas_run_as "$sim_state/tokens/two%40example.jp" fix --yes --max-changes 2
status_is 4 "two addresses: exit status 4"
requests_are patch 4 "the second is not tried in vain"
is "$(grep -c '^How to fix it' "$out")" 2 "there are steps for each"
like "$out" '\* .*Secured connection using SSL' \
    "what else is wrong with it is repaired on the way"

sendas_run_as "$token" fix jiro@example.com --yes --max-changes 1
status_is 4 "another mailbox than the token's: exit status 4"
like "$out" 'jiro@example\.com was asked for' "... and it says so"
