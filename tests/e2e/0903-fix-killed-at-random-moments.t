# fix over 200 mailboxes, killed at random moments: what goes on ends as if
# nothing had been, and once more changes nothing. With SENDAS_TEST_LONG (as
# tools/check.sh --long sets it) a hundred times.
. "$(dirname "$0")/../helpers/mounts.sh"
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
without_issuers
rounds=25
test -z "${SENDAS_TEST_LONG-}" || rounds=100
SENDAS=$sendas SIM_CA=$top_builddir/tests/ca TMPDIR=$work/tmp \
    node "$top_srcdir/tests/helpers/crash.js" boxes moments fix $rounds 1
