# audit --ask: five questions, the verdict, the steps, a second look that
# names what has changed, and what to do then; in English and in Japanese.
. "$(dirname "$0")/../helpers/tap.sh"
needs_expect
plan 27
run_limit_sec=30
state=$work/home/.local/state/sendas/progress.json

# wrong and right: the answers to the five questions.
talk 'answer: $' taro@sky.ocn.ne.jp 'answer: $' taro@gmail.com \
    'answer: $' y 'answer: $' smtp.ocn.ne.jp 'answer: $' 465 \
    'answer: $' TLS 'answer: $' yes 'stop\] $' '' \
    '/ n\] $' '' 'q $' '' \
    'answer: $' n 'answer: $' smtp.ocn.ne.jp 'answer: $' 465 \
    'answer: $' SSL 'answer: $' yes 'stop\] $' '' \
    -- "$sendas" audit --ask
status_is 0 "repaired: exit status 0"
like "$tty" '^taro@gmail\.com  \(by your answers\)' "the verdict: whose"
like "$tty" '^FIX +taro@sky\.ocn\.ne\.jp' "... which address"
like "$tty" '1\) "Treat as an alias" is ticked' "... the box"
like "$tty" '2\) With port 465 choose SSL' "... the connection"
like "$tty" 'authuser=taro%40gmail\.com#settings' "the steps: the own link"
like "$tty" '3\. \* Clear "Treat as an alias"' "... what is to be done"
like "$tty" 'Save Changes' "... up to the end"
like "$tty" '^Looked again \([0-9]{2}:[0-9]{2}\)' "the second look: when"
like "$tty" '^  "Treat as an alias": on -> off' "... what has changed"
like "$tty" '^  connection: TLS -> SSL' "... all of it"
like "$tty" 'The settings are right now' "... and that it is right"
like "$tty" 'Wait until about [0-9]{2}:[0-9]{2}' "then: wait until a time"
like "$tty" 'Only the settings were looked at' "... and what nobody knows"
ok "nothing is left of it" test ! -e "$state"

# Right at once: what is left to look at.
talk 'answer: $' taro@ocn.ne.jp 'answer: $' '' \
    'answer: $' n 'answer: $' smtp.ocn.ne.jp 'answer: $' 465 \
    'answer: $' SSL 'answer: $' yes 'stop\] $' '' -- "$sendas" audit --ask
status_is 0 "right at once: exit status 0"
like "$tty" '^OK +taro@ocn\.ne\.jp' "... it says so"
like "$tty" 'If mail still comes back, look in this order' "... and what next"

# Given up in the middle of the questions, and at the steps.
talk 'answer: $' taro@ocn.ne.jp 'answer: $' q -- "$sendas" audit --ask
status_is 1 "given up at a question: exit status 1"
unlike "$tty" '^(OK|FIX) ' "... nothing is judged"

talk '答え: $' 'ｔａｒｏ＠ｏｃｎ．ｎｅ．ｊｐ' '答え: $' '' '答え: $' 'はい' \
    '答え: $' 'smtp.ocn.ne.jp' '答え: $' '４６５番' '答え: $' 'SSL' \
    '答え: $' 'はい' 'q\] $' '' '=n\] $' '' 'q: $' q \
    -- "$sendas" audit --ask --lang ja
status_is 1 "Japanese, left at the steps: exit status 1"
like "$tty" '要修正 +taro@ocn\.ne\.jp' "... the verdict"
like "$tty" '★「エイリアスとして扱います」のチェックを外す' "... the steps"
ok "... and the place is remembered" test -s "$state"
is "$(stat -c %a "$state")" 600 "... for this user alone"

run "$sendas" audit --ask
status_is 1 "nobody there: exit status 1"
has "$err" "needs a terminal" "... it is told"
