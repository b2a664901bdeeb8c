# audit --from: what cannot be right is refused whole: one message on standard
# error that names the file and the place, nothing on standard output, exit
# status 5.
. "$(dirname "$0")/../helpers/tap.sh"
plan 128

file=$work/input
ocn='{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": true}'

# Writes the input; a pipe into refused would lose its counting.
input()
{
	# shellcheck disable=SC2059 # the format is the point
	printf "$@" >"$file"
}

# refused NAME ERE: what was last written; the message matches.
refused()
{
	run "$sendas" audit --from "$file"
	status_is 5 "$1: exit status 5"
	is_empty "$out" "$1: nothing on standard output"
	like "$err" "^sendas: $file(:|, line [0-9]+:) .*($2)" \
	    "$1: the message names the file and the place"
	is "$(wc -l <"$err")" 1 "$1: one message"
}

input ''
refused "an empty file" 'there is nothing in it'
input ' \n\t\n\n'
refused "nothing but white space" 'nothing in it'
input '200 OK\n'
refused "nothing but a status line" 'nothing in it'
input '{"sendAs": [\n%s,\n]}\n' "$ocn"
refused "a comma too many" 'line 3, column 1: this is not JSON'
input '{"sendAs": [\n%s\n' "$ocn"
refused "cut off" 'line [234], column [0-9]+: this is not JSON'
input "{'sendAs': [%s]}\n" "$ocn"
refused "quotes of another language" 'line 1, column [23]: this is not JSON'
input '{\342\200\234sendAs\342\200\235: []}\n'
refused "curly quotes" 'line 1, column [23]: this is not JSON'
input '{"sendAs": [\n%s]}\n}\n' "$ocn"
refused "a brace too many" 'line 3, column 1: something follows'
input 'hello\n'
refused "not JSON at all" 'line 1, column 1: this is not JSON'
input '<!DOCTYPE html>\n<html><p>Sign in</html>\n'
refused "a web page" 'this is a web page'
input '200\n<html>\n'
refused "a web page under a status line" 'web page'
input '{"sendAs": [{"sendAsEmail": "a@example.com"},\n%s' \
    '{"sendAsEmail": "t@ocn.ne.jp", "smtpMsa": {"port": "465"}}]}'
refused "a text for a number" 'sendAs\[1\]\.smtpMsa\.port: want a number'
input '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "smtpMsa": {"port": 4.5}}]}'
refused "half a port" 'sendAs\[0\]\.smtpMsa\.port: want a whole number'
input '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "smtpMsa": {"port": 1e99}}]}'
refused "far too great a port" 'sendAs\[0\]\.smtpMsa\.port: want a whole'
input '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": "yes"}]}'
refused "a text for a box" 'sendAs\[0\]\.treatAsAlias: want true or false'
input '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": 1}]}'
refused "a number for a box" 'sendAs\[0\]\.treatAsAlias: want true or false'
input '{"sendAs": [{"sendAsEmail": ["t@ocn.ne.jp"]}]}'
refused "a list for an address" 'sendAs\[0\]\.sendAsEmail: want a text'
input '{"sendAs": [{"displayName": "T"}]}'
refused "no address" 'sendAs\[0\]: "sendAsEmail" is missing'
input '{"sendAs": [%s, {"sendAsEmail": ""}]}' "$ocn"
refused "an empty address" 'sendAs\[1\]: "sendAsEmail" is missing'
input '{"sendAs": {"sendAsEmail": "t@ocn.ne.jp"}}'
refused "an object for a list" 'sendAs: want a list'
input '{"sendAs": [%s, 5]}' "$ocn"
refused "a number among addresses" 'sendAs\[1\]: want an object'
input '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "smtpMsa": "smtp"}]}'
refused "a text for a server" 'sendAs\[0\]\.smtpMsa: want an object'
input '[%s]' "$ocn"
refused "a list alone" 'want an object'
input '"t@ocn.ne.jp"'
refused "a text alone" 'want an object'
input 'null'
refused "null" 'want an object'
input '{"mailbox": 5, "sendAs": [%s]}' "$ocn"
refused "a number for a mailbox" 'mailbox: want a text'
input '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": true,
"treatAsAlias": false}]}'
refused "a key twice" 'sendAs\[0\]: "treatAsAlias" stands here twice'
input '{"error": {"code": 401, "message": "Invalid Credentials"}}'
refused "an error of Google's" 'error from Google.*Invalid Credentials'

# Bytes that are no text.
input '{"sendAs": [{"sendAsEmail": "t\000@x.jp"}]}'
refused "a NUL" 'line 1, column 31: a NUL'
input '{"sendAs": [\n{"sendAsEmail": "t\\u0000@ocn.ne.jp"}]}'
refused "an escaped NUL" 'line 2, column 19: a NUL'
input '{"sendAs": [\n{"sendAsEmail": "t\377@ocn.ne.jp"}]}'
refused "invalid UTF-8" 'line 2, column 19: this is not UTF-8'
input '{"sendAs": [{"sendAsEmail": "\355\240\200"}]}'
refused "half a surrogate" 'line 1, column 30: this is not UTF-8'
