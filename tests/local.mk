# Every test prints TAP (https://testanything.org).
TEST_EXTENSIONS = .t
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
T_LOG_DRIVER = $(LOG_DRIVER)
T_LOG_COMPILER = $(SHELL)

include $(srcdir)/tests/unit/local.mk
include $(srcdir)/tests/fuzz/local.mk
include $(srcdir)/tests/lint/local.mk
include $(srcdir)/tests/e2e/local.mk
EXTRA_DIST += tests/package.json tests/package-lock.json \
	tests/sim/README.md \
	tests/sim/authorize.js \
	tests/sim/certs.js \
	tests/sim/chance.js \
	tests/sim/control.js \
	tests/sim/errors.js \
	tests/sim/faults.js \
	tests/sim/fields.js \
	tests/sim/form.js \
	tests/sim/gmail.js \
	tests/sim/log.js \
	tests/sim/mailboxes.js \
	tests/sim/main.js \
	tests/sim/pages.js \
	tests/sim/patch.js \
	tests/sim/people.js \
	tests/sim/positions.js \
	tests/sim/revoke.js \
	tests/sim/seeds.js \
	tests/sim/seeds/demo.json \
	tests/sim/seeds/schema.json \
	tests/sim/selftest.js \
	tests/sim/selftest-faults.js \
	tests/sim/selftest-kit.js \
	tests/sim/selftest-people.js \
	tests/sim/selftest-proxy.js \
	tests/sim/selftest-signin.js \
	tests/sim/server.js \
	tests/sim/shape.js \
	tests/sim/testkit.js \
	tests/sim/token.js \
	tests/sim/tokens.js
