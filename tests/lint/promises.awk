# Prints what doc/promises.md holds, a line each:
#   ## NUMBER      a promise begins
#   test NAME      of its list of tests
#   failed NAME    in the last cell of its table: that test was seen to fail
# NAME is a file's path, or the number with which one of tests/e2e begins.

function tests(kind, text) {
	while (match(text, /`([0-9][0-9][0-9][0-9]|tests\/[a-z0-9]+\/[a-zA-Z0-9_.-]+)`/)) {
		print kind, substr(text, RSTART + 1, RLENGTH - 2)
		text = substr(text, RSTART + RLENGTH)
	}
}

/^## / {
	print "##", $2
	is_list = 0
}

/^Tests:/ {
	is_list = 1
}

/^$/ {
	is_list = 0
}

is_list {
	tests("test", $0)
}

/^\|/ {
	count = split($0, cells, "|")
	tests("failed", cells[count - 1])
}
