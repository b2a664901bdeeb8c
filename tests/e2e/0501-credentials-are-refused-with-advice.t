# --credentials: a file that cannot or must not be used is refused before
# anything is sent, with what it is and what to do; exit status 3. Nothing of
# its content that is secret is shown.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 94

sim_start --demo
file=$work/key.json

# sign_in: an audit with $file as credentials.
sign_in()
{
	run "$sendas" audit jiro@example.com --credentials "$file" --verbose \
	    --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
	    --endpoint "token=$sim_token"
}

# refused NAME ERE: $file is refused, with this advice.
refused()
{
	chmod 600 "$file"
	sign_in
	status_is 3 "$1: exit status 3"
	is_empty "$out" "$1: no results"
	like "$err" "^sendas: $file: .*($2)" "$1: what it is, and what to do"
}

# refused_client NAME: $file is good, but nobody is signed in with it.
refused_client()
{
	chmod 600 "$file"
	sign_in
	status_is 3 "$1: exit status 3"
	is_empty "$out" "$1: no results"
	has "$err" "$file is an OAuth client" "$1: what it is"
	like "$err" 'sendas login jiro@example\.com$' "$1: and what to do"
}

# Readable by others.
for mode in 644 640 604 660 666; do
	cp "$sim_key" "$file"
	chmod "$mode" "$file"
	sign_in
	status_is 3 "mode $mode: exit status 3"
	like "$err" "^sendas: $file: other users.*Run: chmod 600 $file\$" \
	    "mode $mode: how to mend it"
	unlike "$err" 'PRIVATE KEY|client_email' "mode $mode: it was not shown"
done
is "$(cat "$sim_requests")" "" "nothing was sent"
eval "$(sed -n 's/.*Run: \(chmod .*\)$/\1/p' "$err")"
sign_in
status_is 1 "after that very command it works"
chmod 400 "$file"
sign_in
status_is 1 "mode 400 is fine"
rm -f "$file"
asked=$(wc -l <"$sim_requests")

# No key, or another one.
: >"$file"
refused "an empty file" 'the file is empty'
echo hello >"$file"
refused "not JSON" 'line 1, column 1: this is not JSON.*downloaded'
head -c 900 "$sim_key" >"$file"
refused "half a key file" 'line [0-9]+, column [0-9]+: this is not JSON'
echo '{"a": 1}' >"$file"
refused "JSON that is no credentials" '"type" is missing'
echo '{"type": "authorized_user", "client_id": "x", "client_secret": "s"}' \
    >"$file"
refused "half a personal sign-in" '"refresh_token" is missing'
echo '{"token": "ya29.s", "refresh_token": "1//s"}' >"$file"
refused "a sign-in in another form" 'personal sign-in.*--access-token-fd'
echo '{"installed": {"client_id": "x", "client_secret": "GOCSPX-s"}}' >"$file"
refused_client "the secret of a desktop client"
echo '{"web": {"client_id": "x", "client_secret": "GOCSPX-s"}}' >"$file"
refused "the secret of a web client" '"Web application".*"Desktop app"'
echo '{"type": "impersonated_service_account"}' >"$file"
refused "an impersonation" 'impersonates a service account.*key file'
echo '{"type": "external_account"}' >"$file"
refused "a federation" 'federation.*key file'
echo '{"type": "gdch_service_account"}' >"$file"
refused "Distributed Cloud" 'Distributed Cloud.*key file'
echo '{"type": "something_new"}' >"$file"
refused "another type" '"something_new".*not known.*key file'
echo '{"sendAs": []}' >"$file"
refused "settings, not credentials" 'audit --from'
json "$sim_key" d.private_key >"$file"
refused "the key alone" 'a key alone.*JSON'
printf '0\202\011\320\002\001\003' >"$file"
refused "a PKCS#12 file" 'a key alone.*JSON'
echo 'ya29.a0AfB_byC-invented' >"$file"
refused "an access token" '--access-token-fd'
is "$(grep -c 'GOCSPX\|1//s\|ya29\.a0AfB' "$err")" 0 "no secret is shown"

# A key file with a mistake in it.
edit()
{
	sed "$1" "$sim_key" >"$file"
}
edit '/"client_email"/d'
refused "without client_email" '"client_email" is missing'
edit '/"private_key":/d'
refused "without private_key" '"private_key" is missing'
edit 's/"private_key": "[^"]*"/"private_key": 5/'
refused "a number for a key" 'private_key: want a text'
edit 's/"private_key": "[^"]*"/"private_key": "hello"/'
refused "a key that is none" 'key'
edit 's/\(PRIVATE KEY-----\\n\)[A-Za-z0-9+/]\{40\}/\1/'
refused "a key with a piece missing" 'key'
edit 's#"token_uri": "[^"]*"#"token_uri": "https://evil.example/token"#'
refused "another token_uri" 'token_uri.*evil\.example.*not Google'
edit 's#"universe_domain": "[^"]*"#"universe_domain": "evil.example"#'
refused "another universe" 'universe_domain.*evil\.example'
edit 's/"type":/"type": "service_account", "type":/'
refused "a key twice" '"type" stands here twice'
unlike "$err" 'BEGIN PRIVATE|MII[A-Za-z0-9+/]{20}' "nothing of a key is shown"

is "$(wc -l <"$sim_requests")" "$asked" "nothing was sent with any of these"
