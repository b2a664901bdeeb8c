# A sign-in that is kept: who uses it, what it is refused for, what becomes of
# it when it is renewed by two at once, without room, or by a process that is
# killed, and that sendas logout ends it here and at Google.
. "$(dirname "$0")/../helpers/mounts.sh"
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_sim
plan 142
run_limit_sec=120
taro=taro@example.jp
hanako=hanako@example.jp
taros=$(sign_in_of $taro)
# Files of the tests would count beside the sign-ins; the journal stays away
# from a folder without room.
journal=$work/journal.db

# How many tokens were asked for, in which way.
grants()
{
	grep -c "\"grant\":\"$1\"" "$sim_requests"
}

# afresh OPTION...: a new double, with taro alone signed in.
afresh()
{
	rm -rf "$work/home/.local"
	signin_start "$@"
	sign_in $taro
	test_env=
}

# ---- who uses it ----

afresh
is "$(stat -c %a "$taros")" 600 "the file is this user's alone"
is "$(stat -c %a "$sign_ins")" 700 "... and its folder, too"
signed_run audit
status_is 1 "audit without any credentials: exit status 1 for the finding"
like "$out" 'taro@ocn\.ne\.jp' "... it is the sign-in's mailbox"
is "$(grants refresh_token)" 1 "... by one refresh"
signed_run audit $taro
status_is 1 "... named: the same"
signed_run audit Taro@Example.JP
status_is 1 "... in another case: the same"
signed_run fix --dry-run
status_is 1 "fix --dry-run: exit status 1 for the plan"
like "$out" 'taro@ocn\.ne\.jp' "... of that mailbox"
signed_run doctor
status_is 0 "doctor: exit status 0"
has "$out" 'sendas login' "... it says where the sign-in was found"
has "$out" $taro "... and whose it is"
signed_run audit --credentials "$client"
status_is 1 "--credentials with the client's file: the sign-in is used"
is "$(grants jwt-bearer)" 0 "... and no service account was"

signed_run audit $hanako
status_is 3 "a mailbox that is not signed in: exit status 3"
has "$err" $hanako "... it is named"
has "$err" 'sendas login' "... with the command that signs it in"
before=$(requests token)
signed_run audit $hanako --credentials "$client"
status_is 3 "... with the client's file, too"
is "$(requests token)" "$before" "... and nothing was asked for it"

sign_in $hanako
test_env=
kept_are 2 "a second mailbox signs in: both are kept"
signed_run audit
status_is 2 "none named: exit status 2"
has "$err" $taro "... the one is listed"
has "$err" $hanako "... and the other"
for mailbox in taro hanako; do
	signed_run audit $mailbox@example.jp --format json
	json_is "$out" 'd.mailboxes.map((m) => [m.mailbox, m.status])' \
	    "[[\"$mailbox@example.jp\",\"read\"]]" "$mailbox named: is read"
done
signed_run audit $taro $hanako --format json
ok "both named: none is read in the other's name" \
    test "$(grep -c '"status": *"read"' "$out")" -le 1
signed_run audit nobody@example.jp
status_is 3 "one that is neither: exit status 3"
has "$err" $hanako "... and who is, is listed"

mkdir -p "$work/home/.config/sendas"
cp -p "$sim_key" "$work/home/.config/sendas/credentials.json"
signed_run audit $taro
has "$err" 'found by ~/.config' "a service account's key comes first"
is "$(grants jwt-bearer)" 1 "... and is what is used"
cp -p "$client" "$work/home/.config/sendas/credentials.json"
signed_run audit $hanako
status_is 1 "a client's file there: the sign-ins are used"
is "$(grants jwt-bearer)" 1 "... and nothing else"
rm -r "$work/home/.config"

# ---- two processes, refresh tokens that are good once ----

# audits NAME: ten, one after another, each with its exit status.
audits()
{
	for turn in 1 2 3 4 5 6 7 8 9 10; do
		n=0
		clean_env timeout "$run_limit_sec" "$sendas" audit \
		    --journal "$work/$1.db" --ca-file "$sim_ca" \
		    --endpoint "gmail=$sim_gmail" \
		    --endpoint "token=$sim_token" </dev/null \
		    >"$work/$1.out" 2>"$work/$1.err" || n=$?
		test $n -eq 1 || cat "$work/$1.out" "$work/$1.err"
		echo "$turn: exit status $n"
	done
}
afresh --rotate --delay 40
audits one >"$work/one" &
one=$!
audits two >"$work/two"
wait $one
cat "$work/one" "$work/two" | grep -v 'exit status 1$' >"$work/bad"
diag <"$work/bad"
is "$(cat "$work/one" "$work/two" | grep -c 'exit status 1$')" 20 \
    "two at once, ten times: none fails"
is "$(grants refresh_token)" 20 "... each renewed the sign-in once"
signed_run audit
status_is 1 "... and the last refresh token is good"

# ---- an answer that is lost ----

# lost OPTION...: the answer to the first refresh.
lost()
{
	rm -rf "$work/home/.local"
	signin_start --seeds "$(seed lost "$(person lost@example.jp \
	    lost@ocn.ne.jp ', "faults": {"tokenFault":
	    {"kind": "reset", "after": 1, "times": 1}}')")" "$@"
	sign_in lost@example.jp
	test_env=
	signed_run audit
}
lost
status_is 1 "the answer to a refresh is lost: it is asked for again"
lost --rotate
# The answer had the only good token.
status_is 3 "... where tokens are good once, the sign-in is over: status 3"
like "$out" '^NOT READ' "... nothing is called clean"
has "$out" 'sendas login lost@example.jp' "... with the command that mends it"
consent allow lost@example.jp
login_run lost@example.jp
status_is 0 "... which does: exit status 0"
signed_run audit
status_is 1 "... and it reads again"

# ---- without room ----

# A folder of sign-ins with room for two files.
small()
{
	mount -t tmpfs -o size=8k,mode=700 sendas "$sign_ins" 2>/dev/null
}
fill()
{
	head -c 8192 /dev/zero >"$sign_ins/fill" 2>/dev/null
}
rm -rf "$work/home/.local"
mkdir -p "$sign_ins"
if test "$SENDAS_OWN_MOUNTS" = yes && small; then
	signin_start --rotate
	sign_in $taro
	cp "$taros" "$work/before"
	fill
	signed_run audit --journal "$journal"
	status_is 1 "no room for a renewed sign-in: the run is unharmed"
	like "$out" 'taro@ocn\.ne\.jp' "... it has read"
	has "$err" 'No space left' "... it is told"
	has "$err" "sendas login $taro" "... with what to do before the next"
	ok "... the file is as it was" cmp "$taros" "$work/before"
	is "$(ls "$sign_ins")" "fill
$(basename "$taros")" "... and nothing half-written is beside it"
	signed_run audit --journal "$journal"
	status_is 3 "... the next run cannot sign in: exit status 3"
	has "$out" "sendas login $taro" "... and says what to do"
	signed_run doctor
	status_is 3 "... nor can doctor"

	# At a login, over a sign-in that there is.
	consent allow $taro
	login_run
	status_is 5 "no room at login: exit status 5"
	has "$err" 'No space left' "... and why"
	is_empty "$out" "... nobody is called signed in"
	consented
	has "$consent_log" 'No space left' "... the browser's page says so, too"
	ok "... the file is as it was" cmp "$taros" "$work/before"
	rm "$taros"
	fill
	login_run
	status_is 5 "... without one, the same"
	is "$(ls "$sign_ins")" fill "... and nothing half-written is left"
	rm "$sign_ins/fill"
	login_run
	status_is 0 "with room again: exit status 0"
	signed_run audit --journal "$journal"
	status_is 1 "... and it reads"
	umount "$sign_ins"
else
	skip 18 "no file system can be mounted here"
fi
test_env=

# ---- files that are not plainly ours ----

afresh
cp -p "$taros" "$work/good"

# not_used NAME COMMAND: what is refused, and the command that mends it.
not_used()
{
	not_used_before=$(requests token)
	signed_run audit
	status_is 3 "$1: exit status 3"
	has "$err" "$2" "$1: $2"
	is "$(requests token)" "$not_used_before" "$1: nothing was sent"
}
# away NAME: logout takes it away, though Google cannot be told.
away()
{
	signed_run logout
	status_is 4 "$1: logout ends with 4"
	ok "$1: and takes it away" test ! -e "$taros" -a ! -L "$taros"
	rm -f "$taros"
	cp -p "$work/good" "$taros"
}
mend="sendas logout $taro"

mv "$taros" "$work/elsewhere"
ln -s "$work/elsewhere" "$taros"
not_used "a symbolic link" "$mend"
away "a symbolic link"
ok "... what it led to is left alone" test -s "$work/elsewhere"
rm "$taros"
mkfifo "$taros"
chmod 600 "$taros"
not_used "a FIFO" "$mend"
away "a FIFO"
if test "$(id -u)" -eq 0 && chown 65534 "$taros" 2>/dev/null; then
	not_used "another user's file" "$mend"
	away "another user's file"
else
	skip 5 "only root can give files away"
fi
head -c 60 "$work/good" >"$taros"
not_used "a damaged file" "$mend"
away "a damaged file"
: >"$taros"
not_used "an empty file" "$mend"
away "an empty file"
sed "s/$taro/$hanako/" "$work/good" >"$taros"
not_used "another mailbox's sign-in" "$mend"
has "$err" $hanako "... whose it is"
away "another mailbox's sign-in"
chmod 644 "$taros"
not_used "a file that others can read" "chmod 600 $taros"
chmod 600 "$taros"
signed_run audit
status_is 1 "... and after that it is used"
chmod 770 "$sign_ins"
not_used "a folder that others can write to" "chmod 700 $sign_ins"
consent allow $taro
login_run
status_is 5 "... a login keeps nothing there, either: exit status 5"
has "$err" "chmod 700 $sign_ins" "... with the command that mends it"
test_env=
chmod 700 "$sign_ins"
mv "$sign_ins" "$work/folder"
ln -s "$work/folder" "$sign_ins"
not_used "a folder that is a link" "mv $sign_ins $sign_ins.old"
rm "$sign_ins"
mv "$work/folder" "$sign_ins"
signed_run audit
status_is 1 "what was put right is used again"

# ---- killed ----

# killed_after KIND: a login is killed when such a request has come, and then
# a moment later.
: >"$work/bad"
killed_login()
{
	rm -rf "$sign_ins"
	consent allow $taro
	kill_before=$(requests "$1")
	clean_env setsid sh -c 'echo $$ >"$0"; exec "$@"' "$work/pid" \
	    "$sendas" login --credentials "$client" --ca-file "$sim_ca" \
	    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" \
	    --endpoint "authorize=$sim_authorize" </dev/null \
	    >"$work/killed" 2>&1 &
	killed=$!
	wait_for 60 asked_more "$1" "$kill_before"
	sleep "$2"
	kill -9 "$(cat "$work/pid")" 2>/dev/null
	wait $killed 2>/dev/null
	test ! -e "$taros" || whole || echo "$1, $2: $(cat "$taros")" \
		>>"$work/bad"
	signed_run audit
	case $status:$(sign_ins_kept) in
	1:1 | 3:0) ;;
	*) echo "$1, $2: audit: $status" >>"$work/bad" ;;
	esac
	consented
}
asked_more()
{
	test "$(requests "$1")" -gt "$2"
}
whole()
{
	test "$(json "$taros" 'd.account + " " + (d.refresh_token.length > 20)
	    ')" = "$taro true"
}
for call in authorize consent token list; do
	killed_login $call 0
done
for moment in 0.002 0.004 0.006 0.008 0.01 0.015 0.02 0.03; do
	killed_login list $moment
done
diag <"$work/bad"
is_empty "$work/bad" "a login that is killed leaves nothing, or all of it"
login_run
status_is 0 "... and the next one is as any other"
# What a killed one left is taken away with the sign-in.
cp -p "$taros" "$taros.a1B2c3"
signed_run logout
is "$(find "$sign_ins" -type f)" "" "logout leaves no copy of it, either"

afresh --rotate
: >"$work/bad"
for moment in 0 0.002 0.004 0.006 0.008 0.01 0.015 0.02; do
	kill_before=$(requests token)
	clean_env setsid sh -c 'echo $$ >"$0"; exec "$@"' "$work/pid" \
	    "$sendas" audit --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
	    --endpoint "token=$sim_token" </dev/null >"$work/killed" 2>&1 &
	killed=$!
	wait_for 60 asked_more token "$kill_before"
	sleep $moment
	kill -9 "$(cat "$work/pid")" 2>/dev/null
	wait $killed 2>/dev/null
	whole || echo "$moment: $(cat "$taros")" >>"$work/bad"
	# It may have been killed with the only good token.
	signed_run audit
	case $status in
	1) ;;
	3) sign_in $taro; test_env= ;;
	*) echo "$moment: audit: $status" >>"$work/bad" ;;
	esac
done
diag <"$work/bad"
is_empty "$work/bad" "one that is killed while it renews leaves a whole file"

# ---- logout ----

afresh
signed_run logout
status_is 0 "logout: exit status 0"
has "$out" $taro "... who it was"
ok "... it is deleted" test ! -e "$taros"
is "$(refresh_tokens_of $taro)" 0 "... and ended at Google"
signed_run audit
status_is 3 "... audit has nobody to sign in as: exit status 3"
has "$err" 'sendas login' "... and says what to do"
signed_run logout
status_is 0 "nobody is signed in: exit status 0"
signed_run logout $taro
status_is 0 "... named, too"

sign_in $taro
test_env=
forget $taro
signed_run logout
status_is 0 "taken back at Google before: exit status 0"
ok "... it is deleted" test ! -e "$taros"

sign_in $taro
sign_in $hanako
test_env=
signed_run logout
status_is 2 "several, and none named: exit status 2"
has "$err" $taro "... the one is listed"
has "$err" $hanako "... and the other"
kept_are 2 "... none is deleted"
signed_run logout nobody@example.jp
status_is 2 "one that is not signed in: exit status 2"
has "$err" nobody@example.jp "... it is named"
signed_run logout $taro $hanako
status_is 2 "two at once: exit status 2"
kept_are 2 "... none is deleted"
signed_run logout TARO@Example.JP
status_is 0 "in another case: exit status 0"
ok "... it is deleted" test ! -e "$taros"
is "$(refresh_tokens_of $taro)" 0 "... and ended at Google"
kept_are 1 "... and the other is left"
is "$(refresh_tokens_of $hanako)" 2 "... at Google, too"

# not_told NAME ARGUMENT...
not_told()
{
	not_told_name=$1
	shift
	signed_run logout "$@"
	status_is 4 "$not_told_name: exit status 4"
	kept_are 0 "$not_told_name: it is deleted all the same"
	has "$err" https://myaccount.google.com/connections \
	    "$not_told_name: where the person can do it"
}
not_told "no way to Google" --endpoint revoke=https://127.0.0.1:1/revoke
# ill FAULT: somebody at whose logout this happens.
ill()
{
	signin_start --seeds "$(seed ill "$(person ill@example.jp \
	    ill@ocn.ne.jp ", \"faults\": {$1}")")"
	sign_in ill@example.jp
	test_env=
}
for fault in '"revokeStatus": {"code": 503}' \
    '"revokeStatus": {"code": 400, "error": "invalid_request"}'; do
	ill "$fault"
	not_told "$fault"
done
ill '"revokeFault": {"kind": "reset", "times": 1}'
signed_run logout
status_is 0 "the answer is lost, but it was done: exit status 0"
kept_are 0 "... it is deleted"
