# What has to be listed by hand is: headers, sources and tests in the local.mk
# of their folder, and what has messages in po/POTFILES.in. Else it would be
# missing from a release, or from the checks, without a word.
. "$(dirname "$0")/lint.sh"
plan 9

# in_list FILE LIST: the file stands there as a word.
in_list()
{
	tr -s ' \t\n' '\n' <"$2" 2>/dev/null | grep -qxF -e "$1"
}

check_made()
{
	c_files "$1" | while read -r file; do
		case $file in
		include/*) list=include/local.mk ;;
		*) list=$(dirname "$file")/local.mk ;;
		esac
		in_list "$file" "$1/$list" || echo "$file: not in $list"
	done
}

# A test program is listed without its .c.
check_tests()
{
	(cd "$1" && find tests/*/ -name node_modules -prune -o \
	    \( -name '*.t' -o -name 'test_*.c' \) -print | sort) |
	while read -r file; do
		list=$(dirname "$file")/local.mk
		in_list "${file%.c}" "$1/$list" || echo "$file: not in $list"
	done
}

has_messages()
{
	code_of "$1" "$2" | grep -qE -e "$word(_|N_|ngettext) ?\("
}

check_messages()
{
	c_files "$1" | grep -v 'include/sendas/i18n\.h' | while read -r file; do
		if has_messages "$1" "$file"; then
			in_list "$file" "$1/po/POTFILES.in" ||
			    echo "$file: not in po/POTFILES.in"
		elif in_list "$file" "$1/po/POTFILES.in"; then
			echo "$file: in po/POTFILES.in, but has no messages"
		fi
	done
	grep -v '^#' "$1/po/POTFILES.in" | while read -r file; do
		test -e "$1/$file" || echo "$file: in po/POTFILES.in, but gone"
	done
}

finds_nothing "each source is in its local.mk" check_made "$top_srcdir"
finds_nothing "each test is in its local.mk" check_tests "$top_srcdir"
finds_nothing "po/POTFILES.in is right" check_messages "$top_srcdir"

new_sample
echo 'const char *text = _("hello");' | sample_file src/base/new.c
echo 'const char *text = "_(hello)";' | sample_file src/base/old.c
echo 'int x;' | sample_file include/sendas/new.h
echo 'libsendas_a_SOURCES += src/base/newer.c' | sample_file src/base/local.mk
echo 'int x;' | sample_file tests/unit/test_new.c
echo 'plan 0' | sample_file tests/e2e/0001-new.t
printf 'src/base/gone.c\nsrc/base/old.c\n' | sample_file po/POTFILES.in
finds 'src/base/new.c: not in src/base/local.mk' \
    "a source that is not listed is found" check_made "$sample"
finds 'include/sendas/new.h: not in include/local.mk' \
    "a header that is not listed is found" check_made "$sample"
finds 'test_new.c: not in tests/unit/local.mk' \
    "a test that is not listed is found" check_tests "$sample"
finds 'src/base/new.c: not in po/POTFILES.in' \
    "messages that are not listed are found" check_messages "$sample"
finds 'src/base/gone.c: in po/POTFILES.in, but gone' \
    "a name in po/POTFILES.in without a file is found" check_messages "$sample"
finds 'src/base/old.c: in po/POTFILES.in, but has no' \
    "a name in po/POTFILES.in without messages is found" \
    check_messages "$sample"
