# Secrets: however much is asked to be told and whatever goes wrong, no part of
# a private key, no token, no assertion and no password gets into any output,
# and none is readable in the running program's arguments and environment.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 26

sim_start --demo --delay 30 --seeds "$(seed more "
	$(mailbox later@example.com later@ocn.ne.jp \
	    ', "faults": {"tokenStatus": {"code": 400, "error":
	    "invalid_grant", "description": "Bad Request"}}'),
	$(mailbox rapt@example.com rapt@ocn.ne.jp \
	    ', "person": true, "refresh": "rapt"'),
	$(mailbox sue@example.com sue@ocn.ne.jp ', "person": true'),
	$(mailbox page@example.com page@ocn.ne.jp \
	    ', "faults": {"listBody": "html"}'),
	$(mailbox echo@example.com echo@ocn.ne.jp \
	    ', "faults": {"tokenBody":
	    "{\"access_token\": \"ya29.in a wrong place\"}"}')")"

# What must not be seen: the beginning of each line of the key, those of tokens
# and JWTs, the passwords of the double.
json "$sim_key" d.private_key | grep -v -e ----- | grep . | cut -c 1-16 \
    >"$work/secrets"
json "$sim_key" d.private_key_id >>"$work/secrets"
cat >>"$work/secrets" <<'END'
ya29.
eyJ
invented-password
Bearer
assertion=
END
cat "$sim_state"/tokens/* >>"$work/secrets"
for file in "$sim_state"/authorized/*; do
	json "$file" d.client_secret
	json "$file" d.refresh_token
done >>"$work/secrets"

# keeps_secrets NAME: of the last run.
keeps_secrets()
{
	cat "$out" "$err" "$tty" >"$work/said"
	ok "$1: something is said" test -s "$work/said"
	if grep -qF -f "$work/secrets" "$work/said"; then
		fail "$1: and no secret" \
		    "$(grep -oF -f "$work/secrets" "$work/said")"
	else
		pass "$1: and no secret"
	fi
}

sendas_run audit taro@example.com hanako@example.com peter@example.com \
    later@example.com page@example.com echo@example.com nobody@example.com \
    --verbose
keeps_secrets "audit --verbose, good and bad"
sendas_run audit taro@example.com later@example.com echo@example.com \
    --verbose --format json
keeps_secrets "in JSON"
sendas_ask '\[y/N\] ' y -- fix jiro@example.com --verbose
keeps_secrets "fix with a person"
sendas_run_as "$sim_state/tokens/yumi%40example.jp" fix yumi@example.jp \
    --yes --max-changes 1 --verbose
keeps_secrets "fix with a token that is refused"
sed 's/"private_key": "/&x/' "$sim_key" >"$work/broken.json"
chmod 600 "$work/broken.json"
run "$sendas" audit taro@example.com --credentials "$work/broken.json" -v
keeps_secrets "a key that is broken"
head -c 1200 "$sim_key" >"$work/broken.json"
run "$sendas" audit taro@example.com --credentials "$work/broken.json" -v
keeps_secrets "a key file that is cut off"
good_key=$sim_key
for name in sue rapt; do
	sim_key=$sim_state/authorized/$name%40example.com
	sendas_run audit --verbose
	keeps_secrets "$name's stored sign-in"
	sendas_run doctor --verbose
	keeps_secrets "doctor on that"
done
sim_key=$good_key
sendas_run doctor --for fix --mailbox taro@example.com --verbose
keeps_secrets "doctor on a key"
sim_ca=$work/absent
sendas_run audit taro@example.com --verbose
keeps_secrets "when it cannot begin"
sim_ca=$sim_state/ca.pem

# While it runs, with a token in its memory: what can be seen of it?
look()
{
	wait_for 20 grep -q '"call":"token"' "$sim_requests" || return 0
	for exe in $(find /proc/[0-9]* -maxdepth 1 -name exe -lname "$sendas" \
	    2>/dev/null); do
		place=${exe%/exe}
		tr '\0' '\n' <"$place/cmdline" | grep -qxF "$work/marker" ||
		    continue
		cat "$place/cmdline" "$place/environ" 2>/dev/null |
		    tr '\0' '\n' >"$work/seen"
		grep '^Max core file size' "$place/limits" >"$work/limits"
	done
}
sim_start --demo --delay 1500
look &
sendas_run audit taro@example.com -o "$work/marker"
wait $!
if test -s "$work/seen"; then
	ok "its arguments and environment hold no secret" \
	    sh -c '! grep -F -f "$1" "$2"' sh "$work/secrets" "$work/seen"
	like "$work/limits" 'size +0 +0 ' "it leaves no core file"
else
	skip 2 "the running program cannot be looked at here"
fi
