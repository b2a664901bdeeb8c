# Files of passwords that were once of interest to the fuzz target.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=.}"
exec "$top_builddir/tests/fuzz/replay_passwords_file" \
    "$top_srcdir/tests/fuzz/corpus/passwords_file"
