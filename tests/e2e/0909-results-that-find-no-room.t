# Results that find no room while changes are made: it is told, what is under
# way is settled, the rest waits in the journal, and going on finishes it. The
# same where a file may grow no further (setrlimit(2)): the signal that comes
# then ends nothing, whether or not who started it had it ignored.
. "$(dirname "$0")/../helpers/mounts.sh"
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/beside.sh"
needs_sim
plan 26

# sendas_with SHELL_WORDS COMMAND ARGUMENT...: as sendas_run, by a shell that
# does these first; "$@" there is the command.
sendas_with()
{
	with=$1
	with_command=$2
	shift 2
	run sh -c "$with" sh "$sendas" "$with_command" \
	    --credentials "$sim_key" --ca-file "$sim_ca" \
	    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token" "$@"
}

# goes_on COUNT NAME: the newest run, if it has something left; then each of
# the mailboxes was written to once.
goes_on()
{
	left=$(newest_run)
	sendas_run fix --run "$left"
	case $status in
	0 | 2) pass "$2: fix --run goes on" ;;
	*) fail "$2: fix --run goes on" ;;
	esac
	is "$(ticked)" 0 "$2: then each box is clear"
	each_patched_once "$1" "$2: each mailbox was written to once"
	run_is "$left" 'd.run.changes.applied' "$1" \
	    "$2: the journal knows each of them"
}

# ---- results ----

# More than are under way at once, and more than a buffer holds.
seeds=$(many_seeds 90)
all="--users $work/users --yes --max-changes 90"

for format in text jsonl; do
	sim_start --seeds "$seeds"
	# shellcheck disable=SC2016,SC2086 # for that shell; words are meant
	sendas_with 'exec "$@" >/dev/full' fix $all --format "$format"
	status_is 5 "$format on a full disk: exit status 5"
	like "$err" '^sendas: .*No space left' "$format: it says why"
	like "$err" 'sendas (fix --run|undo) 2' "$format: and how to go on"
	ok "$format: something was done" test "$(requests patch)" -gt 0
	goes_on 90 "$format"
done

small=$work/small
mkdir "$small"
if test "$SENDAS_OWN_MOUNTS" = yes &&
    mount -t tmpfs -o size=8k sendas "$small" 2>/dev/null; then
	echo before >"$small/report"
	sim_start --seeds "$seeds"
	# shellcheck disable=SC2086
	sendas_run fix $all --format json -o "$small/report"
	status_is 5 "-o on a full disk: exit status 5"
	like "$err" '^sendas: .*No space left' "-o: it says why"
	is "$(cat "$small/report")" before "-o: the file is as it was"
	is "$(ls -A "$small")" report "-o: nothing else is left there"
	goes_on 90 "-o"
	umount "$small"
else
	skip 8 "no file system can be mounted here"
fi

# ---- a file that may grow no further: the journal ----

seeds=$(many_seeds 300)
all="--users $work/users --yes --max-changes 300"
: >"$work/bad"
told=0
# In blocks of 512 bytes; the certificates of the system need 450 or so.
for blocks in 500 700 900 1100; do
	for signal in "trap '' XFSZ;" ""; do
		sim_start --seeds "$seeds"
		rm -rf "$work/home/.local"
		# shellcheck disable=SC2016,SC2086
		sendas_with "$signal ulimit -f $blocks; "'exec "$@"' fix $all
		case $status in
		0) ;;
		5)
			told=$((told + 1))
			grep -q 'journal.db: there is no room left' "$err" ||
			    echo "$blocks: $(cat "$err")" >>"$work/bad"
			;;
		*) echo "$blocks: exit status $status" >>"$work/bad" ;;
		esac
		diag "$blocks ${signal:+told}: $status, $(requests patch) PATCHes"
		left=$(newest_run)
		# Where it was cut before it was confirmed, a yes is needed.
		test "$left" = undefined || sendas_run fix --run "$left" \
		    --yes --max-changes 300
		# shellcheck disable=SC2086
		sendas_run fix $all
		test "$status" = 0 ||
		    echo "$blocks: then exit status $status" >>"$work/bad"
		test "$(ticked)" = 0 || echo "$blocks: a box is left" \
			>>"$work/bad"
		test "$(requests patch)" = 300 ||
		    echo "$blocks: $(requests patch) PATCHes" >>"$work/bad"
	done
done
diag <"$work/bad"
is_empty "$work/bad" "a journal that may not grow: the end is the same"
ok "some of these were told ($told)" test "$told" -gt 1
