# shellcheck shell=sh
# Starts and stops a provider's SMTP relay (smtp-relay.js) for a test. To be
# sourced after tap.sh and sim.sh; everything is on 127.0.0.1.

smtp_pid=

# Skips the test where the relay cannot run.
needs_smtp()
{
	needs_node
	command -v openssl >/dev/null || skip_all "openssl is not installed"
	(cd "$helpers" && node -e 'require.resolve("smtp-server")') \
	    2>/dev/null || skip_all "Node's package smtp-server is not" \
		"installed (npm ci in tests/, or NODE_PATH)"
}

# smtp_start OPTION...: of smtp-relay.js. Sets smtp_ready, smtp_sessions and
# smtp_ca. A second call replaces the first.
smtp_start()
{
	smtp_stop
	smtp_state=$work/smtp
	rm -rf "$smtp_state"
	mkdir "$smtp_state"
	mkdir -p "$top_builddir/tests/ca"
	node "$helpers/smtp-relay.js" --state "$smtp_state" \
	    --ca "$top_builddir/tests/ca" --parent $$ "$@" \
	    >"$work/smtp.log" 2>&1 &
	smtp_pid=$!
	smtp_ready=$smtp_state/ready.json
	if ! wait_for 20 test -s "$smtp_ready"; then
		diag "the relay did not start:"
		diag <"$work/smtp.log"
		exit 1
	fi
	smtp_sessions=$smtp_state/sessions.jsonl
	smtp_ca=$smtp_state/ca.pem
}

smtp_stop()
{
	test -n "$smtp_pid" || return 0
	kill "$smtp_pid" 2>/dev/null
	wait "$smtp_pid" 2>/dev/null
	smtp_pid=
}

# smtp_port MODE: prints its port; the modes are those of smtp-relay.js.
smtp_port()
{
	sed -n "s/^ *\"$1\": \([0-9]*\),\{0,1\}\$/\1/p" "$smtp_ready"
}

# smtp_events EVENT [MODE]: how often that happened since smtp_start.
smtp_events()
{
	grep -F "\"mode\":\"${2:-}" "$smtp_sessions" |
	    grep -cF "\"event\":\"$1\""
}

# smtp_policy MODE [ssl|starttls]: OCN's policy, with that port of the relay for
# its server; makes $policy.
smtp_policy()
{
	case $1 in
	starttls | plain) smtp_security=starttls ;;
	*) smtp_security=ssl ;;
	esac
	smtp_security=${2:-$smtp_security}
	policy=$work/policy.json
	sed -e 's/"smtp\.ocn\.ne\.jp"/"127.0.0.1"/' \
	    -e "s/\"port\": 465/\"port\": $(smtp_port "$1")/" \
	    -e "s/\"security\": \"ssl\"/\"security\": \"$smtp_security\"/" \
	    "$top_srcdir/policies/ocn.json" >"$policy"
}
