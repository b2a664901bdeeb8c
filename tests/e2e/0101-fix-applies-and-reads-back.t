# fix: says what it will change, asks on the terminal, changes it, reads it
# back; and a second fix finds nothing to do.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
needs_expect
needs_sim
plan 22

sim_start --demo

sendas_ask '\[y/N\] ' y -- fix jiro@example.com
status_is 0 "a change that was read back: exit status 0"
like "$tty" '^jiro@example\.com$' "the question names the mailbox"
like "$tty" 'jiro@ocn\.ne\.jp' "... the address"
like "$tty" '"Treat as an alias" on -> off' "... and what changes"
has "$tty" "neither OCN nor Google has confirmed it" \
    "... how sure the reason is"
has "$tty" "will not show in this Gmail inbox" "... what else it does"
has "$tty" "sendas undo RUN; sendas runs shows the run" "... and how to undo it"
unlike "$out" '\[y/N\]' "the question is not part of the results"
has "$out" 'changed, and read back from Gmail' "the outcome is in the results"
has "$out" "not whether mail arrives" \
    "what was not checked is said"
unlike "$out" 'mail is delivered|problem is solved' "... and nothing more"
like "$err" 'to put back what was changed: sendas undo 2[0-9TZ]*-[0-9a-f]{4}' \
    "how to undo it by run id is said"
requests_are patch 1 "one PATCH was sent"
requests_are list 3 "it was read before the question, before and after"
is "$(alias_of jiro@example.com jiro@ocn.ne.jp)" false \
    "the box is cleared at Google"

sendas_run fix jiro@example.com
status_is 0 "a second fix: exit status 0"
requests_are patch 1 "... sends no PATCH"
like "$out" '^OK +jiro@ocn\.ne\.jp' "... and finds it right"

sendas_run fix taro@example.com --yes --max-changes 1
status_is 1 "what is left is a finding: exit status 1"
is "$(alias_of taro@example.com taro@sky.ocn.ne.jp)" false \
    "with --yes the box is cleared unasked"
like "$out" 'With port 465 choose SSL' "what is still wrong is still told"
requests_are patch 2 "one PATCH for it"
