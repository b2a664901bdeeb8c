# A journal that cannot be written, or is not to be: fix and undo ask Google
# for nothing and say the way out; audit says so and gives its results all the
# same.
. "$(dirname "$0")/../helpers/mounts.sh"
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 116

# A mailbox to repair, one that is right, and one that cannot be read.
sim_start --seeds "$(seed some "$(mailbox anna@example.com anna@ocn.ne.jp ''),
    $(mailbox ben@example.com ben@ocn.ne.jp '' | sed \
	's/"treatAsAlias": true/"treatAsAlias": false/'),
    $(mailbox chie@example.com chie@ocn.ne.jp '' | sed \
	's/"workspace"/"mail-service-off"/')")"

# A journal with a run that can be undone, whole in its one file.
sendas_run fix anna@example.com --yes --max-changes 1
done=$(newest_run)
good=$work/good.db
cp "$work/home/.local/state/sendas/journal.db" "$good"
is "$(ls "$work/home/.local/state/sendas")" journal.db \
    "a journal at rest is one file"
node "$helpers/sim-state.js" "$sim_ready" anna@example.com \
    'd.sendAs[1].treatAsAlias = true'

bad=$work/bad/journal.db
mkdir -m 700 "$work/bad"

# fresh: the good journal in the place where it is made a bad one.
fresh()
{
	rm -f "$work/bad/"*
	cp "$good" "$bad"
	chmod 600 "$bad"
}

# put OFFSET BYTES: of the bad one, in printf's words.
put()
{
	# shellcheck disable=SC2059 # a format is meant
	printf "$2" | dd of="$bad" bs=1 seek="$1" conv=notrunc 2>"$work/dd"
}

# refuses NAME ERE PREPARE: fix and undo end before Google is asked, with a
# line that matches.
refuses()
{
	for refused in "fix anna@example.com" "undo $done"; do
		$3
		before=$(wc -l <"$sim_requests")
		# shellcheck disable=SC2086 # words are meant
		sendas_run $refused --journal "$bad" --yes --max-changes 1
		status_is 5 "$1: ${refused%% *}: exit status 5"
		like "$err" "^sendas: $bad: .*$2" \
		    "$1: ${refused%% *}: it names the file and the way out"
		is "$(wc -l <"$sim_requests")" "$before" \
		    "$1: ${refused%% *}: nothing was asked of Google"
	done
}

# audits NAME ERE PREPARE: audit says so, and its results and exit status are
# those that they would be.
audits()
{
	while read -r wanted mailboxes; do
		$3
		# shellcheck disable=SC2086 # words are meant
		sendas_run audit $mailboxes --journal "$bad" --format json
		status_is "$wanted" "$1: audit $mailboxes: exit status $wanted"
		like "$err" "$2.*not recorded" "$1: it says that"
		json_is "$out" 'd.summary.complete' true "$1: it is complete"
	done <<-END
		1 anna@example.com
		0 ben@example.com
		4 chie@example.com
	END
}

# both NAME ERE PREPARE
both()
{
	refuses "$@"
	audits "$@"
}

# left_alone NAME: the bad one is as it was made, and alone.
left_alone()
{
	is "$(cksum <"$bad")" "$made" "$1: it was left alone"
	is "$(ls "$work/bad")" journal.db "$1: and nothing was put beside it"
}

# ---- others can read it ----

open_to_others()
{
	fresh
	chmod 644 "$bad"
}
both "0644" "chmod 600 $bad" open_to_others
sendas_run undo "$done" --journal "$bad" --dry-run
status_is 5 "0644: a dry run, too"
chmod 600 "$bad"
sendas_run undo "$done" --journal "$bad" --dry-run
ok "0644: what it says helps" test "$status" -ne 5

# ---- of the future (user_version, at 60 of the file), another's ----

of_the_future()
{
	fresh
	put 60 '\000\000\003\347'
	made=$(cksum <"$bad")
}
both "the future's" "a newer version .*--journal FILE" of_the_future
left_alone "the future's"

# application_id, at 68
of_another()
{
	fresh
	put 68 'ABCD'
	made=$(cksum <"$bad")
}
both "another program's" "left alone.*--journal FILE" of_another
left_alone "another program's"

no_database()
{
	fresh
	cp "$top_srcdir/policies/ocn.json" "$bad"
	chmod 600 "$bad"
	made=$(cksum <"$bad")
}
both "no database" "left alone.*--journal FILE" no_database
left_alone "no database"

# ---- damaged ----

# All but the first page, and with it what the file says of itself.
damaged()
{
	fresh
	size=$(stat -c %s "$bad")
	head -c 4096 "$good" >"$bad"
	yes 'not what it was' | head -c $((size - 4096)) >>"$bad"
}
both "damaged" "damaged.*set aside" damaged
is "$(ls "$work/bad" | grep -c 'damaged-[0-9TZ]*$')" 1 \
    "damaged: it is kept beside"
sendas_run fix ben@example.com --journal "$bad" --yes --max-changes 1
status_is 0 "damaged: the next run begins a new one"

# ---- locked ----

holder=
let_go()
{
	test -n "$holder" || return 0
	kill "$holder"
	wait "$holder" 2>/dev/null
	holder=
}
locked()
{
	let_go
	fresh
	rm -f "$work/locked"
	"$top_builddir/tests/helpers/hold_journal" "$bad" >"$work/locked" &
	holder=$!
	wait_for 10 test -s "$work/locked"
}
if test -x "$top_builddir/tests/helpers/hold_journal"; then
	both "locked" "another process has been writing" locked
	let_go
else
	skip 15 "tests/helpers/hold_journal is not built"
fi

# ---- read-only ----

read_only()
{
	umount "$work/bad" 2>/dev/null
	fresh
	mount --bind "$work/bad" "$work/bad" &&
	    mount -o remount,ro,bind "$work/bad"
}
if test "$SENDAS_OWN_MOUNTS" = yes && read_only 2>/dev/null; then
	both "read-only" "--journal FILE" read_only
	umount "$work/bad"
elif test "$(id -u)" -ne 0; then
	read_only()
	{
		chmod 700 "$work/bad"
		fresh
		chmod 400 "$bad"
		chmod 500 "$work/bad"
	}
	both "read-only" "--journal FILE" read_only
	chmod 700 "$work/bad"
else
	skip 15 "nothing can be made read-only here"
fi
