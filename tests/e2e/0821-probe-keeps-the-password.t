# The password that `sendas probe` tries is nowhere but in the login: in no
# output, not in the running program's arguments and environment, in no file,
# not even where something goes wrong.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/traces.sh"
needs_expect
needs_smtp
plan 68

secret='Kx7-kept-out-of-sight'
secret password "$secret"
smtp_start --password "$secret"
mkdir "$work/cwd"

# probe ARGUMENT...: with $secret, unless there is $given.
probe()
{
	printf '%s\n' "${given:-$secret}" >"$work/password"
	run sh -c 'cd "$1" && shift && exec "$@" 3<"$0"' "$work/password" \
	    "$work/cwd" "$sendas" probe --password-fd 3 --policy "$policy" \
	    --ca-file "$smtp_ca" "$@"
}

# The forms are right, or the rest proves nothing.
node -e 'console.log(Buffer.from("\0taro@ocn.ne.jp\0" + process.argv[1])
	.toString("base64"))' "$secret" >"$work/plain"
ok "a login of the kind PLAIN would be found" traces_in "$work/plain"
printf '%s' "$secret" | openssl base64 >"$work/login"
ok "one of the kind LOGIN too" traces_in "$work/login"

for mode in ssl starttls plain noauth-ssl expired wrong-name untrusted \
    greeting-421 silent http drop-after-auth closed; do
	smtp_policy $mode
	probe taro@ocn.ne.jp --timeout 3
	keeps_secret "$mode"
done
smtp_policy ssl
for name in locked temp disabled hostile nobody echo; do
	probe "$name@ocn.ne.jp"
	keeps_secret "$name"
done
has "$out" 'Seen: 535 ***' "a server that repeats it is not quoted"
probe taro@example.com
keeps_secret "an address of another provider"
given="$secret
$secret"
probe taro@ocn.ne.jp
keeps_secret "two lines"
given="$secret$(printf '\t')$secret"
probe taro@ocn.ne.jp
keeps_secret "a control character"
given=
# Typed where everybody who reads a log would see it.
for option in "--password=$secret" "--password-fd=$secret"; do
	run "$sendas" probe taro@ocn.ne.jp "$option"
	status_is 2 "${option%%=*}=PASSWORD: exit status 2"
	keeps_secret "${option%%=*}=PASSWORD"
done

# At a terminal that would echo it.
typed()
{
	talk 'not shown' "$secret" -- sh -c 'stty echo; "$@"' sh "$sendas" \
	    probe "$1" --policy "$policy" --ca-file "$smtp_ca"
}
typed taro@ocn.ne.jp
status_is 0 "typed: it works"
keeps_secret "typed"
typed locked@ocn.ne.jp
keeps_secret "typed, and refused"

# While it runs, with the password in its memory and on its way.
# slowly COMMAND...: after the program began to log in, with its $pid.
slowly()
{
	smtp_policy slow
	rm -f "$work/pid"
	before=$(smtp_events auth-begun slow)
	printf '%s\n' "$secret" >"$work/password"
	begin_run
	run_command="sendas probe, in the background"
	clean_env setsid sh -c 'ulimit -c unlimited 2>/dev/null
		cd "$1" && shift
		echo $$ >"$1.new" && mv "$1.new" "$1"
		shift
		exec "$@" 3<"$0"' "$work/password" "$work/cwd" "$work/pid" \
	    "$sendas" probe taro@ocn.ne.jp --password-fd 3 \
	    --policy "$policy" --ca-file "$smtp_ca" >"$out" 2>"$err" \
	    </dev/null &
	shell_pid=$!
	wait_for 20 test -s "$work/pid"
	pid=$(cat "$work/pid")
	wait_for 20 begins_login
	"$@"
	wait "$shell_pid" || status=$?
	note_sanitizer
}

begins_login()
{
	test "$(smtp_events auth-begun slow)" -gt "$before"
}

look()
{
	tr '\0' '\n' <"/proc/$pid/cmdline" >"$work/arguments"
	tr '\0' '\n' <"/proc/$pid/environ" >"$work/environment"
	grep '^Max core file size' "/proc/$pid/limits" >"$work/limits"
	left_behind "$work/files"
} 2>/dev/null

# left_behind LIST: the files that have it, of all that the program could write
# and of the relay's. The test's own are beside those folders.
left_behind()
{
	traces_in "$work/home" "$work/tmp" "$work/cwd" "$smtp_state" \
	    "$work/smtp.log"
	cp "$work/traces" "$1"
}

slowly look
status_is 0 "slow: it works"
keeps_secret "slow"
is_empty "$work/files" "while it runs no file has it"
if test -s "$work/arguments"; then
	ok "these are its arguments" grep -qx probe "$work/arguments"
	no_trace "and they do not have it" "$work/arguments"
	if test -s "$work/environment"; then
		no_trace "nor has its environment" "$work/environment"
	else
		skip 1 "its environment cannot be looked at here"
	fi
	like "$work/limits" 'size +0 +0 ' "it leaves no core file"
else
	skip 4 "the running program cannot be looked at here"
fi

# Killed in the middle, in the way that leaves a core file.
slowly eval 'kill -SEGV "$pid"'
ok "it was killed" test "$status" -gt 1
is "$(find "$work/cwd" "$work/home" "$work/tmp" -type f | head -n 5)" '' \
    "a program that breaks leaves no file at all"
left_behind "$work/files"
is_empty "$work/files" "and nothing that was left has it"
cp "$work/password" "$work/tmp/left"
left_behind "$work/files"
ok "one that has it would be found" test -s "$work/files"
