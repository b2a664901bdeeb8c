# The disk fills at one write of the journal after another: it is told, no
# PATCH is sent that the journal does not know of, and with room again the run
# goes on.
. "$(dirname "$0")/../helpers/mounts.sh"
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
test "$SENDAS_OWN_MOUNTS" = yes ||
    skip_all "no file system can be mounted here"
small=$work/small
mkdir "$small"
mount -t tmpfs -o size=16k sendas "$small" 2>/dev/null ||
    skip_all "no file system can be mounted here"
umount "$small"
plan 6

node -e '
	const box = (i) => { const u = "user" + String(i).padStart(5, "0"); return {
		mailbox: u + "@example.com", kind: "workspace", sendAs: [
		{ sendAsEmail: u + "@example.com", isPrimary: true },
		{ sendAsEmail: u + "@ocn.ne.jp", displayName: "T",
			treatAsAlias: true, verificationStatus: "accepted",
			smtpMsa: { host: "smtp.ocn.ne.jp", port: 465, username: "u",
				password: "invented-password", securityMode: "ssl" } }] }; };
	console.log(JSON.stringify({ mailboxes: Array.from({ length: 20 },
		(_, i) => box(i + 1)) }));' >"$work/twenty.json"
seq -f 'user%05g@example.com' 1 20 >"$work/users"

sizes=0
cut_short=0
: >"$work/bad"
test_env=XDG_STATE_HOME=$small
for blocks in $(seq 8 12 320); do
	mount -t tmpfs -o "size=${blocks}k" sendas "$small"
	sim_start --seeds "$work/twenty.json"
	sizes=$((sizes + 1))
	sendas_run fix --users "$work/users" --yes --max-changes 20
	case $status in
	5) cut_short=$((cut_short + 1)) ;;
	0) ;;
	*) echo "$blocks KiB: exit status $status: $(cat "$err")" \
		>>"$work/bad" ;;
	esac
	test "$status" != 5 || grep -q 'journal' "$err" ||
	    echo "$blocks KiB: $(cat "$err")" >>"$work/bad"
	sent=$(requests patch)
	mount -o remount,size=8m "$small"
	# With room again: what it had begun, and then the rest.
	run_id=$(newest_run 2>/dev/null)
	test "$run_id" = "" || test "$run_id" = undefined ||
	    sendas_run fix --run "$run_id" --yes --max-changes 20
	sendas_run fix --users "$work/users" --yes --max-changes 20
	test "$status" = 0 ||
	    echo "$blocks KiB: then exit status $status: $(cat "$err")" \
		>>"$work/bad"
	test "$(requests patch)" = 20 ||
	    echo "$blocks KiB: $sent PATCHes, then $(requests patch)" \
		>>"$work/bad"
	clean_env "$sendas" runs --format json >"$work/runs.json"
	known=$(json "$work/runs.json" \
	    'd.runs.reduce((n, r) => n + r.changes.applied, 0)')
	test "$known" = 20 ||
	    echo "$blocks KiB: the journal knows $known changes" >>"$work/bad"
	umount "$small"
done
test_env=
diag <"$work/bad"
is_empty "$work/bad" "$sizes sizes: told, and gone on with to the same end"
ok "some of them were too small ($cut_short)" test "$cut_short" -gt 3
ok "and some were not" test "$cut_short" -lt "$sizes"

# Standard output that is full.
sim_start --seeds "$work/twenty.json"
run sh -c 'exec "$@" >/dev/full' sh "$sendas" fix user00001@example.com \
    --credentials "$sim_key" --ca-file "$sim_ca" --endpoint "gmail=$sim_gmail" \
    --endpoint "token=$sim_token" --yes --max-changes 1
status_is 5 "results that cannot be written: exit status 5"
run_is "$(newest_run)" 'd.run.changes.applied' 1 "the journal has the outcome"

# A plan and a report on a full disk: whole or not at all.
mount -t tmpfs -o size=4k sendas "$small"
sendas_run fix user00002@example.com --dry-run --plan "$small/plan"
status_is 5 "a plan that does not fit: exit status 5"
umount "$small"
