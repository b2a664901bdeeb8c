# Proxies as companies have them: a tunnel, one that wants a password, one
# that looks into TLS and speaks HTTP/1.1 alone; and broken handshakes.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 33
seq -f 'user%05g@example.com' 1 60 >"$work/users"

# proxy_start OPTION...: of helpers/connect-proxy.js; sets proxy_port.
proxy_pid=
proxy_start()
{
	proxy_stop
	rm -f "$work/port" "$work/proxy.log"
	node "$helpers/connect-proxy.js" "$work/port" --log "$work/proxy.log" \
	    "$@" &
	proxy_pid=$!
	wait_for 20 test -s "$work/port" || exit 1
	proxy_port=$(cat "$work/port")
}

proxy_stop()
{
	test -n "$proxy_pid" || return 0
	kill "$proxy_pid"
	wait "$proxy_pid" 2>/dev/null
	proxy_pid=
}

sim_start --count 60
host=${sim_gmail#https://}
host=${host%/}

proxy_start --forward
test_env="https_proxy=http://127.0.0.1:$proxy_port"
sendas_run audit --users "$work/users" --format json
json_is "$out" 'd.summary.read' 60 "a tunnel: all are read"
ok "it went through the proxy" grep -qF "$host 200" "$work/proxy.log"
ok "... over few connections" test "$(wc -l <"$work/proxy.log")" -le 4
is "$(grep -vc '"protocol":"h2"' "$sim_requests")" 0 "... in HTTP/2"
test_env="HTTPS_PROXY=http://127.0.0.1:$proxy_port"
sendas_run audit user00001@example.com --format json
json_is "$out" 'd.summary.read' 1 "HTTPS_PROXY will do"
test_env="ALL_PROXY=http://127.0.0.1:$proxy_port"
sendas_run audit user00001@example.com --format json
json_is "$out" 'd.summary.read' 1 "ALL_PROXY will do"
is "$(grep -c "$host 200" "$work/proxy.log")" "$(wc -l <"$work/proxy.log")" \
    "nothing else is asked of it"

# One that wants to know who comes.
proxy_start --forward --auth tanaka:wrong-horse
test_env="https_proxy=http://127.0.0.1:$proxy_port"
sendas_run audit user00001@example.com
status_is 3 "a proxy that wants a password: exit status 3"
has "$out" "407" "its answer is told"
has "$out" "http://127.0.0.1:$proxy_port/" "and which proxy it is"
has "$out" "https_proxy" "and where that stands"
test_env="https_proxy=http://tanaka:bad-horse@127.0.0.1:$proxy_port"
sendas_run audit user00001@example.com --verbose
status_is 3 "another password: exit status 3"
unlike "$out" 'bad-horse' "the password is not shown"
unlike "$err" 'bad-horse' "... anywhere"
has "$out" "http://127.0.0.1:$proxy_port/" "the proxy is, without it"
test_env="https_proxy=http://tanaka:wrong-horse@127.0.0.1:$proxy_port"
sendas_run audit user00001@example.com --format json
json_is "$out" 'd.summary.read' 1 "the right one: it goes through"
for bad in "nonsense://tanaka:bad-horse@127.0.0.1:1" "http://[bad-horse"; do
	test_env="https_proxy=$bad"
	sendas_run audit user00001@example.com
	status_is 3 "a proxy that is none: exit status 3"
	has "$out" "https_proxy" "it says where that stands"
	unlike "$out" 'bad-horse' "and shows no password"
done

# One that looks into TLS.
proxy_start --inspect --keys "$work/keys" --ca-file "$work/inspecting.pem" \
    --upstream-ca "$sim_ca"
test_env="https_proxy=http://127.0.0.1:$proxy_port"
asked=$(wc -l <"$sim_requests")
sendas_run audit user00001@example.com
status_is 3 "a CA that is not trusted: exit status 3"
has "$out" "Inspecting Test CA" "it says who issued the certificate"
has "$out" "--ca-file" "and how to trust it"
is "$(wc -l <"$sim_requests")" "$asked" "and nothing was sent"
good_ca=$sim_ca
sim_ca=$work/inspecting.pem
sendas_run audit --users "$work/users" --format json
json_is "$out" 'd.summary.read' 60 "with its CA: all are read, in HTTP/1.1"
ok "... over more connections than streams would need" test \
    "$(grep -c "$host 200" "$work/proxy.log")" -gt 2
sendas_run fix user00002@example.com --yes --max-changes 9 --format json
json_is "$out" '[d.summary.read, Object.keys(d.summary.changes)
	.every((k) => k === "applied")]' '[1,true]' "a change goes through as well"
sim_ca=$good_ca
proxy_stop

# A port that speaks no TLS, and one that hangs up.
test_env=
for manner in silent rude; do
	node -e '
		const net = require("net");
		const server = net.createServer((socket) => {
			socket.on("error", () => {});
			if (process.argv[2] === "rude")
				socket.resetAndDestroy ? socket.resetAndDestroy() :
					socket.destroy();
		});
		server.listen(0, "127.0.0.1", () => require("fs").writeFileSync(
			process.argv[1], String(server.address().port)));
		setTimeout(() => process.exit(), 60000);' \
	    "$work/port.$manner" $manner &
	proxy_pid=$!
	wait_for 20 test -s "$work/port.$manner" || exit 1
	sim_token=https://127.0.0.1:$(cat "$work/port.$manner")/token
	sendas_run audit user00001@example.com --timeout 2
	status_is 3 "a server that is $manner: exit status 3"
	like "$out" '^NOT READ' "... it ends, and nothing is clean"
	proxy_stop
done
