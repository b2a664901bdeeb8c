# Each header compiles alone and twice, so that the order of includes never
# matters.
. "$(dirname "$0")/lint.sh"
: "${CC:=cc}"
command -v "$CC" >/dev/null || skip_all "$CC is not installed"
plan 3

check_headers()
{
	(cd "$1" && find include -name '*.h' | sort) |
	while IFS= read -r header; do
		printf '#include "%s"\n#include "%s"\n' \
		    "${header#include/}" "${header#include/}" |
		    "$CC" -std=c11 -Wall -Wextra -Werror -fsyntax-only \
			-I"$1/include" -x c - || echo "$header: not alone"
	done
}

finds_nothing "each header compiles alone" check_headers "$top_srcdir"

new_sample
echo 'FILE *sendas_bad(void);' | sample_file include/sendas/bad.h
echo 'struct sendas_twice { int x; };' | sample_file include/sendas/twice.h
finds 'include/sendas/bad.h: not alone' \
    "a header that needs another is found" check_headers "$sample"
finds 'include/sendas/twice.h: not alone' \
    "a header without a guard is found" check_headers "$sample"
