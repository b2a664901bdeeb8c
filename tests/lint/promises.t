# Each promise of doc/promises.md names tests that are there, and tells how it
# was broken and which of its tests failed then.
. "$(dirname "$0")/lint.sh"
plan 9

# The promises and the tests that each names; promises.awk tells the form.
parts_of()
{
	awk -f "$lint/promises.awk" "$1/doc/promises.md"
}

# is_there ROOT TEST
is_there()
{
	case $2 in
	tests/*) test -e "$1/$2" ;;
	*) set -- "$1"/tests/e2e/"$2"-*.t
		test -e "$1" ;;
	esac
}

check_promises()
{
	parts_of "$1" | awk '
		$1 == "##" { names[++last] = $2 }
		{ count[last, $1]++ }
		END {
			if (last == 0)
				print "no promises at all"
			for (i = 1; i <= last; i++) {
				if (!count[i, "test"])
					print names[i] " names no test"
				if (!count[i, "failed"])
					print names[i] " was never seen to fail"
			}
		}'
	parts_of "$1" | sed -n 's/^[a-z]* //p' | sort -u |
	while read -r test; do
		is_there "$1" "$test" || echo "$test: there is none"
	done
}

parts_of "$top_srcdir" >"$work/parts"
is "$(grep -c '^##' "$work/parts")" 10 "there are ten promises"
finds_nothing "each has its tests, and was broken" \
    check_promises "$top_srcdir"

new_sample
sample_file doc/promises.md <<'MD'
## 1. One

Tests: `0001`,
`9999`, `tests/unit/test_gone.c`.

| broken by `0003` | failed |
| --- | --- |
| taking `0002` | `0001` |

## 2. Two

Of `0001` there is nothing to say.

| broken by | failed |
| --- | --- |
| all | `0001` |

## 3. Three

Tests: `0001`.
MD
echo 'plan 0' | sample_file tests/e2e/0001-one.t
finds '^9999: there is none' "a test that is not there is found" \
    check_promises "$sample"
finds 'test_gone.c: there is none' "nor is one in C" check_promises "$sample"
finds '^2\. names no test' "a promise without tests is found" \
    check_promises "$sample"
finds '^3\. was never seen to fail' "one that was never broken is found" \
    check_promises "$sample"
check_promises "$sample" >"$work/complaints"
unlike "$work/complaints" '^1\.|^(0001|0002|0003):' "nothing else is"
is "$(wc -l <"$work/complaints")" 4 "... at all"
: >"$sample/doc/promises.md"
finds 'no promises at all' "an empty list is found" check_promises "$sample"
