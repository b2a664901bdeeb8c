# The Japanese catalogue is complete: made anew from the sources, each message
# has a translation, none is a guess, and formats agree.
. "$(dirname "$0")/lint.sh"
for tool in xgettext msgmerge msgattrib msgfmt; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
plan 8

# check_catalogue ROOT PO: prints what is wrong with it, as a piece of the
# catalogue itself.
check_catalogue()
{
	rm -f "$work/fresh.pot"
	# shellcheck disable=SC2046 # a list of options
	(cd "$1" && xgettext $(sed -n 's/^XGETTEXT_OPTIONS *= *//p' \
	    "$top_srcdir/po/Makevars") --files-from=po/POTFILES.in \
	    --add-location=file -o "$work/fresh.pot") || return
	test -s "$work/fresh.pot" || {
		echo "no messages at all"
		return
	}
	msgmerge -q --no-fuzzy-matching -o "$work/merged.po" "$2" \
	    "$work/fresh.pot" || return
	for state in untranslated only-fuzzy only-obsolete; do
		# Without the header, which ends at the first empty line.
		msgattrib "--$state" --no-wrap "$work/merged.po" |
		    sed "1,/^\$/d; s/^/$state: /"
	done
	msgfmt -c --check-format -o /dev/null "$2"
}

finds_nothing "po/ja.po is complete" \
    check_catalogue "$top_srcdir" "$top_srcdir/po/ja.po"

header='msgid ""
msgstr ""
"Project-Id-Version: x\n"
"PO-Revision-Date: 2026-11-24 00:00+0000\n"
"Last-Translator: x\n"
"Language-Team: x\n"
"Language: ja\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"
'
new_sample
echo 'f(_("%d apples"), n);' | sample_file src/new.c
echo 'src/new.c' | sample_file po/POTFILES.in
catalogue()
{
	printf '%s\n' "$header" "$@" >"$sample/po/ja.po"
}

catalogue '#, c-format' 'msgid "%d apples"' 'msgstr "りんごが%d個"'
finds_nothing "a good one is complete" \
    check_catalogue "$sample" "$sample/po/ja.po"
catalogue
finds '%d apples' "a message without an entry is found" \
    check_catalogue "$sample" "$sample/po/ja.po"
catalogue '#, c-format' 'msgid "%d apples"' 'msgstr ""'
finds 'untranslated:.*%d apples' "an empty translation is found" \
    check_catalogue "$sample" "$sample/po/ja.po"
catalogue '#, fuzzy, c-format' 'msgid "%d apples"' 'msgstr "梨が%d個"'
finds 'only-fuzzy:.*%d apples' "a guess is found" \
    check_catalogue "$sample" "$sample/po/ja.po"
catalogue '#, c-format' 'msgid "%d apples"' 'msgstr "りんごが%s個"'
finds 'format specifications' "formats that differ are found" \
    check_catalogue "$sample" "$sample/po/ja.po"
catalogue '#, c-format' 'msgid "%d apples"' 'msgstr "りんごが%d個"' '' \
    'msgid "pears"' 'msgstr "梨"'
finds 'only-obsolete:.*pears' "what no message needs is found" \
    check_catalogue "$sample" "$sample/po/ja.po"
: >"$sample/src/new.c"
finds 'no messages at all' "sources without messages are found" \
    check_catalogue "$sample" "$sample/po/ja.po"
