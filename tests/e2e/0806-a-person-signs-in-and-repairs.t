# The whole way of a person at a terminal: sign-in, verdict, one change that
# Google refuses, the steps, two looks again, right. That change is all that is
# ever written; in English and in Japanese.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_expect
needs_sim
. "$(dirname "$0")/../helpers/hands.sh"
plan 57

person=taro@gmail.com
address=taro@sky.ocn.ne.jp
users_start "$(user $person $address ', "patch": "refuse"')"
consent allow $person
hand half "changes $person 'd.sendAs[1].treatAsAlias = false'"
hand whole "changes $person 'd.sendAs[1].smtpMsa.securityMode = \"ssl\"'"

led '> $' 4 'Enter = yes / n\] $' '' 'y/N\] $' y 'later: q $' '' \
    'later: q $' '! half' 'later: q $' '! whole' --
status_is 0 "all repaired: exit status 0"
has "$tty" "Signed in: $person" "who has signed in"
like "$tty" "^FIX +$address" "the verdict"
like "$tty" '^ +1\) "Treat as an alias" is ticked' "... the box"
like "$tty" '^ +2\) With port 465 choose SSL' "... the connection"

# One change is tried.
like "$tty" '"Treat as an alias" on -> off' "the plan"
has "$tty" "Google lets a program look" "... and what is likely to become of it"
is "$(written)" "PATCH $address {\"treatAsAlias\":false} 403" \
    "one change is sent, of that box alone, and refused; nothing else is"
has "$tty" "not changed: Google allows it by hand only" "the refusal is told"
has "$tty" "That is no fault of yours or of your account" "... without blame"
has "$tty" "only its owner can, in Gmail" "... and who can do it"
unlike "$tty" 'changed, and read back' "nothing is called changed"

# after N: from the N-th look again on, up to the next one.
after()
{
	awk -v wanted="$1" '/^(Looked again|もう一度調べました)/ { n++ }
		n == wanted' "$tty" >"$work/after"
}

after 0
like "$work/after" 'authuser=taro%40gmail\.com#settings' "the steps: the link"
like "$work/after" '\* Clear "Treat as an alias"' "... the box"
like "$work/after" '\* Choose "Secured connection using SSL"' \
    "... the connection"
unlike "$work/after" '\* (Port|SMTP server|User name|Password)' \
    "... and nothing that is right already"
like "$work/after" 'smtp\.ocn\.ne\.jp / 465 /' "... but for a look"
after 1
like "$work/after" '^Looked again \([0-9]{2}:[0-9]{2}\)' \
    "Enter with nothing done: it looked"
has "$work/after" "Nothing has changed since" "... and says so"
has "$work/after" "Still to do: $address" "... and what is left"
like "$work/after" '\* Clear "Treat as an alias"' "... with the same steps"
after 2
like "$work/after" '^  "Treat as an alias": on -> off' \
    "one of two done: what has changed"
unlike "$work/after" '^  connection:' "... that alone"
has "$work/after" "Still to do: $address" "... what is left"
like "$work/after" '^  - .*465' "... by name"
unlike "$work/after" '^  - .*alias' "... and no more than that"
like "$work/after" 'Only look: "Treat as an alias" is not ticked' \
    "... and the steps leave out the box"
like "$work/after" '\* Choose "Secured connection using SSL"' \
    "... and have the connection"
unlike "$work/after" 'settings are right' "... nothing is called right"
after 3
like "$work/after" '^  connection: TLS -> SSL' "both done: what has changed"
has "$work/after" "The settings are right now" "... and that it is right"
unlike "$work/after" 'Still to do|How to fix it' "... with nothing left"
like "$work/after" 'Wait until about [0-9]{2}:[0-9]{2} ' \
    "... then until when to wait"
has "$work/after" "Send one message to an address at another provider" \
    "... and the test that shows it"
has "$work/after" "Only the settings were looked at" "... not known before that"
unlike "$tty" '[Dd]elivered|mail arrives again|will arrive' \
    "nowhere is mail called delivered"

# What is left of it.
ok "nothing is left to go on with" test ! -e "$progress"
is "$(alias_of $person $address)" false "Gmail is as the person left it"
run=$(newest_run)
run_is "$run" '[d.run.command, d.mailboxes[0].mailbox, d.mailboxes[0].changes
    .map((c) => c.outcome).join()]' "[\"fix\",\"$person\",\"refused\"]" \
    "the run stands in the journal: fix, refused"
run_is "$run" 'd.run.changes.open + d.run.changes.planned' 0 \
    "... and waits for nothing"
led '> $' q --
unlike "$tty" '  0  ' "the menu has nothing to go on with"
led '> $' 4 --
status_is 0 "4 again: it is right, exit status 0"
like "$tty" "^OK +$address" "... it says so"
requests_are patch 1 "... and there is nothing to try"
is "$(grep -c '"call":"consent"' "$sim_requests")" 2 \
    "one sign-in was enough for all of it"

# The same in Japanese.
users_start "$(user $person $address ', "patch": "refuse"')"
consent allow $person
hand half "changes $person 'd.sendAs[1].treatAsAlias = false'"
hand whole "changes $person 'd.sendAs[1].smtpMsa.securityMode = \"ssl\"'"
led '> $' ４ 'はい=Enter / いいえ=n\] $' '' 'はい=y / いいえ=Enter\] $' はい \
    'なら q: $' '' 'なら q: $' '! half' 'なら q: $' '! whole' -- --lang ja
status_is 0 "Japanese: exit status 0"
like "$tty" "^要修正 +$address" "... the verdict"
is "$(written)" "PATCH $address {\"treatAsAlias\":false} 403" \
    "... one change is sent, of that box alone"
has "$tty" "Googleの決まりで、ご自分での変更が必要です" "... the refusal"
like "$tty" '★「エイリアスとして扱います」のチェックを外す' "... the steps"
after 1
has "$work/after" "前に調べたときから変わっていません" "... nothing done yet"
after 2
has "$work/after" "まだ直すところがあります: $address" "... what is left"
unlike "$work/after" '★「エイリアスとして扱います」' "... one step less"
after 3
has "$work/after" "設定は正しくなりました" "... right"
like "$work/after" '[0-9]{2}:[0-9]{2}ごろまで待つ' "... and until when to wait"
unlike "$tty" 'Looked again|Still to do|Save Changes|right now' \
    "... and no English in between"
ok "... nothing is left to go on with" test ! -e "$progress"
