# What came back from a sign-in page that was once of interest to the fuzz
# target.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=.}"
exec "$top_builddir/tests/fuzz/replay_redirect" \
    "$top_srcdir/tests/fuzz/corpus/redirect"
