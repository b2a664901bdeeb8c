# audit and fix --users: a list of mailboxes in each form is the same as these
# mailboxes given as words; each is read once, however long the list is.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 42

sim_start --count 300 --seed 7
list=$work/list
names()
{
	seq -f 'user%05g@example.com' 1 "$1"
}

# The mailboxes of a JSON report, in the order of their names.
mailboxes_of()
{
	json "$1" 'd.mailboxes.sort((a, b) => a.mailbox < b.mailbox ? -1 : 1)'
}

# same NAME: the last run reported what the words' run did.
same()
{
	status_is "$words_status" "$1: the same exit status"
	mailboxes_of "$out" >"$work/got"
	ok "$1: the same results" cmp "$work/got" "$work/wanted"
	is "$(requests list)" "$((read_before + 60))" "$1: each is read once"
	read_before=$(requests list)
}

# shellcheck disable=SC2046 # words are meant
sendas_run audit $(names 60) --format json
words_status=$status
mailboxes_of "$out" >"$work/wanted"
ok "as words: there is something to find" test "$words_status" -ge 1
is "$(json "$work/wanted" d.length)" 60 "... in 60 mailboxes"
read_before=$(requests list)

names 60 >"$list"
sendas_run audit --users "$list" --format json --quiet
same "one a line"
is_empty "$err" "... and nothing is said"

{
	printf '\357\273\277# the whole school\r\n\r\n'
	names 60 | sed 's/^/\t /; s/$/ \r/'
} >"$list"
sendas_run audit --users "$list" --format json
same "with a mark, comments, spaces and CRLF"

{
	printf '\357\273\277First Name [Required],Email Address [Required],x\r\n'
	names 60 | sed 's/.*/"Suzuki, ""Taro""\r\nof &","&",\r/'
} >"$list"
sendas_run audit --users "$list" --format json
same "the Admin console's CSV"

# What Excel in Japan saves: names in Shift_JIS, an empty line at the end.
{
	echo 'name,PRIMARYEMAIL'
	names 60 | sed 's/.*/N,&/' | LC_ALL=C tr 'N' '\203'
	echo
} >"$list"
sendas_run audit --users "$list" --format json
same "names that are not UTF-8"

names 60 >"$list"
input=$list
sendas_run audit --users - --format json
same "standard input"
input=
run sh -c 'cat "$0" | "$@"' "$list" "$sendas" audit --users - \
    --credentials "$sim_key" --ca-file "$sim_ca" \
    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" --format json
same "a pipe"

mkfifo "$work/fifo"
cat "$list" >"$work/fifo" &
sendas_run audit --users "$work/fifo" --format json
same "a FIFO"

# The list is a copy from its first moment on.
is "$(ls -A "$work/tmp")" "" "no temporary file is left"

# Each in other letters, and again and again.
{
	names 60
	echo
	names 60 | tr a-z A-Z
	for _ in $(seq 31); do
		names 60
	done
	names 19
} >"$list"
is "$(wc -l <"$list")" 2000 "the list has 2,000 lines"
sendas_run audit --users "$list" --format json
same "2,000 lines of which most repeat"
has "$err" "sendas: 1939 lines of the list repeat earlier ones (the first is \
line 62); each mailbox is read once" "... which is told"
printf '%s\n' user00001@example.com User00001@example.com >"$list"
sendas_run audit --users "$list"
has "$err" "1 line of the list repeats an earlier one (line 2)" \
    "one that repeats is told"
sendas_run audit --users "$list" --quiet
is_empty "$err" "... not with --quiet"

# fix goes the same way.
printf 'mailbox\nuser00001@example.com\nuser00002@example.com\n' >"$list"
sendas_run fix --users "$list" --dry-run --format json
sendas_status=$status
cp "$out" "$work/users.json"
sendas_run fix user00001@example.com user00002@example.com --dry-run \
    --format json
is "$sendas_status" "$status" "fix: the same exit status"
is "$(mailboxes_of "$work/users.json")" "$(mailboxes_of "$out")" \
    "fix: the same results"

# How far it is, on a terminal that does not show the results.
sim_start --count 120 --seed 7 --delay 300
names 120 >"$list"
# watched OUT ARGUMENT...: with standard error on a terminal.
watched()
{
	# shellcheck disable=SC2016 # the inner shell's
	talk -- sh -c 'exec "$@" >"$0"' "$@"
}
set -- "$sendas" audit --users "$list" --credentials "$sim_key" \
    --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
    --endpoint "token=$sim_token"
watched "$work/results" "$@"
like "$tty" '[1-9][0-9]* of 120 mailboxes read' "a terminal: progress"
ok "... is drawn more than once, and not for each mailbox" \
    test "$(grep -o 'mailboxes read' "$tty" | wc -l)" -ge 2 -a \
    "$(grep -o 'mailboxes read' "$tty" | wc -l)" -le 100
like "$tty" '(^| )sendas: to repair: sendas fix' \
    "... is gone before the next message"
unlike "$work/results" 'mailboxes read' "... and is not among the results"
watched "$work/results" "$@" --quiet
is_empty "$tty" "--quiet: no progress"
talk -- "$@"
unlike "$tty" 'mailboxes read' "results on the terminal: no progress"
talk -- "$@" -o "$work/results" --lang ja
like "$tty" '120 ?件' "results in a file: progress, in Japanese too"
run "$@"
unlike "$err" 'mailboxes read' "no terminal: no progress"
