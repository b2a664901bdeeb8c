# Text from the network, from a file and from the command line is hostile:
# escape sequences, C1 controls, and what turns or hides text never reach a
# terminal or a text report as they are; in JSON they are escaped.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 28

# What must not be there as it is, as JSON escapes and as a regular expression
# of its bytes in UTF-8: ESC, BEL, BS, C1's CSI, RLO, isolates, zero width,
# line separator, BOM, a tag.
bad='\u001b[31m\u0007\b\u009b2J\u202e\u2066\u200b\u2028\ufeff\udb40\udc41'

# disarmed FILE NAME
disarmed()
{
	ok "$2" node -e '
		const text = require("fs").readFileSync(process.argv[1], "utf8");
		const found = text.match(new RegExp("[\\u0000-\\u0009\\u000b-" +
			"\\u001f\\u007f-\\u009f\\u061c\\u200b-\\u200f\\u2028-" +
			"\\u202e\\u2060-\\u206f\\ufeff\\ufffd\\u{e0000}-" +
			"\\u{e007f}]", "u"));
		if (found) {
			console.log(`at ${found.index}: ` +
				JSON.stringify(found[0]));
			process.exit(1);
		}' "$1"
}

hostile="{\"sendAs\": [{\"sendAsEmail\": \"me${bad}@example.com\",
	\"isPrimary\": true},
	{\"sendAsEmail\": \"t${bad}@ocn.ne.jp\", \"displayName\": \"N${bad}\",
	 \"replyToAddress\": \"r${bad}@example.com\", \"treatAsAlias\": true,
	 \"isDefault\": true, \"verificationStatus\": \"v${bad}\",
	 \"smtpMsa\": {\"host\": \"h${bad}.ocn.ne.jp\", \"port\": 465,
	 \"securityMode\": \"s${bad}\"}},
	{\"sendAsEmail\": \"t@ocn.ne.jp\", \"treatAsAlias\": true, \"smtpMsa\":
	 {\"host\": \"h${bad}\", \"port\": 25, \"securityMode\": \"none\"}}]}"
printf '%s' "$hostile" >"$work/hostile"

run "$sendas" audit --from "$work/hostile" --verbose
status_is 1 "from a file: exit status 1 for the findings"
disarmed "$out" "from a file: the text report"
like "$out" '<U\+001B>\[31m' "... shows what there was"
like "$out" '<U\+202E>' "... also of what turns text round"
run "$sendas" audit --from "$work/hostile" --verbose --color always
is "$(sed "s/$(printf '\033')\[\(0\|1;3[0-9]\)m//g" "$out" |
    grep -c "$(printf '\033')")" 0 "with colour there is no other sequence"
run "$sendas" audit --from "$work/hostile" --format json
ok "in JSON: the contract" node "$helpers/validate.js" \
    "$top_srcdir/doc/report.schema.json" json "$out"
disarmed "$out" "in JSON: nothing as it is"
json_is "$out" "d.mailboxes[0].addresses[1].address ===
	't${bad}@ocn.ne.jp'" true "in JSON: and nothing is lost"
run "$sendas" audit --from "$work/hostile" --format jsonl
disarmed "$out" "in JSON lines: nothing as it is"
is "$(wc -l <"$out")" 2 "in JSON lines: and no line more"
run "$sendas" audit --from "$work/hostile" "x$(printf '\302\2332J')@example.com"
status_is 2 "a hostile name is no address: exit status 2"
disarmed "$err" "... and the message"

# Messages on standard error.
printf '{"error": {"message": "%s"}}' "$bad" >"$work/error"
run "$sendas" audit --from "$work/error"
disarmed "$err" "Google's error in a file"
printf '{"sendAs": [], "a%s": 1, "a%s": 1}' "$bad" "$bad" >"$work/twice"
run "$sendas" audit --from "$work/twice"
disarmed "$err" "a hostile key"
name=$(printf '%s/x\033[31m\342\200\256' "$work")
run "$sendas" audit --from "$name"
disarmed "$err" "the name of a file"
run "$sendas" audit "$(printf 'x\033[31m')"
disarmed "$err" "a word of the command line"
run "$sendas" "$(printf '\033[31m')"
disarmed "$err" "a command"
run "$sendas" audit "$(printf -- '--x\033[31m')"
disarmed "$err" "an option"
run "$sendas" audit --endpoint "$(printf 'gmail=https://\302\233x/')"
disarmed "$err" "an endpoint"
printf '{"type": "x%s"}' "$bad" >"$work/key"
chmod 600 "$work/key"
run "$sendas" audit a@example.com --credentials "$work/key"
disarmed "$err" "a credentials file"

# The live way: the question on the terminal, the results, the steps by hand,
# and what Google says.
sim_start --seeds "$(seed mailboxes "{\"mailbox\": \"live@example.com\",
	\"kind\": \"workspace\", \"patch\": \"refuse\", $(printf '%s' \
	    "$hostile" | sed "s/^{//; s/me.*@example/live@example/"),
	$(mailbox said@example.com said@ocn.ne.jp ", \"faults\": {\"listStatus\":
	    {\"code\": 418, \"message\": \"m${bad}\"}}"),
	$(mailbox token@example.com token@ocn.ne.jp ", \"faults\":
	    {\"tokenStatus\": {\"code\": 400, \"error\": \"e${bad}\",
	    \"description\": \"d${bad}\"}}")")"
sendas_ask '\[y/N\] ' y -- fix live@example.com --verbose
status_is 4 "a fix that is refused: exit status 4"
disarmed "$tty" "the question"
like "$tty" '<U\+001B>\[31m' "... shows what there was"
disarmed "$out" "the results and the steps by hand"
like "$out" 'How to fix it' "... are there"
sendas_run audit said@example.com token@example.com --verbose
disarmed "$out" "what Google says"
sendas_run audit said@example.com token@example.com --format json
disarmed "$out" "what Google says, in JSON"
ok "... keeps to the contract" node "$helpers/validate.js" \
    "$top_srcdir/doc/report.schema.json" json "$out"
