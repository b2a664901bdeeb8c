# sendas runs: the list fits a terminal in both languages; a run that there is
# not, with those there are; ages; a journal that is not there.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 34

journal="$work/home/.local/state/sendas/journal.db"
journal runs
has "$out" "No runs are recorded yet ($journal)" "nothing yet, and where"
journal runs --purge --older-than 0d
status_is 0 "deleting from no journal: exit status 0"
has "$out" "No runs are recorded yet ($journal)" "it says so"
ok "and makes none" test ! -e "$journal"
journal runs 20200101T000000Z-0000
status_is 2 "one run of none: exit status 2"
has "$err" "there is no run 20200101T000000Z-0000" "it says so"

sim_start --seeds "$(three_seeds)"
sendas_run audit anna@example.com
audit=$(newest_run)
sendas_run fix anna@example.com ben@example.com chie@example.com --dry-run \
    --ticket T-17
dry=$(newest_run)
sendas_run fix anna@example.com --yes --max-changes 1
fix=$(newest_run)

# widest FILE: the columns of its widest line; kana, kanji and full-width
# forms take two.
widest()
{
	node -e 'const text = require("fs").readFileSync(process.argv[1], "utf8");
	const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/g;
	console.log(Math.max(...text.split("\n").map((line) =>
	    line.length + (line.match(wide) || []).length)));' "$1"
}

journal runs
status_is 0 "the list: exit status 0"
like "$out" '^RUN  .*STARTED  .*COMMAND  .*MAILBOXES  STATE$' "it has a head"
like "$out" "^$fix  [0-9-]* [0-9:]*  fix  .* 1  finished\$" "a fix"
like "$out" "^$dry  [0-9-]* [0-9:]*  fix, dry run  .* 3  not confirmed\$" \
    "a dry run is told as one"
like "$out" "^$audit  [0-9-]* [0-9:]*  audit  .* 1  finished\$" "an audit"
is "$(grep -o "^[0-9]*T[0-9]*Z-[0-9a-f]*" "$out" | tr '\n' ' ')" "$fix $dry $audit " "the newest first"
has "$out" '3 planned and not made' "what became of the changes"
has "$out" 'Ticket: T-17' "the ticket"
ok "no line is wider than 80 columns" test "$(widest "$out")" -le 80
journal runs --lang ja
has "$out" 'fix 試しの実行' "the list in Japanese"
ok "no line of it is wider, either" test "$(widest "$out")" -le 80

journal runs "$audit"
like "$out" '^  \* anna@ocn\.ne\.jp: .*treat-as-alias' \
    "an audit: the rules that were broken"
unlike "$out" 'sendas (fix|undo)' "there is nothing to go on with"
journal runs "$dry"
has "$out" "sendas fix --run $dry" "a dry run: how to go on"
journal runs "$fix"
has "$out" "sendas undo $fix" "a fix: how to put it back"

journal runs "${fix%?}"
status_is 2 "an id without its end: exit status 2"
has "$err" "$fix, perhaps?" "the one that was meant is named"
journal runs yesterday
status_is 2 "no id at all: exit status 2"
for run in "$fix" "$dry" "$audit"; do
	has "$err" "$run" "it names $run"
done
journal runs "$fix" "$dry"
status_is 2 "two runs: exit status 2"

for age in '' ' 5' +5 -1 5w 5dd 36501d 99999999999999999999; do
	run "$sendas" runs --purge --older-than "$age"
	test "$status" = 2 || break
done
is "$age$status" 999999999999999999992 "ages that are none: exit status 2"
journal runs --purge --older-than 1
has "$out" '0 runs were deleted' "a number of days without d"
journal runs --purge --older-than 0d "$fix"
status_is 2 "--purge with a run: exit status 2"
journal runs -o "$work/list"
status_is 0 "-o: exit status 0"
has "$work/list" "$fix" "the list is in the file"
run sh -c '"$1" runs >/dev/full' sh "$sendas"
status_is 5 "no room for it: exit status 5"
