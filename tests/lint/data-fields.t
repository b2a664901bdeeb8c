# What is stored about people is told: doc/data.md has each column of each
# table of the journal, and no other.
. "$(dirname "$0")/lint.sh"
plan 7

# "TABLE COLUMN", by the statements in the strings of the schema.
columns_of()
{
	sed 's/\/\*.*\*\///' "$1/src/store/journal_schema.c" |
	    grep -o '"[^"]*"' | tr -d '"\n' | tr ';' '\n' | awk '
		/ALTER TABLE .* ADD COLUMN / { print $3, $6 }
		/CREATE TABLE / {
			sub(/.*CREATE TABLE /, "")
			table = $1
			sub(/^[^(]*\(/, "")
			while (gsub(/\([^()]*\)/, "")) { }
			sub(/\).*/, "")
			count = split($0, parts, ",")
			for (i = 1; i <= count; i++) {
				split(parts[i], words, " ")
				if (words[1] !~ /^(UNIQUE|PRIMARY|FOREIGN)$/)
					print table, words[1]
			}
		}'
}

# "TABLE COLUMN", by the first cells of the tables in the document.
told_of()
{
	awk -F '|' '
		/^#/ { table = "" }
		/^### `/ { split($0, parts, "`"); table = parts[2] }
		table != "" && /^\| `/ {
			count = split($2, parts, "`")
			for (i = 2; i <= count; i += 2)
				print table, parts[i]
		}' "$1/doc/data.md"
}

check_told()
{
	columns_of "$1" | sort >"$work/columns"
	told_of "$1" | sort >"$work/told"
	comm -23 "$work/columns" "$work/told" |
	    sed 's/^\(.*\) \(.*\)/doc\/data.md: does not tell of \1.\2/'
	comm -13 "$work/columns" "$work/told" |
	    sed 's/^\(.*\) \(.*\)/doc\/data.md: there is no \1.\2/'
}

columns_of "$top_srcdir" >"$work/all"
ok "the schema's columns are found" sh -c \
    'test "$(wc -l <"$1")" -gt 70 && grep -qx "change undoes" "$1" &&
    grep -qx "finding observed" "$1" && grep -qx "run name" "$1"' sh "$work/all"
finds_nothing "doc/data.md tells of each column" check_told "$top_srcdir"

new_sample
sample_file src/store/journal_schema.c <<'END'
    /* 1. "CREATE TABLE comment (not TEXT);" */
    "CREATE TABLE one ("
    " id INTEGER PRIMARY KEY,"
    " a TEXT NOT NULL, b, c REFERENCES two (x, y) ON DELETE CASCADE,"
    " UNIQUE (a, b), FOREIGN KEY (a, b) REFERENCES two (x, y));"
    "CREATE INDEX i ON one (a);",
    "ALTER TABLE one ADD COLUMN later TEXT;",
END
printf '%s\n' '### `one`' '| column | what |' '| --- | --- |' \
    '| `id`, `b` | `not` |' '| `gone` | it |' '### `two`' '| `c` | it |' |
    sample_file doc/data.md
finds '^doc/data.md: does not tell of one\.a$' \
    "a column that is left out is found" check_told "$sample"
finds '^doc/data.md: does not tell of one\.c$' \
    "one that only another table's section has is" check_told "$sample"
finds '^doc/data.md: does not tell of one\.later$' \
    "one that was added later is" check_told "$sample"
finds '^doc/data.md: there is no one\.gone$' \
    "one that is not there any more is" check_told "$sample"
check_told "$sample" >"$work/complaints"
unlike "$work/complaints" 'one\.(id|b|not|x|y|i|UNIQUE)$|comment' \
    "nothing else is"
