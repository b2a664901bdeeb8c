# No network, and proxies that do not let it through: it ends within seconds,
# says what it tried, and calls nothing clean.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 22
run_limit_sec=20

# Where nobody listens: the port of a double that has ended.
sim_start --demo
cp -R "$sim_state" "$work/kept"
sim_stop
sim_key=$work/kept/service-account.json
sim_ca=$work/kept/ca.pem
closed_port=$(echo "$sim_gmail" | sed 's/.*:\([0-9]*\).*/\1/')

sendas_run audit jiro@example.com
status_is 3 "a closed port: no token for anyone, exit status 3"
has "$out" "no connection: " "it says so"
like "$out" "127\.0\.0\.1 port $closed_port" "... and to where"
like "$out" '^NOT READ' "and the mailbox counts as not read"

names=$(seq -f 'user%05g@example.com' 1 200)
# shellcheck disable=SC2086 # words are meant
sendas_run audit $names --format json
status_is 3 "200 mailboxes: exit status 3"
is_report json "$out" "the JSON keeps to the contract"
json_is "$out" '[d.summary.mailboxes, d.summary.read, d.summary.clean,
	d.summary.complete]' '[200,0,0,false]' "none is clean, nor is it complete"
ok "it gave up before it had tried all" test \
    "$(json "$out" d.summary.skipped)" -gt 0

sendas_run_as "$work/kept/tokens/yumi%40example.jp" fix yumi@example.jp \
    --yes --max-changes 1 --format json
status_is 4 "with a token: the mailbox is not read, exit status 4"
json_is "$out" 'd.mailboxes[0].reason' network "the reason has its name"

# Proxies, by the environment.
sim_start --demo
test_env="https_proxy=http://127.0.0.1:$closed_port"
sendas_run audit jiro@example.com
status_is 3 "a proxy that is not there: exit status 3"
like "$out" "127\.0\.0\.1 port $closed_port" "it says what it tried"
is "$(cat "$sim_requests")" "" "it does not go around the proxy"

node "$helpers/connect-proxy.js" "$work/port" --refuse &
proxy_pid=$!
wait_for 20 test -s "$work/port" || exit 1
test_env="https_proxy=http://127.0.0.1:$(cat "$work/port")"
sendas_run audit jiro@example.com
status_is 3 "a proxy that refuses: exit status 3"
has "$out" "the proxy does not let us through" "it says that it is the proxy"
has "$out" "403" "... with its answer"
has "$out" "https_proxy" "... and where to look"
is "$(cat "$sim_requests")" "" "it does not go around the proxy"
test_env="$test_env no_proxy=127.0.0.1"
sendas_run audit jiro@example.com
status_is 1 "no_proxy is honoured"
kill "$proxy_pid"
wait "$proxy_pid" 2>/dev/null

# The network goes in the middle: the token came, the API is gone.
test_env=
sim_gmail=https://127.0.0.1:$closed_port/
sendas_run fix jiro@example.com --yes --max-changes 1 --format json
status_is 4 "the API alone is gone: exit status 4"
json_is "$out" '[d.mailboxes[0].status, d.mailboxes[0].reason]' \
    '["unreadable","network"]' "it is told as what it is"
json_is "$out" 'd.summary.changes' '{}' "and nothing was planned"
