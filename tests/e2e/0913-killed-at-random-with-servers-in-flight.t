# fix over mailboxes whose SMTP servers are wrong, killed at random moments:
# what goes on ends as if nothing had been, and once more changes nothing. With
# SENDAS_TEST_LONG (as tools/check.sh --long sets it) a hundred times.
. "$(dirname "$0")/../helpers/mounts.sh"
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
needs_sim
needs_smtp
without_issuers
rounds=20
test -z "${SENDAS_TEST_LONG-}" || rounds=100
smtp_start --own
smtp_policy ssl
SENDAS=$sendas SIM_CA=$top_builddir/tests/ca TMPDIR=$work/tmp \
    SMTP_READY=$smtp_ready POLICY=$policy \
    node "$top_srcdir/tests/helpers/crash.js" servers moments fix $rounds 3
