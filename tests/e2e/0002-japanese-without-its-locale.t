# Japanese by --lang or by the environment as text, on a machine that has no
# Japanese locale: the catalogue of this build is used.
. "$(dirname "$0")/../helpers/tap.sh"

# The line of po/ja.po that answers to a message on one line, or nothing.
in_japanese()
{
	awk -v wanted="msgid \"$1\"" '
		$0 == wanted { found = 1; next }
		found && /^msgstr "/ {
			sub(/^msgstr "/, ""); sub(/"$/, ""); print; exit
		}
		found { exit }' "$top_srcdir/po/ja.po"
}
japanese=$(in_japanese 'Nothing was changed.')
test -n "$japanese" || skip_all "po/ja.po has no translation yet"
plan 25

echo '{"sendAs": [{"sendAsEmail": "t@ocn.ne.jp", "treatAsAlias": true}]}' \
    >"$work/good"

# speaks ja|en NAME ARGUMENT...
speaks()
{
	speaks_lang=$1
	speaks_name=$2
	shift 2
	run "$sendas" audit --from "$work/good" "$@"
	if test "$speaks_lang" = ja; then
		like "$out" "$japanese" "$speaks_name: Japanese"
	else
		like "$out" '^Nothing was changed\.$' "$speaks_name: English"
	fi
}

speaks en "the default"
speaks ja "--lang ja" --lang ja
speaks ja "--lang=ja" --lang=ja
ok "--lang ja: the findings, too" \
    test "$(LC_ALL=C grep -c '[^ -~]' "$out")" -ge 5
for variable in LANGUAGE LC_ALL LC_MESSAGES LANG; do
	test_env="$variable=ja_JP.UTF-8"
	speaks ja "$variable=ja_JP.UTF-8"
done
for value in ja ja_JP ja_JP.eucJP ja_JP.UTF-8@x ja:en; do
	test_env="LANGUAGE=$value"
	speaks ja "LANGUAGE=$value"
done
test_env="LANGUAGE=fr:ja"
speaks ja "the first language that there is"
test_env="LANG=ja_JP.UTF-8 LC_ALL=C"
speaks en "LC_ALL before LANG"
test_env="LANG=ja_JP.UTF-8 LANGUAGE=en"
speaks en "LANGUAGE before LANG"
for value in C POSIX en_US.UTF-8 jav de_DE.UTF-8; do
	test_env="LANG=$value"
	speaks en "LANG=$value"
done
test_env="LANG=ja_JP.UTF-8"
speaks en "--lang before the environment" --lang en
test_env="LC_ALL=C"
speaks ja "--lang ja where all is C" --lang ja
test_env=

# A decimal point and the words of a program stay what they are.
run "$sendas" audit --from "$work/good" --lang ja --format jsonl
like "$out" '"rule":"treat-as-alias","severity":"error"' \
    "JSON's own words are not translated"
run "$sendas" audit --lang ja --format x
unlike "$err" 'is not one of' "an error in the call is in Japanese"
