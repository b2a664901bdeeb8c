# audit --ask at a terminal: the many ways in which people answer. Each is
# taken when the next question comes; then one back, and the next way.
. "$(dirname "$0")/../helpers/tap.sh"
needs_expect
plan 7
run_limit_sec=20

# ways N ANSWER...: makes $dialogue give each at question N, going back in
# between; the last one stays.
ways()
{
	number=$1
	shift
	while test $# -gt 0; do
		dialogue="$dialogue|Question $number of 5.*answer: \$|$1"
		shift
		test $# -eq 0 ||
		    dialogue="$dialogue|Question $((number + 1)) of 5.*answer: \$|b"
	done
}

dialogue='answer: $|taro@ocn.ne.jp|answer: $|'
ways 1 yes n はい いいえ チェックあり オフ １ ＮＯ ハイ
ways 2 'SMTPサーバー: smtp.ocn.ne.jp' ' smtp.ocn.ne.jp ' \
    'ｓｍｔｐ．ｏｃｎ．ｎｅ．ｊｐ' smtp.ocn.ne.jp
ways 3 587 '465番' 'ポート 465' '587 (推奨)' ４６５
ways 4 1 2 3 SSL TLS 'SSLを使用したセキュリティで保護された接続' \
    '保護されていない接続' starttls
dialogue="$dialogue|Question 5 of 5.*answer: \$|はい|stop\\] \$||/ n\\] \$|n"

old_ifs=$IFS
IFS='|'
# shellcheck disable=SC2086 # the words are the dialogue
set -- $dialogue
IFS=$old_ifs
talk "$@" -- "$sendas" audit --ask
status_is 1 "every way is taken"
like "$tty" '"Treat as an alias" is ticked' "the last of each stays: the box"
like "$tty" '1 +.*Treat as an alias' "... it stands in the summary"
like "$tty" '2 +.*smtp\.ocn\.ne\.jp' "... with the server"
like "$tty" '3 +.*465' "... the port in ASCII"
like "$tty" 'With port 465 choose SSL' "... the connection"

# What cannot be told twice is passed over, and said.
talk 'answer: $' taro@ocn.ne.jp 'answer: $' '' \
    'answer: $' '?' 'answer: $' 'わからない' 'answer: $' smtp.ocn.ne.jp \
    'answer: $' 465 'answer: $' SSL 'answer: $' yes 'stop\] $' '' \
    '/ n\] $' n -- "$sendas" audit --ask
unlike "$tty" '[0-9]\) "Treat as an alias" is ticked' "what nobody saw is not judged"
