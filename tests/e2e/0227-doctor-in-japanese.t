# doctor in Japanese: marks, parts, and what to do.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
grep -q '^msgid "not checked"' "$top_srcdir/po/ja.po" ||
    skip_all "po/ja.po has no translation yet"
plan 18

sim_start --demo
doctor --for fix --mailbox taro@example.com --lang ja
status_is 0 "all is well: exit status 0"
says OK 時計 'Google の時計と合っています'
says OK メールボックス 'taro@example\.com を読めました。アドレスは2件です'
says OK 結果 'audit: できます。fix: API でできます'
unlike "$out" '^(ok|note|problem)|granted|answers' "no word of English is left"
is "$(node -e '
	const text = require("fs").readFileSync(process.argv[1], "utf8");
	console.log(text.split("\n").filter((line) => [...line].reduce(
		(sum, c) => sum + (c > "\u2e80" ? 2 : 1), 0) > 80)
		.join("\n"))' "$out")" "" "it fits 80 columns"
doctor_as "$sim_state/tokens/yumi%40example.jp" --lang ja
says OK 結果 'fix: 手作業になります.*読めても変更できません'

sim_start --demo --delegated-scopes gmail.readonly
doctor --mailbox taro@example.com --lang ja
status_is 3 "no delegation: exit status 3"
says 未確認 トークン '下のスコープがない'
says 問題 スコープ 'gmail\.settings\.basic: .*許可されていません.*特権管理者'
says 問題 結果 'audit: できません'
like "$out" '^ドメインの特権管理者へ:$' "the lines to hand on"
like "$out" "^  クライアント ID: $(json "$sim_key" d.client_id)\$" \
    "with the client ID"
has "$out" "最長24時間" "and how long it takes"

sim_start --demo --clock-offset=7200
doctor --lang ja
status_is 4 "a wrong clock: exit status 4"
says 問題 時計 '秒遅れています.*timedatectl set-ntp true'
has_no_secret
