# shellcheck shell=sh
# For the tests of the sources themselves. To be sourced first; brings
# tests/helpers/tap.sh with it.
#
# A check is a function that takes the folder to look at and prints one line
# for each complaint. It is run on the sources, where it must print nothing,
# and on a bad sample, where it must complain: a check that cannot fail is
# none.
. "$(dirname "$0")/../helpers/tap.sh"

lint=$top_srcdir/tests/lint
sample=$work/sample

# finds_nothing NAME COMMAND...: no complaint, and it ends well.
finds_nothing()
{
	lint_name=$1
	shift
	if "$@" >"$work/complaints" 2>&1 && ! test -s "$work/complaints"; then
		pass "$lint_name"
	else
		fail "$lint_name" "$(head -n 50 "$work/complaints")"
	fi
}

# finds ERE NAME COMMAND...: a complaint that matches.
finds()
{
	lint_regex=$1
	lint_name=$2
	shift 2
	"$@" >"$work/complaints" 2>&1
	if grep -qE -e "$lint_regex" "$work/complaints"; then
		pass "$lint_name"
	else
		fail "$lint_name" "no complaint matches $lint_regex:
$(head -n 50 "$work/complaints")"
	fi
}

# sample_file NAME: makes a file of the bad sample from stdin.
sample_file()
{
	mkdir -p "$sample/$(dirname "$1")"
	cat >"$sample/$1"
}

new_sample()
{
	rm -rf "$sample"
	mkdir "$sample"
}

# The C files of the program in the folder $1, by names relative to it.
c_files()
{
	(cd "$1" && find src auth include -name '*.[ch]' \
	    ! -name builtin.c 2>/dev/null | sort)
}

# Their code: "FILE:LINE:..." without comments and what stands in strings.
code_of()
{
	(cd "$1" && shift && awk -f "$lint/code.awk" "$@")
}

# "FILE:LINE:HEADER" for each #include, HEADER with its <> or "".
includes_of()
{
	(cd "$1" && shift && grep -nHE '^[[:space:]]*#[[:space:]]*include' "$@" |
	    sed -E 's/^([^:]*:[0-9]+:)[^<"]*([<"][^>"]*[>"]).*/\1\2/')
}

# The beginning of a regular expression for lines of code_of: what follows it
# begins a word of the code.
word='^[^:]*:[0-9]+:(.*[^a-zA-Z0-9_])?'

# A check of no files would find nothing wrong.
test -n "$(c_files "$top_srcdir")" || {
	echo "Bail out! no C files in $top_srcdir"
	exit 1
}
