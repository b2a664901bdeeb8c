# shellcheck shell=sh
# sendas doctor in tests: runs it, and keeps what it said for a look at secrets
# at the end. To be sourced after sim.sh.

# doctor ARGUMENT...: as the double's administrator.
doctor()
{
	sendas_run doctor "$@"
	keep_said
}

# doctor_as TOKEN_FILE ARGUMENT...: as a person with an access token.
doctor_as()
{
	doctor_token=$1
	shift
	sendas_run_as "$doctor_token" doctor "$@"
	keep_said
}

keep_said()
{
	cat "$out" "$err" >>"$work/said"
}

# says MARK PART TEXT: a check has that mark, and a line of it matches the
# regular expression. A check is a mark, a part and indented lines.
says()
{
	check=$(awk -v first="^$1 +$2: " '
		/^[^ ]/ { on = $0 ~ first }
		on { sub(/^ +/, ""); printf "%s ", $0 }' "$out")
	if printf '%s\n' "$check" | grep -qE -e "$3"; then
		pass "$1: $2: $3"
	else
		fail "$1: $2: $3" "said: $check"
	fi
}

# Of all runs so far: nothing of a key, a token, an assertion or a client's
# secret.
has_no_secret()
{
	{
		json "$sim_state/service-account.json" d.private_key |
		    grep -v -e ----- | grep . | cut -c 1-16
		json "$sim_state/service-account.json" d.private_key_id
		cat "$sim_state"/tokens/*
		printf '%s\n' ya29. eyJ Bearer assertion= GOCSPX- 1//0 \
		    invented-password
	} >"$work/secrets"
	ok "something was said" test -s "$work/said"
	ok "no secret was shown" sh -c '! grep -F -f "$1" "$2"' sh \
	    "$work/secrets" "$work/said"
}
