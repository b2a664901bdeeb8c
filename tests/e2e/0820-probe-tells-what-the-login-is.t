# `sendas probe`: one login at the relay, and what came of it. Whatever the
# server does there is one session, at most one login and never a mail; and
# where it is not known to be the right server, no login at all.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
needs_expect
needs_smtp
plan 224

right='invented-password'
password=$right

# policy_for MODE [ssl|starttls]: OCN's, with that port of the relay; makes
# $policy.
policy_for()
{
	smtp_policy "$@"
	log_from=$(($(wc -l <"$smtp_sessions") + 1))
}

# probe ARGUMENT...: with $password, at the relay of policy_for.
probe()
{
	printf '%s\n' "$password" >"$work/password"
	run sh -c 'exec "$@" 3<"$0"' "$work/password" "$sendas" probe \
	    --password-fd 3 --policy "$policy" --ca-file "$smtp_ca" "$@"
}

new_events()
{
	tail -n "+$log_from" "$smtp_sessions" |
	    sed 's/.*"event":"\([a-z-]*\)".*/\1/'
}

has_ended()
{
	new_events | grep -qxE 'quit|gone'
}

# saw WANTED NAME: what the relay saw since policy_for, without the end of the
# session: "connect tls auth-begun auth" is one login. Whether TLS came about
# where nothing follows is as it happens, and no matter.
saw()
{
	test "x$1" = x || wait_for 10 has_ended
	# After the end nothing may come.
	sleep 0.1
	is "$(new_events | grep -vxE 'quit|gone|tls-failed' | tr '\n' ' ' |
	    sed 's/ $//; s/^connect tls$/connect/')" "$1" "$2"
}

login='connect tls auth-begun auth'

# tells STATUS TEXT SAW NAME: of the last probe.
tells()
{
	status_is "$1" "$4: exit status $1"
	has "$out" "$2" "$4: says so"
	saw "$3" "$4: the server saw: ${3:-nothing}"
}

smtp_start

# Right and wrong, over both ways to TLS.
for mode in ssl starttls; do
	policy_for $mode
	probe taro@ocn.ne.jp
	tells 0 'The login works. No mail was sent.' "$login" "$mode, right"
	password='another-password'
	policy_for $mode
	probe taro@ocn.ne.jp
	tells 1 'does not take this user name or password' "$login" \
	    "$mode, wrong"
	password=$right
done
has "$out" 'Seen: 535 5.7.8 Authentication failed' \
    "the server's own words are shown"
has "$out" 'Gmail: ' "what it means for Gmail is told"
has "$out" 'What to do: ' "and what to do"
has_not "$out" "$password" "and no password"

# What is said to a name.
while IFS='|' read -r name wanted text; do
	policy_for ssl
	probe "$name@ocn.ne.jp"
	tells "$wanted" "$text" "$login" "$name"
done <<'END'
locked|1|refuses after too many tries
disabled|1|refuses this account
mechanism|4|offers no login
nobody|1|does not take this user name or password
temp|4|refuses for now. Nothing was proved
try-later|4|refuses for now. Nothing was proved
END

# Servers that are not as they should be. Where TLS is missing or cannot be
# trusted no AUTH comes.
while IFS='|' read -r mode seen text; do
	policy_for "$mode"
	probe taro@ocn.ne.jp --timeout 10
	tells 4 "$text" "$seen" "$mode"
done <<END
plain|connect|does not speak TLS in this way, so no password was sent
noauth-ssl|connect|offers no login that works here, so nothing was proved
expired|connect|certificate cannot be trusted, so no password was sent
wrong-name|connect|certificate cannot be trusted, so no password was sent
untrusted|connect|certificate cannot be trusted, so no password was sent
greeting-421|connect|refuses for now. Nothing was proved
greeting-554|connect|turns this machine away before any login
ehlo-550|connect|turns this machine away before any login
http|connect|connection broke, so nothing was proved
drop-after-auth|$login|connection broke, so nothing was proved
closed||port is closed
END
policy_for ssl
sed 's/"127\.0\.0\.1"/"no-such-name.invalid"/' "$policy" >"$work/away.json"
policy=$work/away.json
probe taro@ocn.ne.jp --timeout 10
tells 4 'cannot be reached from here' '' "no way there"
policy_for plain
probe taro@ocn.ne.jp
has_not "$out" 'Seen: 250' "an answer that is no refusal is not shown as one"
policy_for drop-after-auth
probe taro@ocn.ne.jp
has_not "$out" 'Seen: 334' "nor where the connection broke"
policy_for slow
probe taro@ocn.ne.jp
tells 0 'The login works.' "$login" "slow"
policy_for ssl starttls
probe taro@ocn.ne.jp --timeout 2
tells 4 'did not answer in time' connect "TLS at once, asked for STARTTLS"
policy_for starttls ssl
probe taro@ocn.ne.jp --timeout 5
tells 4 'does not speak TLS in this way' connect "STARTTLS, asked for TLS"
policy_for ssl
run sh -c 'exec "$@" 3<"$0"' "$work/password" "$sendas" probe \
    taro@ocn.ne.jp --password-fd 3 --policy "$policy"
tells 4 'certificate cannot be trusted' connect "without --ca-file"

# A server that says nothing.
policy_for silent
began=$(date +%s)
probe taro@ocn.ne.jp --timeout 3
took=$(($(date +%s) - began))
tells 4 'did not answer in time' connect "silent"
ok "it took about that time ($took s)" \
    test "$took" -ge 2 -a "$took" -le 6

# Who is the user.
policy_for ssl
probe other@ocn.ne.jp --user taro@ocn.ne.jp
tells 0 'The login works.' "$login" "--user"
ok "the server got that name" sh -c 'tail -n "+$1" "$2" | grep -qF "$3"' sh \
    "$log_from" "$smtp_sessions" '"user":"taro@ocn.ne.jp"'
policy_for ssl
probe taro@ocn.ne.jp --user taro
tells 1 'does not take this user name or password' "$login" "--user, wrong"
has "$out" 'the user name is the whole address' "it is told what it should be"
policy_for ssl
probe taro@sky.ocn.ne.jp --user taro@ocn.ne.jp
tells 0 'The login works.' "$login" "an address of a subdomain"

# What is no address of the policy's, or no password: nothing is sent.
policy_for ssl
while read -r address; do
	probe "$address"
	status_is 2 "$address: exit status 2"
	has "$err" 'its password is sent nowhere' "$address: says so"
done <<'END'
taro@example.com
taro@ocm.ne.jp
taro@ocn.ne.jp.example.com
taro@ocn.ne.jp@example.com
taro@xocn.ne.jp
taro@оcn.ne.jp
taro
@ocn.ne.jp
END
probe
status_is 2 "no address: exit status 2"
has "$err" 'give one address' "no address: says so"
probe taro@ocn.ne.jp jiro@ocn.ne.jp
status_is 2 "two addresses: exit status 2"
probe ''
status_is 2 "an empty address: exit status 2"

# refuses NAME TEXT ARGUMENT...: with exit status 5. Standard input is $input.
refuses()
{
	refuses_name=$1
	refuses_text=$2
	shift 2
	run "$sendas" probe taro@ocn.ne.jp "$@"
	status_is 5 "$refuses_name: exit status 5"
	has "$err" "$refuses_text" "$refuses_name: says so"
}
run "$sendas" probe taro@ocn.ne.jp --password-fd 7
status_is 2 "a descriptor that is not open: exit status 2"
has "$err" '7: that file descriptor is not open' "and says so"
refuses "an empty one" 'nothing came' \
    --policy "$policy" --ca-file "$smtp_ca" --password-fd 0
echo >"$work/line"
input=$work/line
refuses "an empty line" 'nothing came' \
    --policy "$policy" --ca-file "$smtp_ca" --password-fd 0
printf 'one\ntwo\n' >"$work/lines"
input=$work/lines
refuses "two lines" 'more than one line' \
    --policy "$policy" --ca-file "$smtp_ca" --password-fd 0
input=$work/password
echo '{"version": 1}' >"$work/bad.json"
refuses "a bad policy" "$work/bad.json" --policy "$work/bad.json" \
    --password-fd 0
refuses "no such --ca-file" "$work/absent" --policy "$policy" \
    --ca-file "$work/absent" --password-fd 0
run "$sendas" probe taro@ocn.ne.jp --policy absent --password-fd 0
status_is 2 "a policy that there is not: exit status 2"
input=
run "$sendas" probe taro@ocn.ne.jp --policy "$policy" --ca-file "$smtp_ca"
status_is 1 "nobody at a terminal and no descriptor: exit status 1"
has "$err" '--password-fd' "it names --password-fd"
saw '' "nothing was sent in all these cases"

# At a terminal that echoes, unlike that of pty.exp. What stty says at the end
# is what the program left behind.
# at_terminal [REGEX ANSWER]... -- OPTION...
at_terminal()
{
	began=$(date +%s)
	asked=$#
	while test "$asked" -gt 0; do
		word=$1
		shift
		asked=$((asked - 1))
		set -- "$@" "$word"
		test "x$word" != x-- || set -- "$@" sh -c 'trap : INT
			stty echo
			"$@"
			status=$?
			stty -a
			exit $status' sh "$sendas" probe taro@ocn.ne.jp \
		    --policy "$policy" --ca-file "$smtp_ca"
	done
	talk "$@"
	took=$(($(date +%s) - began))
}

# leaves_echo NAME: of the last at_terminal.
leaves_echo()
{
	like "$tty" '(^|[ ;])echo([ ;]|$)' "$1: the terminal echoes again"
}

policy_for ssl
at_terminal 'not shown' "$right" --
status_is 0 "typed: exit status 0"
has "$tty" 'The login works.' "typed: says so"
has_not "$tty" "$right" "typed: it is not shown"
leaves_echo "typed"
saw "$login" "typed: one login"
policy_for ssl
at_terminal 'not shown' 'wrong-password' --
status_is 1 "typed wrongly: exit status 1"
has_not "$tty" 'wrong-password' "typed wrongly: it is not shown"
leaves_echo "typed wrongly"
is "$(grep -c 'not shown' "$tty")" 1 "typed wrongly: it is asked for once"
saw "$login" "typed wrongly: one login"
policy_for ssl
for row in '^C|130|interrupted' '^D|1|nothing was sent' '|1|nothing was sent'
do
	key=${row%%|*}
	row=${row#*|}
	at_terminal 'not shown' "$key" --
	status_is "${row%|*}" "${key:-Enter}: exit status ${row%|*}"
	has "$tty" "${row#*|}" "${key:-Enter}: says so"
	leaves_echo "${key:-Enter}"
done
saw '' "and nothing was sent"
# With a terminal for the question alone.
policy_for ssl
ask 'not shown' '^C' -- sh -c 'exec "$@"' sh "$sendas" probe \
    taro@ocn.ne.jp --policy "$policy" --ca-file "$smtp_ca"
status_is 130 "with the results elsewhere too: exit status 130"
is_empty "$out" "and no result"
saw '' "and nothing was sent"
# An empty regex waits for a second.
policy_for silent
at_terminal 'not shown' "$right" '' '^C' -- --timeout 25
status_is 130 "^C while the server is silent: exit status 130"
ok "it ends within 3 seconds ($took s in all)" test "$took" -le 5
has "$tty" interrupted "it says so"
has_not "$tty" 'did not answer' "and no more than that"
leaves_echo "^C while the server is silent"
saw connect "and there was no login"

# What the server says is hostile.
# disarmed FILE NAME
disarmed()
{
	ok "$2" node -e '
		const fs = require("fs");
		const text = fs.readFileSync(process.argv[1], "utf8");
		const found = text.match(new RegExp("[\\u0000-\\u0008\\u000b-" +
			"\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-" +
			"\\u202e\\u2060-\\u206f]", "u"));
		if (found) {
			console.log(JSON.stringify(found));
			process.exit(1);
		}' "$1"
}
policy_for ssl
probe hostile@ocn.ne.jp
tells 1 'does not take this user name or password' "$login" "hostile words"
disarmed "$out" "hostile words: none as they are"
like "$out" 'Seen: 535 .*<U\+001B>.*<U\+202E>.*Authentication failed' \
    "hostile words: what there was is shown"
talk -- sh -c 'exec "$@" 3<"$0"' "$work/password" "$sendas" probe \
    hostile@ocn.ne.jp --password-fd 3 --policy "$policy" --ca-file "$smtp_ca"
status_is 1 "hostile words at a terminal: exit status 1"
disarmed "$tty" "hostile words at a terminal: none as they are"
probe "x$(printf '\033[31m\342\200\256')@example.com"
status_is 2 "a hostile address: exit status 2"
disarmed "$err" "a hostile address is not shown as it is"

# Japanese: every line, but for the server's words or libcurl's.
# is_japanese FILE
is_japanese()
{
	grep -v '^応答: ' "$1" >"$work/lines"
	test -s "$work/lines" && ! LC_ALL=C grep -av '[^ -~]' "$work/lines"
}
for row in ssl:taro ssl:locked ssl:temp ssl:disabled ssl:nobody plain:taro \
    noauth-ssl:taro expired:taro greeting-421:taro greeting-554:taro http:taro \
    drop-after-auth:taro closed:taro; do
	policy_for "${row%:*}"
	probe "${row#*:}@ocn.ne.jp" --lang ja
	ok "in Japanese: ${row#*:}, ${row%:*}" is_japanese "$out"
done
policy_for silent
probe taro@ocn.ne.jp --lang ja --timeout 1
ok "in Japanese: silent" is_japanese "$out"
policy_for ssl
probe taro@example.com --lang ja
like "$err" 'パスワードはどこにも送りません' "... a wrong address"
run "$sendas" probe taro@ocn.ne.jp --lang ja --policy "$policy"
like "$err" '--password-fd' "... nobody to ask: names the option"
ok "... nobody to ask" is_japanese "$err"
at_terminal 'メールのパスワード' '' -- --lang ja
like "$tty" '何も送っていません' "... no password"
at_terminal 'メールのパスワード' '^C' -- --lang ja
status_is 130 "... interrupted: exit status 130"
has_not "$tty" interrupted "... interrupted"

# Other ways of logging in, and other passwords.
for row in --login-only:LOGIN --cram:CRAM-MD5; do
	smtp_start "${row%:*}"
	policy_for ssl
	probe taro@ocn.ne.jp
	tells 0 'The login works.' "$login" "${row#*:} alone"
	ok "${row#*:} was used" grep -qF "\"mechanism\":\"${row#*:}\"" \
	    "$smtp_sessions"
	password='another-password'
	policy_for ssl
	probe taro@ocn.ne.jp
	tells 1 'does not take this user name or password' "$login" \
	    "${row#*:} alone, wrong"
	password=$right
done
long=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM
while IFS= read -r password; do
	smtp_start --password "$password"
	policy_for ssl
	probe taro@ocn.ne.jp
	tells 0 'The login works.' "$login" "the password <$password>"
done <<END
two words and three
  spaces at both ends 
ひみつのパスワード é
"quotes", \\backslashes; \$HOME %s :@/
$long$long!?
END
password='ひみつ の言葉'
smtp_start --password "$password"
policy_for ssl
at_terminal 'not shown' "$password" --
status_is 0 "Japanese and a space, typed: exit status 0"
has_not "$tty" "$password" "Japanese and a space, typed: it is not shown"
