# Promise 10: Google gets a password only after the same login worked at the
# server; whatever proves nothing counts as not worked; and it goes to no other
# server.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
needs_sim
needs_smtp
plan 146

smtp_start

# start SMTPMSA [MORE]: one mailbox, anna's, with this server, of which nothing
# is known from before.
start()
{
	rm -rf "$work/home/.local/state/sendas"
	sim_start --seeds "$(seed one "$(server_box anna@example.com "$1" \
	    "${2:-}")")"
}

# tries_are WANTED NAME: logins since this was asked last.
tries=0
tries_are()
{
	is "$(($(smtp_events auth) - tries))" "$1" "$2"
	tries=$(smtp_events auth)
}

wrong=$(server 127.0.0.1 25 none)

# tried_at MODE STATUS OUTCOME OPEN WORDS: a change that is not made, since the
# login at MODE is none.
tried_at()
{
	smtp_policy "$1"
	start "$wrong"
	server_run fix anna@example.com --yes --max-changes 2 --timeout 2 \
	    --format json
	status_is "$2" "$1: exit status $2"
	json_is "$out" 'd.mailboxes[0].changes[1].outcome' "$3" "$1: $3"
	json_is "$out" 'd.mailboxes[0].changes[0].outcome' applied \
	    "$1: the alias is off all the same"
	json "$out" 'd.mailboxes[0].changes[1].message' >"$work/message"
	has "$work/message" "$5" "$1: says why"
	run_is "$(newest_run)" 'd.run.changes.open' "$4" "$1: left open"
	is "$(passwords_given)" 0 "$1: Google got no password"
	is "$(server_of anna@example.com)" "127.0.0.1 25 none x true" \
	    "$1: the server is as before"
}

tried_at plain 4 failed 0 "does not speak TLS in this way"
tried_at noauth-ssl 4 failed 0 "offers no login"
tried_at expired 4 failed 0 "certificate cannot be trusted"
tried_at wrong-name 4 failed 0 "certificate cannot be trusted"
tried_at untrusted 4 failed 0 "certificate cannot be trusted"
tried_at http 4 failed 1 "nothing was proved"
tried_at greeting-421 4 failed 1 "refuses for now"
tried_at greeting-554 4 failed 1 "turns this machine away before any login"
tried_at silent 4 failed 1 "did not answer in time"
tried_at closed 4 failed 1 "port is closed"
tried_at drop-after-auth 4 failed 1 "nothing was proved"
server_password=not-the-one
tried_at ssl 4 failed 0 "does not take this user name or password. (535)"
server_password=invented-password
# One that is dropped afterwards was begun, too.
tries_are 2 "two logins in all of these"

# What stayed confirmed is gone on with, once the server can be reached.
smtp_policy closed
start "$wrong"
server_run fix anna@example.com --yes --max-changes 2
status_is 4 "nobody answers: exit status 4"
has "$out" "To go on later: sendas fix --run" "how to go on is told"
open=$(newest_run)
cp "$policy" "$work/closed.json"
server_run fix --run "$open"
status_is 4 "nor later: exit status 4"
run_is "$open" 'd.run.changes.open' 1 "it stays confirmed"
server_run fix --run "$open" --no-probe
status_is 0 "untried, since it was asked for: exit status 0"
is "$(server_of anna@example.com)" "$(right_server closed)" "the server is set"
tries_are 0 "without a login"
is "$(passwords_given)" 1 "and Google has the password"

# Both ways of TLS.
for mode in ssl starttls slow; do
	smtp_policy "$mode"
	start "$wrong"
	server_run fix anna@example.com --yes --max-changes 2
	status_is 0 "$mode: exit status 0"
	tries_are 1 "$mode: it was tried"
	is "$(passwords_given)" 1 "$mode: Google has the password"
done

# Without a password there is no change of a server, and no question.
smtp_policy ssl
start "$wrong"
sendas_run fix anna@example.com --policy "$policy" --yes --max-changes 1
status_is 1 "without a password: exit status 1"
is "$(passwords_given)" 0 "the alias alone is changed"
has "$out" "How to fix it" "the steps by hand are told"

# A run that is gone on with without one: it waits.
start "$wrong"
server_run fix anna@example.com --dry-run
status_is 1 "a dry run: exit status 1"
has "$out" "SMTP server 127.0.0.1, port 25, not secured -> 127.0.0.1, port" \
    "both servers are shown"
has "$out" "Needs: The password of taro@ocn.ne.jp" "and that a password is needed"
planned=$(newest_run)
tries_are 0 "nothing was tried"
sendas_run fix --run "$planned" --policy "$policy" --yes --max-changes 2
status_is 4 "gone on with without a password: exit status 4"
has "$out" "give it with --passwords FILE or, for one mailbox" "it says so"
run_is "$planned" 'd.run.changes.open' 1 "and stays confirmed"
server_run fix --run "$planned"
status_is 0 "gone on with one: exit status 0"
tries_are 1 "it was tried"
is "$(server_of anna@example.com)" "$(right_server ssl)" "it is set"

# A plan that somebody turned to another server, and had approved.
start "$wrong"
server_run fix anna@example.com --dry-run --plan "$work/plan.jsonl"
sed 's/"after":{"host":"127.0.0.1"/"after":{"host":"mail.example.net"/' \
    "$work/plan.jsonl" >"$work/turned.jsonl"
server_run fix --plan "$work/turned.jsonl" --sha256 \
    "$(sha256sum <"$work/turned.jsonl" | cut -d' ' -f1)" --yes --max-changes 2
status_is 4 "a plan with another server: exit status 4"
has "$out" "not one that this password may be sent to" "it says so"
is "$(passwords_given)" 0 "nobody got the password"
tries_are 0 "nor was it tried"
start "$wrong"
server_run fix anna@example.com --dry-run --plan "$work/plan.jsonl"
sha256=$(sha256sum <"$work/plan.jsonl" | cut -d' ' -f1)
server_run fix --plan "$work/plan.jsonl" --sha256 "$sha256" \
    --yes --max-changes 2
status_is 0 "the plan as it was: exit status 0"
is "$(server_of anna@example.com)" "$(right_server ssl)" "it is set"

# A person's own sign-in: not before Google has taken another change.
# person_start MORE ALIAS
person_start()
{
	rm -rf "$work/home/.local/state/sendas"
	sim_start --seeds "$(seed one "$(server_box anna@example.com "$wrong" \
	    ", \"person\": true$1" "$2")")"
	sim_key=$(json "$sim_ready" 'd.authorized["anna@example.com"]')
}
tries_are 1 "the plan's was tried"
person_start '' true
server_run fix anna@example.com --yes --max-changes 2 --format json
json_is "$out" 'd.mailboxes[0].changes.map((c) => c.outcome).join()' \
    refused,refused "a person, refused: neither is made"
requests_are patch 1 "one PATCH, without a password"
is "$(passwords_given)" 0 "Google got none"
tries_are 0 "nor the server"
person_start '' false
server_run fix anna@example.com --yes --max-changes 2
requests_are patch 0 "with nothing to try it with, none is sent"
tries_are 0 "and no password goes anywhere"
person_start ', "kind": "personal", "patch": "apply"' true
server_run fix anna@example.com --yes --max-changes 2
status_is 0 "a person whom Google lets change: exit status 0"
tries_are 1 "the password was tried then"
is "$(server_of anna@example.com)" "$(right_server ssl)" "and is at Google"
person_start ', "kind": "personal", "patch": "error400"' true
server_run fix anna@example.com --yes --max-changes 2
status_is 4 "a person whose change is refused otherwise: exit status 4"
has "$out" "has not accepted another change of this account first" "it says so"
tries_are 0 "the password was not tried"

# Gone on with by another process: the run knows what Google took.
smtp_policy closed
person_start ', "kind": "personal", "patch": "apply"' true
server_run fix anna@example.com --yes --max-changes 2
status_is 4 "a person, and nobody answers: exit status 4"
open=$(newest_run)
run_is "$open" 'd.run.changes.open' 1 "the server's change stays confirmed"
server_run fix --run "$open"
status_is 4 "nor later: exit status 4"
has "$out" "port is closed" "it was tried again"
server_run fix --run "$open" --no-probe
status_is 0 "untried, since it was asked for: exit status 0"
is "$(server_of anna@example.com)" "$(right_server closed)" "the server is set"
is "$(passwords_given)" 1 "and Google has the password"

# Bytes that JSON cannot carry: Google would get another password than the one
# that worked. (The relay reads them as this character.)
smtp_start --password "$(printf 'caf\357\277\275')"
smtp_policy ssl
start "$wrong"
tries=$(smtp_events auth)
server_password=$(printf 'caf\351')
server_run fix anna@example.com --yes --max-changes 2
status_is 4 "a password that is not UTF-8: exit status 4"
has "$out" "not UTF-8" "it says so"
tries_are 0 "it was not tried"
is "$(passwords_given)" 0 "nor did Google get it"
is "$(server_of anna@example.com)" "127.0.0.1 25 none x true" \
    "the server is as before"
