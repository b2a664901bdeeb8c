# fix: only a clear yes changes anything. No, an empty line, another word and
# the end of input do not, and end with exit status 1; Ctrl-C ends with 130.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 30

sim_start --demo \
    --seeds "$(seed more "$(mailbox mari@example.com mari@ocn.ne.jp "")")"

# declined ANSWER NAME
declined()
{
	sendas_ask '\[y/N\] ' "$1" -- fix jiro@example.com
	status_is 1 "$2: exit status 1"
	like "$tty" 'None of these changes was made\.' "$2: it says that nothing changed"
	like "$out" 'Planned, and not written' "$2: the results say so too"
	requests_are patch 0 "$2: no PATCH"
}

declined n "n"
declined "" "an empty line"
declined yo "another word"
declined 1 "a number, when y was asked for"
declined ^D "Ctrl-D"

sendas_ask '\[y/N\] ' ^C -- fix jiro@example.com
status_is 130 "Ctrl-C: exit status 130"
requests_are patch 0 "Ctrl-C: no PATCH"
like "$err" 'interrupted' "Ctrl-C: it says so"

sendas_ask '\[y/N\] ' ^C -- fix jiro@example.com --format json
status_is 130 "Ctrl-C with JSON: exit status 130"
json_is "$out" 'd.mailboxes[0].changes[0].outcome' planned \
    "Ctrl-C with JSON: the results are whole, and nothing is applied"
json_is "$out" 'd.summary.complete' false \
    "Ctrl-C with JSON: ... and not called complete"

# The answers that are yes, as people type them.
# agreed ANSWER MAILBOX ADDRESS
agreed()
{
	sendas_ask '\[y/N\] ' "$1" -- fix "$2" --quiet
	is "$(alias_of "$2" "$3")" false "$1 is a yes"
}

agreed Y jiro@example.com jiro@ocn.ne.jp
agreed YES taro@example.com taro@sky.ocn.ne.jp
agreed ｙ anna@example.com anna.miller@dream.com
agreed はい mari@example.com mari@ocn.ne.jp
