# audit as text: each kind of mailbox, what is wrong with it, what is right,
# and that nothing was changed.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 36

sim_start --demo

sendas_run audit taro@example.com
status_is 1 "two errors: exit status 1"
like "$out" '^taro@example\.com$' "the mailbox is named"
like "$out" '^FIX +taro@sky\.ocn\.ne\.jp +2 things to look at' \
    "the address, with how much there is"
has "$out" '1) "Treat as an alias" is ticked.' "the first finding"
has "$out" "OCN users report that mail is then rejected (553 ... E041)" \
    "... is worded as a report, with the reply that people see"
has "$out" "2) With port 465 choose SSL, not TLS." "the second finding"
has "$out" "Correct: SMTP server smtp.ocn.ne.jp, port 465, SSL, user name \
taro@sky.ocn.ne.jp" "what it should be"
has "$out" "Cannot be checked: user name and password" "what nobody can see"
like "$out" '^Nothing was changed\.$' "that nothing was changed"
like "$err" 'to repair: sendas fix' "how to go on, beside the results"
unlike "$out" 'to repair' "... not in them"
unlike "$out" 'mailboxes:' "no total for one mailbox"

sendas_run audit hanako@example.com
status_is 0 "all right: exit status 0"
like "$out" '^OK +hanako@mba\.ocn\.ne\.jp$' "it says so"
unlike "$out" 'support@example\.com' \
    "another provider's address is not shown to a person"
unlike "$out" '^ +[0-9]\)|^ +- ' "nothing else is said"
unlike "$err" 'to repair' "no way to go on where there is nothing to do"
unlike "$out" 'delivered' "settings are right is not mail is delivered"

sendas_run audit hanako@example.com --verbose
like "$out" 'support@example\.com \(not an address of OCN: not checked\)' \
    "with --verbose it is"
has "$out" "User name and password cannot be seen from outside" \
    "... and what is only for information"

sendas_run audit kenta@example.com
status_is 1 "never confirmed: exit status 1"
has "$out" "not confirmed yet, so it cannot send" "it says so"
has "$out" "It is the default sender, so all new mail is affected" \
    "the default sender is worth a word"

sendas_run audit anna@example.com
status_is 1 "an alias at dream.com: exit status 1"
like "$out" '^FIX +anna\.miller@dream\.com' "dream.com is OCN's"
has "$out" "Port 587 with TLS can work" "587 is a warning"
has "$out" "Replies go to office@example.com" "replies elsewhere are advice"
unlike "$out" 'biglobe' "a real other provider is left alone"

sendas_run audit peter@example.com
status_is 4 "Gmail is off: exit status 4"
like "$out" '^NOT READ' "not read is not OK"
has "$out" "Gmail is switched off for this user" "it says why"

sendas_run audit hanako@example.com taro@example.com peter@example.com
status_is 4 "one of several could not be read: exit status 4"
has "$out" "3 mailboxes: 1 with findings, 1 fine, 1 not readable, 0 not \
looked at." "the total counts each"

# What was typed by nobody is not in any result.
unlike "$out" 'invented-password' "no password in the results"
requests_are patch 0 "an audit writes nothing"
is "$(grep -c '"method":"P[AU]' "$sim_requests")" 0 "by no method"
