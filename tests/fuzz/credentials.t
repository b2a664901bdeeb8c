# Credentials files that were once of interest to the fuzz target.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=.}"
exec "$top_builddir/tests/fuzz/replay_credentials" \
    "$top_srcdir/tests/fuzz/corpus/credentials"
