# Prints the lines of C files as FILE:LINE:CODE, without comments and without
# what stands in strings and characters, so that a word in prose is not taken
# for code.

FNR == 1 {
	state = "code"
}

{
	code = ""
	for (i = 1; i <= length($0); i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (state == "comment") {
			if (two == "*/") {
				state = "code"
				code = code " "
				i++
			}
		} else if (state == "code") {
			if (two == "/*") {
				state = "comment"
				i++
			} else if (two == "//") {
				break
			} else {
				code = code c
				if (c == "\"" || c == "'")
					state = c
			}
		} else if (c == "\\") {
			i++
		} else if (c == state) {
			code = code c
			state = "code"
		}
	}
	# A string ends with its line; only a comment goes on.
	if (state != "comment")
		state = "code"
	print FILENAME ":" FNR ":" code
}
