# What was once typed, to every question.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=.}"
exec "$top_builddir/tests/fuzz/replay_answers" \
    "$top_srcdir/tests/fuzz/corpus/answers"
