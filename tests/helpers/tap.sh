# shellcheck shell=sh
# TAP for the tests in sh (https://testanything.org), a private folder for
# each test, and a run of the program in an environment of its own. To be
# sourced first; `plan N` comes next. Nothing here knows what sendas does.

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$(pwd)}"
helpers=$top_srcdir/tests/helpers
sendas=$top_builddir/sendas

# How long a run may take at most before it counts as hung.
run_limit_sec=60

test_number=0
test_failed=0

plan()
{
	test_planned=$1
	echo "1..$1"
}

# Skips the whole test; only before plan.
skip_all()
{
	echo "1..0 # SKIP $*"
	exit 0
}

# Diagnostics on stdout, made harmless: a test may have let control
# characters out. Without arguments from stdin.
diag()
{
	if test $# -gt 0; then
		printf '%s\n' "$*"
	else
		cat
	fi | head -c 6000 | LC_ALL=C tr -c '\n\040-\176\200-\377' '?' |
	    LC_ALL=C sed 's/^/# /;$a\'
}

# The last run, once: its status, what it said, and the tail of what the
# double was asked.
diag_run()
{
	test -z "${run_is_shown:-}" || return 0
	run_is_shown=yes
	diag "command: ${run_command:-none}"
	diag "exit status: ${status:-none}"
	for shown in "$out" "$err" "$tty"; do
		test -s "$shown" || continue
		diag "$(basename "$shown"):"
		diag <"$shown"
	done
	if test -n "${sim_requests:-}" && test -s "$sim_requests"; then
		diag "requests:"
		tail -n 8 "$sim_requests" | diag
	fi
}

pass()
{
	test_number=$((test_number + 1))
	printf 'ok %d - %s\n' "$test_number" "$1"
}

# fail NAME [REASON]: with the last run as diagnostics.
fail()
{
	test_number=$((test_number + 1))
	test_failed=$((test_failed + 1))
	printf 'not ok %d - %s\n' "$test_number" "$1"
	test -z "${2:-}" || diag "$2"
	diag_run
}

# skip COUNT REASON: so many tests that cannot be made here.
skip()
{
	skip_left=$1
	while test "$skip_left" -gt 0; do
		test_number=$((test_number + 1))
		skip_left=$((skip_left - 1))
		printf 'ok %d # SKIP %s\n' "$test_number" "$2"
	done
}

# ok NAME COMMAND...: the command must succeed.
ok()
{
	ok_name=$1
	shift
	if "$@" >"$work/ok.out" 2>&1; then
		pass "$ok_name"
	else
		fail "$ok_name" "failed: $*
$(cat "$work/ok.out")"
	fi
}

# is GOT WANTED NAME
is()
{
	if test "x$1" = "x$2"; then
		pass "$3"
	else
		fail "$3" "got:    $1
wanted: $2"
	fi
}

# status_is WANTED NAME: of the last run.
status_is()
{
	is "$status" "$1" "$2"
}

# like FILE ERE NAME: a line of the file matches.
like()
{
	if LC_ALL=C.UTF-8 grep -qE -e "$2" "$1"; then
		pass "$3"
	else
		fail "$3" "no line of $(basename "$1") matches: $2"
	fi
}

# unlike FILE ERE NAME: no line of the file matches.
unlike()
{
	if LC_ALL=C.UTF-8 grep -aqE -e "$2" "$1"; then
		fail "$3" "a line of $(basename "$1") matches: $2"
	else
		pass "$3"
	fi
}

# has FILE TEXT NAME: the text stands in it, whatever the line breaks: results
# are wrapped to the width of a page.
has()
{
	if flat "$1" | grep -qF -e "$2"; then
		pass "$3"
	else
		fail "$3" "not in $(basename "$1"): $2"
	fi
}

# has_not FILE TEXT NAME
has_not()
{
	if flat "$1" | grep -qF -e "$2"; then
		fail "$3" "in $(basename "$1"): $2"
	else
		pass "$3"
	fi
}

# A file on one line, with one space where there was white space.
flat()
{
	tr -s ' \t\r\n' ' ' <"$1"
}

# is_empty FILE NAME
is_empty()
{
	if test -s "$1"; then
		fail "$2" "$(basename "$1") is not empty"
	else
		pass "$2"
	fi
}

# json FILE EXPRESSION: prints what the JavaScript expression makes of the
# document `d` (a text as it is, all else as JSON).
json()
{
	node -e '
		const d = JSON.parse(require("fs").readFileSync(process.argv[1]));
		const value = eval(process.argv[2]);
		console.log(typeof value === "string" ? value :
			JSON.stringify(value));' "$1" "$2" 2>&1
}

# json_is FILE EXPRESSION WANTED NAME
json_is()
{
	is "$(json "$1" "$2")" "$3" "$4"
}

# Runs a command as a fresh user would have it, without a terminal: exit
# status in $status, what it wrote in $out and $err. Standard input is $input,
# if that is set. What a sanitizer finds makes the status 99.
run()
{
	run_command="$*"
	begin_run
	clean_env setsid -w timeout "$run_limit_sec" "$@" \
	    <"${input:-/dev/null}" >"$out" 2>"$err" || status=$?
	note_sanitizer
}

begin_run()
{
	status=0
	run_is_shown=
	: >"$out"
	: >"$err"
	: >"$tty"
}

# The environment of every run; test_env holds more NAME=VALUE words.
clean_env()
{
	# shellcheck disable=SC2086 # words are meant
	env -i PATH="$PATH" HOME="$work/home" LANG=C.UTF-8 TMPDIR="$work/tmp" \
	    ASAN_OPTIONS=exitcode=99 LSAN_OPTIONS=exitcode=99 \
	    UBSAN_OPTIONS=exitcode=99:print_stacktrace=1 \
	    ${test_env:-} "$@"
}

note_sanitizer()
{
	if cat "$out" "$err" "$tty" | grep -aqE \
	    'runtime error: |(Address|Leak|UndefinedBehavior)Sanitizer'; then
		status=99
	fi
}

# ask REGEX ANSWER [REGEX ANSWER...] -- COMMAND...: runs it with a terminal
# beside it, where a person waits for each regex and types the answer. Its
# standard output and error still go to $out and $err, and its standard input
# is empty: what is in $tty was said on the terminal alone.
ask()
{
	run_command="(in a terminal) $*"
	begin_run
	clean_env expect -N -n -f "$helpers/pty.exp" "$run_limit_sec" "$tty" \
	    "$out" "$err" "$@" || status=$?
	note_sanitizer
}

# talk [REGEX ANSWER]... -- COMMAND...: the same, but everything, results too,
# is on the terminal, as for a person who just runs it; all is in $tty.
talk()
{
	run_command="(all in a terminal) $*"
	begin_run
	clean_env TERM=dumb expect -N -n -f "$helpers/pty.exp" \
	    "$run_limit_sec" "$tty" - - "$@" || status=$?
	note_sanitizer
}

needs_expect()
{
	command -v expect >/dev/null || skip_all "expect is not installed"
}

needs_node()
{
	command -v node >/dev/null || skip_all "node is not installed"
}

# Called at the end of every test, however it ends.
finish()
{
	finish_status=$?
	trap - EXIT
	if command -v sim_stop >/dev/null; then
		sim_stop
	fi
	if command -v smtp_stop >/dev/null; then
		smtp_stop
	fi
	rm -rf "$work"
	if test "$finish_status" -ne 0; then
		echo "Bail out! the test itself ended with $finish_status"
		exit "$finish_status"
	fi
	# TAP is the result: automake would count a status as one more failure.
	exit 0
}

test -x "$sendas" || skip_all "$sendas is not built"
work=$(mktemp -d "${TMPDIR:-/tmp}/sendas-e2e.XXXXXX") || exit 1
mkdir "$work/home" "$work/tmp" || exit 1
out=$work/stdout
err=$work/stderr
tty=$work/terminal
: >"$out"
: >"$err"
: >"$tty"
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
set -u
