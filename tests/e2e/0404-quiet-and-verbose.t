# --quiet leaves out notices, never results or errors; --verbose adds what is
# only for information; what is said beside the results is on standard error.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 13

sim_start --demo

sendas_run audit jiro@example.com
cp "$out" "$work/results"
has "$err" "instead of Google's Gmail API: $sim_gmail" \
    "another Gmail endpoint is told"
has "$err" "instead of Google's token endpoint: $sim_token" \
    "... another token endpoint, too"
unlike "$out" '^sendas:' "and not among the results"

sendas_run audit jiro@example.com --quiet
status_is 1 "--quiet: exit status 1 for the finding"
is_empty "$err" "--quiet: no notice"
ok "--quiet: the results are the same" cmp "$out" "$work/results"
sendas_run audit jiro@example.com -q
is_empty "$err" "-q is --quiet"

sendas_run fix jiro@example.com --quiet
status_is 1 "--quiet with nobody to ask: exit status 1"
like "$err" 'nobody to ask' "... is an error that is told"
sendas_run audit --quiet
status_is 2 "--quiet and a wrong call: exit status 2"
like "$err" 'which mailbox' "... is told, too"

sendas_run audit jiro@example.com -v
like "$out" 'jiro@example\.com \(not an address of OCN' \
    "--verbose shows the other addresses"
has "$out" "check on the page that the user name is jiro@ocn.ne.jp" \
    "... and what is only for information"
