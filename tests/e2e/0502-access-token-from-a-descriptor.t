# Which credentials there are, and --access-token-fd: the token comes through a
# descriptor, never on the command line, and is used as it is.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 31

cat >"$work/tokens.json" <<'END'
[{"token": "ya29.delegated", "mailbox": "jiro@example.com",
  "scopes": ["gmail.settings.basic"], "delegated": true},
 {"token": "ya29.old", "mailbox": "jiro@example.com",
  "scopes": ["gmail.settings.basic"], "expiresIn": 0},
 {"token": "ya29.labels", "mailbox": "jiro@example.com",
  "scopes": ["gmail.labels"]}]
END
sim_start --demo --token "$work/tokens.json"

# with_token TEXT ARGUMENT...: the text is what the descriptor gives.
with_token()
{
	printf "$1" >"$work/token"
	shift
	sendas_run_as "$work/token" "$@"
}

with_token 'ya29.delegated\n' audit jiro@example.com
status_is 1 "a token: exit status 1 for the finding"
like "$out" '^FIX +jiro@ocn\.ne\.jp' "it is read"
requests_are token 0 "no other token is asked for"
with_token 'ya29.delegated' audit
like "$out" '^jiro@example\.com' "without MAILBOX: whoever the token is for"
with_token 'ya29.delegated\r\n' audit
status_is 1 "a line's end from Windows is no part of it"
input=$work/token
run "$sendas" audit --access-token-fd 0 --ca-file "$sim_ca" \
    --endpoint "gmail=$sim_gmail"
input=
status_is 1 "standard input is a descriptor, too"

with_token 'ya29.old\n' audit jiro@example.com
status_is 3 "a token that is over: exit status 3"
like "$out" '^NOT READ' "it is not read"
has "$out" "did not take the access token" "it says why"
has "$out" "get a new one" "and what to do"
is "$(grep -c '"status":401' "$sim_requests")" 1 "it is not tried again"

with_token 'ya29.labels\n' audit jiro@example.com
status_is 3 "a token without the scope: exit status 3"
has "$out" "https://www.googleapis.com/auth/gmail.settings.basic" \
    "the scope that is missing is named"

with_token 'ya29.delegated\n' fix jiro@example.com --yes --max-changes 1
status_is 0 "a delegated token may change: exit status 0"
requests_are patch 1 "with one PATCH"

asked=$(wc -l <"$sim_requests")
with_token '' audit
status_is 3 "an empty descriptor: exit status 3"
like "$err" 'descriptor 3: nothing came' "... and it says so"
with_token 'ya29.a b\n' audit
status_is 3 "two words: exit status 3"
with_token 'ya29.a\nya29.b\n' audit
status_is 3 "two lines: exit status 3"
unlike "$err" 'ya29' "... and no token is shown"
run "$sendas" audit --access-token-fd 7 --endpoint "gmail=$sim_gmail"
status_is 2 "a descriptor that is not open: exit status 2"
like "$err" '--access-token-fd 7: that file descriptor is not open' "... and it says so"
run "$sendas" audit --access-token-fd x
status_is 2 "a descriptor that is no number: exit status 2"
run "$sendas" audit --access-token-fd -1
status_is 2 "a negative one: exit status 2"

run "$sendas" audit jiro@example.com
status_is 3 "no credentials at all: exit status 3"
has "$err" "--credentials FILE" "... it says what to give"
has "$err" "sendas audit --ask" "... and what works without"
sendas_run audit jiro@example.com --access-token-fd 0
status_is 2 "both kinds: exit status 2"
run "$sendas" audit jiro@example.com --credentials "$work/absent"
status_is 3 "an absent file: exit status 3"
like "$err" "^sendas: $work/absent: cannot be opened: No such file" \
    "... and why"
is "$(wc -l <"$sim_requests")" "$asked" "nothing was sent with any of these"
