# shellcheck shell=sh
# Starts and stops the double of Google (tests/sim) for a test, and runs
# sendas against it. To be sourced after tap.sh; everything is on 127.0.0.1.

sim_pid=

# Skips the test where the double cannot run.
needs_sim()
{
	needs_node
	command -v openssl >/dev/null || skip_all "openssl is not installed"
	(cd "$top_srcdir/tests/sim" && node -e '
		["jose", "ajv"].forEach((name) => require.resolve(name))') \
	    2>/dev/null || skip_all "Node's packages jose and ajv are not" \
		"installed (npm ci in tests/, or NODE_PATH)"
}

# sim_start OPTION...: of tests/sim/main.js. Sets sim_ready, sim_requests,
# sim_gmail, sim_token, sim_ca and sim_key. A second call replaces the first.
sim_start()
{
	sim_stop
	sim_state=$work/sim
	rm -rf "$sim_state"
	mkdir "$sim_state"
	mkdir -p "$top_builddir/tests/ca"
	node "$top_srcdir/tests/sim/main.js" --state "$sim_state" \
	    --ca "$top_builddir/tests/ca" --parent $$ "$@" \
	    >"$work/sim.log" 2>&1 &
	sim_pid=$!
	sim_ready=$sim_state/ready.json
	if ! wait_for 20 test -s "$sim_ready"; then
		diag "the double did not start:"
		diag <"$work/sim.log"
		exit 1
	fi
	sim_requests=$sim_state/requests.jsonl
	sim_gmail=$(sed -n 's/^ *"gmail": "\(.*\)",$/\1/p' "$sim_ready")
	sim_token=${sim_gmail}token
	sim_ca=$sim_state/ca.pem
	sim_key=$sim_state/service-account.json
}

sim_stop()
{
	test -n "$sim_pid" || return 0
	kill "$sim_pid" 2>/dev/null
	wait "$sim_pid" 2>/dev/null
	sim_pid=
}

# wait_for SECONDS COMMAND...: until it succeeds; 1 when it never did.
wait_for()
{
	wait_left=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		wait_left=$((wait_left - 1))
		test "$wait_left" -gt 0 || return 1
		sleep 0.05
	done
}

# sendas_run COMMAND ARGUMENT...: as the double's administrator.
sendas_run()
{
	sendas_command=$1
	shift
	run "$sendas" "$sendas_command" --credentials "$sim_key" \
	    --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
	    --endpoint "token=$sim_token" "$@"
}

# sendas_ask [REGEX ANSWER]... -- COMMAND ARGUMENT...: the same, with a person
# at a terminal.
sendas_ask()
{
	ask_words="--credentials $sim_key --ca-file $sim_ca
	    --endpoint gmail=$sim_gmail --endpoint token=$sim_token"
	ask_with "$@"
}

# ask_with [REGEX ANSWER]... -- COMMAND ARGUMENT...: with the options of
# ask_words, which have no spaces in them.
ask_with()
{
	# "$@" from -- on becomes the whole command line.
	asked=$#
	while test "$asked" -gt 0; do
		word=$1
		shift
		asked=$((asked - 1))
		if test "x$word" = x--; then
			word=$1
			shift
			# shellcheck disable=SC2086 # words
			set -- "$@" -- "$sendas" "$word" $ask_words
			asked=$((asked - 1))
		else
			set -- "$@" "$word"
		fi
	done
	ask "$@"
}

# sendas_run_as TOKEN_FILE COMMAND ARGUMENT...: as a person with an access
# token of their own.
sendas_run_as()
{
	sendas_token=$1
	sendas_command=$2
	shift 2
	run sh -c 'exec "$@" 3<"$0"' "$sendas_token" \
	    "$sendas" "$sendas_command" --access-token-fd 3 \
	    --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
	    --endpoint "token=$sim_token" "$@"
}

# How many requests the double got of a kind: token, list, patch, ...
requests()
{
	grep -cF "\"call\":\"$1\"" "$sim_requests"
}

# requests_are KIND WANTED NAME
requests_are()
{
	is "$(requests "$1")" "$2" "$3"
}

# sim_state_of MAILBOX EXPRESSION: of what the double has stored, `d`.
sim_state_of()
{
	node "$helpers/sim-state.js" "$sim_ready" "$1" >"$work/state.json"
	json "$work/state.json" "$2"
}

# alias_of MAILBOX ADDRESS: treatAsAlias as the double has it.
alias_of()
{
	sim_state_of "$1" "d.sendAs.find((a) => a.sendAsEmail === '$2')
		.treatAsAlias === true"
}

# seed NAME JSON: a file with mailboxes for --seeds; prints its path.
seed()
{
	printf '{"mailboxes": [%s]}\n' "$2" >"$work/$1.json"
	echo "$work/$1.json"
}

# mailbox NAME ADDRESS MORE [RELAY]: a mailbox as a seed, with its primary
# address and one OCN address whose alias box is ticked. MORE are further
# members of the mailbox (", ..." or empty).
mailbox()
{
	printf '{"mailbox": "%s", "kind": "workspace"%s, "sendAs": [
		{"sendAsEmail": "%s", "displayName": "T", "isPrimary": true,
		 "isDefault": true},
		{"sendAsEmail": "%s", "displayName": "T", "treatAsAlias": true,
		 "smtpMsa": {"host": "smtp.ocn.ne.jp", "port": 465,
		  "username": "%s", "password": "invented-password",
		  "securityMode": "ssl"}, "verificationStatus": "accepted"}]}' \
	    "$1" "$3" "$1" "$2" "$2"
}

# is_report json|jsonl FILE NAME: it keeps to the contract of
# doc/report.schema.json, and has nothing that is not written there.
is_report()
{
	ok "$3" node "$helpers/validate.js" "$top_srcdir/doc/report.schema.json" \
	    "$1" "$2"
}

# three_seeds: a file with anna, ben and chie at example.com, whose one OCN
# address has its box ticked; prints its path.
three_seeds()
{
	seed three "$(mailbox anna@example.com anna@ocn.ne.jp ''),
	    $(mailbox ben@example.com ben@ocn.ne.jp ''),
	    $(mailbox chie@example.com chie@ocn.ne.jp '')"
}

# journal COMMAND ARGUMENT...: a command that only looks at the journal.
journal()
{
	run "$sendas" "$@"
}

# The id of the newest run.
newest_run()
{
	clean_env "$sendas" runs --format json >"$work/runs.json"
	json "$work/runs.json" 'd.runs[0].id'
}

# run_is ID EXPRESSION WANTED NAME: of what `sendas runs ID` says, `d`.
run_is()
{
	clean_env "$sendas" runs "$1" --format json >"$work/run.json"
	json_is "$work/run.json" "$2" "$3" "$4"
}
