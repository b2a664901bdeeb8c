# The scripts are POSIX sh: they parse, and use nothing that only bash has.
. "$(dirname "$0")/lint.sh"
plan 4

scripts()
{
	(cd "$1" && find autogen.sh bench tools tests \( -name node_modules -prune \) \
	    -o \( -name '*.sh' -o -name '*.t' \) -print 2>/dev/null | sort)
}

# What bash has and sh has not, where a command begins.
bash_only='^[[:space:]]*((if|elif|while|until|!) )*(\[\[|function|declare|source|set -o pipefail|read -a)[[:space:]]'

check_scripts()
{
	scripts "$1" | while read -r file; do
		sh -n "$1/$file" 2>&1 | sed "s|^|$file: |"
		grep -nE -e "$bash_only" "$1/$file" | sed "s|^|$file:|"
	done
}

finds_nothing "the scripts are POSIX sh" check_scripts "$top_srcdir"

new_sample
echo 'if true; then' | sample_file tools/broken.sh
echo '	if [[ a == b ]]; then c; fi' | sample_file tests/e2e/bash.t
echo 'echo [[ # this is [[ no bash' | sample_file tools/good.sh
finds 'tools/broken.sh:' "a script that does not parse is found" \
    check_scripts "$sample"
finds 'tests/e2e/bash.t:1:' "what only bash has is found" \
    check_scripts "$sample"
check_scripts "$sample" >"$work/scripts"
unlike "$work/scripts" 'good.sh' "a good one is not"
