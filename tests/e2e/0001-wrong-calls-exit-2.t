# How the program is called: help and version on standard output; a call that
# makes no sense is exit status 2, with a message and nothing else.
. "$(dirname "$0")/../helpers/tap.sh"
plan 63

run "$sendas" --version
status_is 0 "--version: exit status 0"
like "$out" '^sendas [0-9]' "--version: its own"
like "$out" 'libcurl/.*liboauth2' "--version: and the libraries'"
for help in --help -h help ''; do
	# shellcheck disable=SC2086 # nothing, or a word
	run "$sendas" $help
	status_is 0 "\"$help\": exit status 0"
	like "$out" 'sendas audit' "\"$help\": help on standard output"
	is_empty "$err" "\"$help\": and nothing beside it"
done
for command in audit fix; do
	run "$sendas" "$command" --help
	status_is 0 "$command --help: exit status 0"
	like "$out" '^Examples:' "$command --help: has examples"
	is "$(awk 'length > 80' "$out")" "" "$command --help: fits 80 columns"
done

# wrong ERE ARGUMENT...
wrong()
{
	ere=$1
	shift
	run "$sendas" "$@"
	status_is 2 "sendas $*: exit status 2"
	is_empty "$out" "sendas $*: nothing on standard output"
	like "$err" "^sendas: .*($ere)" "sendas $*: says what is wrong"
}
from="audit --from /dev/null"
wrong '"frobnicate" is not a command; there are: audit, fix' frobnicate
wrong '--frobnicate' --frobnicate
echo ya29.invented >"$work/token"
input=$work/token
wrong '"taro" is not an e-mail address' audit taro --access-token-fd 0
wrong '"a@b@c" is not an e-mail address' audit a@b@c --access-token-fd 0
input=
# shellcheck disable=SC2086 # words are meant
{
	wrong '--nonsense: there is no such option' $from --nonsense
	wrong '-z: there is no such option' $from -z
	wrong '--form: there is no such option' audit --form x
	wrong '--format wants a value' $from --format
	wrong '"xml" is not one of text, json, jsonl' $from --format xml
	wrong '"fr" is not one of en, ja' $from --lang fr
	wrong '--output wants a value, not an empty one' $from --output=
	wrong '--timeout wants a whole number from 1 on' $from --timeout 0
	wrong '--quiet: this option takes no value' $from --quiet=yes
	wrong '--yes: there is no such option' $from --yes
}
