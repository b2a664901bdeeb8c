#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Measures `sendas audit` over many mailboxes against the least that the work
# can cost: sh bench/audit.sh [option...]. doc/performance.md tells what the
# numbers mean.
#
# Builds in build-bench/ (optimised, no sanitizer), starts an nginx on
# 127.0.0.1 that answers as Google does, and measures floor and sendas by
# turns, so that a machine that slows down slows both. Everything it starts
# ends with it; nothing leaves this machine. Needs what `sh
# tools/install-deps.sh --bench` installs.
set -eu

usage() {
	cat >&2 <<-'END'
	usage: audit.sh [option...]
	  --mailboxes N,N  how many mailboxes; 1000,10000 if not given
	  --rounds N       how often all is measured; 5 if not given
	  --sendas PATH    another program than the one that is built here
	  --workers N      processes of the server; 1 if not given
	  --delay MS       each answer comes so late: measures what the slots
	                   make of it, not CPU
	  --slots N        what --delay reckons with; else as in limits.h
	END
	exit 2
}

is_number() {
	case $1 in
	'' | 0* | *[!0-9]*) return 1 ;;
	esac
}

sizes='1000 10000'
rounds=5
sendas=
workers=1
delay=0
slots=
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || usage
	case $1 in
	--mailboxes)
		sizes=$(printf '%s' "$2" | tr ',' ' ')
		[ -n "$sizes" ] || usage
		for size in $sizes; do
			is_number "$size" || usage
		done
		;;
	--sendas) sendas=$(realpath "$2") ;;
	--rounds | --workers | --delay | --slots)
		is_number "$2" || usage
		case $1 in
		--rounds) rounds=$2 ;;
		--workers) workers=$2 ;;
		--delay) delay=$2 ;;
		--slots) slots=$2 ;;
		esac
		;;
	*) usage ;;
	esac
	shift 2
done

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-bench
umask 077
work=$(mktemp -d)
# Nothing of the person's is read or written.
XDG_STATE_HOME=$work/state
XDG_CONFIG_HOME=$work/config
export XDG_STATE_HOME XDG_CONFIG_HOME
nginx_pid=
child_pid=

clean_up() {
	for pid in $child_pid $nginx_pid; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' HUP PIPE TERM

die() {
	printf 'audit.sh: %s\n' "$1" >&2
	[ $# -lt 2 ] || cat "$2" >&2
	exit 1
}

# Runs a step with its output in the log, which is shown only if it fails.
quietly() {
	"$@" >"$work/log" 2>&1 </dev/null || die "this failed: $*" "$work/log"
}

needs() {
	for tool in nginx h2load nghttp openssl make; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing; run: sh tools/install-deps.sh --bench"
	done
}

build() {
	cd "$root"
	[ -x configure ] || quietly ./autogen.sh
	mkdir -p "$build"
	cd "$build"
	[ -x config.status ] || quietly "$root/configure" CFLAGS='-O2 -g'
	[ -n "$sendas" ] || quietly make -j"$(nproc)"
	quietly make -j"$(nproc)" bench-programs
	cd "$root"
	sendas=${sendas:-$build/sendas}
	[ -n "$slots" ] || slots=$(sed -n \
		's/^#define SENDAS_LIMIT_SLOTS \([0-9]*\).*/\1/p' \
		include/sendas/limits.h)
}

# A CA, the server's certificate, a service account's key, and the lists of
# mailboxes.
make_files() {
	cd "$work"
	cat >ca.cnf <<-'END'
	[req]
	distinguished_name = dn
	x509_extensions = ca
	prompt = no
	[dn]
	CN = sendas bench
	[ca]
	basicConstraints = critical,CA:TRUE
	keyUsage = critical,keyCertSign
	[server]
	subjectAltName = IP:127.0.0.1,DNS:localhost
	END
	quietly openssl req -x509 -config ca.cnf -days 2 -nodes -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -keyout ca.key -out ca.pem
	quietly openssl req -new -config ca.cnf -nodes -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -keyout server.key \
		-out server.csr
	quietly openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key \
		-CAcreateserial -days 2 -extfile ca.cnf -extensions server \
		-out server.pem
	quietly openssl genpkey -algorithm RSA \
		-pkeyopt rsa_keygen_bits:2048 -out account.pem
	cat >key.json <<-END
	{"type": "service_account", "project_id": "bench",
	 "private_key_id": "0123456789abcdef0123456789abcdef01234567",
	 "private_key": "$(awk '{ printf "%s\\n", $0 }' account.pem)",
	 "client_email": "bench@bench.iam.gserviceaccount.com",
	 "client_id": "100000000000000000000",
	 "token_uri": "https://oauth2.googleapis.com/token"}
	END
	for size in $sizes; do
		awk -v n="$size" 'BEGIN {
			for (i = 1; i <= n; i++)
				printf "user%05d@example.com\n", i
		}' >"users-$size"
	done
}

# True when nginx listens; false when it has ended.
is_up() {
	tries=0
	while [ ! -s "$work/nginx.pid" ]; do
		tries=$((tries + 1))
		[ "$tries" -le 100 ] || return 1
		kill -0 "$nginx_pid" 2>/dev/null || return 1
		sleep 0.05
	done
}

# nginx cannot be told to take any free port, so it is given one after
# another.
start_server() {
	modules=$(nginx -V 2>&1 | sed -n 's/.*--modules-path=\([^ ]*\).*/\1/p')
	for port in 38443 39443 41443 42443 43443 44443 45443 46443; do
		sed -e "s|@MODULES@|$modules|" -e "s|@WORKERS@|$workers|" \
			-e "s|@PORT@|$port|" -e "s|@STATE@|$work|" \
			-e "s|@LUA@|$root/bench/server|" \
			-e "s|@DELAY@|$delay|" \
			"$root/bench/server/nginx.conf.in" >"$work/nginx.conf"
		nginx -e "$work/error.log" -c "$work/nginx.conf" \
			>"$work/log" 2>&1 </dev/null &
		nginx_pid=$!
		is_up && break
		nginx_pid=
	done
	[ -n "$nginx_pid" ] || die "nginx does not start" "$work/error.log"
	base=https://127.0.0.1:$port/
}

# run STATUS COMMAND...: measures a command; sets wall and cpu, in us, and
# rss, in KiB. In the background, since a signal would wait for its end.
run() {
	expected=$1
	shift
	"$build/bench/usage" "$work/usage" "$@" >"$work/out" 2>&1 </dev/null &
	child_pid=$!
	status=0
	wait "$child_pid" || status=$?
	child_pid=
	[ "$status" -eq "$expected" ] ||
		die "exit status $status, not $expected: $*" "$work/out"
	read -r wall cpu rss <"$work/usage"
}

# calc EXPRESSION: with decimals.
calc() {
	awk "BEGIN { printf \"%.3f\", $1 }"
}

# CPU that the server has used, in us.
server_cpu() {
	ps -o pid= --ppid "$nginx_pid" | while read -r pid; do
		cat "/proc/$pid/stat"
	done | awk -v tick="$(getconf CLK_TCK)" '
		{ sub(/.*\) /, ""); ticks += $12 + $13 }
		END { printf "%d", ticks * 1e6 / tick }'
}

requests=20000

# load OPTION... URL: many requests by h2load, all of them answered well.
load() {
	run 0 h2load -n "$requests" -c 2 -m 32 "$@"
	grep -q "^status codes: $requests 2xx," "$work/out" ||
		die "h2load did not get its answers" "$work/out"
	calc "$cpu / $requests" >"$work/per-request"
}

prepare_floor() {
	"$build/bench/floor" body "$work/key.json" "${base}token" \
		user00001@example.com >"$work/form"
	token=$(nghttp -d "$work/form" \
		-H 'content-type: application/x-www-form-urlencoded' \
		"${base}token" 2>"$work/log" |
		sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
	[ -n "$token" ] || die "the server gives no token" "$work/log"
}

# One round of the floor: sets sign, get, post, floor and server, us each.
measure_floor() {
	sign=$("$build/bench/floor" sign "$work/key.json" 2000)
	before=$(server_cpu)
	load -H "authorization: Bearer $token" \
		"${base}gmail/v1/users/me/settings/sendAs?fields=sendAs"
	get=$(cat "$work/per-request")
	load -d "$work/form" \
		-H 'content-type: application/x-www-form-urlencoded' \
		"${base}token"
	post=$(cat "$work/per-request")
	floor=$(calc "$sign + $get + $post")
	server=$(calc "($(server_cpu) - $before) / $requests")
}

# audit SIZE: exit status 1 says that every mailbox was read, and that
# something was found; one that could not be read would make it 4.
audit() {
	run 1 "$sendas" audit --users "$work/users-$1" \
		--credentials "$work/key.json" --ca-file "$work/ca.pem" \
		--endpoint "gmail=$base" --endpoint "token=${base}token" \
		--quiet --format jsonl -o /dev/null
}

# Not measured: that a report really has every mailbox, with its findings.
check_report() {
	size=${sizes%% *}
	run 1 "$sendas" audit --users "$work/users-$size" \
		--credentials "$work/key.json" --ca-file "$work/ca.pem" \
		--endpoint "gmail=$base" --endpoint "token=${base}token" \
		--quiet --format jsonl -o "$work/report.jsonl"
	tail -n 1 "$work/report.jsonl" >"$work/summary"
	grep -q "\"withFindings\":$size," "$work/summary" ||
		die "not every mailbox has its findings" "$work/summary"
}

# Appends what was measured: NAME VALUE lines, NAME with the size in it.
note() {
	printf '%s %s\n' "$1" "$2" >>"$work/measured"
}

# med NAME [FORMAT]: the middle one of all rounds.
med() {
	sed -n "s/^$1 //p" "$work/measured" | sort -g |
		awk -v format="${2:-%.0f}" '{ v[NR] = $1 } END {
			m = (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2
			printf format, m
		}'
}

measure_round() {
	[ "$delay" -gt 0 ] || measure_floor
	small=
	for size in $sizes; do
		audit "$size"
		note "rate-$size" "$(calc "$size / $wall * 1e6")"
		note "rss-$size" "$(calc "$rss / 1024")"
		if [ "$delay" -gt 0 ]; then
			continue
		fi
		note "cpu-$size" "$(calc "$cpu / $size")"
		note "over-$size" "$(calc "$cpu / $size / $floor")"
		note "of-$size" "$(calc "$size / $wall * \
			($floor + $server) / $(nproc)")"
		if [ -n "$small" ] && [ "$size" -gt "$small" ]; then
			more=$(calc "($cpu - $small_cpu) / ($size - $small)")
			note cpu-more "$more"
			note over-more "$(calc "$more / $floor")"
		fi
		small=$size
		small_cpu=$cpu
	done
	[ "$delay" -gt 0 ] || for name in sign get post floor server; do
		eval "note $name \$$name"
	done
}

# Others' work on this machine makes all of it slower, but not evenly.
warn_if_busy() {
	read -r load _ </proc/loadavg
	awk "BEGIN { exit !($load > 0.5) }" || return 0
	echo "audit.sh: this machine is busy (load $load); take no number" \
		"but a ratio from this run" >&2
}

print_machine() {
	sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1
	echo "$(nproc) cores, $rounds rounds by turns; medians"
	"$sendas" --version | tr '\n' ' '
	echo
}

print_cpu() {
	echo "floor: $(med floor) us of CPU a mailbox: signature $(med sign)," \
		"GET $(med get %.1f), POST $(med post %.1f)"
	echo "server: $(med server %.1f) us; so at most" \
		"$(calc "$(nproc) * 1e6 / ($(med floor) + $(med server))" |
			sed 's/\..*//') mailboxes/s on this machine"
	echo
	printf '%-12s %8s %8s %8s %8s %8s\n' mailboxes '/s' 'of most' \
		'CPU us' '/ floor' 'MiB'
	for size in $sizes; do
		printf '%-12s %8s %8s %8s %8s %8s\n' "$size" \
			"$(med "rate-$size")" "$(med "of-$size" %.2f)" \
			"$(med "cpu-$size")" "$(med "over-$size" %.2f)" \
			"$(med "rss-$size" %.1f)"
	done
	! grep -q '^cpu-more ' "$work/measured" ||
		printf '%-12s %8s %8s %8s %8s\n' 'each more' '' '' \
			"$(med cpu-more)" "$(med over-more %.2f)"
}

print_delay() {
	most=$((slots * 500 / delay))
	echo "answers $delay ms late, $slots slots: at most $most mailboxes/s"
	echo
	printf '%-12s %8s %8s %8s\n' mailboxes '/s' 'of most' 'MiB'
	for size in $sizes; do
		printf '%-12s %8s %8s %8s\n' "$size" "$(med "rate-$size")" \
			"$(calc "$(med "rate-$size" %f) / $most" |
				sed 's/.$//')" "$(med "rss-$size" %.1f)"
	done
}

print_memory() {
	first=${sizes%% *}
	last=${sizes##* }
	[ "$first" != "$last" ] || return 0
	echo
	echo "peak memory, $last over $first mailboxes:" \
		"$(calc "$(med "rss-$last" %f) / $(med "rss-$first" %f)" |
			sed 's/.$//')"
}

needs
warn_if_busy
build
make_files
start_server
check_report
[ "$delay" -gt 0 ] || prepare_floor
round=0
while [ "$round" -lt "$rounds" ]; do
	measure_round
	round=$((round + 1))
done
print_machine
if [ "$delay" -gt 0 ]; then
	print_delay
else
	print_cpu
fi
print_memory
