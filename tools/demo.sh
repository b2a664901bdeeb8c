#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Shows what sendas does, without a Google account: sh tools/demo.sh
# [--lang ja]. Installs what is missing, builds in build-demo/, starts the
# project's own double of Google on this machine (tests/sim/), and runs the
# real program against it. Nothing leaves this machine but what is installed,
# and whatever it starts ends with it.
set -eu

usage() {
	echo "usage: demo.sh [--lang en|ja]" >&2
	exit 2
}

# As the program does: by the environment, unless it is told.
case ${LANGUAGE:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}} in
ja | ja[_.@:-]*) lang=ja ;;
*) lang=en ;;
esac
case $#,${1-},${2-} in
0,,) ;;
1,--lang=en, | 2,--lang,en) lang=en ;;
1,--lang=ja, | 2,--lang,ja) lang=ja ;;
*) usage ;;
esac

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
sim_pid=

clean_up() {
	[ -z "$sim_pid" ] || kill "$sim_pid" 2>/dev/null || :
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' HUP PIPE TERM

# say ENGLISH JAPANESE
say() {
	if [ "$lang" = ja ]; then
		printf '%s\n' "$2"
	else
		printf '%s\n' "$1"
	fi
}

# chapter ENGLISH JAPANESE: a heading.
chapter() {
	printf '\n%s' "$bold"
	say "== $1" "== $2"
	printf '%s' "$plain"
}

bold=
plain=
color=never
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	bold=$(printf '\033[1m')
	plain=$(printf '\033[0m')
	color=always
fi

# Is there a person who can answer the program's question?
has_terminal() {
	[ -t 0 ] && [ -t 1 ] && [ -z "${CI:-}" ] &&
		(: </dev/tty) 2>/dev/null
}

# Runs a step with its output in a file that is shown only if it fails.
quietly() {
	"$@" >"$work/log" 2>&1 </dev/null && return
	cat "$work/log" >&2
	say "demo.sh: this failed: $*" "demo.sh: 失敗しました: $*" >&2
	exit 1
}

build() {
	cd "$root"
	[ -x configure ] || quietly ./autogen.sh
	mkdir -p build-demo
	cd build-demo
	[ -x config.status ] || quietly ../configure
	quietly make -j"$(nproc)"
	cd "$root"
}

# Starts the double of Google and learns where it listens.
start_sim() {
	node "$root/tests/sim/main.js" --state "$work/sim" --demo \
		--parent $$ >"$work/log" 2>&1 </dev/null &
	sim_pid=$!
	tries=0
	while [ ! -s "$work/sim/ready.json" ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 300 ] || ! kill -0 "$sim_pid" 2>/dev/null
		then
			cat "$work/log" >&2
			say "demo.sh: the double of Google did not start" \
			    "demo.sh: Googleの代役が起動しません" >&2
			exit 1
		fi
		sleep 0.1
	done
	sim=$(sed -n 's/^ *"gmail": "\(.*\)",$/\1/p' "$work/sim/ready.json")
}

# The files that the commands name, as a person would have them at hand.
make_files() {
	mkdir "$work/home"
	cd "$work/home"
	cp -p "$work/sim/service-account.json" key.json
	cp -p "$work/sim/tokens/"* token.txt
	cat >settings.json <<-'END'
	{"sendAs": [
	  {"sendAsEmail": "keiko@example.net", "isPrimary": true, "isDefault": true},
	  {"sendAsEmail": "keiko@ocn.ne.jp", "treatAsAlias": true,
	   "smtpMsa": {"host": "smtp.ocn.ne.jp", "port": 25, "securityMode": "none"},
	   "verificationStatus": "accepted"}
	]}
	END
}

# What a person would type is `sendas`; what points it at the double is added
# here, and so is colour, since the pipe below is no terminal. The journal is
# the demonstration's own.
sendas() {
	if [ "$1" != runs ]; then
		set -- "$@" --color "$color" \
			--endpoint "gmail=$sim" --endpoint "token=${sim}token" \
			--ca-file "$work/sim/ca.pem"
	fi
	env -u STATE_DIRECTORY XDG_STATE_HOME="$work/state" LC_ALL=C.UTF-8 \
		LANGUAGE="$lang" stdbuf -oL "$root/build-demo/sendas" "$@"
}

# run STATUS COMMAND: shows a command line, runs that very line, shows how it
# ended, and ends the demonstration if that is not how it should. STATUS may
# be a pattern. The program says each time that it is not Google it speaks to;
# it is told once, and left out here.
run() {
	printf '\n%s$ %s%s\n' "$bold" "$2" "$plain"
	{
		status=0
		eval "$2" || status=$?
		echo "$status" >"$work/status"
	} 2>&1 | sed -u "\\|^sendas: .*$sim|d"
	status=$(cat "$work/status")
	case $2 in
	sendas*) say "(exit status $status)" "(終了ステータス $status)" ;;
	esac
	# shellcheck disable=SC2254 # a pattern is meant
	case $status in
	$1) ;;
	*)
		say "demo.sh: that is not what should have come: $1" \
		    "demo.sh: 想定と違います(想定: $1)" >&2
		exit 1
		;;
	esac
}

show_audit() {
	chapter "1. Find out what is wrong" "1. どこが悪いのかを調べる"
	say "An administrator looks at Taro's settings. Taro sends with his OCN
address from Gmail, and his mail comes back. Two things are wrong. Exit status
1 says to a script that something was found." \
	    "管理者が太郎さんの設定を調べます。太郎さんはGmailからOCNのアドレスで
メールを送っていますが、エラーで戻ってきます。悪いところは2つです。終了
ステータス1は「問題が見つかった」という、スクリプト向けの合図です。"
	run 1 "sendas audit taro@example.com --credentials key.json"

	chapter "2. A mailbox that is right" "2. 正しく設定されたメールボックス"
	say "Hanako's settings are right, so there is nothing to do. (\"Right\" is about
the settings. Whether mail arrives, only a test message shows.)" \
	    "花子さんの設定は正しいので、することはありません。(正しいのは設定です。
メールが届くかどうかは、実際に送ってみないとわかりません。)"
	run 0 "sendas audit hanako@example.com --credentials key.json"
}

show_fix() {
	chapter "3. See what would be changed" "3. 何が変わるのかを先に見る"
	say "At Jiro's only \"Treat as an alias\" is wrong, which the API can change. First
a dry run: it shows what would be done, and writes nothing. (Taro's port is
changed by hand in Gmail; this version says what is right.)" \
	    "次郎さんの問題は「エイリアスとして扱います」だけで、これはAPIで直せます。
まず、何をするのかだけを表示させます。何も書き込みません。(太郎さんのポートは
Gmailの画面で直します。この版は正しい値を示します。)"
	run 1 "sendas fix jiro@example.com --credentials key.json --dry-run"

	chapter "4. Change it" "4. 直す"
	if has_terminal; then
		say "Now for real. sendas shows the plan, and asks; only a yes changes anything.
Answer y or n: this is the double of Google, not your mail." \
		    "今度は本当に直します。sendasは内容を見せてから確認します。y(または「はい」)
と答えたときだけ変更します。相手は代役なので、どちらで答えても構いません。"
		run '[01]' "sendas fix jiro@example.com --credentials key.json"
	else
		say "Now for real. At a terminal sendas would show the plan and ask, and only a yes
would change anything. Here is no terminal, so the command says itself how
much may be changed: one change at most, or none at all." \
		    "今度は本当に直します。端末で実行すれば、sendasは内容を見せて確認し、「はい」
のときだけ変更します。ここには端末がないので、変更してよい数をコマンドで指定
します。計画が1件を超えれば、何も変更しません。"
		run 0 "sendas fix jiro@example.com --credentials key.json --yes --max-changes 1"
	fi

	chapter "5. Look again" "5. もう一度調べる"
	if [ "$status" -eq 0 ]; then
		say "What was written was read back, and another look finds nothing wrong." \
		    "書き込んだ内容は読み直して確認ずみです。もう一度調べても問題ありません。"
		run 0 "sendas audit jiro@example.com --credentials key.json"
	else
		say "You did not agree, so nothing was changed." \
		    "同意しなかったので、何も変わっていません。"
		run 1 "sendas audit jiro@example.com --credentials key.json"
	fi

	say "Every run stands in a journal on this machine. What a run changed can be put
back: sendas undo, with the run's id." \
	    "実行はすべてこのマシンに記録されます。変更した内容は、実行番号を指定して
sendas undo で元に戻せます。"
	run 0 "sendas runs"
}

show_person() {
	chapter "6. A personal account" "6. 個人のアカウント"
	say "Yumi has a personal account. Google lets a program read its settings with her
own access token, but not change them. sendas tries, is refused, says so, and
shows the steps by which she does it in Gmail herself. The token comes through
a file descriptor, so that it never stands in a command line." \
	    "由美さんは個人のアカウントです。Googleは、本人のアクセストークンで設定を読む
ことは許しますが、プログラムからの変更は許しません。sendasは試して断られ、その
ことを伝え、由美さんがGmailの画面で自分で直す手順を示します。トークンはコマンド
ラインに現れないように、ファイル記述子から渡します。"
	run 4 "sendas fix yumi@example.jp --access-token-fd 3 --yes --max-changes 1 3<token.txt"

	chapter "7. Without signing in" "7. サインインせずに調べる"
	say "Somebody copied what Google's API explorer showed into a file. That is enough
to judge the settings; nobody signs in, and nothing is sent." \
	    "GoogleのAPIエクスプローラーに表示された内容をファイルに貼り付けたものです。
これだけで判定できます。サインインは要らず、どこにも接続しません。"
	run 0 "cat settings.json"
	run 1 "sendas audit --from settings.json"
}

show_more() {
	if [ "$lang" = ja ]; then
		other=en
	else
		other=ja
	fi
	chapter "8. In Japanese" "8. 英語で"
	say "The language follows the environment, or --lang." \
	    "言語は環境に従います。--lang でも選べます。"
	run 1 "sendas audit taro@example.com --credentials key.json --lang $other"

	chapter "9. For programs" "9. プログラム向け"
	say "The same as JSON; doc/report.md tells what each field means." \
	    "同じ内容のJSONです。各項目の意味は doc/report.md にあります。"
	run 1 "sendas audit taro@example.com --credentials key.json --format json"
}

say "sendas: a demonstration. First what it needs; that can take some minutes the
first time." \
    "sendasの実演です。まず必要なものを用意します。初回は数分かかります。"
sh "$root/tools/install-deps.sh" --demo
say "Building in build-demo/ and starting the double of Google" \
    "build-demo/ でビルドし、Googleの代役を起動します"
build
start_sim
make_files
cat <<END

$(say "Every command below is run as it is shown, and what follows is its real output.
The Google it speaks to is a double on this machine, with invented people, at
  $sim
So each command has these options as well, which are not shown again:
  --endpoint gmail=$sim --endpoint token=${sim}token
  --ca-file ca.pem
and the lines in which sendas reports that it was given another address than
Google's are left out. With the real Google none of these is there." \
"以下のコマンドは表示のとおりに実行され、その下が実際の出力です。相手のGoogleは
この機械の上で動く代役で、登場人物は架空です。アドレスは
  $sim
です。そのため、どのコマンドにも次のオプションが付いていますが、以後は省きます。
  --endpoint gmail=$sim --endpoint token=${sim}token
  --ca-file ca.pem
Google以外のアドレスを使っているというsendasの通知も省きます。本物のGoogleが相手
なら、どれも不要です。")
END
show_audit
show_fix
show_person
show_more

echo
say "That was all. The program is build-demo/sendas; README.md tells how to use it
with the real Google." \
    "以上です。プログラムは build-demo/sendas です。本物のGoogleで使う方法は
README.md にあります。"
