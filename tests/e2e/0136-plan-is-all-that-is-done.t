# An approved plan is exactly what is done: not what was set up since, not what
# somebody else changed, and no more than was confirmed. Wrong calls say what is
# wrong with them.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
command -v sha256sum >/dev/null || skip_all "sha256sum is not installed"
plan 45

there="--journal $work/there/journal.db"
file=$work/plan.jsonl

# newest_there: the id of the newest run in the other journal.
newest_there()
{
	# shellcheck disable=SC2086 # words are meant
	clean_env "$sendas" runs $there --format json >"$work/there.json"
	json "$work/there.json" 'd.runs[0].id'
}

# plan_for MAILBOX...: writes a plan to $file; its digest is in $sum.
plan_for()
{
	rm -f "$file" "$file.txt"
	sendas_run fix "$@" --dry-run --plan "$file"
	sum=$(sha256sum "$file" | cut -d' ' -f1)
}

sim_start --seeds "$(three_seeds)"
plan_for anna@example.com ben@example.com
status_is 1 "a plan of two changes: exit status 1"
has "$err" "sendas fix --plan $file --sha256 $sum" "it tells what to do then"
asked=$(wc -l <"$sim_requests")

# wrong_call REGEX NAME ARGUMENT...
wrong_call()
{
	wrong_regex=$1
	wrong_name=$2
	shift 2
	# shellcheck disable=SC2086
	sendas_run fix --yes --max-changes 9 $there "$@"
	status_is 2 "$wrong_name: exit status 2"
	like "$err" "$wrong_regex" "$wrong_name: it says so"
}
echo anna@example.com >"$work/users"
run=$(newest_run)
wrong_call 'sha256 needs --plan' "a digest alone" --sha256 "$sum"
wrong_call 'sha256 needs --plan' "a digest and a run" --sha256 "$sum" \
    --run "$run"
wrong_call 'needs either --dry-run' "a plan alone" --plan "$file" \
    anna@example.com
wrong_call 'needs either --dry-run' "a plan, a digest and a dry run" \
    --plan "$file" --sha256 "$sum" --dry-run
wrong_call 'not both' "a plan and a run" --plan "$file" --sha256 "$sum" \
    --run "$run"
wrong_call 'not both' "a plan and --resume" --plan "$file" --sha256 "$sum" \
    --resume
wrong_call 'give none beside it' "a plan and a list" --plan "$file" \
    --sha256 "$sum" --users "$work/users"
wrong_call 'give none beside it' "a plan and a mailbox" --plan "$file" \
    --sha256 "$sum" anna@example.com
# shellcheck disable=SC2086
sendas_run fix --plan "$work/none" --sha256 "$sum" $there --yes --max-changes 2
status_is 5 "no such file: exit status 5"
has "$err" "$work/none" "it is named"
is "$(wc -l <"$sim_requests")" "$asked" "Google was asked nothing"

sendas_run fix anna@example.com --dry-run --plan "$work/no/such/folder"
status_is 5 "no place for a plan: exit status 5"
has "$err" "$work/no/such/folder" "it is named"

# What was set up after the approval is not part of it; what somebody did
# already is left alone.
node "$helpers/sim-state.js" "$sim_ready" anna@example.com \
    'd.sendAs.push(Object.assign({}, d.sendAs[1],
	{ sendAsEmail: "new@ocn.ne.jp" }))'
node "$helpers/sim-state.js" "$sim_ready" ben@example.com \
    'd.sendAs[1].treatAsAlias = false'
# shellcheck disable=SC2086
sendas_run fix --plan "$file" --sha256 "$sum" $there --yes --max-changes 1
status_is 1 "more changes than allowed: exit status 1"
requests_are patch 0 "nothing is written"
first=$(newest_there)
json_is "$work/there.json" '[d.runs[0].changes.planned, d.runs[0].finished]' \
    '[2,null]' "the plan waits"
has "$err" "sendas fix --run $first" "it says how to go on"
# shellcheck disable=SC2086
sendas_ask 'type the number of changes: ' 1 -- fix --plan "$file" \
    --sha256 "$sum" $there
status_is 1 "a wrong number: exit status 1"
requests_are patch 0 "nothing is written"
# shellcheck disable=SC2086
sendas_ask 'type the number of changes: ' 2 -- fix --plan "$file" \
    --sha256 "$(echo "$sum" | tr a-f A-F)" $there --ticket T-18 \
    --approved-by Jiro --format json
status_is 4 "one that somebody did already: exit status 4"
json_is "$out" 'd.mailboxes.flatMap((m) => m.changes.map((c) => c.address +
    " " + c.outcome)).sort().join()' \
    "anna@ocn.ne.jp applied,ben@ocn.ne.jp changed-meanwhile" \
    "exactly the plan's changes"
is_report json "$out" "the report keeps to the contract"
requests_are patch 1 "one is written"
is "$(alias_of anna@example.com new@ocn.ne.jp)" true \
    "what came after the approval is not touched"
is "$(alias_of chie@example.com chie@ocn.ne.jp)" true \
    "nor is a mailbox that is not in it"
applied=$(newest_there)
json_is "$work/there.json" 'd.runs[0].planSha256' "$sum" \
    "the run tells the digest of its plan"
# shellcheck disable=SC2086
journal runs "$applied" $there
has "$out" "T-18" "... the ticket"
has "$out" "Jiro" "... and who approved it"

# A canary of a plan, and the rest of it.
sim_start --seeds "$(three_seeds)"
there="--journal $work/elsewhere/journal.db"
plan_for anna@example.com ben@example.com chie@example.com
# shellcheck disable=SC2086
sendas_run fix --plan "$file" --sha256 "$sum" $there --canary 1 --yes \
    --max-changes 3
status_is 1 "a canary of a plan: exit status 1"
requests_are patch 1 "one change is made"
canary=$(newest_there)
has "$err" "sendas fix --run $canary" "it tells how to go on"
# shellcheck disable=SC2086
sendas_run fix --run "$canary" $there --yes --max-changes 3
status_is 0 "the rest: exit status 0"
requests_are patch 3 "each change is made once"
# shellcheck disable=SC2086
sendas_run undo "$canary" $there --yes --max-changes 3
status_is 0 "an undo of it: exit status 0"
requests_are patch 6 "all are put back"
