# fix: only a clear yes changes anything. No, an empty line, another word and
# the end of input do not, and end with exit status 1; Ctrl-C ends with 130.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 31

sim_start --demo

# declined ANSWER NAME
declined()
{
	sendas_ask '\[y/N\] ' "$1" -- fix jiro@example.com
	status_is 1 "$2: exit status 1"
	like "$tty" 'Nothing was changed\.' "$2: it says that nothing changed"
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
for answer in Y YES ｙ はい; do
	sim_start --demo
	sendas_ask '\[y/N\] ' "$answer" -- fix jiro@example.com
	requests_are patch 1 "$answer is a yes"
done
is "$(alias_of jiro@example.com jiro@ocn.ne.jp)" false \
    "after a yes the box is cleared"
