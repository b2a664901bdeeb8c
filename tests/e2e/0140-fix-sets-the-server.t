# A server that is set wrongly, in each pair of port and connection, and by
# each rule about its name, is set right with its password, and read back; the
# password was tried before, and nobody else got it.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
needs_sim
needs_smtp
plan 54

smtp_start
smtp_policy ssl
port=$(smtp_port ssl)

# pair PORT MODE: the mailbox of that pair.
pair()
{
	echo "${1:-absent}-${2:-absent}@example.com"
}

# What is wrong by the rules, and what works or may work, and is changed only
# when it is asked for.
wrong_pairs="25: 25:ssl 25:starttls 25:none 25:odd $port:starttls $port:none
    587:ssl 587:none 2525: 2525:ssl 2525:starttls 2525:none
    2525:odd : :ssl :starttls :none :odd"
other_pairs="587: 587:starttls 587:odd $port: $port:odd"

boxes=
users=
for at in $wrong_pairs $other_pairs; do
	name=$(pair "${at%:*}" "${at#*:}")
	users="$users $name"
	boxes="$boxes$(server_box "$name" \
	    "$(server 127.0.0.1 "${at%:*}" "${at#*:}")" '' false),"
done
is "$(echo "$users right@example.com" | wc -w)" 25 "25 pairs, with the right one"

# By the name: a rule each.
hosts="relay-host:mail.example.net relay-address:192.0.2.7
    relay-lookalike:smtp.ocn.ne.jp.example.net relay-google:smtp.gmail.com
    relay-lookalike:smtp.ocn-mail.example"
for at in $hosts; do
	name=${at#*:}@example.com
	users="$users $name"
	boxes="$boxes$(server_box "$name" "$(server "${at#*:}" "$port" ssl)" \
	    '' false),"
done
users="$users missing@example.com empty@example.com right@example.com"
boxes="$boxes$(server_box missing@example.com '' '' false),
    $(server_box empty@example.com "$(server '' "$port" ssl)" '' false),
    $(server_box right@example.com "$(server 127.0.0.1 "$port" ssl)" '' \
	false)"
sim_start --seeds "$(seed pairs "$boxes")"
# shellcheck disable=SC2086 # words
passwords_file $users
printf 'mailbox\n' >"$work/users.csv"
# shellcheck disable=SC2086 # words
printf '%s\n' $users >>"$work/users.csv"

sendas_run fix --users "$work/users.csv" --policy "$policy" \
    --passwords "$passwords" --yes --max-changes 26 --format json
status_is 0 "all that was wrong is right: exit status 0"
is_report json "$out" "the report keeps to its contract"
json_is "$out" 'd.mailboxes.flatMap((m) => m.changes || [])
    .filter((c) => c.field === "smtpMsa" && c.outcome === "applied").length' \
    26 "26 servers were changed, and read back"
right=$(right_server ssl)
for at in $wrong_pairs; do
	name=$(pair "${at%:*}" "${at#*:}")
	is "$(server_of "$name")" "$right" "port and connection $at: set right"
done
for at in $hosts; do
	is "$(server_of "${at#*:}@example.com")" "$right" "${at%%:*}: set right"
done
is "$(server_of missing@example.com)" "$right" "relay-missing: set right"
is "$(server_of empty@example.com)" "$right" "an empty name: set right"
is "$(server_of right@example.com)" "127.0.0.1 $port ssl x true" \
    "the right one is left alone"
for at in $other_pairs; do
	name=$(pair "${at%:*}" "${at#*:}")
	server_of "$name" >"$work/server"
	like "$work/server" ' x true$' "port and connection $at: left"
done
is "$(passwords_given)" 26 "Google was given 26 passwords"
is "$(smtp_events auth ssl)" 26 "each was tried before"
is "$(smtp_events overlap)" 0 "one at a time"
is "$(smtp_events mail)" 0 "no mail was begun"
has "$err" 'entries (the first is line' "what was not needed is told"

# Only on request.
rules=port-587,tls-unknown
sendas_run fix --users "$work/users.csv" --policy "$policy" \
    --passwords "$passwords" --yes --max-changes 5 --only "$rules"
status_is 0 "on request: exit status 0"
for at in $other_pairs; do
	name=$(pair "${at%:*}" "${at#*:}")
	is "$(server_of "$name")" "$right" "$at, on request: set right"
done

# The spelling of a name, on request; untried, since it is the provider's own.
sim_start --seeds "$(seed spelled "$(server_box a@example.com \
    "$(server ' SMTP.ocn.ne.jp. ' 465 ssl)" '' false)")"
passwords_file a@example.com
sendas_run fix a@example.com --passwords "$passwords" --no-probe \
    --yes --max-changes 1
status_is 0 "a spelling is only advised: exit status 0"
server_of a@example.com >"$work/server"
like "$work/server" ' x true$' "and left"
sendas_run fix a@example.com --passwords "$passwords" --no-probe \
    --yes --max-changes 1 --only relay-spelling
status_is 0 "on request: exit status 0"
is "$(server_of a@example.com)" "smtp.ocn.ne.jp 465 ssl taro@ocn.ne.jp true" \
    "the name is spelled right"

# Rules that cannot be meant.
sendas_run fix a@example.com --only port-578
status_is 2 "a rule that is none: exit status 2"
has "$err" 'port-587, perhaps' "the one that was meant is told"
sendas_run fix a@example.com --only credentials-unseen
status_is 2 "a rule that nobody can repair: exit status 2"
