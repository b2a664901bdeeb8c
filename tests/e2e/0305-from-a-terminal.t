# audit --from - on a terminal: what a person pastes is read, also a line that
# is longer than a terminal's own limit of 4,096 bytes, with text around it,
# and it ends by itself when the JSON closes. Then the steps are offered.
. "$(dirname "$0")/../helpers/tap.sh"
needs_expect
plan 12
run_limit_sec=20

ocn='{"sendAsEmail": "t@ocn.ne.jp", "displayName": "T", "treatAsAlias": true}'

talk 'Ctrl-D stops\.' "{\"sendAs\": [$ocn]}" '/ n\] ' n -- "$sendas" audit --from -
status_is 1 "a short paste ends by itself"
like "$tty" '^FIX +t@ocn\.ne\.jp' "... and is judged"
unlike "$tty" 'How to fix it' "no to the offer: no steps"

long=$(head -c 6000 /dev/zero | tr '\0' ' ')
talk 'Ctrl-D stops\.' "{\"sendAs\": [$long$ocn]}" '/ n\] ' n -- \
    "$sendas" audit --from -
status_is 1 "6,000 bytes on one line end by themselves"
like "$tty" '^FIX +t@ocn\.ne\.jp' "... and are read whole"

talk 'Ctrl-D stops\.' "200 OK
content-type: json
{\"sendAs\": [$ocn]} Hide response
n" '/ n\] ' '' 'q ' q -- "$sendas" audit --from -
status_is 1 "text around the JSON: exit status 1 for the finding"
like "$tty" '^FIX +t@ocn\.ne\.jp' "... it is passed over"
like "$tty" 'How to fix it' "... and is no answer to the question"
like "$tty" 'To go on later, type: sendas' "q: how to go on is told"

talk 'Ctrl-D stops\.' '{"sendAs": [' '' '^D' -- "$sendas" audit --from -
status_is 5 "a paste that does not close: exit status 5"
like "$tty" 'did not come to an end' "... it is told"
unlike "$tty" 'How to fix it' "... and nothing is judged"
