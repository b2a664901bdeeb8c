# Credentials that nobody named: found where Google's own tools keep them, in
# a fixed order, told on standard error; and a person's stored sign-in.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 43
sim_start --demo

# signed_in ARGUMENT...: audit without --credentials.
signed_in()
{
	run "$sendas" audit --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
	    --endpoint "token=$sim_token" "$@"
}

signed_in jiro@example.com
status_is 3 "nothing anywhere: exit status 3"
has "$err" "GOOGLE_APPLICATION_CREDENTIALS" "it names the places"
has "$err" "sendas audit --ask" "and what works without"

# Each place comes before those that were filled already.
home=$work/home
mkdir -p "$home/.config/gcloud" "$home/.config/sendas" "$work/service"
cp -p "$sim_key" "$home/.config/gcloud/application_default_credentials.json"
signed_in jiro@example.com
status_is 1 "gcloud's file: it reads"
has "$err" "application_default_credentials.json (found by gcloud)" \
    "and says what it signs in with"
cp -p "$sim_key" "$home/.config/sendas/credentials.json"
signed_in jiro@example.com
has "$err" "sendas/credentials.json (found by ~/.config)" \
    "our own comes before it"
cp -p "$sim_key" "$work/service/sendas.json"
test_env="CREDENTIALS_DIRECTORY=$work/service"
signed_in jiro@example.com
has "$err" "service/sendas.json (found by CREDENTIALS_DIRECTORY)" \
    "systemd's comes before that"
test_env="$test_env GOOGLE_APPLICATION_CREDENTIALS=$sim_key"
signed_in jiro@example.com
has "$err" "(found by GOOGLE_APPLICATION_CREDENTIALS)" "the variable before all"
signed_in jiro@example.com --quiet
is_empty "$err" "--quiet: it is not told"
sendas_run audit jiro@example.com
unlike "$err" 'found by' "nor with --credentials, which comes first"
status_is 1 "... and reads"

# A file that is there and no good ends the search.
test_env="GOOGLE_APPLICATION_CREDENTIALS=$work/absent"
signed_in jiro@example.com
status_is 3 "a variable that names nothing: exit status 3"
has "$err" "$work/absent" "it is named"
test_env=
chmod 644 "$home/.config/sendas/credentials.json"
signed_in jiro@example.com
status_is 3 "one that others can read: exit status 3"
has "$err" "chmod 600 $home/.config/sendas/credentials.json" \
    "with the command that mends it"
rm "$home/.config/sendas/credentials.json"

# Where a Windows drive is, chmod mends nothing.
cat >"$work/windows" <<'S'
mount -t tmpfs none /mnt && mkdir /mnt/c && cp "$1" /mnt/c/key.json &&
    chmod 777 /mnt/c/key.json || exit 99
shift
exec "$@"
S
run unshare -m sh "$work/windows" "$sim_key" "$sendas" audit \
    jiro@example.com --credentials /mnt/c/key.json
if test "$status" -eq 3; then
	has "$err" "install -D -m 600 /mnt/c/key.json" \
	    "a key on a Windows drive: copy it home"
	unlike "$err" 'chmod' "... since chmod does nothing there"
else
	skip 2 "no mount namespace can be made here"
fi

# A person's stored sign-in: her own mailbox, without naming it.
# authorized MAILBOX
authorized()
{
	json "$sim_ready" "d.authorized['$1']"
}
list=$(mailbox sue@example.com sue@ocn.ne.jp ', "person": true')
for how in revoked rapt client scopes:userinfo.email; do
	list=$list,$(mailbox "${how%%:*}@example.com" x@ocn.ne.jp \
	    ", \"person\": true, \"refresh\": \"$how\"")
done
sim_start --seeds "$(seed people "$list")" --expire-tokens-after 1
sim_key=$(authorized sue@example.com)
sendas_run audit --format json
status_is 1 "a stored sign-in: exit status 1 for the finding"
json_is "$out" '[d.mailboxes[0].mailbox, d.mailboxes[0].status]' \
    '["sue@example.com","read"]' "it is her own mailbox that is read"
is "$(grep -c '"grant":"refresh_token"' "$sim_requests")" 1 "by one refresh"
sendas_run audit sue@example.com revoked@example.com --format json
json_is "$out" 'd.mailboxes.map((m) => m.status).sort()' \
    '["read","wrong-mailbox"]' "another's is not read in her name"
sendas_run fix sue@example.com --yes --max-changes 1
status_is 4 "a change is refused, as for every person: exit status 4"
has "$out" "How to fix it" "and the steps by hand are shown"
ok "a token that is no longer taken was renewed" test \
    "$(grep -c '"grant":"refresh_token"' "$sim_requests")" -gt 3

# person NAME STATUS WORDS...
person()
{
	sim_key=$(authorized "$1@example.com")
	sendas_run audit
	status_is "$2" "$1: exit status $2"
	like "$out" '^NOT READ' "$1: nothing is read"
	shown=$(tr -s '\n ' ' ' <"$out")
	name=$1
	shift 2
	for words; do
		case $shown in
		*"$words"*) pass "$name: \"$words\"" ;;
		*) fail "$name: \"$words\"" "$shown" ;;
		esac
	done
}
person revoked 3 "Sign in again with the program that stored it" \
    "invalid_grant" "ends after 7 days"
person rapt 3 "every few hours" "Sign in again"
person client 3 "no longer accepts this client" "invalid_client"
person scopes 3 "lacks a scope" "gmail.settings.basic" \
    "gcloud auth application-default login"
is "$(cat "$out" "$err" | grep -c '1//0invented\|GOCSPX')" 0 \
    "no secret is shown"
