# Results that nobody takes are an error that is told, not a death by SIGPIPE
# in the middle of a change, nor a success.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 15

sim_start --demo
echo '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": true}]}' \
    >"$work/good"

# in_pipe COMMAND...: into a pipe whose reader is gone; its status in $status.
in_pipe()
{
	cat >"$work/in-pipe" <<-'END'
		{ sleep 0.3; "$@"; echo $? >"$0.status"; } | :
	END
	run sh "$work/in-pipe" "$@"
	status=$(cat "$work/in-pipe.status")
}

for format in text json jsonl; do
	in_pipe "$sendas" audit --from "$work/good" --format "$format"
	status_is 5 "$format into a closed pipe: exit status 5"
	like "$err" 'cannot be written: Broken pipe' "... and it says why"
	is "$(grep -c '^sendas:' "$err")" 1 "... once"
done

in_pipe "$sendas" fix jiro@example.com taro@example.com --yes --max-changes 2 \
    --credentials "$sim_key" --ca-file "$sim_ca" \
    --endpoint "gmail=$sim_gmail" --endpoint "token=$sim_token"
status_is 5 "fix into a closed pipe: exit status 5"
patched=$(requests patch)
ok "a PATCH that was sent is read back all the same" \
    test "$(requests list)" -ge $((2 + 2 * patched))

# Without any standard output, nothing else is written to in its place.
run sh -c 'exec "$@" >&-' sh "$sendas" audit --from "$work/good"
status_is 5 "no standard output: exit status 5"
is "$(cat "$work/good")" "$(printf '%s' '{"sendAs": [{"sendAsEmail": '\
'"t@ocn.ne.jp", "treatAsAlias": true}]}')" "... and the input is as it was"
run sh -c 'exec "$@" <&- >&- 2>&-' sh "$sendas" audit --from "$work/good" \
    -o "$work/report"
like "$work/report" '^FIX +t@ocn' "-o FILE with nothing open at all"
unlike "$work/report" '^sendas:' "... has the results alone"
