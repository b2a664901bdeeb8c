# A thousand mailboxes in one run, while no request fails, every tenth, and
# three of ten: what comes out is what the seeds themselves reckon to, and no
# mailbox is ever asked twice at once.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 26
run_limit_sec=240
count=1000
seq -f 'user%05g@example.com' 1 $count >"$work/users"

# The same mailboxes without any network: the seeds, judged by --from.
node "$top_srcdir/tests/sim/seeds.js" --count $count --seed 7 >"$work/seeds"
run "$sendas" audit --from "$work/seeds" --format jsonl -o "$work/expected"
status_is 1 "the seeds have findings"

# By name, without what differs by nature.
# plain FILE
plain()
{
	node -e '
		const lines = require("fs").readFileSync(process.argv[1], "utf8")
			.trim().split("\n").map((line) => JSON.parse(line));
		const boxes = lines.filter((line) => line.mailbox)
			.map(({ version, run, source, ...rest }) => rest)
			.sort((a, b) => a.mailbox < b.mailbox ? -1 : 1);
		const { finished, ...summary } = lines.at(-1).summary;
		console.log(boxes.concat(summary).map((v) => JSON.stringify(v))
			.join("\n"));' "$1"
}
plain "$work/expected" >"$work/expected.plain"

# A reckoning of our own, from the seeds alone: addresses of OCN whose alias
# box is ticked. The program's rules have no part in it.
ticked=$(node -e '
	const boxes = require("fs").readFileSync(process.argv[1], "utf8").trim()
		.split("\n").map((line) => JSON.parse(line));
	console.log(boxes.flatMap((box) => box.sendAs).filter((a) =>
		!a.isPrimary && a.treatAsAlias &&
		/[.@](ocn\.ne\.jp|dream\.com)$/.test(a.sendAsEmail)).length);' \
    "$work/seeds")
ok "the seeds have ticked boxes ($ticked)" test "$ticked" -gt 100

for rate in 0 10 30; do
	sim_start --count $count --seed 7 --fault-rate $rate --fault-seed 3
	sendas_run audit --users "$work/users" --format jsonl -o "$work/got"
	status_is 1 "$rate %: exit status 1 for the findings"
	is_report jsonl "$work/got" "$rate %: it keeps to the contract"
	plain "$work/got" >"$work/got.plain"
	ok "$rate %: mailbox by mailbox what the seeds reckon to" \
	    cmp "$work/expected.plain" "$work/got.plain"
	is "$(tail -n 1 "$work/got.plain" | node -e '
		const d = JSON.parse(require("fs").readFileSync(0));
		console.log(d.read, d.findings["treat-as-alias"])')" \
	    "$count $ticked" "$rate %: all are read, every ticked box is found"
	is "$(grep -c '"overlap":true' "$sim_requests")" 0 \
	    "$rate %: never two requests at once for a mailbox"
	failed=$(grep -c '"fault":' "$sim_requests")
	asked=$(wc -l <"$sim_requests")
	ok "$rate %: $failed of $asked requests failed" test \
	    $((failed * 100)) -ge $((asked * (rate - 3)))
	ok "$rate %: few enough" test \
	    $((failed * 100)) -le $((asked * (rate + 3)))
	# Node drops a connection every thousand requests or so, and up to a
	# hundred are on it.
	ok "$rate %: apart from these, two requests a mailbox" test \
	    $((asked - failed - 2 * count)) -ge 0 -a \
	    $((asked - failed - 2 * count)) -le $((count / 5))
done
