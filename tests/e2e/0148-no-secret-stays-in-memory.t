# What is over is wiped: an SMTP password is nowhere in the program's memory
# once Google has answered, however it came and whatever became of it, and a
# private key and a sign-in are not when the program ends.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
. "$(dirname "$0")/../helpers/signin.sh"
. "$(dirname "$0")/../helpers/traces.sh"
needs_expect
needs_sim
needs_smtp
note_pids
server_password=$(long_password)
secret password "$server_password"
needs_memory
plan 38

smtp_start --password "$server_password" --slow 1000
smtp_policy ssl

# start COUNT [MORE [OPTION...]]: the double, with so many mailboxes whose server
# is wrong, but one that undo may go back to: u1@example.com and on.
start()
{
	start_count=$1
	start_more=${2:-}
	test $# -lt 2 || shift
	shift
	rm -rf "$work/home/.local/state/sendas"
	boxes=
	for n in $(seq "$start_count"); do
		boxes="$boxes${boxes:+,}$(server_box "u$n@example.com" \
		    "$(server 127.0.0.1 "$(smtp_port starttls)" starttls)" \
		    "$start_more")"
	done
	sim_start --seeds "$(seed memory "$boxes")" "$@"
}

fix_fd()
{
	server_run fix "$1@example.com" --yes --max-changes 2 --format json \
	    --log-format json --verbose
}

probe_fd()
{
	printf '%s\n' "$server_password" >"$work/password"
	run sh -c 'exec "$@" 3<"$0"' "$work/password" "$sendas" probe \
	    taro@ocn.ne.jp --password-fd 3 --policy "$policy" \
	    --ca-file "$smtp_ca"
}

# at_terminal [REGEX ANSWER]... -- COMMAND ARGUMENT...
at_terminal()
{
	ask_words="--ca-file $sim_ca --policy $policy"
	case $* in
	*"-- fix "*)
		ask_words="$ask_words --credentials $sim_key
		    --endpoint gmail=$sim_gmail --endpoint token=$sim_token"
		;;
	esac
	ask_with "$@"
}

# ---- while it is in use it is found ----

start 4
smtp_policy slow
is_logging_in()
{
	test "$(smtp_events auth slow)" -gt 0
}
watched is_logging_in memory probe_fd
status_is 0 "a slow login: exit status 0"
like "$work/traces" 'memory .*password, plain' "meanwhile: the password is seen"
like "$work/traces" 'memory .*password, base64 after' \
    "meanwhile: and the login that it was made into"
smtp_policy ssl
stopped_at relay.tried memory fix_fd u1
like "$work/traces" 'memory .*password, plain' "before it goes to Google: it is seen"
is "$(grep -c memory "$work/traces")" 1 "but once, and what the login left is gone"

# ---- and then no more ----

stopped_at apply.settled memory fix_fd u2
status_is 0 "from a descriptor: exit status 0"
was_clean "from a descriptor: it is gone once the outcome is written"
is "$(server_of u2@example.com)" "$(right_server ssl)" "the server is set"

passwords_file u3@example.com
fix_file()
{
	sendas_run fix u3@example.com --policy "$policy" \
	    --passwords "$passwords" --yes --max-changes 2
}
stopped_at apply.settled memory fix_file
status_is 0 "from a file: exit status 0"
was_clean "from a file: it is gone"

stopped_at apply.settled memory at_terminal 'y/N' y 'not shown' \
    "$server_password" -- fix u4@example.com
status_is 0 "typed: exit status 0"
was_clean "typed: it is gone"

undo_last()
{
	server_run undo "$(newest_run)" --yes --max-changes 2
}
stopped_at apply.settled memory undo_last
status_is 0 "an undo: exit status 0"
was_clean "an undo: it is gone"

# What goes wrong with the PATCH: the answer is lost, it is refused, the token
# had ended, or there is no HTTP/2.
start 1 ', "faults": {"patchFault": {"kind": "reset", "after": 1}}'
stopped_at apply.settled memory fix_fd u1
was_clean "the answer is lost: it is gone"
start 1 ', "faults": {"patchStatus": {"code": 400, "reason": "badRequest",
    "message": "No", "after": 1}}'
stopped_at apply.settled memory fix_fd u1
status_is 4 "refused: exit status 4"
was_clean "refused: it is gone"
start 1 '' --expire-tokens-after 3
stopped_at apply.settled memory fix_fd u1
status_is 0 "a token that ended: exit status 0"
requests_are patch 3 "it was sent twice"
was_clean "a token that ended: it is gone"
start 1 '' --http1
stopped_at apply.settled memory fix_fd u1
status_is 0 "without HTTP/2: exit status 0"
was_clean "without HTTP/2: it is gone"

# ---- at the end of the program ----

secret_key "$sim_key"
ok "the key would be found" traces_in "$sim_key"
start 1
stopped_at apply.settled memory fix_fd u1
like "$work/traces" 'memory .*key, backwards' "the key is seen while it is used"
like "$work/traces" 'memory .*key, base64' "and the text that it came as"
start 1
stopped_at main.end memory fix_fd u1
status_is 0 "at the end of a fix: exit status 0"
was_clean "at the end of a fix: neither password nor key is there"
stopped_at main.end memory probe_fd
status_is 0 "at the end of a probe: exit status 0"
was_clean "at the end of a probe: it is gone"
stopped_at main.end memory at_terminal 'not shown' "$server_password" -- \
    probe taro@ocn.ne.jp
status_is 0 "typed for a probe: exit status 0"
was_clean "typed for a probe: it is gone"

# Of a sign-in: its refresh token, and the secret of the client. They have
# their beginnings in common with what is no secret.
rm -rf "$work/secrets"
signin_start
taros=$(sign_in_of taro@example.jp)
tail_of()
{
	json "$1" "$2.slice(-20)" | tr -d '\n'
}
is_kept()
{
	is_stopped && test -s "$taros" &&
	    secret refresh-token "$(tail_of "$taros" d.refresh_token)"
}
secret client-secret "$(tail_of "$client" d.installed.client_secret)"
consent allow taro@example.jp
stopped_when=is_kept
stopped_at main.end memory login_run
stopped_when=
test_env=
status_is 0 "a sign-in: exit status 0"
was_clean "at the end of a sign-in it is gone"
ok "... it would be found" traces_in "$taros"
stopped_at main.end memory signed_run audit
status_is 1 "an audit with it: exit status 1"
was_clean "at the end of an audit it is gone"
stopped_at main.end memory signed_run logout
status_is 0 "logout: exit status 0"
was_clean "at the end of logout it is gone"
