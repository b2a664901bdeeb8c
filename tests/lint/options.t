# The table of options is the truth: README.md has each of them, and neither
# it nor the other documents know one that is not there.
. "$(dirname "$0")/lint.sh"
plan 5

# Options of other programs that the documents name, each with whose it is.
foreign='
--prefix configure
--enable-werror configure
--enable-sanitizer configure
--long tools/check.sh
--demo tools/install-deps.sh
--check tools/install-deps.sh
'

# "--option", each once, of all commands.
program_options()
{
	"$sendas" --help | sed -n 's/^  sendas \([a-z]*\) .*/\1/p' |
	while read -r command; do
		"$sendas" "$command" --help |
		    grep -E '^  (-[a-z], )?--' | option_words
	done | sort -u
	echo --version
}

option_words()
{
	grep -oE -e '(^|[^a-zA-Z0-9-])--[a-z][a-z-]*' | grep -oE -e '--.*'
}

# check_options ROOT OPTIONS
check_options()
{
	for option in $2; do
		grep -qE -e "(^|[^a-z-])$option([^a-z-]|\$)" "$1/README.md" ||
		    echo "README.md: does not tell of $option"
	done
	for file in "$1"/README.md "$1"/doc/*.md; do
		test -e "$file" || continue
		option_words <"$file" | sort -u | while read -r option; do
			printf '%s\n' "$2" "$foreign" | grep -qE -e \
			    "^$option( |\$)" ||
			    echo "${file#"$1"/}: there is no $option"
		done
	done
}

options=$(program_options)
case $options in
*--credentials*--dry-run*) pass "the program tells its options" ;;
*) fail "the program tells its options" "$options" ;;
esac
finds_nothing "README.md and the options agree" \
    check_options "$top_srcdir" "$options"

new_sample
printf 'Give --yes or --yes-all; --prefix is for configure.\n' |
    sample_file README.md
finds 'does not tell of --quiet' "an option that is left out is found" \
    check_options "$sample" '--yes
--quiet'
finds 'README.md: there is no --yes-all' "one that is not there is found" \
    check_options "$sample" '--yes'
check_options "$sample" '--yes' >"$work/options"
unlike "$work/options" 'prefix|of --yes' "what is right is not"
