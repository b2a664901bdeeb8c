# What is passing is tried again, after as long as Google wants; what is not
# is not. A PATCH is never repeated blindly.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 22

list=
# add NAME FAULTS
add()
{
	list=${list:+$list,}$(mailbox "$1@example.com" "$1@ocn.ne.jp" \
	    ", \"faults\": {$2}")
}
add later '"listStatus": {"code": 429, "retryAfter": 2, "times": 1}'
add user '"listStatus": {"code": 403, "reason": "userRateLimitExceeded",
	"times": 1}'
add busy '"listStatus": {"code": 503, "times": 2}'
add token '"tokenStatus": {"code": 503, "times": 1}'
add slow '"tokenStatus": {"code": 429, "retryAfter": 1, "times": 1}'
add write '"patchStatus": {"code": 503, "times": 1}'
add after '"listStatus": {"code": 503, "after": 2, "times": 1}'
add renew '"listStatus": {"code": 401, "times": 1}'
add midway '"patchStatus": {"code": 401, "times": 1}'
add never '"listStatus": {"code": 401}'
sim_start --seeds "$(seed mailboxes "$list")"

# lists NAME: how often the mailbox was read.
asked()
{
	grep -c "\"call\":\"$1\".*\"mailbox\":\"$2@example.com\"" "$sim_requests"
}

sendas_run audit later@example.com user@example.com busy@example.com \
    token@example.com slow@example.com --format json
status_is 1 "passing trouble: exit status 1 for the findings alone"
json_is "$out" 'd.summary.read' 5 "all are read"
is "$(asked list later)" 2 "429: asked again"
is "$(asked list user)" 2 "403 with a rate limit: asked again"
is "$(asked list busy)" 3 "503 twice: asked a third time"
is "$(asked token token)" 2 "the token endpoint's 503: asked again"
is "$(asked token slow)" 2 "the token endpoint's 429: asked again"
is "$(node -e '
	const times = require("fs").readFileSync(process.argv[1], "utf8").trim()
		.split("\n").map((line) => JSON.parse(line)).filter((r) =>
		r.call === "list" && r.mailbox === "later@example.com")
		.map((r) => Date.parse(r.time));
	console.log(times[1] - times[0] >= 2000)' "$sim_requests")" true \
    "Retry-After is honoured"

sendas_run fix write@example.com --yes --max-changes 1 --format json
status_is 4 "a PATCH with 503: exit status 4"
is "$(asked patch write)" 1 "it is not sent again"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' failed \
    "it was read back, and had not been done"
sendas_run fix write@example.com --yes --max-changes 1
status_is 0 "and a second fix does it"

sendas_run fix after@example.com --yes --max-changes 1 --format json
status_is 0 "503 on the read-back: exit status 0"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' applied \
    "it is read again until it is known"

# A token that is no longer taken.
sendas_run audit renew@example.com
status_is 1 "401: exit status 1 for the finding"
is "$(asked token renew) $(asked list renew)" "2 2" \
    "one new token, one more try"
sendas_run fix midway@example.com --yes --max-changes 1
status_is 0 "401 to the PATCH: exit status 0"
is "$(asked patch midway)" 2 "what was not taken is sent again"
sendas_run audit never@example.com
status_is 3 "401 for ever: exit status 3"
is "$(asked token never) $(asked list never)" "2 2" "it is not tried on and on"
like "$out" '^NOT READ' "and not read is not clean"
has "$out" "did not take the access token" "it says why"
