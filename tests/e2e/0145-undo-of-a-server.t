# An undo puts a server back only with the password that it had, which is tried
# at that server first; else it says why not.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
needs_sim
needs_smtp
plan 27

smtp_start
smtp_policy ssl
ssl=$(smtp_port ssl)
starttls=$(smtp_port starttls)

# fixed SMTPMSA [RULES]: anna's server was this one, and a run changed it.
fixed()
{
	rm -rf "$work/home/.local/state/sendas"
	sim_start --seeds "$(seed one "$(server_box anna@example.com "$1" '')")"
	server_run fix anna@example.com --yes --max-changes 2
	status_is 0 "a server is changed: exit status 0"
	changed=$(newest_run)
}

fixed "$(server 127.0.0.1 "$starttls" starttls)"
sendas_run undo "$changed" --policy "$policy" --dry-run --format json
json_is "$out" 'd.mailboxes[0].changes.map((c) => c.outcome).join()' \
    planned,failed "without a password: the alias alone can be put back"
sendas_run undo "$changed" --policy "$policy" --yes --max-changes 2
status_is 4 "without a password: exit status 4"
has "$out" "Google never shows the old password" "it says why"
is "$(server_of anna@example.com)" "$(right_server ssl)" \
    "the server stays as it is"
is "$(alias_of anna@example.com taro@ocn.ne.jp)" true "the alias is back"

# With another password than the old one nothing is sent.
server_password=not-the-old-one
server_run undo "$changed" --yes --max-changes 2
status_is 4 "with another password: exit status 4"
has "$out" "does not take this user name or password" "it says so"
is "$(server_of anna@example.com)" "$(right_server ssl)" \
    "the server stays as it is"
server_password=invented-password
server_run undo "$changed" --yes --max-changes 2
status_is 0 "with the old one: exit status 0"
is "$(server_of anna@example.com)" \
    "127.0.0.1 $starttls starttls taro@ocn.ne.jp true" "the server is back"
is "$(smtp_events auth starttls)" 2 "it was tried at the old server"
run_is "$changed" 'd.mailboxes[0].changes.map((c) => c.outcome).join()' \
    undone,undone "the run knows it"

# An undo is undone in the same way.
server_run undo "$(newest_run)" --yes --max-changes 2
status_is 0 "undone once more: exit status 0"
is "$(server_of anna@example.com)" "$(right_server ssl)" "the server is set"

# What has no way back.
fixed "$(server 127.0.0.1 25 none)"
server_run undo "$changed" --yes --max-changes 2
status_is 4 "a server without TLS: exit status 4"
has "$out" "not one that a password may be sent to" "it says why"
tries=$(smtp_events auth)
fixed "$(server smtp.ocn-mail.example "$ssl" ssl)"
server_run undo "$changed" --yes --max-changes 2
status_is 4 "a look-alike: exit status 4"
has "$out" "not one that a password may be sent to" "it says why"
is "$(($(smtp_events auth) - tries))" 1 "it was tried when it was set, alone"
fixed ''
server_run undo "$changed" --yes --max-changes 2 --format json
status_is 4 "no server before: exit status 4"
json_is "$out" 'd.mailboxes[0].changes.map((c) => [c.outcome, c.reversible]
	.join(" ")).join()' 'applied true,failed false' "it cannot be put back"
json "$out" 'd.mailboxes[0].changes[1].message' >"$work/message"
has "$work/message" "There was no SMTP server before" "it says why"
is "$(server_of anna@example.com)" "$(right_server ssl)" "the server stays"
