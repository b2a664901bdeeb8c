# The question about many mailboxes: the first five whole, how many more there
# are, and only the number of changes is a yes; in both languages.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/beside.sh"
needs_expect
needs_sim
plan 41

sim_start --seeds "$(many_seeds 12)"
english='type the number of changes: '
japanese='変更の件数を入力してください: '

# shown: how many mailboxes the question shows.
shown()
{
	grep -cE '^user[0-9]+@example\.com$' "$tty"
}

sendas_ask "$english" 11 -- fix --users "$work/users"
status_is 1 "a wrong number: exit status 1"
run=$(newest_run)
is "$(shown)" 5 "five mailboxes are shown"
for line in Change: Why: Sure Effect: Undo:; do
	is "$(grep -c "^ *$line" "$tty")" 5 "each with its line \"$line\""
done
has "$tty" '... and 7 more mailboxes. --dry-run shows all of them.' \
    "it says how many more there are"
has "$tty" 'These are 12 changes in 12 mailboxes.' "it says how many in all"
has "$tty" 'None of these changes was made.' "a wrong number changes nothing, it says"
has_not "$tty" "$run" "no run id is in the question"
is "$(grep -cE '^user[0-9]+@example\.com$' "$out")" 12 \
    "the results show all of them"
requests_are patch 0 "nothing is written"

for answer in 5 7 012 '12.' '12 12' 1２3 はい 全部; do
	sendas_ask "$japanese" "$answer" -- fix --run "$run" --lang ja
	test "$status" = 1 || break
done
is "$answer $status" '全部 1' "other answers are no yes, in Japanese either"
requests_are patch 0 "nothing is written"
is "$(shown)" 5 "five mailboxes are shown"
for line in 変更: 理由: 確かさ: 影響: 戻し方:; do
	is "$(grep -c "^ *$line" "$tty")" 5 "each with its line \"$line\""
done
has "$tty" '… ほかに 7 件のメールボックスがあります。' \
    "it says how many more there are"
has "$tty" '変更は12件、メールボックスは12件です。' \
    "it says how many in all"
has "$tty" 'これらの変更は行っていません。' "it says that nothing was changed"
unlike "$tty" '[A-Za-z]{4,} [a-z]+ [a-z]+ [a-z]+' \
    "no English sentence is left in it"

# What is refused, and what to do instead.
# refused TEXT NAME ARGUMENT...: in Japanese, with exit status 1 or 2.
refused()
{
	refused_text=$1
	refused_name=$2
	shift 2
	sendas_run "$@" --lang ja
	has "$err" "$refused_text" "$refused_name: what to do is told"
	grep -v 'の代わりに使います' "$err" >"$work/said"
	unlike "$work/said" '[A-Za-z]{4,} [a-z]+ [a-z]+ [a-z]+' \
	    "$refused_name: no English sentence is left in it"
}
refused '--yes --max-changes 12' "nobody to ask" fix --run "$run"
refused '--dry-run で内容を確かめ' "more than allowed" fix --run "$run" \
    --yes --max-changes 11
refused "sendas fix --run $run" "other mailboxes" fix user1@example.com \
    --resume
refused "sendas runs" "no such run" undo
refused 'どちらか一方が必要です' "a plan alone" fix --plan "$work/none"
requests_are patch 0 "nothing is written"

sendas_ask "$japanese" １２ -- fix --run "$run" --lang ja
status_is 0 "the number, in full-width digits: exit status 0"
requests_are patch 12 "all are written"
has "$out" '変更: 変更し、読み直して確認 12 件。' "the results say so"
sendas_ask "$japanese" 12 -- undo "$run" --lang ja
status_is 0 "an undo of all: exit status 0"
has "$tty" 'オフ → オン' "its question names the other direction"
