# What is not used, and why. Words in comments and strings do not count.
. "$(dirname "$0")/lint.sh"
plan 14

# In all C files: a regular expression that a word begins with, a tab, and the
# reason.
everywhere="(strcpy|strcat|sprintf|vsprintf|gets) *\(	it writes past the end
(strncpy|strncat) *\(	it may leave no NUL at the end
(atoi|atol|atoll|atof) *\(	it cannot say that the text is no number
(strtok|strtok_r) *\(	it writes into what it reads
(system|popen) *\(	it starts a shell
(mktemp|tmpnam|tempnam) *\(	its file may be another's
OAUTH2_LOG_(DEBUG|TRACE1|TRACE2)	liboauth2 then logs secrets
oauth2_http_(call|get|post)[a-z_]*	http.c alone speaks to the network"

# Below cli: it never prints on the terminal, and never ends the program.
# abort() is for what nothing can be done about (memory, entropy); mem.c says
# so before.
below_cli="(exit|_exit|quick_exit|_Exit) *\(	only cli ends the program
(printf|vprintf|puts|putchar|perror|psignal) *\(	only cli writes to stdout
(stdout|stderr|STDOUT_FILENO|STDERR_FILENO)([^a-zA-Z0-9_]|\$)	only cli writes to the terminal
(err|errx|warn|warnx|error) *\(	only cli writes to the terminal"

# apply RULES < code
apply()
{
	cat >"$work/code"
	echo "$1" | while IFS='	' read -r regex reason; do
		grep -E -e "$word$regex" "$work/code" |
		    sed "s/\$/  <- $reason/"
	done
}

check_everywhere()
{
	# shellcheck disable=SC2046 # a list of files
	code_of "$1" $(c_files "$1") | apply "$everywhere"
}

check_below_cli()
{
	# shellcheck disable=SC2046
	code_of "$1" $(c_files "$1" | grep -v '^src/cli/') | apply "$below_cli" |
	    grep -v '^src/base/mem\.c:.*STDERR_FILENO' || :
}

# No switch turns the verification of TLS off. A call may stand on several
# lines.
check_tls()
{
	c_files "$1" | while read -r file; do
		code_of "$1" "$file" | sed 's/^[^:]*:[0-9]*://' | tr -s ' \t\n' ' ' |
		    grep -oE 'CURLOPT_[A-Z_]*SSL_VERIFY[A-Z]*, *[^)]*\)' |
		    grep -vE ', *[12]L\)$' | sed "s|^|$file: |"
	done
}

finds_nothing "no banned function" check_everywhere "$top_srcdir"
finds_nothing "below cli nothing prints or exits" check_below_cli "$top_srcdir"
finds_nothing "TLS is always verified" check_tls "$top_srcdir"

new_sample
sample_file src/base/bad.c <<'END'
/* strcpy(a, b) in a comment; exit(1) too
 * over two lines: system("x") */
const char *text = "call sprintf(x) \" and popen(y)"; // gets(z)
strcpy(a, b);
	n = atoi (text);
	exit(1);
	fprintf(stderr, "x");
	printf("x");
	sendas_exit(1);
	snprintf(a, sizeof(a), "x");
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER,
	    0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	log->level = OAUTH2_LOG_DEBUG;
	oauth2_http_post_form(log, url);
END
sample_file src/cli/main.c <<'END'
	exit(1);
	printf("x");
END
finds 'bad.c:4:.*past the end' "strcpy is found" check_everywhere "$sample"
finds 'bad.c:5:' "atoi with a space is found" check_everywhere "$sample"
finds 'bad.c:14:' "a log that tells secrets is found" check_everywhere "$sample"
finds 'bad.c:15:' "liboauth2's own HTTP is found" check_everywhere "$sample"
finds 'bad.c:6:' "exit is found" check_below_cli "$sample"
finds 'bad.c:7:' "stderr is found" check_below_cli "$sample"
finds 'bad.c:8:' "printf is found" check_below_cli "$sample"
finds 'VERIFYPEER, 0L' "TLS without verification is found" check_tls "$sample"
{ check_everywhere "$sample"; check_below_cli "$sample"; } >"$work/all"
unlike "$work/all" 'bad.c:[123]:' "comments and strings are left alone"
unlike "$work/all" 'bad.c:(9|10):' "longer names are left alone"
unlike "$work/all" 'main.c' "cli may print and exit"
