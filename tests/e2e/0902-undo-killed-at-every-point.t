# undo, killed at every point of the program where that could matter: what goes
# on ends as if nothing had been, and once more changes nothing.
. "$(dirname "$0")/../helpers/mounts.sh"
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
without_issuers
SENDAS=$sendas SIM_CA=$top_builddir/tests/ca TMPDIR=$work/tmp \
    node "$top_srcdir/tests/helpers/crash.js" boxes points undo
