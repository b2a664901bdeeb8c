# A repair with a person who is signed in, left and gone on with, and all that
# can come between: the sign-in is over, the network, another mailbox, Ctrl-C.
# What is not known is not called right, and the way back is kept.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_expect
needs_sim
. "$(dirname "$0")/../helpers/hands.sh"
plan 100

person=taro@gmail.com
address=taro@sky.ocn.ne.jp
both='d.sendAs[1].treatAsAlias = false;
    d.sendAs[1].smtpMsa.securityMode = "ssl"'
neither='d.sendAs[1].treatAsAlias = true;
    d.sendAs[1].smtpMsa.securityMode = "starttls"'

# is_kept NAME, is_gone NAME: whether there is something to go on with.
is_kept()
{
	ok "$1" test -s "$progress"
}

is_gone()
{
	ok "$1" test ! -e "$progress"
}

# leave: begun and left at the steps, with both still to be done.
leave()
{
	changes $person "$neither"
	led 'y/N\] $' y 'later: q $' q -- fix
	test -s "$progress" || diag_run
}

# not_right NAME: nothing that was not seen is called right.
not_right()
{
	unlike "$tty" 'settings are right|What to do next' "$1"
}

users_start "$(user $person $address ', "patch": "refuse"')" \
    "$(user hanako@gmail.com hanako@ocn.ne.jp)"
sign_in $person

# Left.
led 'y/N\] $' y 'later: q $' q -- fix
status_is 4 "q at the steps: exit status 4, as it was refused"
like "$tty" 'type: sendas, and choose 0$' "... how to go on is told"
is_kept "... and where it was is kept"
is "$(stat -c %a "$progress")" 600 "... for this user alone"
unlike "$progress" 'ya29\.|1//0|GOCSPX|invented-password' "... with no secret"

# Taken up with nothing done.
before=$(requests list)
led '> $' 0 'later: q $' q --
status_is 1 "0 with nothing done: exit status 1"
like "$tty" "  0  .*: $person \([0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}\)" \
    "... whose it is, and when it was left"
has "$tty" "Nothing has changed since" "... it looks at once"
is "$(requests list)" $((before + 1)) "... through the API, once"
has "$tty" "Still to do: $address" "... what is left"
like "$tty" '\* Clear "Treat as an alias"' "... and the steps again"
not_right "... nothing is called right"
is_kept "... it is kept"
requests_are patch 1 "... and nothing is tried again"

# Taken up when it is done.
changes $person "$both"
led '> $' 0 --
status_is 0 "0, repaired meanwhile: exit status 0"
like "$tty" '^  "Treat as an alias": on -> off' "... what has changed"
like "$tty" '^  connection: TLS -> SSL' "... all of it"
has "$tty" "The settings are right now" "... and that it is right"
like "$tty" 'Wait until about [0-9]{2}:[0-9]{2}' "... what to do then"
unlike "$tty" 'How to fix it' "... without the steps"
is_gone "... nothing is kept"

# The access was taken back in the account meanwhile.
leave
forget $person
led '> $' 0 'stop\] $' q --
status_is 1 "0, the sign-in revoked: exit status 1"
has "$tty" "sendas login $person" "... what to type is told"
unlike "$tty" 'How to fix it' "... no steps by guess"
not_right "... nothing is called right"
is_kept "... it is kept"
hand login "signs_in $person"
led '> $' 0 'stop\] $' '! login' 'later: q $' q --
status_is 1 "... signed in again meanwhile, Enter: it goes on"
has "$tty" "Nothing has changed since" "... with a look"

# The sign-in is no longer on this computer. (After a logout there is nothing
# to go on with.)
rm "$(sign_in_of $person)"
led '> $' 0 --
status_is 3 "0, without the sign-in: exit status 3"
has "$tty" "sendas login" "... what to type is told"
not_right "... nothing is called right"
is_kept "... it is kept"
sign_in hanako@gmail.com
led '> $' 0 --
status_is 3 "0, and another is signed in: exit status 3"
has "$tty" "$person is not signed in" "... that one does not stand in"
is_kept "... it is kept"
signed_run logout hanako@gmail.com
sign_in $person
led '> $' 0 'later: q $' q --
status_is 1 "signed in anew: it goes on"

# The access is taken back between two looks.
leave
hand forget "forget $person"
hand repair "changes $person '$both'"
led '> $' 0 'later: q $' '! forget' 'stop\] $' '' 'stop\] $' '! login' \
    'later: q $' '! repair' --
status_is 0 "revoked between two looks, then signed in again: exit status 0"
is "$(grep -c "sendas login $person" "$tty")" 2 \
    "... it was told each time that it was tried"
has "$tty" "The settings are right now" "... and in the end it is right"
is_gone "... nothing is kept"

# The network is gone for a while.
leave
hand gone "changes $person 'd.faults = {listFault: \"reset\"}'"
hand back "changes $person 'delete d.faults'"
led '> $' 0 'later: q $' '! gone' 'stop\] $' '' 'stop\] $' '! back' \
    'later: q $' q --
status_is 1 "no connection at two looks, then again: exit status 1"
is "$(grep -c 'Try again?' "$tty")" 2 "... each is told, and can be repeated"
has "$tty" "Nothing has changed since" "... until it is there again"
not_right "... nothing is called right"
is_kept "... it is kept"

# Another mailbox answers.
hand other "changes $person 'd.kind = \"wrong-mailbox\";
    d.answersAs = \"hanako@gmail.com\"'"
changes hanako@gmail.com "$both"
led '> $' 0 'later: q $' '! other' 'stop\] $' q --
status_is 1 "another mailbox answers: exit status 1"
like "$tty" 'mailbox of hanako@gmail\.com answered' "... it is told which"
not_right "... its settings are not called this one's"
unlike "$progress" hanako "... nor kept as such"
is_kept "... what was there is kept"
changes $person 'd.kind = "personal"; delete d.answersAs'

# The address is no longer there: by the API all are seen, so it was removed.
hand removed "changes $person 'd.sendAs.pop()'"
led '> $' 0 'later: q $' '! removed' --
status_is 0 "the address was removed: exit status 0"
has "$tty" "$address is no longer in \"Send mail as\"" "... it is told"
not_right "... that is not called right"
is_gone "... and there is nothing to go on with"

# Ctrl-C at each question.
users_start "$(user $person $address ', "patch": "refuse"')"
sign_in $person
led '> $' '^C' --
status_is 130 "Ctrl-C at the menu: exit status 130"
led 'Enter = yes / n\] $' '^C' -- audit
status_is 130 "Ctrl-C at \"Repair it now?\": exit status 130"
requests_are patch 0 "... nothing is sent"
led 'y/N\] $' '^C' -- fix
status_is 130 "Ctrl-C at the change: exit status 130"
requests_are patch 0 "... nothing is sent"
unlike "$tty" 'How to fix it|Show how' "... and nobody is asked on"
led 'y/N\] $' n 'Enter = yes / n\] $' '^C' -- fix
status_is 130 "Ctrl-C at the offer of the steps: exit status 130"
is_kept "... it is kept"
led '> $' 0 'later: q $' '^C' --
status_is 130 "Ctrl-C at the steps: exit status 130"
is_kept "... it is kept"
forget $person
led '> $' 0 'stop\] $' '^C' --
status_is 130 "Ctrl-C at \"Try again?\": exit status 130"
is_kept "... it is kept"
sign_in $person
led '> $' 0 'later: q $' '^D' --
status_is 1 "Ctrl-D at the steps is q: exit status 1"
is_kept "... it is kept"
led '> $' 0 'later: q $' '' 'later: q $' q --
like "$tty" '^Looked again' "after all that it goes on"
requests_are patch 0 "and nothing was ever sent"

# No.
users_start "$(user $person $address ', "patch": "refuse"')"
sign_in $person
led 'Enter = yes / n\] $' n -- audit
status_is 1 "n at \"Repair it now?\": exit status 1"
requests_are patch 0 "... nothing is sent"
unlike "$tty" 'How to fix it' "... and no steps are shown"
is_gone "... nothing is kept"
led 'y/N\] $' n 'Enter = yes / n\] $' n -- fix
status_is 1 "n at the change, n at the steps: exit status 1"
requests_are patch 0 "... nothing is sent"
has "$tty" "None of these changes was made" "... it says so"
has "$tty" "Nothing has been changed" "... twice"
unlike "$tty" 'How to fix it' "... no steps are shown"
for no in '' no yes,please; do
	led 'y/N\] $' "$no" 'Enter = yes / n\] $' '' 'later: q $' q -- fix
	like "$tty" '\* Clear "Treat as an alias"' \
	    "\"$no\" at the change, Enter: the steps"
done
requests_are patch 0 "... nothing is sent"
is_kept "... and it is kept"
run_is "$(newest_run)" 'd.mailboxes[0].changes.map((c) => c.outcome).join()' \
    planned "... the journal calls it planned"

# What was left is not in the way of a look at the same mailbox from anew.
changes $person "$both"
led -- audit
status_is 0 "repaired, and audit instead of 0: exit status 0"
led '> $' 0 --
status_is 0 "0 after that: it is right, exit status 0"
is_gone "... nothing is kept"

# Another policy, by a path from another folder.
mkdir "$work/policies"
cp "$top_srcdir/examples/biglobe.json" "$work/policies/mine.json"
users_start "$(user $person taro@biglobe.ne.jp '' false)"
sign_in $person
cd "$work/policies" || exit 1
led 'later: q $' q -- fix --policy mine.json
cd / || exit 1
is_kept "another policy: it is kept"
led '> $' 0 'later: q $' q --
status_is 1 "... gone on with elsewhere: exit status 1"
like "$tty" 'SMTP server: type mail\.biglobe\.ne\.jp' "... under that policy"
rm "$work/policies/mine.json"
led '> $' 0 --
status_is 5 "... whose file is gone: exit status 5"
has "$tty" "$work/policies/mine.json" "... it is named"
not_right "... nothing is called right"
is_kept "... it is kept"

# A damaged file is told, and no more than that.
printf '{"form": 1, "way": "sign-in", "addresses": [{}]}' >"$progress"
led '> $' q --
like "$tty" 'addresses\[0\]' "damaged: its place is told"
unlike "$tty" '  0  ' "... and it is not offered"
printf '{"form": 1, "way": "sign-in", "mailbox"' >"$progress"
led '> $' 4 --
status_is 0 "half of it: 4 works all the same"
unlike "$tty" '  0  ' "... and it is not offered"
# Without a mailbox nobody knows whose sign-in it was.
printf '{"form": 1, "way": "sign-in", "when": 1, "addresses": []}' >"$progress"
led '> $' 0 --
status_is 0 "nothing is left in it: exit status 0"
