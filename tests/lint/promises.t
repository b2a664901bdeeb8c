# Each promise names the tests that hold it, and these are there.
. "$(dirname "$0")/lint.sh"
plan 3

# check_promises ROOT: a line for each promise without a test, and for each
# test that is not there.
check_promises()
{
	awk '/^## / { if (name != "" && !has) print name ": no test"
		name = $0; has = 0 }
	/^Tests:|Tests:$|\*\*/ { has = 1 }
	END { if (!has) print name ": no test" }' "$1/doc/promises.md"
	grep -oE 'tests/unit/[a-z_]+\.c|`(tests/e2e/)?[0-9]{4}`' \
	    "$1/doc/promises.md" | tr -d '`' | sort -u |
	while read -r test; do
		case $test in
		*.c) test -e "$1/$test" || echo "$test: there is none" ;;
		*) set -- "$1" "$1"/tests/e2e/"${test##*/}"-*.t
			test -e "$2" || echo "$test: there is none" ;;
		esac
	done
}

finds_nothing "each promise has its tests" check_promises "$top_srcdir"

new_sample
printf '## 1. One\n\nTests: `tests/e2e/9999`.\n## 2. Two\n\nNothing.\n' |
    sample_file doc/promises.md
finds '9999: there is none' "a test that is not there is found" \
    check_promises "$sample"
finds '2. Two: no test' "a promise without a test is found" \
    check_promises "$sample"
