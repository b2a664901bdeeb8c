# audit --from: whose settings these are: the primary address, the name in the
# line, or the MAILBOX argument; two that differ are wrong-mailbox, and nothing
# is judged.
. "$(dirname "$0")/../helpers/tap.sh"
needs_node
plan 23

ocn='{"sendAsEmail": "t@ocn.ne.jp", "displayName": "T", "treatAsAlias": true}'
printf '{"sendAs": [{"sendAsEmail": "Taro@example.com", "isPrimary": true},
	%s]}' "$ocn" >"$work/list"
printf '{"sendAs": [%s]}' "$ocn" >"$work/noprimary"
tr '\n' ' ' <"$work/list" |
    sed 's/^{/{"mailbox": "taro@EXAMPLE.com", /' >"$work/named"
tr '\n' ' ' <"$work/list" |
    sed 's/^{/{"mailbox": "hana@example.com", /' >"$work/misnamed"

whose()
{
	json "$out" 'd.mailboxes.map((m) => [m.mailbox, m.status,
		(m.addresses || []).length])'
}

run "$sendas" audit --from "$work/list" --format json
is "$(whose)" '[["Taro@example.com","read",2]]' "the primary address names it"

run "$sendas" audit --from "$work/noprimary" --format json
is "$(whose)" '[[null,"read",1]]' "without one nobody knows"
run "$sendas" audit --from "$work/noprimary" hana@example.com --format json
is "$(whose)" '[["hana@example.com","read",1]]' "the argument names it"
status_is 1 "... and it is judged"

run "$sendas" audit --from "$work/list" TARO@example.COM --format json
status_is 1 "the same name in other letters: exit status 1 for the finding"
is "$(whose)" '[["taro@example.com","read",2]]' "... is the same mailbox"

run "$sendas" audit --from "$work/list" hana@example.com --format json
status_is 4 "another name: exit status 4"
is "$(whose)" '[["hana@example.com","wrong-mailbox",0]]' "... nothing is judged"
json_is "$out" '[d.summary.unreadable, d.summary.clean]' '[1,0]' \
    "... and it is not clean"
ok "... and the JSON keeps to the contract" node "$helpers/validate.js" \
    "$top_srcdir/doc/report.schema.json" json "$out"

run "$sendas" audit --from "$work/list" hana@example.com
status_is 4 "as text: exit status 4"
like "$out" '^NOT READ' "as text: it is not read"
has "$out" "said to be the settings of hana@example.com, but they are those of \
Taro@example.com" "as text: it says whose they are"
unlike "$out" 't@ocn\.ne\.jp' "as text: nothing of them is shown"

run "$sendas" audit --from "$work/named" --format json
is "$(whose)" '[["taro@EXAMPLE.com","read",2]]' "a line names its mailbox"
run "$sendas" audit --from "$work/misnamed" --format json
status_is 4 "a line with another name: exit status 4"
is "$(whose)" '[["hana@example.com","wrong-mailbox",0]]' "... is wrong-mailbox"

{ cat "$work/misnamed"; echo; cat "$work/named"; } >"$work/lines"
run "$sendas" audit --from "$work/lines" --format jsonl
status_is 4 "one of two lines: exit status 4"
ok "... the JSON lines keep to the contract" node "$helpers/validate.js" \
    "$top_srcdir/doc/report.schema.json" jsonl "$out"
is "$(grep -c '"status":"read"' "$out")" 1 "... and the good one is judged"

run "$sendas" audit --from "$work/list" a@example.com b@example.com
status_is 2 "two names for one text: exit status 2"
like "$err" 'one MAILBOX at most' "... and it says so"
is_empty "$out" "... and no results"
