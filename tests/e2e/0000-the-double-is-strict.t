# The double of Google itself: is it as strict as it says? Everything else
# here leans on it.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
node "$top_srcdir/tests/sim/selftest.js"
