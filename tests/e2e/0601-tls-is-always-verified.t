# TLS: a certificate of a CA that is not trusted, one that is over, and one for
# another name are refused, and not a byte of a request is sent. There is no
# http, and no switch that turns this off.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 31

# refused NAME: with a service account, and with a token.
refused()
{
	sendas_run audit jiro@example.com
	status_is 3 "$1: no token for anyone, exit status 3"
	has "$out" "the server's certificate cannot be trusted" "$1: it says so"
	sendas_run_as "$sim_state/tokens/yumi%40example.jp" fix \
	    yumi@example.jp --yes --max-changes 1 --format json
	status_is 4 "$1: with a token the mailbox is not read, exit status 4"
	json_is "$out" '[d.mailboxes[0].status, d.mailboxes[0].reason]' \
	    '["unreadable","tls"]' "$1: the reason has its name"
	is "$(cat "$sim_requests")" "" "$1: nothing was sent"
}

sim_start --demo --untrusted
refused "a CA that nobody trusts"
sim_start --demo --expired-cert
refused "a certificate that is over"
sim_start --demo --wrong-name
refused "a certificate for another name"

sim_start --demo
sim_trusted=$sim_ca
run "$sendas" audit jiro@example.com --credentials "$sim_key" \
    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token"
status_is 3 "the double's CA without --ca-file: exit status 3"
has "$out" "give its CA with --ca-file" "it says what to do"
is "$(cat "$sim_requests")" "" "nothing was sent"

echo "no certificate" >"$work/ca.pem"
sim_ca=$work/ca.pem
sendas_run audit jiro@example.com
status_is 5 "a --ca-file without a certificate: exit status 5"
like "$err" "--ca-file $work/ca\.pem: there is no certificate" "... is told"
sim_ca=$work/absent
sendas_run audit jiro@example.com
status_is 5 "an absent --ca-file: exit status 5"
sim_ca=$sim_trusted

# Nothing but https.
for url in "http://127.0.0.1:1/" ftp://127.0.0.1/ 127.0.0.1 \
    https://user:word@127.0.0.1/ "https://127.0.0.1/?x=" https://; do
	run "$sendas" audit jiro@example.com --credentials "$sim_key" \
	    --endpoint "gmail=$url"
	status_is 2 "--endpoint gmail=$url: exit status 2"
done
for option in --insecure -k --no-verify; do
	sendas_run audit jiro@example.com $option
	status_is 2 "there is no $option"
done
run "$sendas" audit jiro@example.com --credentials "$sim_key" \
    --endpoint "other=https://127.0.0.1/"
status_is 2 "an endpoint that does not exist: exit status 2"
