# What stays on the disk after a fix, an undo and a plan for approval: no part
# of a private key, no token, no assertion and no password is in it, and nobody
# else can read it, however generous the umask is.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 11
umask 0

sim_start --demo --seeds "$(seed kept "$(mailbox dora@example.com \
    dora@ocn.ne.jp ''), $(mailbox emil@example.com emil@ocn.ne.jp ''),
    $(mailbox fumi@example.com fumi@ocn.ne.jp '')")"
json "$sim_key" d.private_key | grep -v -e ----- | grep . | cut -c 1-16 \
    >"$work/secrets"
json "$sim_key" d.private_key_id >>"$work/secrets"
printf '%s\n' ya29. eyJ invented-password Bearer assertion= >>"$work/secrets"
for file in "$sim_state"/authorized/*; do
	json "$file" d.client_secret
	json "$file" d.refresh_token
done >>"$work/secrets"

# Runs end with all that a run can end with, one is killed in the middle, and
# the last is a person's.
kept=$work/home/kept
mkdir "$kept"
sendas_run audit dora@example.com nobody@example.com --format json \
    -o "$kept/audit.json"
sendas_run fix dora@example.com emil@example.com --yes --max-changes 2 \
    --log-format json --ticket T-17 -o "$kept/fix.txt"
cp "$err" "$kept/fix.log"
fix=$(newest_run)
sendas_run undo "$fix" --yes --max-changes 2 --log-format json --verbose \
    -o "$kept/undo.txt"
cp "$err" "$kept/undo.log"
sendas_run fix fumi@example.com --dry-run --plan "$kept/plan.jsonl"
test_env=SENDAS_FAULT_POINT=apply.patched
sendas_run fix fumi@example.com --yes --max-changes 1
test_env=
sendas_run_as "$sim_state/tokens/yumi%40example.jp" fix yumi@example.jp \
    --yes --max-changes 1 -o "$kept/person.txt"
journal runs "$fix" -o "$kept/runs.txt"

state=$work/home/.local/state/sendas
for file in "$kept/audit.json" "$kept/fix.txt" "$kept/fix.log" \
	"$kept/undo.log" "$kept/plan.jsonl" "$kept/plan.jsonl.txt" \
	"$state/journal.db"; do
	ok "$(basename "$file") is there" test -s "$file"
done
if grep -raFl -f "$work/secrets" "$work/home" "$work/tmp" >"$work/found"; then
	fail "and no secret in anything" "$(cat "$work/found")"
else
	pass "and no secret in anything"
fi
is "$(cd "$state" && find . -type f -perm /077)" "" \
    "nobody else can read the journal, nor what is beside it"
is "$(find "$state" -maxdepth 0 -perm /077)" "" "nor look into its folder"
is "$(find "$work/tmp" -type f)" "" "no temporary file is left"
