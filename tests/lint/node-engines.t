# Every locked Node package runs on Debian 12's own Node.
. "$(dirname "$0")/lint.sh"
needs_node
: "${NODE_PATH:=$top_srcdir/tests/node_modules}"
export NODE_PATH
node -e 'require.resolve("semver")' 2>/dev/null || skip_all \
    "Node's package semver is not installed (npm ci in tests/, or NODE_PATH)"
plan 3

check_engines()
{
	node "$1/tests/lint/node-engines.js" | grep -v '^ok\|^1\.\.'
	# It must have looked at something.
	node "$1/tests/lint/node-engines.js" | grep -q '^ok' ||
	    echo "no package fits"
}

finds_nothing "the locked packages run there" check_engines "$top_srcdir"

new_sample
mkdir -p "$sample/tests/lint"
cp "$lint/node-engines.js" "$sample/tests/lint/"
sample_file tests/package-lock.json <<'END'
{"packages": {
	"": {"version": "1.0.0", "engines": {"node": ">=18.20.4"}},
	"node_modules/newer": {"version": "9.0.0", "engines": {"node": ">=22"}},
	"node_modules/odd": {"version": "1.0.0", "engines": {"node": "new"}}
}}
END
finds 'newer 9.0.0.*wants node >=22' "a package that needs more is found" \
    check_engines "$sample"
finds 'odd 1.0.0.*cannot be read' "engines that are no range are found" \
    check_engines "$sample"
