# fix without a terminal and without --yes: it cannot ask, so it changes
# nothing. What stands on standard input is no answer.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 8

sim_start --demo
yes | head -n 100 >"$work/yes"
input=$work/yes

sendas_run fix jiro@example.com
status_is 1 "exit status 1"
like "$err" 'nobody to ask, so none of the planned changes was made' "it says why"
like "$err" '--yes --max-changes 1' "... and the way out"
like "$out" '^Planned, and not written:' "the results show the plan"
requests_are patch 0 "no PATCH"
is "$(alias_of jiro@example.com jiro@ocn.ne.jp)" true \
    "nothing changed at Google"

input=
sendas_run fix hanako@example.com
status_is 0 "with nothing to change nobody is needed: exit status 0"
unlike "$err" 'nobody to ask' "... and none is missed"
