# audit --from: the forms in which people and programs have these settings,
# and what pasting and Windows do to them.
. "$(dirname "$0")/../helpers/tap.sh"
needs_node
plan 53

primary='{"sendAsEmail": "taro@example.com", "isPrimary": true}'
ocn='{"sendAsEmail": "taro@ocn.ne.jp", "displayName": "T",
 "treatAsAlias": true, "verificationStatus": "accepted",
 "smtpMsa": {"host": "smtp.ocn.ne.jp", "port": 465, "securityMode": "ssl"}}'
flat_ocn=$(printf '%s' "$ocn" | tr '\n' ' ')

# from NAME: reads $work/NAME.json.
from()
{
	run "$sendas" audit --from "$work/$1.json" --format json
}

# reads NAME MAILBOX ADDRESSES...: as JSON lists.
reads()
{
	status_is 1 "$1: exit status 1 for the finding"
	json_is "$out" 'd.mailboxes.map((m) => [m.mailbox, m.source,
		m.addresses.map((a) => a.address), m.addresses.flatMap((a) =>
		a.findings).filter((f) => f.severity === "error").length])' \
	    "$2" "$1: it is read and judged"
}
one='[["taro@example.com","file",["taro@example.com","taro@ocn.ne.jp"],1]]'
alone='[[null,"file",["taro@ocn.ne.jp"],1]]'

printf '{"sendAs": [\n%s,\n%s\n]}\n' "$primary" "$ocn" >"$work/list.json"
from list
reads "an answer of list" "$one"
is_empty "$err" "an answer of list: nothing to complain of"

printf '{"sendAs": [%s, %s]}' "$primary" "$flat_ocn" >"$work/oneline.json"
from oneline
reads "on one line, without a line's end" "$one"

printf '%s\n' "$ocn" >"$work/object.json"
from object
reads "one SendAs object: nobody said whose it is" "$alone"

printf '%s' "$flat_ocn" >"$work/flat.json"
from flat
reads "one SendAs object on one line" "$alone"

printf '{"mailbox": "taro@example.com", "sendAs": [%s, %s]}\n' \
    "$primary" "$flat_ocn" >"$work/line"
printf '{"mailbox": "hana@example.com", "sendAs": [%s]}\n' "$flat_ocn" \
    >"$work/line2"
cat "$work/line" "$work/line2" >"$work/lines.json"
from lines
reads "JSON lines" '[["taro@example.com","file",["taro@example.com",'\
'"taro@ocn.ne.jp"],1],["hana@example.com","file",["taro@ocn.ne.jp"],1]]'

{ echo; cat "$work/line"; echo; echo "  "; cat "$work/line2"; echo; } \
    >"$work/gaps.json"
from gaps
json_is "$out" 'd.mailboxes.map((m) => m.mailbox)' \
    '["taro@example.com","hana@example.com"]' "JSON lines with empty lines"

cp "$work/line" "$work/single.json"
from single
reads "a single JSON line" "$one"

sed 's/$/\r/' "$work/line" "$work/line2" >"$work/crlf.json"
from crlf
json_is "$out" 'd.summary.read' 2 "JSON lines from Windows"

printf '{"sendAs": [\r\n%s,\r\n%s\r\n]}\r\n' "$primary" "$flat_ocn" \
    >"$work/windows.json"
from windows
reads "an answer with CRLF" "$one"

printf '\357\273\277{"sendAs": [%s, %s]}' "$primary" "$flat_ocn" \
    >"$work/bom.json"
from bom
reads "a byte order mark" "$one"

printf '\357\273\277%s\r\n' "$(cat "$work/line")" >"$work/bomline.json"
from bomline
reads "a byte order mark before JSON lines" "$one"

printf '\357\273\277200\r\n{"sendAs": [%s, %s]}' "$primary" "$flat_ocn" \
    >"$work/bomstatus.json"
from bomstatus
reads "a byte order mark before a status line" "$one"

printf '{\n\302\240\302\240"sendAs": [\n\302\240%s,\302\240%s]\n}\n' \
    "$primary" "$flat_ocn" >"$work/nbsp.json"
from nbsp
reads "no-break spaces where a browser shows white space" "$one"

printf '{"sendAs": [%s, %s]}' "$primary" "$flat_ocn" |
    sed "s/smtp.ocn.ne.jp/&$(printf '\302\240')/" >"$work/inside.json"
from inside
reads "a no-break space inside a text" "$one"
json_is "$out" 'd.mailboxes[0].addresses[1].relay.host' \
    "smtp.ocn.ne.jp$(printf '\302\240')" "... stays what it is"

for line in 200 '200 OK' 'HTTP/1.1 200 OK' 'HTTP/2 200' '  200'; do
	printf '%s\n\n{"sendAs": [\n%s,\n%s\n]}\n' "$line" "$primary" "$ocn" \
	    >"$work/status.json"
	from status
	reads "the line \"$line\" above it" "$one"
done

input=$work/list.json
run "$sendas" audit --from - --format json
reads "standard input" "$one"
input=
run "$sendas" audit --from="$work/list.json" --format json
reads "--from=FILE" "$one"
mkdir "$work/a b"
cp "$work/list.json" "$work/a b/-x"
run sh -c 'cd "$1" && exec "$2" audit --from ./-x' sh "$work/a b" "$sendas"
status_is 1 "a name with a space and a hyphen"
run sh -c 'cat "$1" | "$2" audit --from /dev/stdin' sh "$work/list.json" \
    "$sendas"
status_is 1 "a pipe by its name"

# Fields that are not known, and null, are no mistake: Google adds some.
printf '{"kind": "x", "sendAs": [%s, %s], "nextPageToken": null}' \
    "$(echo "$primary" | sed 's/}/, "new": {"x": [1, 2.5e3]}}/')" \
    "$(echo "$flat_ocn" | sed 's/"displayName": "T"/"displayName": null/')" \
    >"$work/unknown.json"
from unknown
status_is 1 "unknown fields and null: exit status 1"

run "$sendas" audit --from "$work/list.json"
status_is 1 "as text: exit status 1"
like "$out" '^FIX +taro@ocn\.ne\.jp' "as text: the finding is told"
like "$out" '^Nothing was changed\.$' "as text: that nothing was changed"
run "$sendas" audit --from "$work/object.json"
like "$out" '^\(mailbox unknown\)$' "as text: a mailbox without a name"

sed 's/"treatAsAlias": true/"treatAsAlias": false/' \
    "$work/list.json" >"$work/clean.json"
from clean
status_is 0 "all right: exit status 0"
json_is "$out" 'd.summary.clean' 1 "... and clean"
sed 's/"treatAsAlias": true,//' "$work/list.json" >"$work/absent.json"
from absent
status_is 0 "an absent box is a cleared one"

# No network and no credentials are needed for any of this.
test_env="https_proxy=http://127.0.0.1:1"
run "$sendas" audit --from "$work/list.json" --credentials /nonexistent
status_is 1 "credentials are not looked at"
