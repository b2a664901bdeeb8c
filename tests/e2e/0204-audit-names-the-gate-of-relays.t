# Where addresses have an SMTP server, an administrator is told once what decides
# whether Workspace uses it, and where that stands: after audit, fix and undo, as
# something to check. Persons are not told. In JSON it is a number for everyone.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 53

# noted COUNTS NAME: the note is in the report, once and in four lines at most.
noted()
{
	has "$out" "Not checked: \"Allow per-user outbound gateways\" (Admin \
console, Apps > Google Workspace > Gmail > End User Access). If it is off, \
mail of $1 does not go through the SMTP server set here; if it is on, that is \
against CISA's control GWS.GMAIL.12.1. sendas cannot see it." "$2"
	is_short '^Not checked: ' 'sendas cannot see it\.$' "$2"
}

# noted_ja COUNTS NAME: the same in Japanese, where a line may break anywhere.
noted_ja()
{
	tr -d ' \n' <"$out" >"$work/joined"
	has "$work/joined" "未確認:管理コンソールの[アプリ]>[GoogleWorkspace]>\
[Gmail]>[エンドユーザーのアクセス]の「Allowper-useroutboundgateways」。オフなら、\
$1のメールは設定したSMTPサーバーを通りません。オンなら、CISAの基準\
GWS.GMAIL.12.1に反します。sendasからは見えません。" "$2"
	is_short '^未確認: ' '見えません。$' "$2"
}

# is_short FIRST LAST NAME
is_short()
{
	is "$(awk -v first="$1" -v last="$2" '
		$0 ~ first { count++; on = 1 }
		on { lines++ }
		$0 ~ last { on = 0 }
		END { print count + 0, lines <= 4 ? "short" : lines }' "$out")" \
	    "1 short" "$3: once, in four lines at most"
}

# not_noted NAME: not a word of it, wherever.
not_noted()
{
	cat "$out" "$err" "$tty" >"$work/all"
	has_not "$work/all" GWS.GMAIL "$1: no note"
	has_not "$work/all" gateways "$1: ... nor the option"
}

sim_start --demo --seeds "$(seed more "
	$(mailbox reiko@example.com reiko@ocn.ne.jp ', "person": true'),
	{\"mailbox\": \"plain@example.com\", \"kind\": \"workspace\",
	 \"sendAs\": [{\"sendAsEmail\": \"plain@example.com\",
	 \"displayName\": \"T\", \"isPrimary\": true, \"isDefault\": true},
	 {\"sendAsEmail\": \"plain@example.net\", \"displayName\": \"T\",
	 \"treatAsAlias\": true}]}")"

# Administrators.
sendas_run audit hanako@example.com
status_is 0 "a relay is no finding: exit status 0"
noted "1 address in 1 mailbox" "one mailbox"
has "$out" "sendas cannot see it. Nothing was changed." "it stands at the end"
unlike "$out" '.{81}' "it fits 80 columns"
sendas_run audit hanako@example.com --quiet
noted "1 address in 1 mailbox" "--quiet, which leaves out no results"
sendas_run audit plain@example.com
status_is 0 "a mailbox without a relay"
not_noted "a mailbox without a relay"
sendas_run audit peter@example.com
not_noted "a mailbox that cannot be read"

# All in one run: what could not be read has no part in it.
all="anna@example.com taro@example.com plain@example.com peter@example.com"
# shellcheck disable=SC2086 # words are meant
sendas_run audit $all
status_is 4 "several mailboxes: the exit status is theirs"
noted "3 addresses in 2 mailboxes" "several"
has "$out" "1 not readable, 0 not looked at. Not checked: " \
    "it comes after the summary"
# shellcheck disable=SC2086
sendas_run audit $all --lang ja
noted_ja 'アドレス3件(メールボックス2件)' "in Japanese"
# shellcheck disable=SC2086
sendas_run audit $all --format json
is_report json "$out" "JSON keeps to the contract"
json_is "$out" '[d.summary.withRelay, d.summary.read]' '[2,3]' \
    "... and counts the mailboxes"
not_noted "JSON"
# shellcheck disable=SC2086
sendas_run audit $all --format jsonl
is_report jsonl "$out" "JSON lines keep to the contract"
tail -n 1 "$out" >"$work/summary"
json_is "$work/summary" 'd.summary.withRelay' 2 "... and count them, too"

# What is changed, and put back.
sendas_run fix jiro@example.com --dry-run
noted "1 address in 1 mailbox" "a dry run"
sendas_run fix jiro@example.com taro@example.com --yes --max-changes 2
noted "2 addresses in 2 mailboxes" "fix"
run=$(newest_run)
sendas_run undo "$run" --yes --max-changes 2
status_is 0 "an undo"
noted "2 addresses in 2 mailboxes" "undo"
sendas_run fix jiro@example.com --dry-run --lang ja
noted_ja 'アドレス1件(メールボックス1件)' "fix in Japanese"

# Persons: an access token, a sign-in, settings that somebody gave.
token=$sim_state/tokens/yumi%40example.jp
sendas_run_as "$token" audit --format json
json_is "$out" 'd.summary.withRelay' 1 "a person with a relay: it is counted"
for lang in en ja; do
	sendas_run_as "$token" audit --lang $lang
	not_noted "an access token, $lang"
	sendas_run_as "$token" fix --yes --max-changes 1 --lang $lang
	not_noted "... and fix, $lang"
done
sim_key=$sim_state/authorized/reiko%40example.com
sendas_run audit
like "$out" '^FIX +reiko@ocn\.ne\.jp' "a stored sign-in"
not_noted "a stored sign-in"

cat >"$work/settings.json" <<'J'
{"sendAs": [
 {"sendAsEmail": "taro@gmail.com", "isPrimary": true,
  "smtpMsa": {"host": "smtp.example.net", "port": 465,
   "securityMode": "ssl"}},
 {"sendAsEmail": "taro@ocn.ne.jp", "treatAsAlias": true,
  "smtpMsa": {"host": "smtp.ocn.ne.jp", "port": 465,
   "securityMode": "ssl"}}]}
J
run "$sendas" audit --from "$work/settings.json"
like "$out" '^FIX +taro@ocn\.ne\.jp' "--from"
not_noted "--from"
run "$sendas" audit --from "$work/settings.json" --format json
json_is "$out" 'd.summary.withRelay' 1 "... it is counted there, too"
sed 's/^ {"sendAsEmail": "taro@ocn.*/ {"sendAsEmail": "taro@ocn.ne.jp"}]}/
	/^ {"sendAsEmail": "taro@ocn/q' "$work/settings.json" >"$work/own.json"
run "$sendas" audit --from "$work/own.json" --format json
json_is "$out" '[d.mailboxes[0].addresses[0].relay !== null,
	d.summary.withRelay]' '[true,0]' "one at the primary address is none"

if command -v expect >/dev/null; then
	talk 'answer: $' taro@ocn.ne.jp 'answer: $' '' 'answer: $' n \
	    'answer: $' smtp.ocn.ne.jp 'answer: $' 465 'answer: $' SSL \
	    'answer: $' yes 'stop\] $' '' -- "$sendas" audit --ask
	like "$tty" '^OK +taro@ocn\.ne\.jp' "--ask"
	not_noted "--ask"
else
	skip 3 "expect is not installed"
fi
