# doctor at Google's own addresses, behind a proxy that stands in Google's
# place: whose certificate it is, and a note when it is not Google's.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
plan 11

# authority FILE SUBJECT: a CA, and a certificate of it for Google's name.
authority()
{
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "$2" \
	    -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null &&
	openssl req -newkey rsa:2048 -nodes -subj /CN=gmail.googleapis.com \
	    -keyout "$work/$1-server.key" -out "$work/$1.csr" 2>/dev/null &&
	echo "subjectAltName=DNS:gmail.googleapis.com" >"$work/extensions" &&
	openssl x509 -req -days 2 -in "$work/$1.csr" -CA "$work/$1.pem" \
	    -CAkey "$work/$1.key" -CAcreateserial \
	    -extfile "$work/extensions" -out "$work/$1-server.pem" 2>/dev/null
}

# behind FILE: doctor, with a proxy that shows such a certificate.
behind()
{
	rm -f "$work/port"
	node "$helpers/pretend-google.js" "$work/port" \
	    "$work/$1-server.pem" "$work/$1-server.key" &
	proxy_pid=$!
	wait_for 20 test -s "$work/port" || exit 1
	test_env="https_proxy=http://127.0.0.1:$(cat "$work/port")"
	run "$sendas" doctor --credentials "$sim_key" --ca-file "$work/$1.pem"
	keep_said
	kill "$proxy_pid"
	wait "$proxy_pid" 2>/dev/null
}

sim_start --demo
authority filter "/O=Example Filter/CN=Inspecting Test CA" || exit 1
authority google "/C=US/O=Google Trust Services/CN=WR2" || exit 1
behind filter
status_is 0 "a filter's certificate: exit status 0"
says ok Endpoints "^ok +Endpoints: Google's own"
says ok Proxy 'it is used'
says note Connection 'issued by CN=Inspecting Test CA,O=Example Filter'
says note Connection "not Google's own: something on the way"
says ok Clock agrees
behind google
status_is 0 "Google's: exit status 0"
says ok Connection 'issued by CN=WR2,O=Google Trust Services,C=US'
unlike "$out" 'something on the way' "there is nothing to note"
has_no_secret
