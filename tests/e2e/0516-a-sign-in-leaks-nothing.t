# Secrets of a sign-in: the double marks each code, token and client secret
# with a word, and that word is found nowhere but in the file that keeps the
# sign-in: in no output, no page, no journal, no list of processes.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_expect
needs_sim
plan 87
run_limit_sec=120
mark=MARKEDSECRET
taro=taro@example.jp
taros=$(sign_in_of $taro)
state=$work/home/.local/state/sendas

# people OPTION...: taro and hanako, and those at whom something goes wrong.
# What is sent back to them has the word in it, as if it were their own.
people()
{
	signin_start --marked --seeds "$(seed people "
	    $(person status@example.jp s@ocn.ne.jp ', "faults":
		{"tokenStatus": {"code": 400, "error": "invalid_grant",
		"description": "Bad Request"}}'),
	    $(person page@example.jp p@ocn.ne.jp ', "faults":
		{"tokenBody": "<html>code=4/0AMARKEDSECRET</html>"}'),
	    $(person half@example.jp h@ocn.ne.jp ', "faults":
		{"tokenBody": "truncated"}'),
	    $(person wrong@example.jp w@ocn.ne.jp ', "faults":
		{"tokenBody": "{\"access_token\": \"MARKEDSECRET x\"}"}'),
	    $(person later@example.jp l@ocn.ne.jp ', "faults":
		{"tokenStatus": {"code": 400, "error": "invalid_grant",
		"description": "Bad Request", "after": 1}}'),
	    $(person echo@example.jp e@ocn.ne.jp ', "faults":
		{"listBody": "<html>Bearer ya29.MARKEDSECRET</html>"}'),
	    $(person left@example.jp f@ocn.ne.jp ', "patch": "refuse"')" \
	    )" "$@"
}

# keeps NAME: nothing that the last run said has the word, and something was
# said.
keeps()
{
	cat "$out" "$err" "$tty" >"$work/said"
	ok "$1: something is said" test -s "$work/said"
	unlike "$work/said" $mark "$1: and no secret"
}

# page_keeps NAME: nor has the page that the browser showed.
page_keeps()
{
	consented
	like "$consent_log" '<html' "$1: a page is shown"
	unlike "$consent_log" $mark "$1: with no secret"
}

# stored NAME FILE...: under HOME these have the word, and no others.
stored()
{
	stored_name=$1
	shift
	printf '%s\n' "$@" | grep . | sort >"$work/wanted"
	grep -raFl $mark "$work/home" "$work/tmp" | sort >"$work/found"
	ok "$stored_name" cmp "$work/wanted" "$work/found"
}

people
ok "the double marks the client's secret" grep -q $mark "$client"

# ---- the good way ----

consent allow $taro
signed_ask -- login --credentials "$client"
status_is 0 "login at a terminal: exit status 0"
keeps "login"
page_keeps "login"
stored "the sign-in is marked, and nothing else is" "$taros"

signed_run audit --verbose
status_is 1 "audit --verbose: exit status 1 for the finding"
keeps "audit --verbose"
signed_run audit --verbose --format json --credentials "$client"
keeps "in JSON, with the client's file"
signed_run fix --yes --max-changes 1 --verbose --log-format json
keeps "fix --yes with a log"
signed_run doctor --verbose --for fix
status_is 0 "doctor --verbose: exit status 0"
keeps "doctor --verbose"
clean_env "$sendas" runs --format json >"$work/runs"
unlike "$work/runs" $mark "runs: no secret"
ok "... of some runs" grep -q '"command"' "$work/runs"
ok "the journal is there" test -s "$state/journal.db"
stored "... and has no secret" "$taros"

signed_run logout
status_is 0 "logout: exit status 0"
keeps "logout"
stored "... after which nothing has one"

# A repair by hand that was left: what is remembered of it.
sign_in left@example.jp
test_env=
talk 'y/N\] $' y 'later: q $' q -- "$sendas" fix --verbose \
    --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
    --endpoint "token=$sim_token"
keeps "a repair that is left"
ok "... it is remembered" test -s "$state/progress.json"
stored "... with no secret" "$(sign_in_of left@example.jp)"
rm -rf "$sign_ins" "$state/progress.json"

# ---- what goes wrong ----

# fails NAME STATUS: a login as NAME.
fails()
{
	consent allow "$1@example.jp"
	login_run
	status_is "$2" "$1: exit status $2"
	keeps "$1"
	page_keeps "$1"
	kept_are 0 "$1: nothing is kept"
}
fails status 3
fails page 4
fails half 4
fails wrong 4
fails echo 4

# A code of another sign-in: it fits neither address nor verifier.
consent stay $taro
login_run --wait 5
consented
code=$(sed 's/.*[?&]code=\([^&]*\).*/\1/' "$consent_log")
cat >"$work/mixes" <<MIXES
#!/bin/sh
# The right state, with that code.
url="\$1"
exec node -e '
	const { searchParams } = new URL(process.argv[1]);
	const back = new URL(searchParams.get("redirect_uri"));
	back.search = "?state=" + searchParams.get("state") +
		"&code=" + process.argv[2];
	require("http").get(back, async (answer) => {
		const fs = require("fs");
		let text = "";
		for await (const chunk of answer)
			text += chunk;
		fs.writeFileSync(process.argv[3] + ".part", text);
		fs.renameSync(process.argv[3] + ".part", process.argv[3]);
	});' "\$url" "$code" "$consent_log"
MIXES
chmod +x "$work/mixes"
rm -f "$consent_log"
test_env=BROWSER=$work/mixes
login_run
ok "the code of another sign-in is marked" expr "$code" : ".*$mark"
status_is 3 "it is refused: exit status 3"
keeps "another's code"
page_keeps "another's code"

# A sign-in that has ended.
sign_in later@example.jp
test_env=
for command in audit doctor; do
	signed_run $command --verbose
	status_is 3 "ended, $command: exit status 3"
	keeps "ended, $command"
done
signed_run logout --endpoint revoke=https://127.0.0.1:1/revoke --timeout 1
status_is 4 "logout without a network: exit status 4"
keeps "logout without a network"

# A file that is damaged.
sign_in $taro
test_env=
sed 's/"refresh_token"/&x/' "$taros" >"$work/damaged"
cat "$work/damaged" >"$taros"
signed_run audit --verbose
status_is 3 "a damaged file: exit status 3"
keeps "a damaged file"
sed 's/"account"/"type"/' "$client" >"$work/client.json"
printf 'x' >>"$work/client.json"
chmod 600 "$work/client.json"
login_run --credentials "$work/client.json"
status_is 3 "a damaged client: exit status 3"
keeps "a damaged client"
rm -rf "$sign_ins"
stored "after all of that nothing is left"
is "$(find "$work/tmp" -type f)" "" "... nor any temporary file"

# ---- what others see while it runs ----

# samples FILE: from now on, until sendas is over, all that the list of
# processes has of it and of the browser.
samples()
{
	while test ! -e "$work/over"; do
		for place in $(grep -lsF "$work" /proc/[0-9]*/environ); do
			place=${place%/environ}
			tr '\0' '\n' <"$place/cmdline" >"$work/line" || continue
			echo "process: $(head -n 1 "$work/line")"
			cat "$work/line"
			tr '\0' '\n' <"$place/environ"
			grep '^Max core file size' "$place/limits"
		done
		sleep 0.02
	done >"$1"
}
people --delay 700
samples "$work/seen" 2>/dev/null &
consent allow $taro
login_run
touch "$work/over"
wait $!
status_is 0 "watched: exit status 0"
if grep -q '^process: .*sendas$' "$work/seen"; then
	like "$work/seen" 'code_challenge=' \
	    "watched: the browser's arguments are seen"
	unlike "$work/seen" $mark "watched: and nothing has a secret"
	# The last ones: a program has to begin before it can set limits.
	awk '/^process: /{ own = /sendas$/ } own && /^Max core/' \
	    "$work/seen" | tail -n 1 >"$work/limits"
	like "$work/limits" 'size +0 +0 ' "watched: it leaves no core file"
else
	skip 3 "the running program cannot be looked at here"
fi

# A program that ends like this leaves one elsewhere.
rm -f "$work/pid"
mkdir "$work/cores"
consent stay $taro
(cd "$work/cores" && ulimit -c unlimited 2>/dev/null
	clean_env sh -c 'echo $$ >"$0"; exec "$@"' "$work/pid" "$sendas" \
	    login --credentials "$client" --wait "$run_limit_sec" \
	    --ca-file "$sim_ca" --endpoint "authorize=$sim_authorize" \
	    </dev/null >"$out" 2>"$err" || :) 2>/dev/null &
aborted=$!
consented
kill -ABRT "$(cat "$work/pid")"
wait $aborted
is "$(find "$work/cores" -type f)" "" "killed by SIGABRT: no core file is left"
