# cppcheck finds nothing in the C files.
. "$(dirname "$0")/lint.sh"
command -v cppcheck >/dev/null || skip_all "cppcheck is not installed"
plan 2

# Nothing is left out here; a finding that is wrong is answered in the code,
# by a comment with its reason (--inline-suppr).
check_cppcheck()
{
	# shellcheck disable=SC2046 # a list of files
	(cd "$1" && cppcheck --quiet -j 2 --std=c11 --inline-suppr \
	    --enable=warning,performance,portability --error-exitcode=1 \
	    --library=posix --library=gnu -D_GNU_SOURCE -I include \
	    $(c_files . | grep '\.c$'))
}

finds_nothing "cppcheck has nothing to say" check_cppcheck "$top_srcdir"

new_sample
sample_file src/bad.c <<'END'
int main(void)
{
	int *p = 0, a[2] = {0};

	a[2] = 1;
	return *p + a[0];
}
END
finds 'arrayIndexOutOfBounds' "a write past the end is found" \
    check_cppcheck "$sample"
