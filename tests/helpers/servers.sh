# shellcheck shell=sh
# For tests of changes of SMTP servers: mailboxes whose server is wrong, and
# their repair with a password. To be sourced after tap.sh, sim.sh and smtp.sh.

# Beside a relay's own password, which is "invented-password".
server_password=invented-password

# server_box NAME SMTPMSA MORE [false]: a mailbox as a seed, whose one OCN
# address has SMTPMSA (JSON; empty: none), and its alias box ticked unless
# there is "false". MORE are further members of the mailbox (", ..." or empty).
server_box()
{
	printf '{"mailbox": "%s", "kind": "workspace"%s, "sendAs": [
		{"sendAsEmail": "%s", "displayName": "T", "isPrimary": true,
		 "isDefault": true},
		{"sendAsEmail": "taro@ocn.ne.jp", "displayName": "T",
		 "treatAsAlias": %s%s, "verificationStatus": "accepted"}]}' \
	    "$1" "$3" "$1" "${4:-true}" "${2:+, \"smtpMsa\": $2}"
}

# server HOST PORT MODE: smtpMsa as JSON; an empty PORT or MODE is left out.
server()
{
	printf '{"host": "%s", "username": "x", "password": "old-password"%s%s}' \
	    "$1" "${2:+, \"port\": $2}" "${3:+, \"securityMode\": \"$3\"}"
}

# What is set of the server of the one address: "host port mode user", and
# whether there is a password.
server_of()
{
	sim_state_of "$1" '((a) => !a ? "none" : [a.host, a.port,
		a.securityMode, a.username, a.hasPassword].join(" "))(d.sendAs
		.find((a) => a.sendAsEmail === "taro@ocn.ne.jp").smtpMsa)'
}

# What server_of says of one that is right.
right_server()
{
	echo "127.0.0.1 $(smtp_port "$1") ${2:-ssl} taro@ocn.ne.jp true"
}

# server_run COMMAND ARGUMENT...: with the policy of smtp_policy, and
# $server_password on descriptor 3.
server_run()
{
	server_command=$1
	shift
	printf '%s\n' "$server_password" >"$work/password"
	# shellcheck disable=SC2016 # the inner shell's
	run sh -c 'exec "$@" 3<"$0"' "$work/password" "$sendas" \
	    "$server_command" --credentials "$sim_key" --ca-file "$sim_ca" \
	    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" \
	    --policy "$policy" --password-fd 3 "$@"
}

# passwords_file NAME...: $passwords, in which each of these mailboxes has the
# relay's own password.
passwords_file()
{
	passwords=$work/passwords.csv
	rm -f "$passwords"
	quoted=$(printf '%s' "$server_password" | sed 's/"/""/g')
	(umask 077 && {
		echo "mailbox,address,user name,password"
		for name in "$@"; do
			printf '%s,taro@ocn.ne.jp,,"%s"\n' "$name" "$quoted"
		done
	} >"$passwords")
}

# How many passwords Google was given: "***" is what the double writes of one.
passwords_given()
{
	grep -F '"call":"patch"' "$sim_requests" | grep -cF '"password":"***"'
}
