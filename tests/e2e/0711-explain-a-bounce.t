# explain -: a bounce on standard input, or typed as words: what it means, how
# sure that is, what to look at in which order, and the provider's own page;
# in both languages. What was pasted is never shown.
. "$(dirname "$0")/../helpers/tap.sh"
plan 40

# explain TEXT [OPTION...]
explain()
{
	printf '%s' "$1" >"$work/bounce"
	shift
	input=$work/bounce
	run "$sendas" explain - "$@"
	input=
}

e041='553 5.7.1 <unknown[209.85.0.0]>: Client host rejected: Relay access denied (E041)'

explain "$e041"
status_is 0 "E041: exit status 0"
like "$out" '^Meaning +The sending server refused' "what it means"
has "$out" "Not Gmail's fault, nor a wrong recipient address, it seems." \
    "... and what it does not"
has "$out" 'Medium. A change of settings is reported to cure it' \
    "how sure it is"
like "$out" '^Look at +1 Clear "Treat as an alias"$' "what to look at first"
like "$out" '^ +2 SMTP server smtp\.ocn\.ne\.jp, port 465, SSL$' "... second"
like "$out" '^ +3 User name' "... third"
has "$out" 'look at the time of the error' "the bounce may be an old one"
like "$out" 'https://support\.ocn\.ne\.jp/personal/purpose/detail/pid2990024033$' \
    "OCN's own page"
like "$err" 'sendas audit --ask' "how to go on"
has_not "$out" 209.85 "nothing of the paste is shown"
explain "$e041" --quiet
is_empty "$err" "--quiet: results only"

# means TEXT ERE NAME
means()
{
	explain "$1"
	if test "$status" -ne 0; then
		fail "$3" "exit status $status"
	else
		like "$out" "^Meaning +.*$2" "$3"
	fi
}

means '535 5.7.8 Error: authentication failed' 'user name or the password' 535
means '534-5.7.14 Please log in via your web browser - gsmtp' "Google's own" 534
means '550-5.7.26 the sender is unauthenticated (SPF, DKIM)' \
    "recipient's side refused" 5.7.26
means '550 5.7.1 Command rejected' 'a rule of its own' 'Command rejected'
means "TLS Negotiation failed, the certificate doesn't match the host" \
    'did not connect' 'the certificate'
means '421 4.7.0 Try again later' 'just now' 421
explain '421 4.7.0 Try again later'
has_not "$out" 'audit' "what passes asks for no audit"
has_not "$err" 'audit' "... not in a notice either"
means '550 5.1.1 User unknown' 'does not exist' 5.1.1
explain '550 5.1.1 User unknown'
has_not "$out" 'alias' "a wrong address is not blamed on the settings"

# As a browser translates it, typed with an input method, and torn.
means '553 5.7.1 : クライアントホストが拒否されました: リレーアクセスが拒否されました(E041)' \
    'The sending server refused' translated
means '５５３　５．７．１（Ｅ０４１）' 'The sending server refused' full-width
means 'Relay access denied (E0
41)' 'The sending server refused' torn
means '<b>553</b>&nbsp;5.7.1' 'The sending server refused' HTML

# Not known.
explain 'Something else went wrong, says 15553'
status_is 1 "not known: exit status 1"
has "$out" 'sendas does not know this error' "... it says so"
like "$out" '^Look at +1 Paste the line below "The response was"' \
    "... and what to do"
has_not "$out" 15553 "... without showing the paste"

# As words.
run "$sendas" explain E041
status_is 0 "typed as a word: exit status 0"
like "$out" '^Look at +1 Clear "Treat as an alias"$' "... explained the same"
run "$sendas" explain 553 5.7.1 Relay access denied
status_is 0 "typed as several words: exit status 0"

# In Japanese.
explain "$e041" --lang ja
has "$out" '「エイリアスとして扱います」' "Japanese: the first step"
like "$out" '^意味    [^ ]' "... in columns"
like "$out" '^確かさ  中。' "... that line up"
like "$out" '^確認順  1 ' "... in the lists, too"
ok "no line is wider than a screen" sh -c "LC_ALL=C.UTF-8 node -e '
	const lines = require(\"fs\").readFileSync(0, \"utf8\").split(\"\\n\");
	const width = (s) => [...s].reduce((n, c) =>
		n + (c.codePointAt(0) > 0x2e80 ? 2 : 1), 0);
	process.exit(lines.some((l) => width(l) > 80) ? 1 : 0)' <'$out'"
explain '知らないエラー' --lang ja
status_is 1 "Japanese, not known: exit status 1"
test_env="LANG=ja_JP.UTF-8"
run "$sendas" explain treat-as-alias
like "$out" '^確かさ  中。' "a rule in Japanese"
