# Tests of the sources themselves.
lint_tests = \
	tests/lint/ban-list.t \
	tests/lint/cppcheck.t \
	tests/lint/data-fields.t \
	tests/lint/format.t \
	tests/lint/headers-alone.t \
	tests/lint/layers.t \
	tests/lint/listed.t \
	tests/lint/node-engines.t \
	tests/lint/one-door.t \
	tests/lint/options.t \
	tests/lint/po.t \
	tests/lint/promises.t \
	tests/lint/shell.t \
	tests/lint/words.t
TESTS += $(lint_tests)
EXTRA_DIST += $(lint_tests) \
	tests/lint/code.awk \
	tests/lint/layers.awk \
	tests/lint/lint.sh \
	tests/lint/node-engines.js \
	tests/lint/promises.awk
