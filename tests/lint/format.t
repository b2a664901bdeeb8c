# The C files look as .clang-format says.
. "$(dirname "$0")/lint.sh"
command -v clang-format >/dev/null || skip_all "clang-format is not installed"
plan 2

check_format()
{
	(cd "$1" && find src auth include bench tests/unit -name '*.[ch]' \
	    ! -name builtin.c 2>/dev/null | sort |
	    xargs clang-format --style="file:$top_srcdir/.clang-format" \
		--dry-run --Werror)
}

finds_nothing "the C files are formatted" check_format "$top_srcdir"

new_sample
printf 'int main(void) {\n    return 0;\n}\n' | sample_file src/bad.c
finds 'src/bad.c:1:.*clang-format-violations' \
    "a file that is not formatted is found" check_format "$sample"
