# audit --format json and jsonl, for every demo mailbox, against
# doc/report.schema.json: nothing is missing, nothing undocumented, and the
# language changes messages alone.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_sim
plan 31

sim_start --demo --count 20

all="taro hanako jiro kenta anna peter"
mailboxes=
for name in $all; do
	mailboxes="$mailboxes $name@example.com"
done

# shellcheck disable=SC2086 # words are meant
sendas_run audit $mailboxes nobody@example.com --format json
status_is 4 "seven mailboxes, two not readable: exit status 4"
is_report json "$out" "JSON keeps to the contract"
cp "$out" "$work/report.json"
json_is "$out" '[d.run.command, d.run.dryRun, d.run.policy]' \
    '["audit",false,"ocn"]' "the run is described"
json_is "$out" 'd.mailboxes.map((m) => [m.mailbox, m.reason || m.status])
	.sort().map((m) => m.join(" "))' '["anna@example.com read",'\
'"hanako@example.com read","jiro@example.com read","kenta@example.com read",'\
'"nobody@example.com bad-subject","peter@example.com mail-service-off",'\
'"taro@example.com read"]' "each mailbox is there once"
json_is "$out" 'd.mailboxes.find((m) => m.mailbox === "anna@example.com")
	.addresses.map((a) => [a.address, a.provider, a.findings.length > 0])' \
    '[["anna@example.com",null,false],["anna.miller@dream.com","ocn",true],'\
'["anna.miller@biglobe.ne.jp",null,false]]' \
    "every address is there, others' without findings"
json_is "$out" 'd.mailboxes.find((m) => m.mailbox === "taro@example.com")
	.addresses[1].relay' \
    '{"host":"smtp.ocn.ne.jp","port":465,"security":"starttls"}' \
    "the relay is as the API has it"
json_is "$out" 'd.mailboxes.find((m) => m.mailbox === "taro@example.com")
	.addresses[1].findings.map((f) => [f.rule, f.severity, f.evidence,
	f.observed, f.expected, f.repair])' \
    '[["treat-as-alias","error","reported",true,false,"api"],'\
'["tls-465-starttls","error","confirmed","starttls","ssl","password"],'\
'["credentials-unseen","info","confirmed",null,"taro@sky.ocn.ne.jp","none"]]' \
    "findings have typed values"
json_is "$out" 'd.summary.complete' true "it is complete"
unlike "$out" 'Nothing was changed|instead of Google' \
    "nothing but JSON on standard output"

# Rules that are not in doc/policy.md would be news to its readers.
missing=
for rule in $(json "$out" 'Object.keys(d.summary.findings).join(" ")'); do
	grep -q "^| $rule |" "$top_srcdir/doc/policy.md" ||
	    missing="$missing $rule"
done
is "$missing" "" "every rule is documented"

# shellcheck disable=SC2086
sendas_run audit $mailboxes nobody@example.com --format json --lang ja
status_is 4 "in Japanese: the same exit status"
is_report json "$out" "... keeps to the contract"
stripped='const strip = (v) => Array.isArray(v) ? v.map(strip) :
	v && typeof v === "object" ? Object.fromEntries(Object.entries(v)
	.filter(([k]) => !["message", "id", "started", "finished"].includes(k))
	.map(([k, x]) => [k, strip(x)])) : v; d.mailboxes.sort((a, b) =>
	a.mailbox < b.mailbox ? -1 : 1); strip(d)'
is "$(json "$out" "$stripped")" "$(json "$work/report.json" "$stripped")" \
    "... and differs in nothing but messages"

# shellcheck disable=SC2086
sendas_run audit $mailboxes --format jsonl
status_is 4 "JSON lines: exit status 4"
is_report jsonl "$out" "JSON lines keep to the contract"
is "$(wc -l <"$out")" 7 "a line a mailbox, and the summary"
is "$(tail -n 1 "$out" | grep -c '"summary"')" 1 "the summary is the last line"

# Many at once: all there, none twice.
names=$(seq -f 'user%05g@example.com' 1 20)
# shellcheck disable=SC2086
sendas_run audit $names --format jsonl
is_report jsonl "$out" "twenty mailboxes keep to the contract"
is "$(head -n -1 "$out" | sed 's/.*"mailbox":"\([^"]*\)".*/\1/' | sort)" \
    "$names" "each is there once"

# The same one again, in other letters too, is one mailbox.
sendas_run audit jiro@example.com jiro@example.com JIRO@EXAMPLE.COM \
    --format json
status_is 1 "the same mailbox three times: exit status 1"
json_is "$out" 'd.summary.mailboxes' 1 "... is one mailbox"
is "$(grep -c '"call":"list".*"mailbox":"jiro@example.com"' \
    "$sim_requests")" 4 "... and read once"

# What --fail-on does not care for does not fail; not read always does.
sendas_run audit hanako@example.com --fail-on advice
status_is 0 "info is not advice: exit status 0"
one=$(mailbox warn@example.com warn@ocn.ne.jp "" |
    sed 's/"treatAsAlias": true/"treatAsAlias": false/; s/465/587/
	s/"ssl"/"starttls"/; s/"displayName": "T", "treat/"treat/')
sim_start --demo --seeds "$(seed warn "$one")"
sendas_run audit warn@example.com
status_is 0 "a warning: exit status 0"
sendas_run audit warn@example.com --fail-on warning
status_is 1 "a warning with --fail-on warning: exit status 1"
sendas_run audit warn@example.com --fail-on advice
status_is 1 "a warning with --fail-on advice: exit status 1"
sendas_run audit warn@example.com --fail-on error --format json
status_is 0 "a warning with --fail-on error: exit status 0"
json_is "$out" '[d.summary.clean, d.summary.withFindings]' '[0,1]' \
    "... and yet it has findings"
sendas_run audit peter@example.com --fail-on error
status_is 4 "not read, whatever --fail-on says: exit status 4"
sendas_run audit jiro@example.com --fail-on info
status_is 2 "--fail-on info does not exist: exit status 2"
sendas_run audit jiro@example.com --fail-on=warning
status_is 1 "an error with --fail-on warning: exit status 1"
