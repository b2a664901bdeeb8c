# explain -: any bytes are taken; what is empty, too much or unreadable is told
# in one message, with exit status 5.
. "$(dirname "$0")/../helpers/tap.sh"
plan 20

explain_bytes()
{
	input=$work/bounce
	run "$sendas" explain -
	input=
}

: >"$work/bounce"
explain_bytes
status_is 5 "empty: exit status 5"
like "$err" 'nothing was pasted' "... and it says so"
printf ' \r\n\000\n' >"$work/bounce"
explain_bytes
status_is 5 "white space and NULs: exit status 5"

printf 'a\000\377\376 \033[2J 553 5.7.1 \302\233 (E041)\000' >"$work/bounce"
explain_bytes
status_is 0 "controls, NULs and bytes that are no UTF-8: exit status 0"
unlike "$out" "$(printf '\033')" "... and none of them comes out"
printf '\033$B%%j%%b!<%%H\033(B: 553 5.7.1 (E041)\n' >"$work/bounce"
explain_bytes
status_is 0 "ISO-2022-JP: exit status 0"
printf '\203\212\203\202: 535 5.7.8\n' >"$work/bounce"
explain_bytes
status_is 0 "Shift_JIS: exit status 0"

# Bounded: a mebibyte is read, one byte more is not.
{ printf '535 5.7.8 '; head -c 1048566 /dev/zero | tr '\0' x; } >"$work/bounce"
explain_bytes
status_is 0 "1 MiB: exit status 0"
printf 'x' >>"$work/bounce"
explain_bytes
status_is 5 "a byte more: exit status 5"
like "$err" 'standard input: larger than 1048576 bytes' "... and it says so"
is_empty "$out" "... and explains nothing"
is "$(wc -l <"$err")" 1 "... in one message"
run sh -c "exec timeout 20 '$sendas' explain - </dev/zero"
status_is 5 "without end: exit status 5"

run sh -c "'$sendas' explain - <'$work'"
status_is 5 "a folder as standard input: exit status 5"
like "$err" 'standard input: cannot be read' "... and it says so"
run sh -c "'$sendas' explain - <&-"
status_is 5 "closed standard input: exit status 5"
run sh -c "'$sendas' explain E041 >/dev/full"
status_is 5 "a full disk: exit status 5"

printf '{"version": 2}' >"$work/policy.json"
run "$sendas" explain E041 --policy "$work/policy.json"
status_is 5 "a policy that is wrong: exit status 5"
run "$sendas" explain --credentials x
status_is 2 "an option of other commands: exit status 2"
run "$sendas" explin
has "$err" 'explain, perhaps?' "a mistyped command is recognised"
