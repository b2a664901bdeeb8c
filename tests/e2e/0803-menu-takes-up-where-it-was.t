# sendas with nothing else: the menu on a terminal, the help elsewhere; a
# repair that was left is gone on with.
. "$(dirname "$0")/../helpers/tap.sh"
needs_expect
plan 33
run_limit_sec=30
state=$work/home/.local/state/sendas/progress.json

run "$sendas"
status_is 0 "no terminal: exit status 0"
like "$out" '^Usage: sendas COMMAND' "... the help"

talk '> $' q -- "$sendas"
status_is 0 "q: exit status 0"
like "$tty" '  1  Answer questions' "the menu"
unlike "$tty" '  0  ' "... with nothing to go on with"
talk '> $' 9 '> $' '' '> $' 'ｑ' -- "$sendas" --lang ja
status_is 0 "what is no choice is asked again"
like "$tty" 'はじめての方' "... in Japanese"
talk '> $' 4 -- "$sendas"
status_is 3 "4, and nothing to sign in with: exit status 3"
like "$tty" 'needs no sign-in' "... who needs none"
talk '> $' '^D' -- "$sendas"
status_is 0 "Ctrl-D is q"
talk '> $' '^C' -- "$sendas"
status_is 130 "Ctrl-C: exit status 130"

talk '> $' 2 'Ctrl-D stops\.' '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp",
"treatAsAlias": true, "displayName": "T"}]}' '/ n\] $' '' 'q $' q \
    -- "$sendas"
status_is 1 "2, a paste, left at the steps: exit status 1"
ok "... the place is remembered" test -s "$state"
talk '> $' 0 'q $' '' 'Ctrl-D stops\.' '{"sendAs": [{"sendAsEmail":
"t@ocn.ne.jp", "displayName": "T", "smtpMsa": {"host": "smtp.ocn.ne.jp",
"port": 465, "securityMode": "ssl"}}]}' -- "$sendas"
status_is 0 "0, gone on with and right: exit status 0"
like "$tty" '  0  Go on where you left off: t@ocn\.ne\.jp' "... it was offered"
like "$tty" 'How to fix it' "... begins with the steps"
like "$tty" '"Treat as an alias": on -> off' "... and knows what was"
like "$tty" 'SMTP server: none -> smtp\.ocn\.ne\.jp' "... all of it"
ok "... and nothing is left" test ! -e "$state"

# A second look that is not one at the same settings is not called right.
wrong='{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": true,
"displayName": "T"}]}'
for other in '{"sendAs": []}' \
    '{"sendAs": [{"sendAsEmail": "x@gmail.com", "isPrimary": true}]}'; do
	talk 'Ctrl-D stops\.' "$wrong" '/ n\] $' '' 'q $' '' \
	    'Ctrl-D stops\.' "$other" 'stop\] $' q \
	    -- "$sendas" audit --from -
	status_is 1 "another paste, $other: what was found stays"
	unlike "$tty" 'right now|What to do next' "... nothing is called right"
	like "$tty" 'Try again\?' "... it can be tried again"
	ok "... and the place is remembered" test -s "$state"
done

# What was left under another policy is gone on with under that.
mkdir "$work/policies"
cp "$top_srcdir/examples/biglobe.json" "$work/policies/mine.json"
cd "$work/policies" || exit 1
talk 'Ctrl-D stops\.' '{"sendAs": [{"sendAsEmail": "t@biglobe.ne.jp",
"displayName": "T"}]}' '/ n\] $' '' 'q $' q \
    -- "$sendas" audit --from - --policy mine.json
cd / || exit 1
talk '> $' 0 'q $' q -- "$sendas"
status_is 1 "another policy, gone on with elsewhere: exit status 1"
like "$tty" 'SMTP server mail\.biglobe\.ne\.jp' "... judges by that policy"
like "$tty" 'SMTP server: type mail\.biglobe\.ne\.jp' "... and gives its steps"

# A damaged file is no trouble but a line.
mkdir -p "$(dirname "$state")"
echo '{"form": 1, "way": "ask", "addresses": [{}]}' >"$state"
chmod 600 "$state"
talk '> $' q -- "$sendas"
status_is 0 "a damaged file: exit status 0"
like "$tty" 'addresses\[0\]' "... its place is told"
unlike "$tty" '  0  ' "... and it is not offered"
