# A sign-in that ended: taken back, too old for the domain, of a client that is
# gone, without the scope. Each is told with why it may be and the command that
# mends it; no mailbox is called clean; doctor says the same.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_sim
plan 123

# ended NAME WORDS...: audit, fix and doctor of $name, whose sign-in has ended.
ended()
{
	ended_name=$1
	shift
	for command in audit fix; do
		signed_run $command
		status_is 3 "$ended_name: $command: exit status 3"
		like "$out" '^NOT READ' "$ended_name: $command: nothing is read"
		unlike "$out" '^OK|[1-9][0-9]* (mailbox(es)?|address(es)?) ok' \
		    "$ended_name: $command: nothing is called clean"
		for words in "sendas login $name@example.jp" "$@"; do
			has "$out" "$words" "$ended_name: $command: \"$words\""
		done
	done
	signed_run audit --format json
	json_is "$out" 'd.mailboxes.map((m) => m.status).includes("read")' \
	    false "$ended_name: nor in JSON"
	signed_run doctor
	status_is 3 "$ended_name: doctor: exit status 3"
	for words in "sendas login $name@example.jp" "$@"; do
		has "$out" "$words" "$ended_name: doctor: \"$words\""
	done
}

list=
for name in revoked rapt client scopes; do
	how=$name
	test $name != scopes || how=scopes:userinfo.email
	list="$list${list:+,}$(person $name@example.jp $name@ocn.ne.jp \
	    ", \"refresh\": \"$how\"")"
done
signin_start --seeds "$(seed ended "$list")"

# begin NAME: only this one is signed in.
begin()
{
	name=$1
	rm -rf "$sign_ins"
	sign_in "$name@example.jp"
	test_env=
}

begin revoked
ended "no longer good" invalid_grant "password" "6 months" "7 days"
begin rapt
ended "too old for the domain" invalid_grant "every few hours"
begin client
ended "of a client that is gone" invalid_client \
    "no longer accepts the OAuth client"
begin scopes
ended "without the scope" gmail.settings.basic "lacks a permission"

# It is the same sign-in that worked a moment before.
begin taro
signed_run audit
status_is 1 "taken back: before, it reads"
forget taro@example.jp
ended "taken back" invalid_grant "taken back in the Google account"
kept_are 1 "... the file is left alone"
consent allow taro@example.jp
login_run taro@example.jp
status_is 0 "... the command that was told mends it"
test_env=
signed_run audit
status_is 1 "... it reads again"

# Between two of several, the other one goes on.
sign_in hanako@example.jp
test_env=
forget taro@example.jp
signed_run audit taro@example.jp
status_is 3 "one of two is taken back: exit status 3"
has "$out" 'sendas login taro@example.jp' "... with whose it was"
signed_run audit hanako@example.jp
status_is 1 "... the other reads"

# It ends in the middle of a run: a token is good once, the next is refused.
signin_start --expire-tokens-after 1 --seeds "$(seed late "$(person \
    late@example.jp late@ocn.ne.jp ', "faults": {"tokenStatus":
    {"code": 400, "error": "invalid_grant", "description":
    "Token has been expired or revoked.", "after": 2}}')")"
begin late
signed_run fix --yes --max-changes 1
status_is 4 "it ends while a change is made: exit status 4, it was not made"
has "$out" 'sendas login late@example.jp' "... with the command that mends it"
is "$(alias_of late@example.jp late@ocn.ne.jp)" true \
    "... nothing was changed"
unlike "$out" 'changed, and read back' "... and nothing is called changed"

# An app in testing: its sign-ins end after seven days.
signin_start --testing
begin taro
signed_run audit
status_is 1 "an app in testing: it reads"
forget taro@example.jp
ended "an app in testing" "Testing" "7 days"

# What Google has no reason for: no network is no end of a sign-in.
begin taro
signed_run audit --endpoint token=https://127.0.0.1:1/token --timeout 1
has_not "$out" 'sendas login' "no way to the token endpoint: no other sign-in"
like "$out" '^NOT READ' "... is asked for, and nothing is called clean"
kept_are 1 "... and it is kept"
