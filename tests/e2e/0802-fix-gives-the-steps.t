# fix --from: the steps by hand alone, only what the findings call for, what
# to do after, and the ladder when mail still comes back. No network.
. "$(dirname "$0")/../helpers/tap.sh"
plan 20
file=$work/settings.json

# settings ALIAS PORT MODE
settings()
{
	printf '{"sendAs": [{"sendAsEmail": "t@gmail.com", "isPrimary": true},
		{"sendAsEmail": "t@ocn.ne.jp", "displayName": "T",
		"treatAsAlias": %s, "verificationStatus": "accepted",
		"smtpMsa": {"host": "smtp.ocn.ne.jp", "port": %s,
		"securityMode": "%s"}}]}\n' "$1" "$2" "$3" >"$file"
}

settings true 465 ssl
run "$sendas" fix --from "$file"
status_is 1 "the alias: exit status 1"
like "$out" '\* Clear "Treat as an alias"' "... is to be cleared"
unlike "$out" '\* (Port|SMTP server|Choose)' "... and nothing else"
like "$out" 'Save Changes' "... up to the end"
like "$out" 'authuser=t%40gmail\.com' "... by the account's own link"
like "$out" 'Wait until about' "... then what to do"
like "$out" 'look in this order' "... and the ladder"

settings false 25 ssl
run "$sendas" fix --from "$file"
status_is 1 "the port: exit status 1"
like "$out" '\* Port: choose 465' "... is to be changed"
unlike "$out" '\* Clear' "... the alias is not"

settings false 465 ssl
run "$sendas" fix --from "$file"
status_is 0 "all right: exit status 0"
unlike "$out" 'How to fix it' "... no steps"
like "$out" 'look in this order' "... the ladder"

settings true 465 ssl
run "$sendas" fix --from "$file" --format json
status_is 1 "JSON: exit status 1"
json_is "$out" 'd.run.command' fix "... is a report"
run "$sendas" fix --from "$file" -o "$work/steps.txt"
like "$work/steps.txt" '\* Clear "Treat as an alias"' "-o FILE has the steps"

run "$sendas" fix --from "$file" --yes --max-changes 1
status_is 2 "--yes makes no sense here: exit status 2"
run "$sendas" fix --from "$file" --ask
status_is 2 "--ask and --from: exit status 2"
run "$sendas" audit --ask someone@example.com
status_is 2 "--ask with a mailbox: exit status 2"
run "$sendas" audit --policy "$top_srcdir/examples/biglobe.json" --from "$file"
has "$out" "No BIGLOBE address" "another provider's policy, as a file"
