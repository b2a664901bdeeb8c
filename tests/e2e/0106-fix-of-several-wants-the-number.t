# fix of several mailboxes: the question lists them all, and the answer is the
# number of changes, so that a habit of the fingers does not change them.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 19

sim_start --demo
question='type the number of changes: '

for answer in y yes 3 2x "" ^D; do
	sendas_ask "$question" "$answer" -- \
	    fix jiro@example.com taro@example.com
	status_is 1 "\"$answer\" is no yes: exit status 1"
	requests_are patch 0 "\"$answer\" changes nothing"
done

sendas_ask "$question" ２ -- fix jiro@example.com taro@example.com \
    hanako@example.com --format json
status_is 1 "the number: made, and taro's port is left as a finding"
like "$tty" '^jiro@example\.com' "the question names the one"
like "$tty" '^taro@example\.com' "... and the other"
unlike "$tty" '^hanako@example\.com' "... and not where nothing changes"
like "$tty" '2 changes in 2 mailboxes' "it says how many there are"
json_is "$out" 'd.summary.changes' '{"applied":2}' "both are made"
requests_are patch 2 "with one PATCH each"
