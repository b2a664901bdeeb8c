#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Checks everything: sh tools/check.sh [--long]
#
# Installs what is missing, then builds in folders of its own, build-check*
# in this checkout, which it makes anew each time: with gcc and the
# sanitizers, where every test runs; with clang, installed and packed. --long
# runs every test in a sanitizer build of clang, too, and some tests longer.
#
# Its last line is "N passed, N failed, N skipped", whatever happens; it ends
# with status 0 only if nothing failed.
set -u

case $#,${1-} in
0,) is_long=false ;;
1,--long) is_long=true ;;
*)
	echo "usage: check.sh [--long]" >&2
	exit 2
	;;
esac

# Nothing of the caller's may steer the tests.
unset LANGUAGE LC_ALL LC_MESSAGES MAKEFLAGS MAKELEVEL
LANG=C.UTF-8
export LANG

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 1
# The copy that make distcheck unpacks has no Node packages of its own.
NODE_PATH=$root/tests/node_modules
export NODE_PATH
jobs=$(nproc)
# A test that hangs must not hang all.
limit_sec=1500
if $is_long; then
	limit_sec=7200
	SENDAS_TEST_LONG=1
	export SENDAS_TEST_LONG
fi

passed=0
failed=0
skipped=0
is_told=false

# The last line, once.
tell() {
	$is_told && return
	is_told=true
	echo "$passed passed, $failed failed, $skipped skipped"
}

# However it ends, it says so; an end before its time is a failure.
end_early() {
	$is_told || failed=$((failed + 1))
	tell
	trap - EXIT
	exit 1
}
trap end_early EXIT
trap 'echo "check.sh: interrupted" >&2; exit 1' HUP INT TERM

seconds() {
	date +%s
}

# step NAME COMMAND...: runs a command with its output in the file $log, which
# is shown only if it fails. The name stands there while it runs.
step() {
	name=$1
	shift
	mkdir -p build-check-logs
	log=$root/build-check-logs/$(echo "$name" | tr -cs 'a-z0-9\n' -).log
	begin=$(seconds)
	printf '%s ... ' "$name"
	if timeout --foreground --kill-after=20 "$limit_sec" "$@" >"$log" 2>&1; then
		echo "done ($(($(seconds) - begin)) s)"
		return 0
	fi
	echo "FAILED ($(($(seconds) - begin)) s)"
	return 1
}

# The same as one test of its own, which counts.
counted_step() {
	if step "$@"; then
		passed=$((passed + 1))
		return 0
	fi
	failed=$((failed + 1))
	tail -n 50 "$log"
	return 1
}

# A number of automake's summary in the log: the sum of the lines "# FAIL:  3".
summary_count() {
	awk -v key="$1:" '$1 == "#" && $2 == key { n += $3 }
		END { print n + 0 }' "$log"
}

# What the tests of a build folder that failed said.
show_failed_tests() {
	find "$1" -name '*.trs' | sort | while read -r trs; do
		grep -q '^:global-test-result: \(FAIL\|ERROR\|XPASS\)' "$trs" ||
			continue
		echo "--- ${trs%.trs}.log"
		tail -n 60 "${trs%.trs}.log"
	done
}

# Runs every test in a build folder and adds up what they report.
run_tests() {
	step "$1" make -C "$2" -k -j"$jobs" check
	status=$?
	bad=$(($(summary_count FAIL) + $(summary_count ERROR) + \
		$(summary_count XPASS)))
	good=$(($(summary_count PASS) + $(summary_count XFAIL)))
	skips=$(summary_count SKIP)
	if [ $((good + bad)) -eq 0 ]; then
		echo "no test was run:"
		tail -n 100 "$log"
		bad=1
	elif [ "$bad" -gt 0 ]; then
		show_failed_tests "$2"
	elif [ "$status" -ne 0 ]; then
		tail -n 100 "$log"
		bad=1
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
	skipped=$((skipped + skips))
	echo "    $good passed, $bad failed, $skips skipped"
}

# build FOLDER OPTION...: makes a new folder and builds all in it. Says what
# failed; the caller counts.
build() {
	folder=$1
	shift
	# distcheck leaves write-protected folders behind when it fails.
	[ ! -d "$folder" ] || chmod -R u+w "$folder"
	rm -rf "$folder"
	mkdir "$folder" || return
	step "configure in $folder" env -C "$folder" "$root/configure" -q "$@" &&
		step "build in $folder" make -C "$folder" -j"$jobs" &&
		step "build the tests in $folder" \
			make -C "$folder" -j"$jobs" check TESTS= && return
	tail -n 100 "$log"
	return 1
}

# What a build without sanitizers must do once it is installed.
check_installed() {
	sendas=$root/build-check-clang/installed/bin/sendas
	counted_step "install" make -C build-check-clang install || return
	counted_step "the installed program tells its version" \
		"$sendas" --version
	# Japanese without a Japanese locale, out of the installed catalogue.
	counted_step "the installed program speaks Japanese" \
		sh -c "'$sendas' --help --lang ja | grep 'メール'"
}

# Only here may somebody be asked: for the password of sudo.
sh tools/install-deps.sh --check || exit 1
exec </dev/null

if [ ! -x configure ]; then
	step "make configure" ./autogen.sh || {
		tail -n 100 "$log"
		exit 1
	}
fi

# Some tests kill the program at points that no other build has.
if build build-check CC=gcc --enable-werror --enable-sanitizer \
	--enable-fault-points; then
	run_tests "every test, gcc and sanitizers" build-check
else
	failed=$((failed + 1))
fi

if build build-check-clang CC=clang --enable-werror \
	--prefix="$root/build-check-clang/installed"; then
	passed=$((passed + 1))
	check_installed
	counted_step "make distcheck" make -C build-check-clang -j"$jobs" distcheck \
		DISTCHECK_CONFIGURE_FLAGS="CC=gcc --enable-werror" ||
		show_failed_tests build-check-clang
else
	failed=$((failed + 1))
fi

if $is_long; then
	if build build-check-clang-sanitizer CC=clang --enable-werror \
		--enable-sanitizer --enable-fault-points; then
		run_tests "every test, clang and sanitizers" \
			build-check-clang-sanitizer
	else
		failed=$((failed + 1))
	fi
fi

tell
trap - EXIT
[ "$failed" -eq 0 ]
