# Ctrl-C once: what is under way is settled, nothing new is begun, and it says
# how to go on. Twice: it leaves at once. Going on finishes either, and nothing
# is written twice.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/beside.sh"
needs_expect
needs_sim
plan 60

# More than are under way at once.
count=90
seeds=$(many_seeds $count)
all="--yes --max-changes $count"

# count_of RUN WORD: how many changes of the run are so.
count_of()
{
	clean_env "$sendas" runs "$1" --format json >"$work/run.json"
	json "$work/run.json" "d.run.changes.$2"
}

# goes_on RUN NAME: finishes it without being asked again.
goes_on()
{
	sendas_run fix --run "$1"
	status_is 0 "$2: fix --run goes on without being asked again"
	is "$(ticked)" 0 "$2: then each box is clear"
	each_patched_once $count "$2: each mailbox was written to once"
	sendas_run fix --run "$1" --yes --max-changes $count
	status_is 2 "$2: nothing is left"
}

# ---- once, while it writes ----

# once SIGNAL NAME
once()
{
	sim_start --seeds "$seeds" --delay 300
	# shellcheck disable=SC2086 # words are meant
	begin fix --users "$work/users" $all --format json
	wait_for 30 asked_for patch 1
	kill "-$1" "$begun_pid"
	end
	status_is 130 "$2: exit status 130"
	ok "$2: it ends soon" test "$took_ms" -lt 10000
	like "$err" '^sendas: interrupted$' "$2: it says so"
	cut=$(newest_run)
	applied=$(count_of "$cut" applied)
	open=$(count_of "$cut" open)
	like "$err" "$open confirmed changes .*sendas fix --run $cut" \
	    "$2: it says how to go on"
	like "$err" "sendas undo $cut" "$2: and how to go back"
	ok "$2: something was done, and something is left" \
	    test "$applied" -gt 0 -a "$open" -gt 0
	is $((applied + open)) $count "$2: each is settled or open"
	is "$(ticked)" "$open" "$2: what is settled is so at Google"
	each_patched_once "$applied" "$2: what is open was not written"
	json_is "$out" 'd.summary.complete' false \
	    "$2: the results are whole, and not called complete"
	json_is "$out" 'd.mailboxes.filter((m) =>
	    m.changes[0].outcome === "applied").length' "$applied" \
	    "$2: they show what was done"
	goes_on "$cut" "$2"
}

once INT "Ctrl-C"
once TERM "SIGTERM"

# ---- twice, while it writes ----

sim_start --seeds "$seeds" --delay 1500
# shellcheck disable=SC2086
begin fix --users "$work/users" $all
wait_for 30 asked_for patch 1
kill -INT "$begun_pid"
sleep 0.3
kill -INT "$begun_pid"
end
status_is 130 "twice: exit status 130"
ok "twice: it leaves at once" test "$took_ms" -lt 1000
cut=$(newest_run)
is $(($(count_of "$cut" applied) + $(count_of "$cut" open))) $count \
    "twice: nothing is called anything but applied or open"
ok "twice: what was written is open still" \
    test "$(count_of "$cut" open)" -gt "$(ticked)"
goes_on "$cut" "twice"

# ---- while it reads ----

sim_start --seeds "$seeds" --delay 300
begin audit --users "$work/users" --format json
wait_for 30 asked_for list 1
kill -INT "$begun_pid"
end
status_is 130 "an audit: exit status 130"
json_is "$out" 'd.summary.complete' false "an audit: not called complete"
json_is "$out" 'd.mailboxes.length' $count "an audit: it tells of each"
json_is "$out" 'd.mailboxes.every((m) => m.status === "read" ||
    m.reason === "cancelled")' true "an audit: read, or not come to"

# The audit's looks are not to be taken for this one's.
sim_start --seeds "$seeds" --delay 1000
# shellcheck disable=SC2086
begin fix --users "$work/users" $all
wait_for 30 asked_for list 1
kill -INT "$begun_pid"
end
status_is 130 "while it reads: exit status 130"
ok "while it reads: it ends soon" test "$took_ms" -lt 10000
requests_are patch 0 "while it reads: nothing is written"
cut=$(newest_run)
planned=$(count_of "$cut" planned)
ok "while it reads: what was read is planned" test "$planned" -gt 0
is "$(count_of "$cut" open)" 0 "while it reads: and not confirmed"
like "$err" "$planned changes are planned .*sendas fix --run $cut" \
    "while it reads: it says how to make them"
sendas_run fix --run "$cut"
status_is 1 "while it reads: going on asks"
requests_are patch 0 "while it reads: ... before anything is written"
# shellcheck disable=SC2086
sendas_run fix --run "$cut" $all
each_patched_once "$planned" "while it reads: a yes makes what was planned"
# shellcheck disable=SC2086
sendas_run fix --users "$work/users" $all
status_is 0 "while it reads: a new fix makes the rest"
each_patched_once $count "while it reads: each once"
is "$(ticked)" 0 "while it reads: then each box is clear"

# ---- at the question ----

sim_start --seeds "$(three_seeds)"
three="anna@example.com ben@example.com chie@example.com"
# shellcheck disable=SC2086
sendas_ask 'type the number of changes: ' ^C -- fix $three
status_is 130 "at the question: exit status 130"
requests_are patch 0 "at the question: nothing is written"
cut=$(newest_run)
is "$(count_of "$cut" planned)" 3 "at the question: the plan stays a plan"
like "$err" "3 changes are planned .*sendas fix --run $cut" \
    "at the question: it says how to make it"
sendas_run fix --run "$cut" --yes --max-changes 3
status_is 0 "at the question: a yes later makes it"
requests_are patch 3 "at the question: each once"
