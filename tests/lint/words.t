# Words that no file of the project may have: paths of somebody's machine,
# the hosts of package registries (everybody has a mirror of their own), and
# marks of unfinished work.
. "$(dirname "$0")/lint.sh"
command -v git >/dev/null || skip_all "git is not installed"
test -e "$top_srcdir/.git" || skip_all "not a checkout of git"

# The files may belong to somebody else than who runs this.
files()
{
	git -c safe.directory="$1" -C "$1" ls-files
}

files "$top_srcdir" | grep -q . || skip_all "git lists no files here"
plan 6

# Everywhere, then in documents only.
everywhere='(^|[^a-zA-Z0-9_.$}*-])/(work|home|root|Users)/[a-zA-Z]|"resolved":|registry\.[a-z-]+\.[a-z]|(^|[^a-zA-Z])(TODO|FIXME|XXX)([^a-zA-Z]|$)'
documents='(^|[^a-zA-Z0-9_.$}-])/tmp/'

# This file has them all.
check_words()
{
	files "$1" | grep -v '^tests/lint/words\.t$' | (cd "$1" &&
	    xargs -d '\n' grep -nIHE -e "$everywhere")
	files "$1" | grep -E '\.(md|po)$' | (cd "$1" &&
	    xargs -r -d '\n' grep -nIHE -e "$documents")
	:
}

finds_nothing "no such word" check_words "$top_srcdir"

new_sample
git init -q "$sample" 2>/dev/null
printf 'See /home/taro/sendas.\nBuilt in /tmp/build.\n' | sample_file doc/bad.md
printf '/* TODO: all */\nmktemp /tmp/x.XXXXXX\n' | sample_file src/bad.c
echo '"resolved": "https://registry.example.org/x"' | sample_file tests/lock.json
git -C "$sample" add .
finds 'doc/bad.md:1:' "a path of a machine is found" check_words "$sample"
finds 'doc/bad.md:2:' "a folder of a build in a document is found" \
    check_words "$sample"
finds 'src/bad.c:1:' "a mark of unfinished work is found" check_words "$sample"
finds 'tests/lock.json:1:' "a registry is found" check_words "$sample"
check_words "$sample" >"$work/words"
unlike "$work/words" 'src/bad.c:2:' "the name of a temporary file is not"
