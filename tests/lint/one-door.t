# Each library has one door: one file includes it, and no header of ours lets
# a type of it through.
. "$(dirname "$0")/lint.sh"
plan 8

# Which files may include what, a regular expression of the header.
doors='
src/base/http.c ^curl/
src/base/smtp.c ^curl/
src/base/json.c ^cjson/
src/base/json.c ^unistr\.h$
src/base/text.c ^uni[a-z]+\.h$
auth/oauth2_glue.c ^(oauth2|cjose|openssl)/
auth/loopback.c ^microhttpd\.h$
src/store/journal_inside.h ^sqlite3\.h$
'

# What comes with the C library is free to all; whatever is not here is a
# library and needs a door.
c_library='^(arpa|net|netinet|sys)/[a-z_]+\.h$|^(assert|ctype|dirent|errno|fcntl|getopt|inttypes|langinfo|libgen|libintl|limits|locale|malloc|math|netdb|poll|pthread|pwd|search|setjmp|signal|spawn|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|termios|time|unistd|wchar)\.h$'

check_doors()
{
	# shellcheck disable=SC2046 # a list of files
	includes_of "$1" $(c_files "$1") | grep ':<' | tr -d '<>' |
	while IFS=: read -r file line header; do
		echo "$header" | grep -qE "$c_library" && continue
		echo "$doors" | while read -r door regex; do
			test "$door" = "$file" || continue
			echo "$header" | grep -E -e "$regex"
		done | grep -q . ||
		    echo "$file:$line: $header is not for this file"
	done
}

# What the libraries' names begin with.
foreign='(CURL[A-Za-z_]*|curl_|cJSON|json_t|cjose_|oauth2_|EVP_|BIO|SSL|X509|sqlite3|MHD_|u(c|8|16|32)_)'

check_types()
{
	# shellcheck disable=SC2046
	code_of "$1" $(c_files "$1" | grep '^include/') |
	    grep -E -e "$word$foreign" || :
}

finds_nothing "each library is included by its one file" \
    check_doors "$top_srcdir"
finds_nothing "no header mentions a library's types" check_types "$top_srcdir"

new_sample
sample_file src/base/http.c <<'END'
#include <curl/curl.h>
#include <stdio.h>
#include <openssl/evp.h>
END
sample_file src/app/audit.c <<'END'
#include <cjson/cJSON.h>
#  include <expat.h>
END
sample_file include/sendas/http.h <<'END'
/* Nothing of a CURL in a comment. */
CURL *sendas_http_easy(void);
END
finds 'http.c:3: openssl/evp.h' "a library at another's door is found" \
    check_doors "$sample"
finds 'audit.c:1: cjson/cJSON.h' "a library without its door is found" \
    check_doors "$sample"
finds 'audit.c:2: expat.h' "a library that has no door is found" \
    check_doors "$sample"
finds 'http.h:2:CURL' "a library's type in a header is found" \
    check_types "$sample"
check_doors "$sample" >"$work/doors"
unlike "$work/doors" 'curl.h|stdio.h' "what may be included is not"
check_types "$sample" >"$work/types"
unlike "$work/types" 'comment' "a word in a comment is not"
