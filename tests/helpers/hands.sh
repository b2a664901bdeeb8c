# shellcheck shell=sh
# A signed-in person in front of a terminal, who is led through a repair, and
# does what has to be done elsewhere meanwhile. To be sourced after signin.sh.

hands=$work/hands
mkdir -p "$hands"
# Where sendas keeps how far a repair by hand has come.
progress=$work/home/.local/state/sendas/progress.json

# hand NAME COMMAND: what "! NAME" as an answer of led stands for. It has the
# functions of here and of signin.sh, and the double that runs now.
hand()
{
	cat >"$hands/$1" <<S
NODE_PATH='${NODE_PATH:-}'
export NODE_PATH
top_srcdir='$top_srcdir' helpers='$helpers' sendas='$sendas' work='$work'
. "\$helpers/sim.sh"
. "\$helpers/signin.sh"
. "\$helpers/hands.sh"
sim_ready='$sim_ready' sim_ca='$sim_ca'
sim_gmail='$sim_gmail' sim_token='$sim_token'
sim_authorize='$sim_authorize' sim_revoke='$sim_revoke'
$2
S
}

# changes MAILBOX CHANGE: in Gmail itself, as of sim-state.js; or what the
# double does wrong from now on. It counts faults anew then.
changes()
{
	node "$helpers/sim-state.js" "$sim_ready" "$1" "$2; delete d.seen"
}

# signs_in MAILBOX: in another window; only as a hand.
signs_in()
{
	setsid -w "$sendas" login "$1" --ca-file "$sim_ca" \
	    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" \
	    --endpoint "authorize=$sim_authorize" \
	    --endpoint "revoke=$sim_revoke" </dev/null
}

# led [REGEX ANSWER]... -- [COMMAND ARGUMENT...]: as talk, of whoever is signed
# in; without a command it is the menu. An answer can be "! NAME".
led()
{
	# "$@" from -- on becomes the whole command line.
	led_count=$#
	while test "$led_count" -gt 0; do
		word=$1
		shift
		led_count=$((led_count - 1))
		set -- "$@" "$word"
		test "x$word" != x-- || set -- "$@" "$sendas"
	done
	run_command="(all in a terminal) $*"
	begin_run
	clean_env HANDS="$hands" TERM=dumb expect -N -n \
	    -f "$helpers/hands.exp" "$run_limit_sec" "$tty" - - "$@" \
	    --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
	    --endpoint "token=$sim_token" \
	    --endpoint "authorize=$sim_authorize" \
	    --endpoint "revoke=$sim_revoke" || status=$?
	note_sanitizer
}

# user NAME ADDRESS [MORE [ALIAS PORT MODE]]: a mailbox as a seed, as person of
# signin.sh, but of a @gmail.com kind, and with an OCN address as it is said:
# ticked, 465, starttls if it is not. MORE are further members.
user()
{
	printf '{"mailbox": "%s", "kind": "personal"%s, "sendAs": [
		{"sendAsEmail": "%s", "displayName": "T", "isPrimary": true,
		 "isDefault": true},
		{"sendAsEmail": "%s", "displayName": "T", "treatAsAlias": %s,
		 "smtpMsa": {"host": "smtp.ocn.ne.jp", "port": %s,
		  "username": "%s", "password": "invented-password",
		  "securityMode": "%s"}, "verificationStatus": "accepted"}]}' \
	    "$1" "${3:-}" "$1" "$2" "${4:-true}" "${5:-465}" "$2" \
	    "${6:-starttls}"
}

# users_start USER... [-- OPTION...]: the double with these people, and the
# OAuth client where sendas looks for one.
users_start()
{
	users=
	while test $# -gt 0 && test "x$1" != x--; do
		users=$users${users:+,}$1
		shift
	done
	test $# -eq 0 || shift
	sim_start --seeds "$(seed users "$users")" "$@"
	signin_endpoints
	mkdir -p "$work/home/.config/sendas"
	cp -p "$client" "$work/home/.config/sendas/credentials.json"
	rm -rf "$work/home/.local"
}

# All that was written to Gmail at the double: a line each, with the method, the
# address, the body and the status.
written()
{
	node -e '
		const log = require("fs").readFileSync(process.argv[1], "utf8");
		for (const line of log.split("\n").filter(Boolean)) {
			const { method, path, body, status } = JSON.parse(line);
			if (!path.startsWith("/gmail/") || method === "GET")
				continue;
			const address = decodeURIComponent(path)
				.split("/").pop();
			console.log(method, address, JSON.stringify(body),
				status);
		}' "$sim_requests"
}
