# What a signed-in person's run left can be put back and gone on with, whoever
# else is signed in: the journal knows whose it was. One sign-in is for one
# mailbox, and what is signed out has no repair to go on with.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_sim
plan 27
# Personal accounts that Google lets a program change, in this double.
seed two "$(mailbox taro@example.jp taro@ocn.ne.jp ', "patch": "apply"'),
    $(mailbox hanako@example.jp hanako@ocn.ne.jp ', "patch": "apply"')" \
    >"$work/seed"
sed 's/"kind": "workspace"/"kind": "personal"/' "$(cat "$work/seed")" \
    >"$work/personal.json"
sim_start --seeds "$work/personal.json"
signin_endpoints
sign_in hanako@example.jp

signed_run fix --yes --max-changes 1
status_is 0 "a fix: exit status 0"
run=$(newest_run)
signed_run undo "$run" --yes --max-changes 1
status_is 0 "undo RUN, with the one sign-in: exit status 0"
is "$(alias_of hanako@example.jp hanako@ocn.ne.jp)" true "... it is put back"

sign_in taro@example.jp
signed_run fix hanako@example.jp --yes --max-changes 1
status_is 0 "two are signed in, one is named: exit status 0"
run=$(newest_run)
signed_run undo "$run" --yes --max-changes 1
status_is 0 "undo RUN, with two sign-ins: exit status 0"
is "$(alias_of hanako@example.jp hanako@ocn.ne.jp)" true "... it is put back"
signed_run fix hanako@example.jp --dry-run
status_is 1 "a dry run of one of two: exit status 1"
run=$(newest_run)
signed_run fix --run "$run" --yes --max-changes 1
status_is 0 "fix --run, as it says: exit status 0"
is "$(alias_of hanako@example.jp hanako@ocn.ne.jp)" false "... it is done"
signed_run undo "$run" hanako@example.jp --yes --max-changes 1
status_is 0 "undo RUN MAILBOX: exit status 0"
is "$(alias_of hanako@example.jp hanako@ocn.ne.jp)" true "... it is put back"
is "$(alias_of taro@example.jp taro@ocn.ne.jp)" true \
    "... and the other one was never touched"
signed_run undo 20200101T000000Z-0000 --yes --max-changes 1
status_is 2 "undo of a run that is not there: exit status 2"

# A sign-in is for one mailbox.
before=$(requests list)
signed_run audit hanako@example.jp taro@example.jp
status_is 2 "two mailboxes at once: exit status 2"
like "$err" 'for one mailbox \(hanako@example\.jp\)' "... whose it is"
is_empty "$out" "... no results"
is "$(requests list)" "$before" "... and nothing is asked for"
printf '%s\n' taro@example.jp hanako@example.jp >"$work/list"
signed_run audit --users "$work/list"
status_is 2 "a list without saying whose sign-in: exit status 2"
signed_run audit
status_is 2 "none named: exit status 2"
like "$err" 'hanako@example\.jp, taro@example\.jp' "... who is signed in"

# Signing out forgets the repair that went on by this sign-in, no other.
cat >"$work/progress" <<'END'
{"form":1,"way":"sign-in","when":1,"mailbox":"taro@example.jp","addresses":[]}
END
progress=$work/home/.local/state/sendas/progress.json
install -m 600 "$work/progress" "$progress"
signed_run logout hanako@example.jp
status_is 0 "the other one signs out: exit status 0"
ok "... the repair is still there" test -s "$progress"
sed 's/sign-in/ask/' "$work/progress" >"$progress"
signed_run logout taro@example.jp
status_is 0 "this one signs out: exit status 0"
ok "... what went on by questions is still there" test -s "$progress"
sign_in taro@example.jp
install -m 600 "$work/progress" "$progress"
signed_run logout taro@example.jp
status_is 0 "and again: exit status 0"
ok "... what went on by the sign-in is gone" test ! -e "$progress"
signed_run fix --run "$run" --yes --max-changes 1
status_is 3 "a run of nobody who is signed in: exit status 3"
