#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing on a Debian 12: sh tools/install-deps.sh --demo
# for building and the demonstration, --check for the tests as well, --bench
# for building and the measurements.
#
# Prints one line for each thing it does, and nothing when all is there. It
# changes nothing but the packages of the system (as root, or with sudo) and
# the folder tests/node_modules.
set -eu

usage() {
	echo "usage: install-deps.sh --demo | --check | --bench" >&2
	exit 2
}

[ $# -eq 1 ] || usage
case $1 in
--demo | --check | --bench) mode=$1 ;;
*) usage ;;
esac

root=$(cd "$(dirname "$0")/.." && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What the program is built with and linked against, then what the double of
# Google needs.
packages='gcc make libc6-dev pkgconf autoconf automake autopoint gettext
libcurl4-openssl-dev libcjson-dev liboauth2-dev libcjose-dev libssl-dev
libunistring-dev libsqlite3-dev libmicrohttpd-dev
openssl ca-certificates'
if [ "$mode" = --check ]; then
	packages="$packages libcmocka-dev clang libclang-rt-dev clang-format
	cppcheck expect git xz-utils"
	# Tests of the sign-in need a browser, and letters for its pages in
	# Japanese: the IPA font is small and has what stands in names and
	# addresses (JIS X 0213).
	packages="$packages chromium fonts-ipafont-gothic"
elif [ "$mode" = --bench ]; then
	packages="$packages nginx-light libnginx-mod-http-lua nghttp2-client
	procps"
fi

# Runs a step with its output in the log, which is shown only if it fails.
quietly() {
	"$@" >"$log" 2>&1 </dev/null && return
	echo "install-deps.sh: this failed: $*" >&2
	cat "$log" >&2
	exit 1
}

# True when there is a Node that the tests run on, from wherever.
has_node() {
	command -v npm >/dev/null &&
		node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' \
			2>/dev/null
}

is_installed() {
	status=$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) ||
		return 1
	[ "$status" = installed ]
}

missing_packages() {
	[ "$mode" = --bench ] || has_node || packages="$packages nodejs npm"
	for package in $packages; do
		is_installed "$package" || printf ' %s' "$package"
	done
}

# With sudo a person at a terminal may be asked for a password; where nobody
# is there to type one, sudo -n fails instead of waiting for ever.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	elif [ -t 0 ]; then
		sudo env DEBIAN_FRONTEND=noninteractive "$@"
	else
		sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

may_become_root() {
	[ "$(id -u)" -eq 0 ] && return
	command -v sudo >/dev/null || return
	if [ -t 0 ]; then
		sudo -v
	else
		sudo -n true 2>/dev/null
	fi
}

install_packages() {
	missing=$(missing_packages)
	[ -n "$missing" ] || return 0
	if ! may_become_root; then
		cat >&2 <<-END
		install-deps.sh: not root, and no sudo. Ask whoever looks after this machine for
		  apt-get install --no-install-recommends$missing
		END
		exit 1
	fi
	echo "Installing from Debian (a few minutes):$missing"
	quietly as_root apt-get update
	# shellcheck disable=SC2086 # a list of words
	quietly as_root apt-get install -y --no-install-recommends $missing
	case $missing in
	*nginx*) echo "Debian starts the nginx that it installs, on port 80;" \
		"to end that: systemctl disable --now nginx" ;;
	esac
}

# True when each package of the lock file stands in tests/node_modules in the
# version that the lock names.
has_node_packages() {
	node - "$root/tests" <<-'END' 2>/dev/null
	const tests = process.argv[2];
	const { packages } = require(tests + '/package-lock.json');
	for (const [where, { version }] of Object.entries(packages))
		if (where && version !==
		    require(`${tests}/${where}/package.json`).version)
			process.exit(1);
	END
}

install_node_packages() {
	has_node_packages && return
	echo "Installing the Node packages of tests/package-lock.json"
	quietly npm ci --prefix "$root/tests" --ignore-scripts --no-audit \
		--no-fund --no-update-notifier --loglevel=error
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	# shellcheck disable=SC2086 # a list of words
	echo "install-deps.sh: this is no Debian. Install what these Debian 12" \
		"packages hold:" $packages nodejs npm >&2
	exit 1
fi
install_packages
[ "$mode" != --bench ] || exit 0
if ! has_node; then
	echo "install-deps.sh: the node in PATH, $(command -v node), is older" \
		"than 18: take it out of PATH, and Debian's own is used" >&2
	exit 1
fi
install_node_packages
