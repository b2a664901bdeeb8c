# End-to-end tests: the real program against the double of Google.
e2e_tests = \
	tests/e2e/0000-the-double-is-strict.t \
	tests/e2e/0001-wrong-calls-exit-2.t \
	tests/e2e/0002-japanese-without-its-locale.t \
	tests/e2e/0101-fix-applies-and-reads-back.t \
	tests/e2e/0102-fix-dry-run-writes-nothing.t \
	tests/e2e/0103-fix-yes-needs-max-changes.t \
	tests/e2e/0104-fix-declined-changes-nothing.t \
	tests/e2e/0105-fix-with-nobody-to-ask.t \
	tests/e2e/0106-fix-of-several-wants-the-number.t \
	tests/e2e/0107-fix-says-what-google-did.t \
	tests/e2e/0108-fix-leaves-alone-what-changed.t \
	tests/e2e/0109-fix-personal-account-shows-steps.t \
	tests/e2e/0110-wrong-mailbox-is-not-touched.t \
	tests/e2e/0111-fix-lost-answer-is-read-back.t \
	tests/e2e/0112-fix-sends-only-the-alias.t \
	tests/e2e/0201-audit-tells-what-is-wrong.t \
	tests/e2e/0202-audit-json-keeps-the-contract.t \
	tests/e2e/0203-unreadable-mailboxes-say-why.t \
	tests/e2e/0204-audit-names-the-gate-of-relays.t \
	tests/e2e/0210-users-list-is-read.t \
	tests/e2e/0211-users-list-with-mistakes.t \
	tests/e2e/0301-from-reads-every-form.t \
	tests/e2e/0302-from-knows-whose-settings.t \
	tests/e2e/0303-from-refuses-bad-input.t \
	tests/e2e/0304-from-bounds-what-it-reads.t \
	tests/e2e/0305-from-a-terminal.t \
	tests/e2e/0401-output-file-is-whole-or-not-there.t \
	tests/e2e/0402-closed-pipe-is-told.t \
	tests/e2e/0403-color-only-on-a-terminal.t \
	tests/e2e/0404-quiet-and-verbose.t \
	tests/e2e/0501-credentials-are-refused-with-advice.t \
	tests/e2e/0502-access-token-from-a-descriptor.t \
	tests/e2e/0503-credentials-are-found.t \
	tests/e2e/0601-tls-is-always-verified.t \
	tests/e2e/0602-no-network-ends-soon.t \
	tests/e2e/0603-nonsense-from-google-is-not-clean.t \
	tests/e2e/0604-google-says-later.t \
	tests/e2e/0605-setup-refusals-stop-the-run.t \
	tests/e2e/0606-every-fault-of-the-network.t \
	tests/e2e/0607-a-thousand-mailboxes.t \
	tests/e2e/0608-through-proxies.t \
	tests/e2e/0701-secrets-are-never-shown.t \
	tests/e2e/0702-hostile-text-is-disarmed.t

TESTS += $(e2e_tests)
EXTRA_DIST += $(e2e_tests) \
	tests/helpers/browser.js \
	tests/helpers/connect-proxy.js \
	tests/helpers/oidc.js \
	tests/helpers/pty.exp \
	tests/helpers/relay.js \
	tests/helpers/sim-state.js \
	tests/helpers/sim.sh \
	tests/helpers/smtp-relay.js \
	tests/helpers/smtp.sh \
	tests/helpers/tap.sh \
	tests/helpers/validate.js

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; top_builddir='$(abs_top_builddir)'; \
	export top_srcdir top_builddir;

explain_tests = \
	tests/e2e/0710-explain-a-rule.t \
	tests/e2e/0711-explain-a-bounce.t \
	tests/e2e/0712-explain-a-paste-in-a-terminal.t \
	tests/e2e/0713-explain-bad-input.t
TESTS += $(explain_tests)
EXTRA_DIST += $(explain_tests)

# Keys and certificates that the runs of the double share.
clean-local: clean-e2e
clean-e2e:
	rm -rf tests/ca
.PHONY: clean-e2e

person_tests = \
	tests/e2e/0801-ask-leads-to-the-repair.t \
	tests/e2e/0802-fix-gives-the-steps.t \
	tests/e2e/0803-menu-takes-up-where-it-was.t \
	tests/e2e/0804-ask-takes-answers-as-people-give-them.t \
	tests/e2e/0806-a-person-signs-in-and-repairs.t \
	tests/e2e/0807-a-signed-in-repair-is-taken-up.t \
	tests/e2e/0808-a-person-whom-google-lets-change.t \
	tests/e2e/0809-runs-of-a-signed-in-person.t
TESTS += $(person_tests)
EXTRA_DIST += $(person_tests) tests/helpers/hands.exp tests/helpers/hands.sh

doctor_tests = \
	tests/e2e/0220-doctor-tells-what-is-ready.t \
	tests/e2e/0221-doctor-finds-bad-credentials.t \
	tests/e2e/0222-doctor-asks-for-the-delegation.t \
	tests/e2e/0223-doctor-tells-why-no-mailbox.t \
	tests/e2e/0224-doctor-looks-at-the-way.t \
	tests/e2e/0225-doctor-sees-the-clock.t \
	tests/e2e/0226-doctor-sees-tls-inspection.t \
	tests/e2e/0227-doctor-in-japanese.t \
	tests/e2e/0228-doctor-for-a-person.t \
	tests/e2e/0229-doctor-names-the-gate-it-cannot-see.t
TESTS += $(doctor_tests)
EXTRA_DIST += $(doctor_tests) tests/helpers/doctor.sh \
	tests/helpers/pretend-google.js

crash_tests = \
	tests/e2e/0901-fix-killed-at-every-point.t \
	tests/e2e/0902-undo-killed-at-every-point.t \
	tests/e2e/0903-fix-killed-at-random-moments.t \
	tests/e2e/0904-undo-killed-at-random-moments.t \
	tests/e2e/0905-interrupted-runs-go-on.t \
	tests/e2e/0906-the-disk-fills.t \
	tests/e2e/0907-journals-that-cannot-be-used.t \
	tests/e2e/0908-two-processes.t \
	tests/e2e/0909-results-that-find-no-room.t \
	tests/e2e/0910-no-change-is-sent-unread.t \
	tests/e2e/0911-killed-with-a-server-in-flight.t \
	tests/e2e/0912-undo-killed-with-a-server-in-flight.t \
	tests/e2e/0913-killed-at-random-with-servers-in-flight.t \
	tests/e2e/0914-outcomes-are-the-same-after-a-kill.t
check_PROGRAMS += tests/helpers/hold_journal
tests_helpers_hold_journal_SOURCES = tests/helpers/hold_journal.c
tests_helpers_hold_journal_LDADD = $(SQLITE_LIBS)
TESTS += $(crash_tests)
EXTRA_DIST += $(crash_tests) tests/helpers/beside.sh tests/helpers/mounts.sh \
	tests/helpers/sim-ticked.js tests/helpers/crash.js \
	tests/helpers/crash-lab.js tests/helpers/crash-server-lab.js

journal_tests = \
	tests/e2e/0120-undo-puts-back.t \
	tests/e2e/0121-fix-goes-on-with-a-run.t \
	tests/e2e/0123-canary-goes-first.t \
	tests/e2e/0124-every-answer-to-a-patch.t \
	tests/e2e/0125-changed-meanwhile.t \
	tests/e2e/0126-wrong-mailbox-at-every-step.t \
	tests/e2e/0127-log-and-runs.t \
	tests/e2e/0128-plan-for-approval.t \
	tests/e2e/0129-runs-tells-what-was-done.t
TESTS += $(journal_tests)
EXTRA_DIST += $(journal_tests) tests/helpers/conforms.js

promise_tests = \
	tests/e2e/0160-fix-outlives-a-power-cut.t \
	tests/e2e/0161-nothing-kept-holds-a-secret.t
TESTS += $(promise_tests)
EXTRA_DIST += $(promise_tests) tests/helpers/synced.c

behave_tests = \
	tests/e2e/0130-undo-takes-only-what-was-done.t \
	tests/e2e/0131-resume-takes-the-newest.t \
	tests/e2e/0132-canary-of-ten.t \
	tests/e2e/0133-bad-answers-to-a-patch.t \
	tests/e2e/0134-another-hand-at-the-same-mailbox.t \
	tests/e2e/0135-wrong-mailbox-while-an-undo-writes.t \
	tests/e2e/0136-plan-is-all-that-is-done.t \
	tests/e2e/0137-question-about-a-dozen-mailboxes.t
TESTS += $(behave_tests)
EXTRA_DIST += $(behave_tests)

login_tests = \
	tests/e2e/0510-login-in-a-browser.t \
	tests/e2e/0511-login-keeps-strangers-out.t \
	tests/e2e/0512-login-without-a-browser.t \
	tests/e2e/0513-sign-ins-are-kept.t \
	tests/e2e/0514-login-at-another-server.t \
	tests/e2e/0515-sign-ins-that-ended.t \
	tests/e2e/0516-a-sign-in-leaks-nothing.t
TESTS += $(login_tests)
EXTRA_DIST += $(login_tests) tests/helpers/consent.js \
	tests/helpers/signin.sh

probe_tests = \
	tests/e2e/0820-probe-tells-what-the-login-is.t \
	tests/e2e/0821-probe-keeps-the-password.t
TESTS += $(probe_tests)
EXTRA_DIST += $(probe_tests)

server_tests = \
	tests/e2e/0140-fix-sets-the-server.t \
	tests/e2e/0141-a-password-goes-where-it-worked.t \
	tests/e2e/0142-a-fleet-changes-servers-with-a-file.t \
	tests/e2e/0143-what-google-makes-of-a-server.t \
	tests/e2e/0144-a-person-types-the-password.t \
	tests/e2e/0145-undo-of-a-server.t \
	tests/e2e/0147-a-password-is-kept-nowhere.t \
	tests/e2e/0148-no-secret-stays-in-memory.t
TESTS += $(server_tests)
EXTRA_DIST += $(server_tests) tests/helpers/servers.sh \
	tests/helpers/traces.js tests/helpers/traces.sh
