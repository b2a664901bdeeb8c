# A plan that somebody else approves: exactly it is applied, with another
# journal too; anything that is not it is refused before Google is asked.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
command -v sha256sum >/dev/null || skip_all "sha256sum is not installed"
plan 40
three="anna@example.com ben@example.com chie@example.com"
plan=$work/plan.jsonl

digest()
{
	sha256sum "$1" | cut -d' ' -f1
}

# plan_is_refused FILE DIGEST STATUS REGEX NAME [ARGUMENT...]
plan_is_refused()
{
	refused_status=$3
	refused_regex=$4
	refused_name=$5
	refused_file=$1
	refused_digest=$2
	shift 5
	sendas_run fix --plan "$refused_file" --sha256 "$refused_digest" \
	    --yes --max-changes 3 "$@"
	status_is "$refused_status" "$refused_name: exit status $refused_status"
	like "$err" "$refused_regex" "$refused_name: it says so"
}

sim_start --seeds "$(three_seeds)"
# shellcheck disable=SC2086 # words are meant
sendas_run fix $three --dry-run --plan "$plan"
status_is 1 "a dry run that plans changes: exit status 1"
sum=$(digest "$plan")
like "$err" "$sum" "it tells the digest"
unlike "$err" 'fix --run' "... and no way around the approval"
has "$plan.txt" "$sum" "the text has it too"
has "$plan.txt" 'anna@ocn.ne.jp Change: "Treat as an alias" on -> off' \
    "... and what changes"
unlike "$plan.txt" "$(printf '[\001-\010\033]')" "... and no control character"
ok "each line keeps to doc/plan-file.schema.json" \
    node "$helpers/conforms.js" "$top_srcdir/doc/plan-file.schema.json" \
    jsonl "$plan"
for secret in $(node -e '
	console.log(require(process.argv[1]).private_key_id)' "$sim_key") \
	invented-password PRIVATE; do
	unlike "$plan" "$secret" "no secret is in it"
done

# What is not the plan that was approved.
asked=$(wc -l <"$sim_requests")
sed 's/chie@ocn/chie@icn/' "$plan" >"$work/altered"
plan_is_refused "$work/altered" "$sum" 2 'not the plan that was approved' \
    "altered"
printf ' ' | cat "$plan" - >"$work/longer"
plan_is_refused "$work/longer" "$sum" 2 'not the plan' "a byte more"
plan_is_refused "$plan" "$(echo "$sum" | tr '0-9a-f' '1-9a-f0')" 2 \
    "not the plan" "another digest"
plan_is_refused "$plan" abc 2 '64 hexadecimal digits' "no digest"
sed 's/"created":"[^"]*"/"created":"2020-01-01T00:00:00Z"/
	s/"expires":"[^"]*"/"expires":"2020-01-08T00:00:00Z"/' "$plan" \
    >"$work/expired"
plan_is_refused "$work/expired" "$(digest "$work/expired")" 2 'good until 2020' \
    "expired"
sed 's/"OCN"/"OCN!"/' "$top_srcdir/policies/ocn.json" >"$work/other.json"
plan_is_refused "$plan" "$sum" 2 'another policy' "another policy" \
    --policy "$work/other.json"
head -n 2 "$plan" >"$work/cut"
plan_is_refused "$work/cut" "$(digest "$work/cut")" 5 'cut off' "cut off"
sed 's/"version":1/"version":2/' "$plan" >"$work/newer"
plan_is_refused "$work/newer" "$(digest "$work/newer")" 5 'newer version' \
    "of a newer version"
sed '2s/"after":false/"after":true/' "$plan" >"$work/nothing"
plan_is_refused "$work/nothing" "$(digest "$work/nothing")" 5 'line 2' \
    "a mistake"
sendas_run fix anna@example.com --plan "$plan" --sha256 "$sum"
status_is 2 "mailboxes beside a plan: exit status 2"
sendas_run fix --plan "$plan"
status_is 2 "a plan alone: exit status 2"
is "$(wc -l <"$sim_requests")" "$asked" "Google was asked nothing"

# Another machine: another journal.
sendas_ask 'type the number of changes: ' 3 -- fix --plan "$plan" \
    --sha256 "$sum" --journal "$work/there/journal.db" --ticket T-17 \
    --approved-by 'Hanako <h@example.com>'
status_is 0 "the plan is applied there"
requests_are patch 3 "each change once"
clean_env "$sendas" runs --journal "$work/there/journal.db" --format json \
    >"$work/there.json"
json_is "$work/there.json" 'd.runs[0].planSha256' "$sum" "recorded: which plan"
json_is "$work/there.json" 'd.runs[0].ticket' T-17 "recorded: the ticket"
json_is "$work/there.json" 'd.runs[0].approvedBy' 'Hanako <h@example.com>' \
    "recorded: who approved it"

sendas_run fix --plan "$plan" --sha256 "$sum" --yes --max-changes 3
status_is 4 "a second time nothing is as the plan saw it: exit status 4"
requests_are patch 3 "nothing is written"
# shellcheck disable=SC2086
sendas_run fix $three --dry-run --plan "$work/none"
like "$err" 'nothing to approve' "without a change there is no plan"
ok "... and no file" test ! -e "$work/none"
