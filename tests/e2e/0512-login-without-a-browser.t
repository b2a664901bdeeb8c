# sendas login where no browser of this machine leads back: an address that is
# shown, and one that is pasted. And which program is started to show a page,
# if any, and with which clients and words nobody signs in.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_expect
needs_sim
plan 99
run_limit_sec=120
signin_start

# ---- a paste ----

# pty.exp for somebody with a browser elsewhere: an answer @NAME is what the
# script elsewhere writes for NAME.
cat >"$work/paste.exp" <<'EXPECT'
rename send press
proc send {dashes keys} {
	global env
	if {[regexp {^@(\S+)\r$} $keys - name]} {
		set keys "[exec sh $env(ELSEWHERE) $name]\r"
	}
	press $dashes $keys
}
eval [read [open $env(PTY)]]
EXPECT

# Signs in there with the address from the terminal, once for each login, and
# makes of the address that came after it what a person could copy.
cat >"$work/elsewhere" <<ELSEWHERE
url=\$(grep '^https://' '$tty' | tail -n 1)
test -s '$work/redirect' || env NODE_EXTRA_CA_CERTS='$sim_ca' \
    SENDAS_CONSENT=stay SENDAS_CONSENT_ACCOUNT=taro@example.jp \
    SENDAS_CONSENT_LOG='$work/redirect' node '$helpers/consent.js' "\$url"
case \$1 in
whole) how= ;;
bare) how='s|^http://||' ;;
spaced) how='1i\\
\\

		s/^/  	/; s/\$/  /' ;;
fragment) how='s/\$/#/' ;;
port) how='s/127\.0\.0\.1:[0-9]*/127.0.0.1:9/' ;;
state) how='s/state=[^&]*/state=0123456789012345678901/' ;;
code) how='s/.*[?&]code=\([^&]*\).*/\1/' ;;
denied) how='s/code=[^&]*/error=access_denied/' ;;
both) how='s/\$/\&error=access_denied/' ;;
start) echo "\$url"; exit ;;
esac
sed "\$how" '$work/redirect'
ELSEWHERE

# pasted [REGEX ANSWER]... -- COMMAND...: at a terminal, with the words of the
# double.
pasted()
{
	rm -f "$work/redirect"
	run_command="(with pastes) $*"
	begin_run
	clean_env ELSEWHERE="$work/elsewhere" PTY="$helpers/pty.exp" \
	    expect -N -n -f "$work/paste.exp" "$run_limit_sec" "$tty" \
	    "${pasted_out:-$out}" "${pasted_err:-$err}" "$@" \
	    --credentials "$client" --ca-file "$sim_ca" \
	    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" \
	    --endpoint "authorize=$sim_authorize" \
	    --endpoint "revoke=$sim_revoke" || status=$?
	note_sanitizer
}

# The page's address is on the terminal, whole.
page_shown='code_challenge=[^\r\n]*\r?\n'
# What is said of an address of another sign-in, and of what is none.
another='another sign-in'
none='http://127\.0\.0\.1:[0-9]+/'

consent allow
pasted "$page_shown" @whole -- "$sendas" login --no-browser
status_is 0 "an address that is pasted whole: exit status 0"
like "$out" '^Signed in: taro@example\.jp$' "... who has signed in"
like "$tty" "^$sim_authorize\?" \
    "... the page's address stands on a line of its own"
ok "... and no program was started for it" test ! -e "$consent_log"
is "$(stat -c %a "$(sign_in_of taro@example.jp)")" 600 \
    "... kept for this user alone"
if grep -qF "$(sed 's/.*[?&]code=\([^&]*\).*/\1/' "$work/redirect")" \
    "$tty" "$out" "$err"; then
	fail "... and the code is not shown again"
else
	pass "... and the code is not shown again"
fi

# good NAME WHAT
good()
{
	rm -rf "$sign_ins"
	pasted "$page_shown" "@$1" -- "$sendas" login --no-browser
	status_is 0 "$2: exit status 0"
	kept_are 1 "$2: it is kept"
}
good bare "without http://, as some browsers show it"
good spaced "with spaces around it, after an empty line"
good fragment "with a # behind it"

# What is no good ends nothing: it is told, and another can be pasted.
rm -rf "$sign_ins"
pasted "$page_shown" @port "$another" @state "$another" @code "$none" @start \
    "$none" hello "$none" @whole -- "$sendas" login --no-browser
status_is 0 "after five that were wrong, the right one: exit status 0"
kept_are 1 "... it is kept"
is "$(grep -c "$another" "$tty")" 2 \
    "... wrong port, wrong state: of another sign-in"
is "$(grep -c '"grant":"authorization_code"' "$sim_requests")" 5 \
    "... and for none of them anything was sent"

rm -rf "$sign_ins"
pasted "$page_shown" @both '\r?\n[^\r\n]*Copy' @whole \
    -- "$sendas" login --no-browser
status_is 0 "one with a code and an error: not taken, the next one is"

rm -rf "$sign_ins"
before=$(requests token)
pasted "$page_shown" @denied -- "$sendas" login --no-browser
status_is 1 "the address of somebody who did not allow it: exit status 1"
like "$err" 'not allowed' "... that is told"
like "$err" 'sendas login' "... with the command to try again"
like "$err" 'sendas audit --ask' "... and the way without a sign-in"
kept_are 0 "... nothing is kept"
is "$(requests token)" "$before" "... and no token was asked for"

# ---- giving up ----

for key in q Q ｑ ' q ' '^D'; do
	pasted "$page_shown" "$key" -- "$sendas" login --no-browser
	status_is 1 "\"$key\" gives up: exit status 1"
done
like "$err" 'sendas login' "... with the command to try again"
kept_are 0 "... nothing is kept"
pasted "$page_shown" '^C' -- "$sendas" login --no-browser
status_is 130 "Ctrl-C: exit status 130"
kept_are 0 "... nothing is kept"
pasted -- "$sendas" login --no-browser --wait 1
status_is 1 "nobody comes within --wait: exit status 1"
like "$err" 'sendas login' "... with the command to try again"
unlike "$err" '^https' "... the address is on the terminal alone"

# ---- nobody at a terminal ----

login_run --no-browser --wait 1
status_is 1 "no terminal, and nobody comes: exit status 1"
like "$err" "^$sim_authorize\?.*&code_challenge_method=S256" \
    "... the address is on standard error"
unlike "$err" 'q and Enter|paste it' "... and no paste is asked for"
is_empty "$out" "... nothing on standard output"

# Whoever opens that address leads back, though nothing was started.
begun_login()
{
	begin_run
	run_command="(beside) login --no-browser"
	clean_env setsid sh -c 'echo $$ >"$0"; exec "$@"' "$work/login.pid" \
	    "$sendas" login --no-browser --wait "$run_limit_sec" \
	    --credentials "$client" --ca-file "$sim_ca" \
	    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" \
	    --endpoint "authorize=$sim_authorize" </dev/null \
	    >"$out" 2>"$err" &
	begun=$!
	wait_for 60 grep -q '^https://.*\&code_challenge' "$err"
}
begun_login
env NODE_EXTRA_CA_CERTS="$sim_ca" SENDAS_CONSENT=allow \
    SENDAS_CONSENT_LOG="$work/page" node "$helpers/consent.js" \
    "$(grep '^https://' "$err")"
wait "$begun" || status=$?
note_sanitizer
status_is 0 "a browser that somebody opens on that address: exit status 0"
like "$out" '^Signed in: taro@example\.jp$' "... who has signed in"
like "$work/page" 'taro@example\.jp' "... the page says it, too"
rm -rf "$sign_ins"

begun_login
kill "$(cat "$work/login.pid")"
wait "$begun" || status=$?
note_sanitizer
status_is 130 "SIGTERM: exit status 130"
kept_are 0 "... nothing is kept"

test_env=

# ---- which program shows the page ----

# They note how they were called, whole.
mkdir "$work/bin"
for name in shows shows-too xdg-open wslview; do
	cat >"$work/bin/$name" <<-FAKE
		#!/bin/sh
		printf '%s\n' "$name" "\$#" "\$@" >'$work/shown.part'
		mv '$work/shown.part' '$work/shown'
	FAKE
	chmod +x "$work/bin/$name"
done
was_shown()
{
	wait_for 60 test -s "$work/shown"
}

# login_with NAME=VALUE... -- ARGUMENT...: nobody comes back.
login_with()
{
	rm -f "$work/shown"
	# "$@" up to -- goes to env.
	with_count=$#
	while test "$with_count" -gt 0; do
		word=$1
		shift
		with_count=$((with_count - 1))
		if test "x$word" = x--; then
			set -- "$@" "$sendas" login
		else
			set -- "$@" "$word"
		fi
	done
	run env PATH="$work/bin:$PATH" "$@" --wait 1 \
	    --credentials "$client" --ca-file "$sim_ca" \
	    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" \
	    --endpoint "authorize=$sim_authorize"
}

# starts PROGRAM NAME: it was started, once, with the address.
starts()
{
	was_shown
	is "$(sed -n 1p "$work/shown")" "$1" "$2"
}
starts_nothing()
{
	ok "$1" test ! -e "$work/shown"
	like "$err" "^$sim_authorize\?" "... the address is shown"
}

login_with BROWSER=shows --
starts shows "BROWSER names a program: it is started"
login_with "BROWSER=$work/bin/shows" --
starts shows "... with its path, too"
login_with BROWSER=not-there:shows:shows-too --
starts shows "... of several, the first that is there"
login_with "BROWSER=::$work/absent:shows-too" --
starts shows-too "... empty ones are passed over"
login_with "BROWSER=shows %s:shows-too" --
starts shows-too "one with a place for the address is passed over"
like "$err" 'BROWSER.*"shows %s"' "... and that is told"
login_with 'BROWSER=sh -c "touch injected":shows' --
starts shows "one with options is passed over"
like "$err" 'BROWSER.*sh -c' "... and that is told"
ok "... no shell has seen it" test ! -e injected
login_with BROWSER=not-there DISPLAY=:0 --
starts_nothing "none of them is there: nothing is started"

# The address is one argument, whatever is in it.
login_with BROWSER=shows -- "o'brien+\$x@example.jp"
starts shows "a mailbox with characters that a shell knows"
is "$(sed -n 2p "$work/shown")" 1 "... one argument"
is "$(sed -n 3p "$work/shown")" "$(grep '^https://' "$err")" \
    "... which is the address, unharmed"
like "$work/shown" 'login_hint=o%27brien%2B%24x%40example\.jp' \
    "... with the mailbox in it"

login_with WSL_DISTRO_NAME=Debian DISPLAY=:0 --
starts wslview "under WSL: Windows' browser, whatever display there is"
if grep -qi microsoft /proc/sys/kernel/osrelease 2>/dev/null; then
	skip 8 "this is Windows' own kernel, where its browser is meant"
else
	login_with DISPLAY=:0 --
	starts xdg-open "no BROWSER, but a display: xdg-open"
	is "$(sed -n 3p "$work/shown")" "$(grep '^https://' "$err")" \
	    "... with the address"
	login_with BROWSER= WAYLAND_DISPLAY=wayland-0 --
	starts xdg-open "an empty BROWSER is as none; a display of Wayland"
	login_with --
	starts_nothing "neither, as over ssh: nothing is started"
	login_with DISPLAY= --
	starts_nothing "... nor with a display that is empty"
	login_with DISPLAY=:0 -- --no-browser
	ok "--no-browser: nothing is started" test ! -e "$work/shown"
fi

# ---- the program and the terminal ----

# It writes wherever it can, and goes on until it is told to end.
cat >"$work/bin/noisy" <<NOISY
#!/bin/sh
trap 'echo INT >>"$work/noisy.signals"' INT
trap 'echo HUP >>"$work/noisy.signals"' HUP
echo NOISE
echo NOISE >&2
{ echo NOISE >/dev/tty; } 2>/dev/null
read -r line && echo "\$line" >>"$work/noisy.signals"
ls -l /proc/\$\$/fd >"$work/noisy.open"
echo \$\$ >"$work/noisy.pid"
n=0
while test ! -e "$work/noisy.end" -a \$n -lt 1200; do
	n=\$((n + 1))
	sleep 0.1
done
rm "$work/noisy.pid"
NOISY
chmod +x "$work/bin/noisy"
# While the terminal is there, so that it could meet it.
cat >"$work/elsewhere" <<ELSEWHERE
n=0
until test -s "$work/noisy.pid" -o \$n -gt 600; do
	n=\$((n + 1))
	sleep 0.1
done
echo hello
ELSEWHERE
# Everything is at the terminal; else pty.exp itself has it open.
pasted_out=-
pasted_err=-
test_env=BROWSER=$work/bin/noisy
pasted "$page_shown" @noisy "$none" '^C' -- "$sendas" login
status_is 130 "Ctrl-C while a browser is open: exit status 130"
unlike "$tty" NOISE "... what the browser writes is not on the terminal"
unlike "$work/noisy.open" '/dev/(pts|tty)|eventpoll' \
    "... it has neither the terminal nor the listener open"
ok "... and it goes on" kill -0 "$(cat "$work/noisy.pid")"
ok "... without any signal, or a line that was typed" \
    test ! -e "$work/noisy.signals"
touch "$work/noisy.end"
ok "... until it ends" wait_for 60 test ! -e "$work/noisy.pid"

# One that ends at once, and badly, is no trouble.
printf '#!/bin/sh\nexit 7\n' >"$work/bin/noisy"
pasted "$page_shown" q -- "$sendas" login
status_is 1 "a browser that fails at once: the paste is still waited for"
test_env=
pasted_out=
pasted_err=

# ---- with what nobody signs in ----

# refused FILE WORDS NAME
refused()
{
	login_run --no-browser --credentials "$1"
	status_is 3 "$3: exit status 3"
	has "$err" "$2" "$3: $2"
	unlike "$err" '^https://' "$3: no page is shown"
}
before=$(wc -l <"$sim_requests")
refused "$sim_key" 'Desktop app' "a service account's key"
sed 's/"installed"/"web"/' "$client" >"$work/web.json"
chmod 600 "$work/web.json"
refused "$work/web.json" 'Desktop app' "a web client"
refused "$(json "$sim_ready" "d.authorized['taro@example.jp']")" \
    'Desktop app' "a person's sign-in of another program"
refused "$work/absent.json" "$work/absent.json" "a file that is not there"
cp "$client" "$work/open.json"
chmod 644 "$work/open.json"
refused "$work/open.json" "chmod 600 $work/open.json" \
    "one that others can read"
signed_run login --no-browser
status_is 3 "no client anywhere: exit status 3"
has "$err" '--credentials FILE' "... how to name one"
has "$err" 'Desktop app' "... what it has to be"
has "$err" 'sendas audit --ask' "... and the way without one"
is "$(wc -l <"$sim_requests")" "$before" "nothing was sent for any of them"

login_run taro@example.jp hanako@example.jp
status_is 2 "two mailboxes: exit status 2"
login_run taro
status_is 2 "a word that is no address: exit status 2"
has "$err" '"taro"' "... it is named"
login_run --wait 0
status_is 2 "--wait 0: exit status 2"
