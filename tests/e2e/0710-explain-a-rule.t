# explain RULE: what it is about, what it weighs in the policy, how sure that
# is, where that is from, and how it is repaired; without a rule all of them.
. "$(dirname "$0")/../helpers/tap.sh"
plan 31

run "$sendas" explain
status_is 0 "without a rule: exit status 0"
is "$(grep -cE '^[a-z0-9-]+ +(error|warning|advice|info|off) +[^ ]' "$out")" 24 \
    "without a rule: a line for each of the 24"
like "$out" '^treat-as-alias +error +"Treat as an alias" is ticked$' \
    "... with its weight"
is_empty "$err" "... and nothing else"

run "$sendas" explain treat-as-alias
status_is 0 "treat-as-alias: exit status 0"
like "$out" '^treat-as-alias \(ocn\)$' "it names rule and policy"
like "$out" '^Severity +error' "the weight"
has "$out" 'Medium. Reported by users; no explanation by OCN or Google' \
    "how sure it is"
like "$out" '^Source +users' "where that is from"
like "$out" '^Reply +553 \.\.\. E041$' "the reply that users saw"
like "$out" '^Repair +sendas fix' "how it is repaired"
has_not "$out" 'cause' "a report is not called the cause"

run "$sendas" explain relay-host
has "$out" 'High.' "what is published is sure"
like "$out" 'Mozilla ISPDB' "... with its source"
has "$out" 'with the OCN mail password' "what a repair by hand takes"

# Every rule that there is can be explained.
run "$sendas" explain
for rule in $(sed -nE 's/^([a-z0-9-]+) +(error|warning|advice|info).*/\1/p' \
    "$out"); do
	run "$sendas" explain "$rule"
	test "$status" -eq 0 && grep -q '^Why ' "$out" &&
	    grep -q '^Repair ' "$out" || echo "$rule"
done >"$work/bad"
is_empty "$work/bad" "every rule in the list is explained"

# Another policy: other weights, no word of OCN.
cat >"$work/policy.json" <<'END'
{"version": 1, "name": "example", "label": "Ex\u001b[31mample",
 "domains": [{"name": "example.jp"}],
 "relay": {"host": "mail.example.jp", "port": 587, "security": "starttls"},
 "help_url": "https://help.example.jp/",
 "rules": {"tls-off": {"severity": "warning", "source": "so\u202esaid"}}}
END
run "$sendas" explain tls-off --policy "$work/policy.json"
status_is 0 "another policy: exit status 0"
like "$out" '^Severity +warning' "... its weight"
has_not "$out" OCN "... and no word of OCN"
like "$out" '<U\+202E>' "hostile text in a policy is disarmed"
run "$sendas" explain treat-as-alias --policy "$work/policy.json"
like "$out" '^Severity +off: this policy does not use' \
    "a rule that is off is called so"
run "$sendas" explain E041 --policy "$work/policy.json"
has_not "$out" 'alias' "a cure that the policy does not name is not advised"
has "$out" 'mail.example.jp, port 587, TLS' "... but its own server is"
has "$out" 'https://help.example.jp/' "... and its own page"
run "$sendas" explain tls-off --policy nowhere
status_is 2 "a policy that is not there: exit status 2"

# What is no rule.
run "$sendas" explain trat-as-alias
status_is 2 "a typing error: exit status 2"
has "$err" '"trat-as-alias" is not a rule; treat-as-alias, perhaps?' \
    "... with what was meant"
has "$err" 'domain-lookalike' "... and all there are"
is_empty "$out" "... and no result"
run "$sendas" explain "$(printf 'x\033[2J')"
status_is 2 "another word: exit status 2"
like "$err" 'x<U\+001B>\[2J' "... which is disarmed"
