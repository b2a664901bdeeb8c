# The table of options is the truth: README.md, the man page and the shells'
# completions have each of them, and no document knows one that is not there.
. "$(dirname "$0")/lint.sh"
plan 7

# Options of other programs that the documents name, each with whose it is.
foreign='
--prefix configure
--enable-werror configure
--enable-sanitizer configure
--enable-fault-points configure
--long tools/check.sh
--demo tools/install-deps.sh
--check tools/install-deps.sh
--bench tools/install-deps.sh
--delay bench/audit.sh
--mailboxes bench/audit.sh
--rounds bench/audit.sh
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

# A document as plain text. The man page has "Fl Fl dry-run" for --dry-run.
plain()
{
	sed 's/Fl Fl /--/g' "$1"
}

# check_options ROOT OPTIONS
check_options()
{
	for file in README.md doc/sendas.1 completions; do
		test -e "$1/$file" || continue
		for option in $2; do
			find "$1/$file" -type f | while read -r part; do
				plain "$part"
			done | grep -qE -e "(^|[^a-z-])$option([^a-z-]|\$)" ||
			    echo "$file: does not tell of $option"
		done
	done
	for file in "$1"/README.md "$1"/doc/*.md "$1"/doc/*.1; do
		test -e "$file" || continue
		plain "$file" | option_words | sort -u |
		while read -r option; do
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
finds_nothing "the documents and the options agree" \
    check_options "$top_srcdir" "$options"

new_sample
printf 'Give --yes or --yes-all; --prefix is for configure.\n' |
    sample_file README.md
printf '.It Fl Fl yes\n.It Fl Fl yes-sir\n' | sample_file doc/sendas.1
finds 'does not tell of --quiet' "an option that is left out is found" \
    check_options "$sample" '--yes
--quiet'
finds 'doc/sendas.1: does not tell of --quiet' \
    "one that the man page leaves out is found" check_options "$sample" '--yes
--quiet'
finds 'doc/sendas.1: there is no --yes-sir' \
    "one that only the man page has is found" check_options "$sample" '--yes'
finds 'README.md: there is no --yes-all' "one that is not there is found" \
    check_options "$sample" '--yes'
check_options "$sample" '--yes' >"$work/options"
unlike "$work/options" 'prefix|of --yes' "what is right is not"
