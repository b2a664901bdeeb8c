# audit --from: input that is made to hurt: too deep, too large, and a mistake
# far down in JSON lines. It ends soon, with a message, without results that
# look whole.
. "$(dirname "$0")/../helpers/tap.sh"
needs_node
plan 29
run_limit_sec=20

file=$work/input

# refused NAME ERE [OPTION...]
refused()
{
	name=$1
	ere=$2
	shift 2
	run "$sendas" audit --from "$file" "$@"
	status_is 5 "$name: exit status 5"
	is_empty "$out" "$name: nothing on standard output"
	like "$err" "$ere" "$name: the message names the place"
}

# A thousand levels.
node -e 'process.stdout.write("{\"sendAs\": " + "[".repeat(1000) +
	"]".repeat(1000) + "}")' >"$file"
refused "a thousand levels" 'line 1, column [0-9]+: nested too deeply'
node -e 'process.stdout.write("[".repeat(5e6))' >"$file"
refused "five million levels, cut off" 'nested too deeply'

# Ten megabytes.
head -c 10000000 /dev/zero | tr '\0' ' ' >"$file"
refused "ten megabytes on one line" 'line 1: longer than [0-9]+ bytes'
node -e 'process.stdout.write("{\"sendAs\": [\n" + (" ".repeat(99) +
	"\n").repeat(1e5) + "]}\n")' >"$file"
refused "ten megabytes on many lines" 'larger than [0-9]+ bytes'

# Half a million addresses in what is still small enough to be read.
node -e 'process.stdout.write("{\"sendAs\": [" + Array(200000).fill(
	"{\"sendAsEmail\":\"a@b.jp\"}").join(",") + "]}")' >"$file"
run "$sendas" audit --from "$file" --format json
status_is 0 "200,000 addresses are read"
node -e 'process.stdout.write("{" + Array.from({length: 300000}, (_, i) =>
	`"k${i}":1`).join(",") + ", \"k5\": 2}")' >"$file"
refused "300,000 keys, one of them twice" '"k5" stands here twice'

# In a format of its own nothing half-written comes out, either.
echo '{"sendAs": [' >"$file"
refused "bad input with --format json" 'this is not JSON' --format json
refused "bad input with --format jsonl" 'this is not JSON' --format jsonl

# A line of many: its number, and the results show that they are cut.
good='{"mailbox": "a@example.com", "sendAs": []}'
printf '%s\n%s\n\n{"mailbox": "c@example.com", "sendAs": [}\n%s\n' \
    "$good" "$good" "$good" >"$file"
run "$sendas" audit --from "$file" --format jsonl
status_is 5 "a bad line of JSON lines: exit status 5"
like "$err" "^sendas: $file[,:] line 4\b" "... its number is told"
unlike "$err" 'line 4: line 1' "... and not two numbers"
unlike "$out" '"summary"' "... and no summary says that all was read"

# Files that are none.
run "$sendas" audit --from "$work/absent"
status_is 5 "an absent file: exit status 5"
like "$err" "^sendas: $work/absent: cannot be opened: No such file" \
    "... and why"
run "$sendas" audit --from "$work"
status_is 5 "a folder: exit status 5"
