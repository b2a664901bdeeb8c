# -o FILE: the results are in it whole, or it is as it was before; a file that
# cannot be written is found out before anything is done.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 32

sim_start --demo
echo '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": true}]}' \
    >"$work/good"
echo '{"sendAs": [' >"$work/bad"
mkdir "$work/results"
file=$work/results/report
umask 022

# left_is WANTED NAME: the files that are in the folder now.
left_is()
{
	is "$(ls -A "$work/results" | tr '\n' ' ')" "$1" "$2"
}

run "$sendas" audit --from "$work/good" --format json -o "$file"
status_is 1 "a new file: exit status 1 for the finding"
is_empty "$out" "nothing on standard output"
is_report json "$file" "the report is whole"
left_is "report " "and nothing else was left there"
is "$(stat -c %a "$file")" 644 "readable as the umask says"

echo before >"$file"
run "$sendas" audit --from "$work/bad" --format json -o "$file"
status_is 5 "bad input: exit status 5"
is "$(cat "$file")" before "the file is as it was"
left_is "report " "and nothing else was left there"

run "$sendas" audit --from "$work/good" --output="$file"
status_is 1 "an old file: exit status 1"
like "$file" '^FIX +t@ocn' "it is replaced"
unlike "$file" before "and nothing of the old one is left"

ln -s report "$work/results/link"
run "$sendas" audit --from "$work/good" --format json -o "$work/results/link"
ok "a link stays a link" test -L "$work/results/link"
is_report json "$file" "and its file is replaced"

# A disk that is full, a device and a file that may grow no further.
run "$sendas" audit --from "$work/good" -o /dev/full
status_is 5 "-o /dev/full: exit status 5"
like "$err" '/dev/full.*No space left|cannot be written.*No space left' \
    "... and it says why"
echo before >"$file"
run sh -c 'trap "" XFSZ; ulimit -f 0; exec "$@"' sh "$sendas" audit \
    --from "$work/good" --format json -o "$file"
status_is 5 "a file that cannot grow: exit status 5"
is "$(cat "$file")" before "... is as it was"
left_is "link report " "... and nothing else was left there"
run sh -c 'exec "$@" >/dev/full' sh "$sendas" audit --from "$work/good"
status_is 5 "a full disk under standard output: exit status 5"
like "$err" 'cannot be written: No space left' "... and it says why"
run sh -c 'exec "$@" >/dev/full' sh "$sendas" audit --from "$work/good" \
    --format json
status_is 5 "... in JSON, too"

# Where there is no file to be made, nothing is asked and nothing changed.
for bad in "$work/absent/report" /proc/sendas-report "$file/report"; do
	sendas_run fix jiro@example.com --yes --max-changes 1 -o "$bad"
	status_is 5 "-o $(basename "$(dirname "$bad")")/...: exit status 5"
	like "$err" "^sendas: $bad: cannot be made: " "... and it says why"
done
is "$(cat "$sim_requests")" "" "before anything was asked of Google"

run "$sendas" audit --from "$work/good" -o -
like "$out" '^FIX +t@ocn' "-o - is standard output"
mkfifo "$work/pipe"
cat "$work/pipe" >"$work/piped" &
run "$sendas" audit --from "$work/good" -o "$work/pipe"
wait $!
status_is 1 "a pipe is written in place: exit status 1"
like "$work/piped" '^FIX +t@ocn' "... and the results come out of it"
ok "... and it is a pipe still" test -p "$work/pipe"
