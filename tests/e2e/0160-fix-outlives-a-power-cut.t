# The power fails in the middle of a fix: of what was written, only what was
# made durable is there afterwards. It is enough to go on from, without a
# question, to the same end.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
: "${CC:=cc}"
command -v "$CC" >/dev/null || skip_all "$CC is not installed"
needs_sim
"$CC" -shared -fPIC -o "$work/synced.so" "$helpers/synced.c" ||
    skip_all "nothing can be preloaded here"

people="anna@example.com ben@example.com chie@example.com"
disk=$work/home/.local/state/sendas
kept=$work/kept

# fix_until POINT: a fix of all three, until the power fails at that point.
# (The sanitizer wants to be loaded first, and need not.)
fix_until()
{
	sim_start --seeds "$(three_seeds)"
	rm -rf "$disk" "$kept"
	mkdir -p "$disk" "$kept"
	chmod 700 "$disk"
	test_env="LD_PRELOAD=$work/synced.so SYNCED_OF=$disk SYNCED_TO=$kept
	    ASAN_OPTIONS=exitcode=99:verify_asan_link_order=0
	    SENDAS_FAULT_POINT=$1"
	# shellcheck disable=SC2086 # words are meant
	sendas_run fix $people --yes --max-changes 3
	test_env=
	rm -rf "$disk"
	mv "$kept" "$disk"
	chmod 700 "$disk"
}

fix_until journal.begin.before
test "$status" = 137 || skip_all "built without --enable-fault-points"
plan 36

# outlives POINT NAME DONE: with at least so many changes settled before.
outlives()
{
	fix_until "$1"
	status_is 137 "$2: killed"
	ok "$2: something was made durable" test -s "$disk/journal.db-wal"
	cut=$(newest_run)
	json_is "$work/runs.json" 'd.runs[0].changes.planned' 0 \
	    "$2: what was confirmed is known as confirmed"
	json_is "$work/runs.json" 'd.runs[0].changes.applied >= '"$3" true \
	    "$2: what was told as done is done"
	# What waits for the disk at once may be made durable at once.
	left=$(json "$work/runs.json" 'd.runs[0].changes.open > 0 ? 0 : 2')
	sendas_run fix --run "$cut"
	status_is "$left" "$2: it is gone on with, without a question"
	run_is "$cut" 'd.run.changes.applied' 3 "$2: all are applied"
	run_is "$cut" 'd.run.changes["changed-meanwhile"] +
	    d.run.changes.open' 0 "$2: nothing is taken for another's change"
	is "$(sim_state_of anna@example.com 'd.sendAs[1].treatAsAlias')$(
	    sim_state_of ben@example.com 'd.sendAs[1].treatAsAlias')$(
	    sim_state_of chie@example.com 'd.sendAs[1].treatAsAlias')" \
	    falsefalsefalse "$2: each box is clear"
	requests_are patch 3 "$2: each was written once"
}

outlives execute.confirmed "after the question" 0
outlives apply.patch:2 "before a change is sent" 0
outlives apply.patched:2 "after it was sent" 0
outlives apply.settled:2 "after its outcome" 2
