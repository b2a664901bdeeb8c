# A signed-in person where Google does something else than refuse: what was read
# back is all that is called changed, and the steps follow for what is left.
# Nobody is led who did not ask for it, and of several the right one is meant.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_expect
needs_sim
. "$(dirname "$0")/../helpers/hands.sh"
plan 109

person=taro@gmail.com
address=taro@sky.ocn.ne.jp
sent="PATCH $address {\"treatAsAlias\":false}"
outcomes='d.mailboxes[0].changes.map((c) => c.outcome).join()'

# begin PATCH [ALIAS PORT MODE]: taro, signed in, at a double that does this
# with a change.
begin()
{
	begin_patch=$1
	shift
	users_start "$(user $person $address ", \"patch\": $begin_patch" "$@")"
	sign_in $person
}

# Only the box, and Google takes it.
begin '"apply"' true 465 ssl
led 'y/N\] $' y -- fix
status_is 0 "a change that is taken: exit status 0"
is "$(written)" "$sent 200" "... it was one"
is "$(alias_of $person $address)" false "... it is done"
has "$tty" "changed, and read back from Gmail" "... and told as read back"
unlike "$tty" 'How to fix it|later: q' "... with no steps"
like "$tty" 'Test after [0-9]{2}:[0-9]{2}' "... but when to test"
ok "... nothing is left to go on with" test ! -e "$progress"
run=$(newest_run)
run_is "$run" "$outcomes" applied "... the journal says so"
signed_run undo "$run" --yes --max-changes 1
status_is 0 "an undo, with the sign-in: exit status 0"
is "$(alias_of $person $address)" true "... puts it back"
is "$(written | tail -n 1)" "PATCH $address {\"treatAsAlias\":true} 200" \
    "... by that one field"
run_is "$run" 'd.run.changes.undone' 1 "... and the journal knows"
led 'y/N\] $' y -- fix $person
status_is 0 "again, by name: exit status 0"
led 'y/N\] $' y -- undo "$(newest_run)"
status_is 0 "an undo after a question: exit status 0"
is "$(alias_of $person $address)" true "... puts it back"
unlike "$tty" 'How to fix it|Show how' "... and leads nowhere"

# The server's page is not changed by this program.
begin '"apply"'
led 'y/N\] $' y 'later: q $' q -- fix
status_is 1 "the box is taken, the connection left: exit status 1"
is "$(written)" "$sent 200" "... one change"
has "$tty" "changed, and read back from Gmail" "... told"
like "$tty" 'Only look: "Treat as an alias" is not ticked' \
    "... and the steps leave out what is done"
like "$tty" '\* Choose "Secured connection using SSL"' "... but not the rest"
unlike "$tty" 'settings are right' "... nothing is called right"
ok "... and it can be gone on with" test -s "$progress"
changes $person 'd.sendAs[1].smtpMsa.securityMode = "ssl"'
led '> $' 0 --
status_is 0 "... repaired by hand, 0: exit status 0"
requests_are patch 1 "... with no second change"

# What Google does else.
# tried PATCH STATUS OUTCOME
tried()
{
	begin "\"$1\"" true 465 ssl
	led 'y/N\] $' y 'later: q $' q -- fix
	status_is "$2" "$1: exit status $2"
	run_is "$(newest_run)" "$outcomes" "$3" "$1: the journal says $3"
	unlike "$tty" 'changed, and read back|settings are right' \
	    "$1: nothing is called changed or right"
	like "$tty" 'How to fix it|Have ready|\* Open the OCN mailbox' \
	    "$1: the steps follow"
	ok "$1: it can be gone on with" test -s "$progress"
}
tried refuse 4 refused
tried ignore 4 ignored
has "$tty" "not changed: Google ignored it" "ignore: it is told"
like "$tty" '\* Clear "Treat as an alias"' "ignore: how to do it by hand"
tried pending 4 pending-verification
has "$tty" "changed, but must be confirmed again" "pending: it is told"
like "$tty" '\* Click the link in that mail' "pending: how to confirm it"
unlike "$tty" '\* Clear "Treat as an alias"' "pending: the box is not left"
tried error500 4 failed
has "$tty" "not known to be changed" "error500: it is told"
like "$tty" '\* Clear "Treat as an alias"' "error500: how to do it by hand"
tried error400 4 failed

# Nothing for a program to try.
begin '"apply"' false 465 starttls
hand whole "changes $person 'd.sendAs[1].smtpMsa.securityMode = \"ssl\"'"
led 'later: q $' '! whole' -- fix
status_is 0 "only the connection, repaired by hand: exit status 0"
unlike "$tty" 'y/N|Show how' "... no question came before the steps"
is "$(written)" "" "... and no change was tried"
has "$tty" "The settings are right now" "... it looked again"
led -- fix
status_is 0 "all right already: exit status 0"
unlike "$tty" 'y/N|How to fix it|later: q|Show how' \
    "... no question and no steps"
is "$(written)" "" "... nothing is written"
led -- audit
status_is 0 "an audit of it: exit status 0"
unlike "$tty" 'Repair it now' "... offers no repair"

# Nobody is led who wants results for later, or a look only; the exit statuses
# are those of others.
begin '"refuse"'
led -- fix --dry-run
status_is 1 "--dry-run: exit status 1"
unlike "$tty" 'y/N|later: q|How to fix it' "... nobody is led"
is "$(written)" "" "... nothing is sent"
led -- fix --yes --max-changes 0
status_is 1 "--max-changes 0: exit status 1"
unlike "$tty" 'y/N|later: q' "... nobody is led"
is "$(written)" "" "... nothing is sent"
led -- fix --yes --max-changes 1
status_is 4 "--yes: exit status 4"
like "$tty" 'How to fix it' "... the steps are there to read"
unlike "$tty" 'y/N|later: q|Show how' "... nobody is led"
led 'y/N\] $' y -- fix -o "$work/result.txt"
status_is 4 "-o FILE: exit status 4"
like "$work/result.txt" 'How to fix it' "... the steps are in it"
unlike "$tty" 'later: q|Show how' "... nobody is led"
led 'y/N\] $' y -- fix --format json -o "$work/result.json"
status_is 4 "--format json: exit status 4"
is_report json "$work/result.json" "... a report that keeps to the contract"
json_is "$work/result.json" "$outcomes" refused "... of what became of it"
unlike "$tty" 'later: q|Show how' "... nobody is led"
led 'y/N\] $' n -- fix --format jsonl
status_is 1 "--format jsonl, n: exit status 1"
unlike "$tty" 'later: q|Show how' "... nobody is led"
for words in "--format json" "-o $work/audit.txt"; do
	# shellcheck disable=SC2086 # words are meant
	led -- audit $words
	status_is 1 "audit $words: exit status 1"
	unlike "$tty" 'Repair it now' "... no question"
done
signed_run audit
status_is 1 "an audit with nobody there: exit status 1"
signed_run fix
status_is 1 "a fix with nobody there: exit status 1"
has "$err" "--yes --max-changes 1" "... how it is done without"
ok "nobody was led: nothing to go on with" test ! -e "$progress"

# Two are signed in.
users_start "$(user hanako@gmail.com hanako@ocn.ne.jp '' false 465 ssl)" \
    "$(user $person $address ', "patch": "refuse"')"
sign_in $person
sign_in hanako@gmail.com
led '> $' 4 'quit\): $' 3 'quit\): $' x 'quit\): $' 1 --
status_is 0 "two accounts, the first: exit status 0"
like "$tty" '^  1  hanako@gmail\.com$' "... it asks which"
like "$tty" '^  2  taro@gmail\.com$' "... of all there are"
like "$tty" '^OK +hanako@ocn\.ne\.jp' "... and looks at that one"
led '> $' 4 'quit\): $' 2 'Enter = yes / n\] $' '' 'y/N\] $' y \
    'later: q $' q --
status_is 4 "the second: exit status 4"
is "$(written)" "$sent 403" "... its repair is of that one, too"
before=$(requests list)
led '> $' 4 'quit\): $' q --
status_is 0 "q: exit status 0"
is "$(requests list)" "$before" "... looks at none"
led '> $' 4 'quit\): $' '^C' --
status_is 130 "Ctrl-C: exit status 130"
led -- fix
status_is 2 "fix without a name: exit status 2"
has "$tty" "hanako@gmail.com, $person" "... says which there are"
led 'y/N\] $' n 'Enter = yes / n\] $' n -- fix $person
has "$tty" "sendas fix --run $(newest_run)" "n: how to go on is told"
signed_run fix --run "$(newest_run)" --yes --max-changes 1
status_is 4 "... which needs no name beside it: exit status 4"
run_is "$(newest_run)" "$outcomes" refused "... it was carried out"
is "$(written | wc -l)" 2 "... by one more change"
led '> $' 0 'later: q $' q --
status_is 1 "0 takes the one it was: exit status 1"
has "$tty" "Still to do: $address" "... and its settings"
