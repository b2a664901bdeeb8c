# sendas against a sign-in server that was not written for it
# (tests/helpers/oidc.js): signing in, the looks that follow, signing out; with
# a client that has a secret and one that has none, and with refresh tokens
# that are good once and such that stay.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_sim
(cd "$top_srcdir/tests" && node -e 'require.resolve("oidc-provider")') \
    2>/dev/null || skip_all "Node's package oidc-provider is not installed" \
	"(npm ci in tests/, or NODE_PATH)"
needs_browser
plan 80
run_limit_sec=120

# server_start OPTION...: of oidc.js, in place of the double.
server_start()
{
	sim_stop
	sim_state=$work/oidc
	rm -rf "$sim_state"
	mkdir "$sim_state"
	node "$helpers/oidc.js" --state "$sim_state" --parent $$ \
	    --ca "$top_builddir/tests/ca" "$@" >"$work/sim.log" 2>&1 &
	sim_pid=$!
	sim_ready=$sim_state/ready.json
	if ! wait_for 60 test -s "$sim_ready"; then
		diag "the server did not start:"
		diag <"$work/sim.log"
		exit 1
	fi
	sim_requests=$sim_state/requests.jsonl
	sim_ca=$sim_state/ca.pem
	signin_endpoints
}

# What of the file is good once.
refresh_token()
{
	json "$(sign_in_of taro@example.jp)" d.refresh_token
}

# goes_well NAME OPTION...: all of it.
goes_well()
{
	name=$1
	shift
	mkdir -p "$top_builddir/tests/ca"
	server_start "$@"
	browse 'export default async ({ page, url, note }) => {
		await page.goto(url);
		note("suggested: " + await page.inputValue("#account"));
		await page.fill("#account", "taro@example.jp");
		await page.click("#next");
		await page.click("#allow");
		await page.waitForSelector("main");
		note("then: " + await page.innerText("main"));
	};'
	login_run taro@example.jp
	browsed
	status_is 0 "$name: sign-in: exit status 0"
	has "$out" taro@example.jp "... the terminal names the mailbox"
	has "$browser_log" 'suggested: taro@example.jp' "... it was suggested"
	has "$browser_log" 'sendas logout' "... and the page came"
	requests_are token 1 "... for one code"
	kept_are 1 "... one sign-in is kept"

	kept=$(refresh_token)
	signed_run audit
	status_is 1 "$name: audit: exit status 1"
	has "$out" taro@ocn.ne.jp "... the ticked alias is found"
	requests_are list 2 "... with one look"
	"is_$rotates" "$kept" "$(refresh_token)"
	kept=$(refresh_token)
	signed_run audit
	status_is 1 "$name: audit again: exit status 1"
	has "$out" taro@ocn.ne.jp "... the same is found"
	requests_are token 3 "... each audit has renewed it once"
	"is_$rotates" "$kept" "$(refresh_token)"
	is "$(grep '"call":"token"' "$sim_requests" | grep -c '"error"')" 0 \
	    "... and the server had no complaint"

	signed_run logout
	status_is 0 "$name: sign-out: exit status 0"
	kept_are 0 "... the sign-in is gone"
	requests_are revoke 1 "... and the server knows of it"
	signed_run audit
	status_is 3 "$name: audit after that: exit status 3"
	has "$err" 'sendas login' "... it says how to sign in"
}

is_kept()
{
	is "$2" "$1" "... what is kept stays as it is"
}

is_replaced()
{
	ok "... what is kept is the new token" test "$1" != "$2"
}

rotates=kept
goes_well "with a secret"
goes_well "without a secret" --no-secret
rotates=replaced
goes_well "with a secret, good once" --rotate
goes_well "without a secret, good once" --rotate --no-secret
