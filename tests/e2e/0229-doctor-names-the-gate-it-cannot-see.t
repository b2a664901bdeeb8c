# doctor and the administrator's setting without which no relay is used: that it
# cannot be seen, where to look, what CISA says, and whether that matters to the
# mailbox that was read. It is no problem, and no concern of persons.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/doctor.sh"
needs_sim
plan 45

unseen='the domain.s setting "Allow per-user outbound gateways" cannot be seen'
menu='Apps > Google Workspace > Gmail > End User Access\. If it is off, mail'
menu="$menu does not go through an SMTP server set in \"Send mail as\"; if it"
menu="$menu is on, that is against CISA's control GWS\.GMAIL\.12\.1\."

# not_told NAME
not_told()
{
	unlike "$out" 'outbound|GWS\.GMAIL|Gateway|ゲートウェイ' "$1: not a word of it"
}

sim_start --demo --seeds "$(seed more "
	$(mailbox reiko@example.com reiko@ocn.ne.jp ', "person": true'),
	{\"mailbox\": \"plain@example.com\", \"kind\": \"workspace\",
	 \"sendAs\": [{\"sendAsEmail\": \"plain@example.com\",
	 \"displayName\": \"T\", \"isPrimary\": true, \"isDefault\": true}]}")"

for purpose in audit fix; do
	doctor --for $purpose --mailbox taro@example.com
	status_is 0 "for $purpose: it is no problem: exit status 0"
	says 'not checked' Gateway "$unseen"
	says 'not checked' Gateway \
	    'for taro@example\.com it matters: 1 of its addresses has an SMTP'
	says 'not checked' Gateway "Admin console: $menu"
	says ok Result 'audit: yes; fix: yes, by the API'
	unlike "$out" 'problem' "for $purpose: nothing stands in the way"
	is "$(grep -c Gateway "$out")" 1 "for $purpose: it is told once"
	unlike "$out" 'ocn' "for $purpose: no settings are shown"
	unlike "$out" '.{81}' "for $purpose: it fits 80 columns"
done
doctor --mailbox anna@example.com
says 'not checked' Gateway \
    'for anna@example\.com it matters: 2 of its addresses have an SMTP server'
doctor --mailbox plain@example.com
status_is 0 "a mailbox without relays: exit status 0"
says 'not checked' Gateway "$unseen"
says 'not checked' Gateway \
    'for plain@example\.com it does not matter: none of its addresses has'
says 'not checked' Gateway "$menu"

# Without a mailbox that was read nothing is said of one.
doctor
status_is 0 "no --mailbox: exit status 0"
says 'not checked' Gateway "$unseen"
says 'not checked' Gateway "$menu"
unlike "$out" 'matter' "... and no word of a mailbox"
doctor --mailbox peter@example.com
status_is 4 "one that cannot be read: the exit status is its own"
says 'not checked' Gateway "$unseen"
unlike "$out" 'matter' "... and no word of what it has"

# In Japanese.
doctor --mailbox taro@example.com --lang ja
status_is 0 "in Japanese: exit status 0"
flat "$out" | tr -d ' ' >"$work/joined"
like "$work/joined" '未確認送信ゲートウェイ:ドメインの設定「ユーザーごとの送信ゲートウェイ」\(Allowper-useroutboundgateways\)は、このスコープでは見えません' \
    "... it cannot be seen"
like "$work/joined" 'taro@example\.comには関係します。SMTPサーバーを設定したアドレスが1件あります' \
    "... it matters"
like "$work/joined" '管理コンソールの\[アプリ]>\[GoogleWorkspace]>\[Gmail]>\[エンドユーザーのアクセス]で確認してください。オフなら、メールは「他のメールアドレスから送信」に設定したSMTPサーバーを通りません。オンなら、CISAの基準GWS\.GMAIL\.12\.1に反します。' \
    "... where to look"
doctor --mailbox plain@example.com --lang ja
flat "$out" | tr -d ' ' >"$work/joined"
like "$work/joined" 'SMTPサーバーを設定したアドレスがないので、plain@example\.comには関係しません' \
    "... it does not matter"

# Without a key that can be used there is nothing to tell an administrator of.
good_key=$sim_key
sim_key=$work/damaged.json
sed 's/\(PRIVATE KEY-----\\n\)[A-Za-z0-9+/]\{40\}/\1/' "$good_key" >"$sim_key"
chmod 600 "$sim_key"
doctor
status_is 3 "a key with a piece missing: exit status 3"
not_told "a key with a piece missing"
sim_key=$good_key

# Persons.
for lang in en ja; do
	doctor_as "$sim_state/tokens/yumi%40example.jp" --for fix --lang $lang
	status_is 0 "an access token, $lang: exit status 0"
	not_told "an access token, $lang"
done
sim_key=$sim_state/authorized/reiko%40example.com
doctor --for fix
says ok Mailbox 'reiko@example\.com answers'
not_told "a stored sign-in"

has_no_secret
