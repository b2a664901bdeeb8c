# fix --yes goes unasked only with a bound, and a plan beyond the bound is
# refused whole, before the first write.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 21

sim_start --demo

sendas_run fix jiro@example.com --yes
status_is 2 "--yes alone: exit status 2"
like "$err" '--max-changes N' "it says what is missing"
is_empty "$out" "no results"
requests_are token 0 "nothing was asked of Google"

sendas_run fix jiro@example.com taro@example.com --yes --max-changes 1
status_is 1 "two changes where one is allowed: exit status 1"
like "$err" '2 changes, more than --max-changes 1' "it says why"
requests_are patch 0 "not even one is made"
like "$out" '^Planned, and not written:' "the results show the plan"

sendas_run fix jiro@example.com --yes --max-changes 0
status_is 1 "none allowed: exit status 1"
requests_are patch 0 "... and none made"

for bad in -1 x 1.5 '' 99999999999; do
	sendas_run fix jiro@example.com --yes "--max-changes=$bad"
	status_is 2 "--max-changes \"$bad\": exit status 2"
done
requests_are patch 0 "no PATCH by any of these"

# With a person to ask, the bound holds too.
sendas_ask -- fix jiro@example.com taro@example.com --max-changes 1
status_is 1 "the bound without --yes: exit status 1"
is_empty "$tty" "... and no question"
requests_are patch 0 "... and no PATCH"

sendas_run fix jiro@example.com taro@example.com --yes --max-changes 2 \
    --format json
json_is "$out" 'd.summary.changes' '{"applied":2}' \
    "exactly as many as allowed are made"
requests_are patch 2 "with one PATCH each"
