# doctor and the way to Google: certificates, proxies, no network. It ends
# within seconds, names who issued the certificate, and asks nothing more.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
plan 60
run_limit_sec=20

# distrusts OPTION ISSUER NAME
distrusts()
{
	sim_start --demo "$1"
	doctor --mailbox taro@example.com
	status_is 4 "$3: exit status 4"
	says problem Connection "cannot be trusted.*issued by: CN=$2"
	says 'not checked' Clock 'no connection'
	says 'not checked' Token 'no connection'
	says 'not checked' Mailbox 'no connection'
	is "$(cat "$sim_requests")" "" "$3: nothing was sent"
}
distrusts --untrusted "Untrusted Test CA" "a CA that nobody trusts"
has_not "$out" "clock of this machine" "the clock is not suspected"
distrusts --wrong-name "sendas test CA" "another name"
distrusts --expired-cert "sendas test CA" "a certificate that is over"
says problem Connection "clock of this machine right.*$(date -u +%Y-%m-%d)"

sim_start --demo
run "$sendas" doctor --credentials "$sim_key" --endpoint "gmail=$sim_gmail"
keep_said
status_is 4 "the double without --ca-file: exit status 4"
says problem Connection 'give its CA with --ca-file'
says note Endpoints "Gmail API: $sim_gmail"
unlike "$out" 'token endpoint' "what is not replaced is not named"
trusted=$sim_ca
sim_ca=$work/absent.pem
doctor
status_is 4 "no such --ca-file: exit status 4"
says problem Connection 'absent\.pem'
sim_ca=$trusted

# Proxies.
# proxy MODE...: starts one.
proxy()
{
	rm -f "$work/port"
	node "$helpers/connect-proxy.js" "$work/port" "$@" &
	proxy_pid=$!
	wait_for 20 test -s "$work/port" || exit 1
	proxy_port=$(cat "$work/port")
}
proxy_end()
{
	kill "$proxy_pid"
	wait "$proxy_pid" 2>/dev/null
}
proxy --refuse
test_env="https_proxy=http://taro:hidden@127.0.0.1:$proxy_port"
doctor --mailbox taro@example.com
status_is 4 "a proxy that refuses: exit status 4"
says ok Proxy "http://127\.0\.0\.1:$proxy_port/?, by https_proxy\$|by https_pr"
says problem Connection 'proxy does not let us through.*403'
says 'not checked' Token 'no connection'
unlike "$out" 'hidden' "its password is not shown"
is "$(cat "$sim_requests")" "" "it does not go around the proxy"
test_env="$test_env no_proxy=127.0.0.1"
doctor --mailbox taro@example.com
status_is 0 "no_proxy: exit status 0"
says ok Proxy 'by https_proxy; not used here, since no_proxy says so'
proxy_end
proxy --forward
test_env="HTTPS_PROXY=http://127.0.0.1:$proxy_port"
doctor --mailbox taro@example.com
status_is 0 "a proxy that hands through: exit status 0"
says ok Proxy 'by HTTPS_PROXY; it is used'
proxy_end
proxy --inspect --keys "$work/keys" --ca-file "$work/inspecting.pem" \
    --upstream-ca "$sim_ca"
test_env="https_proxy=http://127.0.0.1:$proxy_port"
doctor --mailbox taro@example.com
status_is 4 "a proxy that looks into TLS: exit status 4"
says problem Connection 'issued by: CN=Inspecting Test CA.*--ca-file'
sim_ca=$work/inspecting.pem
doctor --mailbox taro@example.com
status_is 0 "with its CA: exit status 0"
says ok Connection 'issued by CN=Inspecting Test CA'
says ok Mailbox 'taro@example\.com answers'
proxy_end
sim_ca=$trusted
test_env="https_proxy=http://[half"
doctor
status_is 4 "a variable that is no address: exit status 4"
says note Proxy 'https_proxy is set, but not to the address of a proxy'
says problem Connection 'https_proxy is not the address of a proxy'
test_env=

# Nobody there, at once or not at all.
gmail=$sim_gmail
asked=$(requests token)
sim_gmail=https://127.0.0.1:1/
doctor --mailbox taro@example.com
status_is 4 "a closed port: exit status 4"
says problem Connection 'no connection.*127\.0\.0\.1 port 1 '
requests_are token "$asked" "no token is asked for, to no use"
sim_gmail=$gmail
sim_token=https://127.0.0.1:1/token
doctor --mailbox taro@example.com
status_is 4 "no token endpoint: exit status 4"
says ok Connection connected
says problem Token 'no connection.*127\.0\.0\.1 port 1 '
says 'not checked' Scope .
sim_token=${gmail}token
sim_gmail=${gmail}elsewhere/
doctor --mailbox taro@example.com
says note Connection 'HTTP 404, where Google says 401'
sim_start --demo --delay 5000
began=$(date +%s)
doctor --mailbox taro@example.com --timeout 1
status_is 4 "no answer: exit status 4"
says problem Connection 'no answer in time'
ok "it is asked once" test $(($(date +%s) - began)) -lt 5
sim_start --demo --delay 2500
run timeout --preserve-status -s INT 1 "$sendas" doctor \
    --credentials "$sim_key" --ca-file "$sim_ca" \
    --endpoint "gmail=$sim_gmail" --mailbox taro@example.com
status_is 130 "Ctrl-C: exit status 130"
unlike "$out" 'Mailbox' "and no more is looked at"
unlike "$work/said" 'hidden' "the proxy's password was never shown"

has_no_secret
