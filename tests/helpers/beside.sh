# shellcheck shell=sh
# Runs of sendas beside the test, to be watched and interrupted while they are
# at work, and many mailboxes for them. To be sourced after sim.sh.

# many_seeds COUNT: a file with user1@example.com to the last, each with one
# OCN address whose box is ticked; prints its path. Their names are in
# $work/users.
many_seeds()
{
	many=
	: >"$work/users"
	for many_n in $(seq "$1"); do
		many="$many${many:+, }$(mailbox "user$many_n@example.com" \
		    "user$many_n@ocn.ne.jp" '')"
		echo "user$many_n@example.com" >>"$work/users"
	done
	seed many "$many"
}

# begin COMMAND ARGUMENT...: as sendas_run, but it comes back at once. The
# process is $begun_pid.
begin()
{
	begin_words=$*
	begin_command=$1
	shift
	rm -f "$work/begun.pid"
	: >"$work/begun.out"
	: >"$work/begun.err"
	clean_env setsid sh -c 'echo $$ >"$0"; exec "$@"' "$work/begun.pid" \
	    "$sendas" "$begin_command" --credentials "$sim_key" \
	    --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
	    --endpoint "token=$sim_token" "$@" </dev/null \
	    >"$work/begun.out" 2>"$work/begun.err" &
	begun=$!
	wait_for 10 test -s "$work/begun.pid"
	begun_pid=$(cat "$work/begun.pid")
}

begun_is_over()
{
	! kill -0 "$begun_pid"
}

# end: waits for what was begun; then all is as after sendas_run, and how long
# it took from now on is in $took_ms.
end()
{
	run_command="(beside) $begin_words"
	end_began=$(date +%s%3N)
	wait_for "$run_limit_sec" begun_is_over || kill -KILL "$begun_pid"
	begin_run
	wait "$begun" || status=$?
	took_ms=$(($(date +%s%3N) - end_began))
	cp "$work/begun.out" "$out"
	cp "$work/begun.err" "$err"
	note_sanitizer
}

# asked_for KIND COUNT: so many such requests have come; for wait_for.
asked_for()
{
	test "$(requests "$1")" -ge "$2"
}

# ticked: how many of the boxes of many_seeds are ticked at Google.
ticked()
{
	node "$helpers/sim-ticked.js" "$sim_ready" "$work/users"
}

# each_patched_once COUNT NAME: so many mailboxes were written to, none twice.
each_patched_once()
{
	grep -F '"call":"patch"' "$sim_requests" |
	    sed 's/.*"mailbox":"\([^"]*\)".*/\1/' | sort | uniq -c |
	    awk '{ all++; if ($1 > 1) twice++ } END { print all + 0, twice + 0 }' \
	    >"$work/patched"
	is "$(cat "$work/patched")" "$1 0" "$2"
}
