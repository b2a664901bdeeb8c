# What networks and servers do wrong, one mailbox each, in one run: what can
# be tried again is, what cannot is told as what it is, and nothing that was
# not read is clean.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 42

list=
# add NAME FAULTS
add()
{
	list=${list:+$list,}$(mailbox "$1@example.com" "$1@ocn.ne.jp" \
	    ", \"faults\": {$2}")
}
# Once: to be tried again.
once='"times": 1'
for kind in reset stall trickle goaway; do
	add "list-$kind" "\"listFault\": {\"kind\": \"$kind\", $once}"
	add "token-$kind" "\"tokenFault\": {\"kind\": \"$kind\", $once}"
done
for body in torn truncated garbage html empty; do
	add "body-$body" "\"listBody\": {\"body\": \"$body\", $once}"
done
add token-torn "\"tokenBody\": {\"body\": \"torn\", $once}"
for code in 429 500 502 503 504; do
	add "status-$code" "\"listStatus\": {\"code\": $code, $once}"
	add "wait-$code" "\"listStatus\": {\"code\": $code, \"retryAfter\": 1,
	    $once}"
	add "token-$code" "\"tokenStatus\": {\"code\": $code, $once}"
done
add date-429 "\"listStatus\": {\"code\": 429, \"retryAfter\": \"date:2\",
	$once}"
# For ever.
add never-reset '"listFault": "reset"'
add never-stall '"listFault": "stall"'
add never-trickle '"listFault": "trickle"'
add never-torn '"listBody": "torn"'
add never-html '"listBody": "html"'
add never-huge '"listBody": "huge"'
add never-503 '"listStatus": {"code": 503}'
add never-wait '"listStatus": {"code": 429, "retryAfter": 3600}'
add never-token '"tokenBody": "html"'
sim_start --seeds "$(seed mailboxes "$list")"
node -e '
	const { mailboxes } = JSON.parse(require("fs")
		.readFileSync(process.argv[1]));
	console.log(mailboxes.map((m) => m.mailbox).join("\n"));' \
    "$work/mailboxes.json" >"$work/all"
# A connection that ends takes other requests with it: by themselves, so that
# the rest can be counted exactly.
grep -e '-reset@' -e '-goaway@' "$work/all" | grep -v '^never-' \
    >"$work/ending"
grep -v -e '^never-' -e '-reset@' -e '-goaway@' "$work/all" >"$work/passing"

# asked CALL NAME: how often.
asked()
{
	grep -c "\"call\":\"$1\".*\"mailbox\":\"$2@example.com\"" "$sim_requests"
}

# among FROM TO NUMBER
among()
{
	test "$3" -ge "$1" && test "$3" -le "$2"
}

run_limit_sec=120
sendas_run audit --users "$work/passing" --timeout 2 --format json
status_is 1 "passing trouble: exit status 1 for the findings alone"
is_report json "$out" "the JSON keeps to the contract"
json_is "$out" 'd.mailboxes.filter((m) => m.status !== "read")' '[]' \
    "every mailbox is read"
json_is "$out" 'd.summary.read' "$(wc -l <"$work/passing")" "all of them"
for kind in stall trickle; do
	is "$(asked list "list-$kind") $(asked token "token-$kind")" "2 2" \
	    "$kind, of a list and a token: asked again"
done
for body in torn truncated garbage html empty; do
	is "$(asked list "body-$body")" 2 "a body that is $body: asked again"
done
for code in 429 500 502 503 504; do
	is "$(asked list "status-$code") $(asked list "wait-$code") \
$(asked token "token-$code")" "2 2 2" "$code, with and without Retry-After"
done
# waited NAME: at least so many ms, before it was asked again.
waited()
{
	node -e '
		const times = require("fs").readFileSync(process.argv[1], "utf8")
			.trim().split("\n").map((line) => JSON.parse(line))
			.filter((r) => r.call === "list" &&
				r.mailbox === process.argv[2] + "@example.com")
			.map((r) => Date.parse(r.time));
		console.log(times[1] - times[0] >= Number(process.argv[3]));' \
	    "$sim_requests" "$1" "$2"
}
is "$(waited wait-503 1000)" true "Retry-After in seconds is honoured"
# A date has whole seconds: two of them are more than one.
is "$(waited date-429 1000)" true "Retry-After as a date is honoured"

sendas_run audit --users "$work/ending" --timeout 2 --format json
json_is "$out" '[d.summary.read, d.summary.unreadable]' '[4,0]' \
    "every mailbox whose connection ends is read"
for kind in reset goaway; do
	ok "list, $kind: asked again" among 2 3 "$(asked list "list-$kind")"
	ok "token, $kind: asked again" among 2 3 "$(asked token "token-$kind")"
done

# By itself, too: whoever shares its connection would lose requests with it.
sendas_run audit --format json never-reset@example.com
status_is 4 "a connection that always ends: exit status 4"
# reason NAME WANTED TRIES
reason()
{
	is "$(json "$out" "d.mailboxes.find((m) =>
	    m.mailbox === '$1@example.com').reason") $(asked list "$1")" \
	    "$2 $3" "$1: $2, after $3 tries"
}
reason never-reset network 6

sendas_run audit --timeout 2 --format json never-stall@example.com \
    never-trickle@example.com never-torn@example.com never-html@example.com \
    never-huge@example.com never-503@example.com never-wait@example.com \
    never-token@example.com list-reset@example.com
status_is 4 "what never passes: exit status 4"
json_is "$out" '[d.summary.read, d.summary.clean, d.summary.unreadable]' \
    '[1,0,8]' "it is not read, and not clean; the others are"
reason never-stall timeout 3
reason never-trickle timeout 3
reason never-torn network 6
reason never-html bad-answer 3
reason never-huge too-large 1
reason never-503 server-error 6
reason never-wait rate-limited 1
is "$(asked token never-token)" 1 "a token that is none is not asked for again"
has "$out" "Retry-After: 3600 s" \
    "who wants to be left alone for an hour is, and it is told"
sendas_run audit never-stall@example.com --timeout 1 --lang ja
like "$out" '^調べられません  時間内に応答がありませんでした' \
    "it is told in Japanese, too"

# The token is no longer taken in the middle of the run.
sim_start --count 30 --expire-tokens-after 1
seq -f 'user%05g@example.com' 1 30 >"$work/users"
sendas_run audit --users "$work/users" --format json
json_is "$out" 'd.summary.read' 30 "tokens that end early are renewed"
sendas_run fix --users "$work/users" --yes --max-changes 1000 --format json
json_is "$out" '[...new Set(d.mailboxes.flatMap((m) => m.changes || [])
	.map((c) => c.outcome))]' '["applied"]' \
    "... between any two requests of a change"
is "$(json "$out" 'd.summary.unreadable')" 0 "and every mailbox is known"
sim_start --count 30 --http1
sendas_run audit --users "$work/users" --format json
json_is "$out" 'd.summary.read' 30 "a server without HTTP/2 will do"
is "$(grep -c '"protocol":"http1.1"' "$sim_requests")" 60 \
    "... with as many requests"
