# fix, killed at every point at which an SMTP server is in flight: what goes on
# sets what was confirmed, with a password that it tried itself, and once more
# changes nothing. Without passwords it says what to give. No password is on the
# disk meanwhile.
. "$(dirname "$0")/../helpers/mounts.sh"
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
needs_sim
needs_smtp
without_issuers
smtp_start --own
smtp_policy ssl
SENDAS=$sendas SIM_CA=$top_builddir/tests/ca TMPDIR=$work/tmp \
    SMTP_READY=$smtp_ready POLICY=$policy \
    node "$top_srcdir/tests/helpers/crash.js" servers points fix
