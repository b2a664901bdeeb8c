#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Turns policy files into C: tools/embed.sh FILE.json... > builtin.c
#
# Each file becomes `const char sendas_builtin_policy_NAME[]`, NAME being the
# file's name without .json, and a row of the table in src/policy/builtin.h.
# Characters stand as octal constants, so that any bytes, and a file of any
# length, are portable C.
set -eu
LC_ALL=C
export LC_ALL

if [ $# -eq 0 ]; then
	echo "usage: embed.sh FILE.json..." >&2
	exit 2
fi

# The policy's name: ocn of policies/ocn.json. It must do for `--policy` and,
# with _ for -, for a C identifier.
policy_name() {
	name=${1##*/}
	name=${name%.json}
	case $name in
	'' | [!a-z]* | *[!a-z0-9-]*)
		echo "embed.sh: $1: want a name of a-z, 0-9 and -" >&2
		exit 1
		;;
	esac
	printf '%s\n' "$name"
}

c_name() {
	printf 'sendas_builtin_policy_%s\n' "$1" | sed 's/-/_/g'
}

cat <<'HEAD'
/* SPDX-License-Identifier: Apache-2.0 */
/* Made by tools/embed.sh; change the files in policies/ instead. */
#include "builtin.h"
HEAD

for file in "$@"; do
	name=$(policy_name "$file")
	printf '\nextern const char %s[];\n' "$(c_name "$name")"
	printf 'const char %s[] = {\n' "$(c_name "$name")"
	awk '
	BEGIN {
		for (i = 1; i < 256; i++)
			octal[sprintf("%c", i)] = sprintf("\\%03o", i)
	}
	{
		line = $0 "\n"
		for (i = 1; i <= length(line); i++) {
			printf "%s\047%s\047,", column ? " " : "\t", \
			    octal[substr(line, i, 1)]
			if (++column == 8) {
				printf "\n"
				column = 0
			}
		}
	}
	END { printf "%s\047\\0\047};\n", column ? " " : "\t" }
	' "$file"
done

printf '\nconst struct sendas_builtin_policy sendas_builtin_policies[] = {\n'
for file in "$@"; do
	name=$(policy_name "$file")
	printf '    {"%s", %s, sizeof(%s) - 1},\n' \
	    "$name" "$(c_name "$name")" "$(c_name "$name")"
done
printf '    {NULL, NULL, 0},\n};\n'
