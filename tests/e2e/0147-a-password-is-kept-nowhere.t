# An SMTP password, whichever way it came, is in nothing that sendas says or
# keeps: no report, no log, no plan, no journal, no list of processes, no file
# while it is in use; not even where a server sends it back, or where the
# environment would have the keys of its connections written to a file.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/smtp.sh"
. "$(dirname "$0")/../helpers/servers.sh"
. "$(dirname "$0")/../helpers/traces.sh"
needs_expect
needs_sim
needs_smtp
plan 59
umask 0

wrong_password="Wr0ng-$(long_password | tr A-Za-z N-ZA-Mn-za-m)"
server_password=$(long_password)
secret right "$server_password"
secret wrong "$wrong_password"
smtp_start --password "$server_password"
smtp_policy ssl

# The search finds what it is to find, or the rest proves nothing.
node -e '
	const [password, folder] = process.argv.slice(1);
	const base64 = (text) => Buffer.from(text).toString("base64");
	const forms = { password,
		"AUTH PLAIN": base64(`\0taro@ocn.ne.jp\0${password}`),
		"AUTH PLAIN of a longer name": base64(`\0x@ocn.ne.jp\0${password}`),
		"AUTH LOGIN": base64(password),
		hexadecimal: Buffer.from(password).toString("hex"),
		form: new URLSearchParams({ password }).toString(),
		address: `https://x/?password=${encodeURIComponent(password)}`,
		JSON: JSON.stringify({ password }),
		CSV: `"x","${password.replace(/"/g, "\"\"")}"`,
		"UTF-16": Buffer.from(password, "utf16le"),
		"a part": password.slice(70, 84) };
	for (const [name, bytes] of Object.entries(forms))
		require("fs").writeFileSync(`${folder}/${name}`, bytes);' \
    "$server_password" "$(mkdir "$work/forms" && echo "$work/forms")"
for form in "$work"/forms/*; do
	ok "it would be found: ${form##*/}" traces_in "$form"
done

# Each has a server that is wrong, and one that undo may go back to.
box()
{
	server_box "$1@example.com" \
	    "$(server 127.0.0.1 "$(smtp_port starttls)" starttls)" "${2:-}"
}
boxes=$(box echo ', "faults": {"patchStatus": {"code": 400, "after": 1,
	"message": "Invalid value at smtpMsa.password: '"$(printf '%s' \
	    "$server_password" | sed 's/[\\"]/\\&/g')"'"}}')
users="fd1 fd2 fd3 file1 file2 plan typed bad keys last killed"
for name in $users; do
	boxes="$boxes, $(box "$name")"
done
sim_start --seeds "$(seed all "$boxes")"
passwords_file file1@example.com file2@example.com plan@example.com \
    last@example.com
kept=$work/home/kept
mkdir "$kept"

# changed NAME: the mailbox's server was set, so that there was a password.
changed()
{
	is "$(server_of "$1@example.com")" "$(right_server ssl)" \
	    "$1: the server is set"
}

# fix_fd NAME ARGUMENT...
fix_fd()
{
	fix_name=$1@example.com
	shift
	server_run fix "$fix_name" --yes --max-changes 2 "$@"
}

fix_fd fd1 --verbose
keeps_secret "from a descriptor"
changed fd1
first=$(newest_run)
fix_fd fd2 --verbose --format json --log-format json
keeps_secret "with a log, and a report in JSON"
changed fd2
fix_fd fd3 --verbose --format jsonl --log-format json -o "$kept/fd3.jsonl"
keeps_secret "with a report in a file"
changed fd3
ok "the report is there" test -s "$kept/fd3.jsonl"

printf '%s@example.com\n' file1 file2 >"$work/users"
sendas_run fix --users "$work/users" --policy "$policy" \
    --passwords "$passwords" --yes --max-changes 4 --verbose \
    --log-format json -o "$kept/file.txt"
keeps_secret "from a file"
changed file2
sendas_run fix plan@example.com --policy "$policy" --passwords "$passwords" \
    --dry-run --plan "$kept/plan.jsonl"
keeps_secret "a plan"
ok "the plan is there" test -s "$kept/plan.jsonl.txt"
sendas_run fix --plan "$kept/plan.jsonl" --policy "$policy" \
    --passwords "$passwords" --yes --max-changes 2 \
    --sha256 "$(sha256sum "$kept/plan.jsonl" | cut -d ' ' -f 1)"
keeps_secret "the plan, carried out"
changed plan

ask_words="--credentials $sim_key --ca-file $sim_ca
    --endpoint gmail=$sim_gmail --endpoint token=$sim_token --policy $policy"
ask_with 'y/N' y 'not shown' "$wrong_password" 'Once more.*not shown' \
    "$server_password" -- fix typed@example.com --verbose
keeps_secret "typed, and mistyped"
changed typed

server_run undo "$first" --yes --max-changes 2 --verbose --log-format json
status_is 0 "an undo: exit status 0"
keeps_secret "an undo"

# What goes wrong.
test_env=
server_password=$wrong_password
fix_fd bad --verbose --log-format json
status_is 4 "a wrong one: exit status 4"
keeps_secret "a wrong one"
server_password=$(long_password)
fix_fd echo --verbose --log-format json
has "$out" "repeats a part of the password, so it is not shown" "that is told"
keeps_secret "sent back by Google"
for name in echo base64; do
	run sh -c 'exec "$@" 3<"$0"' "$work/password" "$sendas" probe \
	    "$name@ocn.ne.jp" --password-fd 3 --policy "$policy" \
	    --ca-file "$smtp_ca"
	has "$out" "Seen: 5" "probe, $name: the server's words are shown"
	keeps_secret "probe, $name"
done

# TLS itself is not to be opened by others.
test_env=SSLKEYLOGFILE=$work/tls-keys
fix_fd keys
changed keys
ok "no keys of TLS are written, whatever the environment says" \
    test ! -e "$work/tls-keys"
test_env=

# While it is in use, and after it was killed then.
state=$work/home/.local/state/sendas
note_pids
fix_last()
{
	sendas_run fix last@example.com --policy "$policy" \
	    --passwords "$passwords" --yes --max-changes 2 --log-format json
}
if has_fault_points; then
	stopped_at relay.patch "shown open $work/home $work/tmp $state/journal.db-wal" \
	    fix_last
	was_clean "in use: not in what others see, nor in any file"
	changed last
	test_env=SENDAS_FAULT_POINT=relay.patch
	fix_fd killed
	test_env=
	status_is 137 "killed while it is in use"
	ok "the journal's log was left" test -s "$state/journal.db-wal"
else
	skip 4 "built without --enable-fault-points"
fi

journal runs --format json
keeps_secret "what is told of these runs"
no_trace "and all that was kept" "$work/home" "$work/tmp"
is "$(find "$work/tmp" -type f)" "" "no temporary file is left"
cp "$passwords" "$work/tmp/left"
ok "one that was left would be found" traces_in "$work/tmp"
