# --users: a list with a mistake anywhere is refused whole, before any request,
# with the lines that are wrong and the way out.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 75

sim_start --count 300 --seed 7
list=$work/list

# refused STATUS ERE NAME: by the last run.
refused()
{
	status_is "$1" "$3: exit status $1"
	is_empty "$out" "$3: no results"
	like "$err" "$2" "$3: says so"
}

# mistaken ERE NAME: what was last written to the list.
mistaken()
{
	sendas_run audit --users "$list"
	refused 5 "$1" "$2"
}

{
	seq -f 'user%05g@example.com' 1 299
	echo 'user00300'
} >"$list"
mistaken 'list: 1 line is wrong, so no mailbox was read:$' \
    "the last of 300 lines"
like "$err" '^  line 300: "user00300": not an e-mail address$' "... names it"
sendas_run fix --users "$list" --yes --max-changes 300
refused 5 '^  line 300: ' "fix"

seq -f 'user%g' 1 7 | sed '1i user00001@example.com' >"$list"
mistaken 'list: 7 lines are wrong' "seven lines"
is "$(grep -c '^  line ' "$err")" 5 "... five are shown"
like "$err" '^  line 6: "user5": ' "... the first five"
unlike "$err" 'user6' "... no more"

printf 'name,email\nTaro,user00001@example.com\nSuzuki, T,x@example.com\n,\n' \
    >"$list"
mistaken '^  line 3: " ?T": more columns than the header has$' \
    "a comma too many"
like "$err" '^  line 4: no address$' "... and an empty row"

printf 'a@example.com\n\033[31m\342\200\256evil\n' >"$list"
mistaken '^  line 2: "<U\+001B>\[31m<U\+202E>evil": ' "hostile text"
{
	echo a@example.com
	printf 'x%.0s' $(seq 1 200)
	echo
} >"$list"
mistaken '^  line 2: "x{60}": ' "a long line"

printf 'name,mail\nTaro,user00001@example.com\n' >"$list"
mistaken 'line 1: .* Found: "name", "mail"\. Known: "primaryEmail", "email"' \
    "no column that is known"
printf 'name;email\nTaro;user00001@example.com\n' >"$list"
mistaken 'semicolons or tabs .* "CSV UTF-8 \(Comma delimited\)"' "semicolons"
printf 'name\temail\nTaro\tuser00001@example.com\n' >"$list"
mistaken 'semicolons or tabs' "tabs"
printf '\377\376u\0s\0e\0r\0' >"$list"
mistaken 'this is UTF-16\. Save it as UTF-8' "UTF-16"
printf 'user00001@example.com\nuser\00000002@example.com\n' >"$list"
mistaken 'line 2: a NUL character' "a NUL"
printf 'email,x\nuser00001@example.com,"a\n\nb\n' >"$list"
mistaken 'line 2: a quotation mark is opened here and never closed' \
    "a quotation mark that is not closed"
printf 'email,x\nuser00001@example.com,"a"b\n' >"$list"
mistaken 'line 2: text after a closing quotation mark' \
    "text after a quotation mark"
: >"$list"
mistaken 'list: there is no address in it' "an empty list"
printf '# nobody\n\n' >"$list"
mistaken 'list: there is no address in it' "nothing but a comment"

# Where there is no list.
sendas_run audit --users "$work/absent"
refused 5 'absent: cannot be opened: No such file' "an absent file"
mkdir "$work/folder"
sendas_run audit --users "$work/folder"
refused 5 'folder: cannot be read: Is a directory' "a folder"
echo user00001@example.com >"$list"
if test "$(id -u)" -eq 0; then
	skip 3 "root reads every file"
else
	chmod 000 "$list"
	sendas_run audit --users "$list"
	refused 5 'list: cannot be opened: Permission denied' \
	    "an unreadable file"
	chmod 600 "$list"
fi
test_env="TMPDIR=$work/absent"
sendas_run audit --users "$list"
refused 5 "no temporary file can be made in $work/absent: No such file" \
    "no place for the copy"
test_env=

# What cannot be meant together.
sendas_run audit user00001@example.com --users "$list"
refused 2 'give mailboxes or --users, not both' "mailboxes and a list"
run "$sendas" audit --from /dev/null --users "$list"
refused 2 '--users cannot be given with them' "--from and a list"
run "$sendas" audit --users - --access-token-fd 0
refused 2 'cannot both read standard input' "two for standard input"
run "$sendas" audit --users "$list"
refused 3 'nothing to sign in with' "a good list and no key"

test ! -s "$sim_requests"
is "$?" 0 "nothing was asked of Google"
