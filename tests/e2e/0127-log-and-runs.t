# --log-format json: a line for each change, for whoever collects logs; and
# what sendas runs tells of the same runs.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 39

journal runs
status_is 0 "nothing was done yet: exit status 0"
has "$out" "No runs are recorded yet" "it says so"
ok "looking makes no journal" \
    test ! -e "$work/home/.local/state/sendas/journal.db"

sim_start --seeds "$(seed log "$(mailbox anna@example.com anna@ocn.ne.jp ''),
    $(mailbox ben@example.com ben@ocn.ne.jp ', "patch": "ignore"')")"
test_env=TZ=Asia/Tokyo
sendas_run fix anna@example.com ben@example.com --yes --max-changes 2 \
    --log-format json --ticket 'T-17 "x"' --approved-by hanako
status_is 4 "one change is ignored: exit status 4"
grep '^{' "$err" >"$work/log"
is "$(wc -l <"$work/log")" 2 "a line for each change"
ok "each keeps to doc/log.schema.json" node "$helpers/conforms.js" \
    "$top_srcdir/doc/log.schema.json" jsonl "$work/log"
like "$work/log" '"time":"[0-9-]*T[0-9:]*\+09:00"' "local time with its offset"
for part in '"ticket":"T-17 \"x\""' '"approvedBy":"hanako"' \
	'"identity":"sendas@' '"field":"treatAsAlias","before":true,"after":false'; do
	is "$(grep -cF "$part" "$work/log")" 2 "both have $part"
done
is "$(grep -c '"outcome":"applied"' "$work/log")" 1 "one is applied"
is "$(grep -c '"outcome":"ignored"' "$work/log")" 1 "one is ignored"
like "$out" 'changed, and read back' "the report is as always"
unlike "$out" '^\{' "the log is no part of it"
fix=$(newest_run)
like "$work/log" "\"run\":\"$fix\"" "the run is named"

sendas_run fix ben@example.com --dry-run --log-format json
grep '^{' "$err" >"$work/log"
like "$work/log" '"dryRun":true.*"outcome":"planned"' "a dry run is told as one"
sendas_run fix ben@example.com --dry-run --log-format text
unlike "$err" '^\{' "--log-format text adds nothing"
sendas_run fix ben@example.com --dry-run --log-format xml
status_is 2 "another format: exit status 2"
sendas_run undo "$fix" --yes --max-changes 1 --log-format json
grep '^{' "$err" >"$work/log"
like "$work/log" "\"command\":\"undo\".*\"undoOf\":\"$fix\"" \
    "an undo says what it takes back"

# The same from the journal.
clean_env "$sendas" runs --format json >"$work/runs.json"
ok "the list keeps to doc/runs.schema.json" node "$helpers/conforms.js" \
    "$top_srcdir/doc/runs.schema.json" json "$work/runs.json"
json_is "$work/runs.json" 'd.runs.map((r) => r.command).join()' \
    undo,fix,fix,fix "the newest first"
clean_env "$sendas" runs "$fix" --format json >"$work/run.json"
ok "one run keeps to it too" node "$helpers/conforms.js" \
    "$top_srcdir/doc/runs.schema.json" json "$work/run.json"
json_is "$work/run.json" 'd.run.host.length > 0 && d.run.user.length > 0 &&
    /^[0-9a-f]{64}$/.test(d.run.policySha256)' true "who, where, which policy"
json_is "$work/run.json" 'd.mailboxes.flatMap((m) => m.changes)
    .map((c) => c.outcome).sort().join()' ignored,undone "what became of each"
unlike "$work/run.json" 'invented-password|PRIVATE' "no secret is in it"
journal runs
like "$out" "^$fix  .*  fix  .* 2  finished\$" "the list for a person"
has "$out" '1 ignored by Google, 1 put back since' "... with the outcomes"
has "$out" 'Ticket: T-17 "x"' "... and the ticket"
journal runs "$fix" --lang ja
has "$out" '承認者: hanako' "one run, in Japanese"
journal runs "$fix"
has "$out" 'was changed, and put back since' "... and in English"
like "$out" '^Approved by: hanako' "who approved it"

journal runs 20200101T000000Z-0000
status_is 2 "a run that there is not: exit status 2"
journal runs --purge
status_is 2 "--purge without an age: exit status 2"
journal runs --purge --older-than soon
status_is 2 "an age that is none: exit status 2"
journal runs --format jsonl
status_is 2 "--format jsonl: exit status 2"
journal runs --purge --older-than 400d
has "$out" '0 runs were deleted' "nothing is that old"
journal runs --purge --older-than 0d
has "$out" '4 runs were deleted. They cannot be undone any more' \
    "all of them, and what that means"
sendas_run undo "$fix" --yes --max-changes 1
status_is 2 "what was deleted cannot be undone"
