# --canary N among ten mailboxes with one or two changes each: what the question
# names is what is made, no more than that, and the rest waits to be asked about.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 31
all=15

# ten_seeds: user1 to user10 at example.com; those with an even number have two
# boxes that are ticked, the others one. Their names are in $work/users.
ten_seeds()
{
	ten=
	: >"$work/users"
	for ten_n in $(seq 10); do
		ten_user=user$ten_n@example.com
		echo "$ten_user" >>"$work/users"
		ten="$ten${ten:+, }{\"mailbox\": \"$ten_user\", \"kind\":
		    \"workspace\", \"sendAs\": [{\"sendAsEmail\": \"$ten_user\",
		    \"isPrimary\": true}"
		for ten_host in ocn sky.ocn; do
			test "$ten_host" = ocn -o $((ten_n % 2)) = 0 || continue
			ten="$ten, {\"sendAsEmail\":
			    \"user$ten_n@$ten_host.ne.jp\", \"treatAsAlias\":
			    true, \"verificationStatus\": \"accepted\",
			    \"displayName\": \"T\", \"smtpMsa\": {\"host\":
			    \"smtp.ocn.ne.jp\", \"port\": 465,
			    \"securityMode\": \"ssl\"}}"
		done
		ten="$ten]}"
	done
	seed ten "$ten"
}

# The addresses that a file names or that were written to, one a line.
named_in()
{
	grep -oE 'user[0-9]+@(sky\.)?ocn\.ne\.jp' "$1" | sort -u
}
written()
{
	grep -F '"call":"patch"' "$sim_requests" | sed 's/%40/@/' >"$work/patches"
	named_in "$work/patches"
}

# numbers: of changes and mailboxes, as the question had them.
numbers()
{
	flat "$tty" | sed 's/.*These are \([0-9]*\) changes in \([0-9]*\) mail.*/\1 \2/'
}

sim_start --seeds "$(ten_seeds)"
question='type the number of changes: '
sendas_ask "$question" $all -- fix --users "$work/users" --canary 4
status_is 1 "the number of all is no yes to a part: exit status 1"
requests_are patch 0 "nothing is written"
run=$(newest_run)
part=$(numbers)
named_in "$tty" >"$work/named"
count=${part% *}
boxes=${part#* }
ok "four at most, and three at least: no mailbox is split" \
    test "$count" -eq 4 -o "$count" -eq 3
is "$(wc -l <"$work/named")" "$count" "the question names each of them"
run_is "$run" 'd.run.changes.planned' $all "all of them are planned"

sendas_run fix --run "$run" --canary 4 --yes --max-changes $((all - 1))
status_is 1 "--max-changes is about the whole plan: exit status 1"
has "$err" "has $all changes" "it says how many those are"
requests_are patch 0 "nothing is written"

sendas_ask "$question" "$count" -- fix --run "$run" --canary 4
status_is 1 "the canary's own number: exit status 1, there is more"
is "$(numbers)" "$part" "the question is the same as before"
requests_are patch "$count" "so many are written"
is "$(written)" "$(cat "$work/named")" "those that it named"
run_is "$run" '[d.run.changes.applied, d.run.changes.planned]' \
    "[$count,$((all - count))]" "the journal says the same"
run_is "$run" 'd.mailboxes.filter((m) => m.changes.every((c) =>
    c.outcome === "applied")).length' "$boxes" "whole mailboxes"
run_is "$run" 'd.mailboxes.filter((m) => m.changes.every((c) =>
    c.outcome === "planned")).length' $((10 - boxes)) "... and no halves"
has "$err" "$((all - count)) changes are planned and not made" \
    "it says how many are left"
has "$err" "sendas fix --run $run" "... and how to make them"
has "$err" "sendas undo $run" "... and how to go back"
run_is "$run" 'd.run.finished' null "the run is not over"

sendas_ask "$question" "$count" -- fix --run "$run"
status_is 1 "the canary's number is no yes to the rest: exit status 1"
requests_are patch "$count" "nothing more is written"
is "$(numbers)" "$((all - count)) $((10 - boxes))" "the rest is asked about"
sendas_ask "$question" $((all - count)) -- fix --run "$run"
status_is 0 "the rest: exit status 0"
requests_are patch $all "each is written once"
is "$(written | wc -l)" $all "each address"
has_not "$err" "sendas fix --run" "there is nothing to go on with"

sendas_run undo "$run" --canary 1 --yes --max-changes $all
status_is 1 "an undo's canary: exit status 1"
back=$(newest_run)
ok "one mailbox is taken, with one change or two" \
    test "$(requests patch)" -gt $all -a "$(requests patch)" -le $((all + 2))
run_is "$run" 'd.run.changes.undone' $(($(requests patch) - all)) \
    "those are put back"
sendas_run undo "$back" --canary 99 --yes --max-changes 2
status_is 0 "a canary that is more than there is: exit status 0"
run_is "$back" 'd.run.changes.applied' 0 "... is all"
