# What Google does with a PATCH of smtpMsa is not known for certain, so each
# possible answer is had: all five fields always go together, the alias and the
# server of one address do not trip each other, and the outcome is the honest
# one.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
needs_sim
needs_smtp
plan 82

smtp_start
smtp_policy ssl

# outcomes_are SEED STATUS ALIAS SERVER OPEN NAME: of the two changes of one
# address in a mailbox whose seed has `SEED` beside the usual.
outcomes_are()
{
	rm -rf "$work/home/.local/state/sendas"
	sim_start --seeds "$(seed one "$(server_box anna@example.com \
	    "$(server 127.0.0.1 25 none)" ", $1")")"
	server_run fix anna@example.com --yes --max-changes 2 --timeout 2 \
	    --format json
	status_is "$2" "$6: exit status $2"
	json_is "$out" 'd.mailboxes[0].changes.map((c) => c.field + " " +
	    c.outcome).join()' "treatAsAlias $3,smtpMsa $4" "$6: $3, and $4"
	run_is "$(newest_run)" 'd.run.changes.open' "$5" "$6: left open"
}

set_right="$(right_server ssl)"

for partial in merge replace refuse-partial; do
	outcomes_are "\"patch\": {\"kind\": \"apply\", \"partial\":
	    \"$partial\"}" 0 applied applied 0 "a part would be: $partial"
	is "$(server_of anna@example.com)" "$set_right" "$partial: all is set"
done
outcomes_are '"patch": "ignore"' 4 ignored ignored 0 "taken, and not done"
outcomes_are '"patch": "refuse"' 4 refused refused 0 "a personal account"
is "$(passwords_given)" 0 "no password was given to that one"
is "$(smtp_events auth)" 4 "nor tried"
outcomes_are '"patch": "connect-fails"' 4 applied failed 0 \
    "Google cannot reach the server"
json "$out" 'd.mailboxes[0].changes[1].message' >"$work/message"
has "$work/message" "Could not reach" "Google's reason is told"
is "$(alias_of anna@example.com taro@ocn.ne.jp)" false "the alias is off"
outcomes_are '"patch": "error400"' 4 failed failed 0 "refused otherwise"

# What is refused is quoted; what was sent with it is not. A part will do.
for quoted in invented-password nted-pas; do
	outcomes_are "\"faults\": {\"patchStatus\": {\"code\": 400,
	    \"reason\": \"invalidArgument\", \"after\": 1,
	    \"message\": \"Invalid value (TYPE_STRING), '$quoted'\"}}" \
	    4 applied failed 0 "refused, and $quoted told back"
	json "$out" 'd.mailboxes[0].changes[1].message' >"$work/message"
	has "$work/message" "repeats a part of the password" \
	    "$quoted told back: that is told"
	run grep -rlF "$quoted" "$work/home" "$work/tmp"
	status_is 1 "$quoted told back: nothing keeps it"
done

# To be confirmed again, and by which of the two.
outcomes_are '"patch": "pending-blocks"' 4 applied pending-verification 0 \
    "a new server makes the address pending"
is "$(server_of anna@example.com)" "$set_right" "pending: the server is set"
is "$(alias_of anna@example.com taro@ocn.ne.jp)" false \
    "pending: the alias went before, and is off"
json "$out" 'd.mailboxes[0].changes[1].message' >"$work/message"
has "$work/message" "opens the link, or types the code in Gmail's settings" \
    "pending: what its owner is to do is told"
outcomes_are '"patch": "pending"' 4 applied pending-verification 0 \
    "any change makes it pending"

# Answers that are lost, for the second PATCH alone.
fault()
{
	echo "\"faults\": {\"patchFault\": {\"kind\": \"$1\", \"after\": 1,
	    \"applied\": $2, \"times\": 1}}"
}
outcomes_are "$(fault reset true)" 0 applied applied 0 "done, the answer lost"
is "$(passwords_given)" 1 "it was not sent again"
outcomes_are "$(fault reset false)" 4 applied failed 1 \
    "not done, the answer lost, and the descriptor is read"
has "$out" "was used before" "why it was not sent again is told"
has "$out" "To go on later" "and how to go on"
server_run fix --run "$(newest_run)"
status_is 0 "gone on with: exit status 0"
is "$(server_of anna@example.com)" "$set_right" "the server is set"
outcomes_are "$(fault stall true)" 0 applied applied 0 \
    "done, and never an answer"
outcomes_are "$(fault stall false)" 4 applied failed 0 \
    "not done, and never an answer"

# The alias alone was changed, and made the address pending: then it says so.
outcomes_are "\"patch\": \"pending\", $(fault stall false)" 4 \
    pending-verification failed 0 "pending, and the server is not set"
outcomes_are '"patch": "pending", "faults": {"patchStatus": {"code": 400,
    "reason": "invalidArgument", "message": "no", "after": 1}}' 4 \
    pending-verification failed 0 "pending, and the server is refused"

# With a file the password is had once more.
rm -rf "$work/home/.local/state/sendas"
sim_start --seeds "$(seed one "$(server_box anna@example.com \
    "$(server 127.0.0.1 25 none)" ", $(fault reset false)")")"
passwords_file anna@example.com
sendas_run fix anna@example.com --policy "$policy" --passwords "$passwords" \
    --yes --max-changes 2
status_is 0 "not done, the answer lost, with a file: exit status 0"
is "$(server_of anna@example.com)" "$set_right" "sent once more, it is set"
is "$(passwords_given)" 2 "Google was given the password twice"

# The project is refused before the password's turn.
outcomes_are '"faults": {"patchStatus": {"code": 403,
    "reason": "accessNotConfigured", "message": "Gmail API has not been used",
    "times": 1}}' 3 failed planned 2 "the project is refused"
is "$(passwords_given)" 0 "no password was given then"

# A token that is not taken any more while the password is on its way.
rm -rf "$work/home/.local/state/sendas"
sim_start --expire-tokens-after 3 --seeds "$(seed one "$(server_box \
    anna@example.com "$(server 127.0.0.1 25 none)" '')")"
server_run fix anna@example.com --yes --max-changes 2
status_is 0 "a token that ended: exit status 0"
is "$(server_of anna@example.com)" "$set_right" "with a new one it is set"

# Somebody else's hand, between the question and the change.
sim_start --seeds "$(seed one "$(server_box anna@example.com \
    "$(server 127.0.0.1 25 none)" ', "changeBetween": {"field":
	"smtpMsa.port", "value": 587, "after": 1}')")"
server_run fix anna@example.com --yes --max-changes 2 --format json
status_is 4 "another hand: exit status 4"
json_is "$out" 'd.mailboxes[0].changes.map((c) => c.outcome).join()' \
    applied,changed-meanwhile "the server is left alone, the alias is not"
is "$(passwords_given)" 0 "no password was given"
