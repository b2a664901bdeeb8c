# shellcheck shell=sh
# Signs people in at the double of Google, as a browser does it. To be sourced
# after tap.sh and sim.sh; everything is on 127.0.0.1.
#
# Who signs in, and how, is set by consent or browse, in test_env: a test that
# wants more there appends it afterwards.

# Where sendas keeps the sign-ins.
sign_ins=$work/home/.local/state/sendas/sign-ins

# Skips the test where there is no Chromium.
needs_browser()
{
	browser_missing=$(node "$helpers/browser.js" --check) ||
	    skip_all "$browser_missing"
}

# signin_start OPTION...: the double, with taro and hanako at example.jp, who
# sign in with a browser; each has one OCN address whose box is ticked. More
# people come by --seeds. Sets client and what sim_start sets.
signin_start()
{
	sim_start --seeds "$(seed signin \
	    "$(person taro@example.jp taro@ocn.ne.jp),
	    $(person hanako@example.jp hanako@ocn.ne.jp)")" "$@"
	signin_endpoints
}

# person NAME ADDRESS [MORE]: as mailbox of sim.sh, for somebody who can sign
# in.
person()
{
	mailbox "$1" "$2" ", \"person\": true${3:-}"
}

# Sets client and the endpoints from ready.json, of whatever server wrote it.
signin_endpoints()
{
	client=$(json "$sim_ready" d.client)
	sim_gmail=$(json "$sim_ready" d.gmail)
	sim_token=$(json "$sim_ready" d.token)
	sim_authorize=$(json "$sim_ready" d.authorize)
	sim_revoke=$(json "$sim_ready" d.revoke)
}

# login_run ARGUMENT...: sendas login, without a terminal.
login_run()
{
	signed_run login --credentials "$client" "$@"
}

# signed_run COMMAND ARGUMENT...: as whoever is signed in.
signed_run()
{
	signed_command=$1
	shift
	run "$sendas" "$signed_command" --ca-file "$sim_ca" \
	    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" \
	    --endpoint "authorize=$sim_authorize" \
	    --endpoint "revoke=$sim_revoke" "$@"
}

# login_begin NAME ARGUMENT...: the same in the background, for several at once;
# what it says goes to NAME.out and NAME.err of $work.
login_begin()
{
	begun=$1
	shift
	# A subshell: the results of the test's own runs stay as they are.
	(
		out=$work/$begun.out
		err=$work/$begun.err
		login_run "$@"
		echo "$status" >"$work/$begun.status"
	) &
	echo $! >"$work/$begun.pid"
}

# login_end NAME: waits for it; it is the last run then.
login_end()
{
	wait "$(cat "$work/$1.pid")"
	begin_run
	run_command="login ($1)"
	status=$(cat "$work/$1.status")
	cp "$work/$1.out" "$out"
	cp "$work/$1.err" "$err"
}

# shown_url FILE: the address that a waiting login shows, once it does.
shown_url()
{
	grep -o 'https://[^ ]*code_challenge_method=[^ ]*' "$1"
}

# signed_ask [REGEX ANSWER]... -- COMMAND ARGUMENT...: the same, with a person
# at a terminal. A login wants --credentials "$client" here.
signed_ask()
{
	ask_words="--ca-file $sim_ca
	    --endpoint gmail=$sim_gmail --endpoint token=$sim_token
	    --endpoint authorize=$sim_authorize
	    --endpoint revoke=$sim_revoke"
	ask_with "$@"
}

# consent HOW [ACCOUNT]: from now on $BROWSER is tests/helpers/consent.js,
# which needs no Chromium: allow, deny, untick, or stay, which leaves the
# address of the redirect in $consent_log. ACCOUNT is who is chosen, even if
# another was suggested.
consent()
{
	consent_log=$work/consent.log
	rm -f "$consent_log"
	test_env="BROWSER=$helpers/consent.js SENDAS_CONSENT=$1
	    SENDAS_CONSENT_ACCOUNT=${2:-} SENDAS_CONSENT_LOG=$consent_log
	    NODE_EXTRA_CA_CERTS=$sim_ca"
}

# Waits until consent.js has written what it has to say.
consented()
{
	wait_for 60 test -s "$consent_log"
}

# browse PLAN_JS: from now on $BROWSER is Chromium, which does what the module
# in the text PLAN_JS says (tests/helpers/browser.js). What it notes goes to
# $browser_log, what it saves to $browser_dir.
browse()
{
	browser_log=$work/browser.log
	browser_dir=$work/pages
	rm -f "$browser_log"
	mkdir -p "$browser_dir"
	printf '%s\n' "$1" >"$work/plan.mjs"
	test_env="BROWSER=$helpers/browser.js
	    SENDAS_BROWSER_PLAN=$work/plan.mjs
	    SENDAS_BROWSER_LOG=$browser_log SENDAS_BROWSER_DIR=$browser_dir
	    NODE_PATH=${NODE_PATH:-}"
}

# Waits until the browser is gone.
browsed()
{
	wait_for 90 grep -qx 'done' "$browser_log"
}

# sign_in ACCOUNT: without a browser; the test is void when it fails.
sign_in()
{
	consent allow "$1"
	login_run
	if test "$status" -ne 0; then
		diag_run
		exit 1
	fi
}

# The file of a sign-in: sign_in_of MAILBOX.
sign_in_of()
{
	echo "$sign_ins/$(echo "$1" | sed 's/@/%40/').json"
}

# How many sign-ins are kept, whatever their names.
sign_ins_kept()
{
	find "$sign_ins" -name '*.json' 2>/dev/null | wc -l
}

# kept_are WANTED NAME
kept_are()
{
	is "$(sign_ins_kept)" "$1" "$2"
}

# sim_control METHOD PATH: the double's own way in for tests; prints the answer.
sim_control()
{
	node -e '
		const { Sim } = require(process.argv[1]);
		const [ready, method, path] = process.argv.slice(2);
		const sim = new Sim(JSON.parse(
			require("fs").readFileSync(ready)));
		sim.control(path, { method }).then((answer) => {
			console.log(answer.text);
			process.exitCode = answer.status < 300 ? 0 : 1;
			sim.session.destroy();
		});' "$top_srcdir/tests/sim/testkit" "$sim_ready" "$1" "$2"
}

# refresh_tokens_of MAILBOX: how many of them are good at the double. Each
# person has one from the beginning, in a file of the double's.
refresh_tokens_of()
{
	sim_control GET /_signins >"$work/signins.json"
	json "$work/signins.json" "d['$1'] || 0"
}

# forget MAILBOX: takes back what was granted, as a person does in the pages of
# the Google account.
forget()
{
	sim_control POST "/_forget?mailbox=$(echo "$1" | sed 's/@/%40/')" \
	    >/dev/null
}
