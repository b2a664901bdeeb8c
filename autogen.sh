#!/bin/sh
# Makes configure and what it needs, from a checkout. A release has them.
set -eu
cd "$(dirname "$0")"
for tool in autoreconf automake autopoint pkg-config msgfmt; do
	command -v "$tool" >/dev/null || {
		echo "autogen.sh: $tool is missing; sh tools/install-deps.sh installs it" >&2
		exit 1
	}
done
exec autoreconf --install --force --warnings=all
