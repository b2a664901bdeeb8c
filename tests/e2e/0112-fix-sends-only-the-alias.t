# fix on the wire: a PATCH holds the one field and nothing else, its address is
# percent-encoded, no more scopes are asked for than are needed, and a mailbox
# never has two requests in flight.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 13

# wire EXPRESSION WANTED NAME: about all requests, `all`.
wire()
{
	is "$(node -e '
		const all = require("fs").readFileSync(process.argv[1], "utf8")
			.trim().split("\n").map((line) => JSON.parse(line));
		const of = (call) => all.filter((r) => r.call === call);
		console.log(JSON.stringify(eval(process.argv[2])));' \
	    "$sim_requests" "$1" 2>&1)" "$2" "$3"
}

sim_start --delay 60 --seeds "$(seed mailboxes "
	$(mailbox plus@example.com a+b@ocn.ne.jp ""),
	$(mailbox capital@example.com Capital@OCN.ne.jp ""),"'
	{"mailbox": "two@example.com", "kind": "workspace", "sendAs": [
	{"sendAsEmail": "two@example.com", "isPrimary": true},
	{"sendAsEmail": "one@ocn.ne.jp", "treatAsAlias": true,
	 "verificationStatus": "accepted", "smtpMsa": {"host": "smtp.ocn.ne.jp",
	 "port": 465, "securityMode": "ssl"}},
	{"sendAsEmail": "x%y/z?@sky.ocn.ne.jp", "treatAsAlias": true,
	 "verificationStatus": "accepted", "smtpMsa": {"host": "smtp.ocn.ne.jp",
	 "port": 465, "securityMode": "ssl"}}]}')"

sendas_run fix plus@example.com capital@example.com two@example.com \
    --yes --max-changes 4 --format json
status_is 0 "all changes are made: exit status 0"
json_is "$out" 'd.summary.changes' '{"applied":4}' "and read back"
wire 'of("patch").map((r) => r.path.split("/").pop()).sort()' \
    '["Capital%40OCN.ne.jp","a%2Bb%40ocn.ne.jp","one%40ocn.ne.jp",'\
'"x%25y%2Fz%3F%40sky.ocn.ne.jp"]' "the address in the path is encoded"
wire 'of("patch").every((r) => JSON.stringify(r.body) ===
	"{\"treatAsAlias\":false}")' true "only the one field is sent"
wire 'of("patch").every((r) => r.method === "PATCH")' true "by PATCH, never PUT"
wire '[...new Set(all.map((r) => r.call))].sort()' \
    '["list","patch","token"]' "nothing else is called"
wire 'of("list").every((r) => /^fields=sendAs\(/.test(r.query) &&
	!/signature/.test(r.query))' true "no signature is asked for"
wire '[...new Set(of("token").flatMap((r) => r.scopes))]' \
    '["https://www.googleapis.com/auth/gmail.settings.basic"]' \
    "the least scope is asked for"
wire 'of("token").length' 3 "one token a mailbox"
wire 'all.every((r) => r.path.startsWith("/token") ||
	r.path.startsWith("/gmail/v1/users/me/"))' true "by the name me"
wire 'all.filter((r) => r.overlap).length' 0 \
    "never two requests of one mailbox at once"
wire '[...new Set(all.map((r) => r.protocol))]' '["h2"]' "over HTTP/2"
wire 'of("list").length' 9 "each mailbox is read three times"
