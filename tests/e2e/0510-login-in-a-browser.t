# sendas login with a real browser: what a person sees on the page that comes
# after Google's, what is said at the terminal, and what is kept. With
# SENDAS_TEST_PICTURES, a folder, the pages are left there to be looked at.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_sim
needs_expect
needs_browser
plan 105
run_limit_sec=120

# special NAME MORE: somebody at example.jp for whom things go wrong.
special()
{
	person "$1@example.jp" "$1@ocn.ne.jp" ", $2"
}
signin_start --seeds "$(seed specials "
    $(special short '"consent": "no-refresh-token"'),
    $(special policy '"consent": "deny-policy"'),
    $(special stranger '"consent": "not-tester"'),
    $(special disabled '"faults": {"listStatus": {"code": 403,
	"reason": "accessNotConfigured", "message": "Gmail API is off"}}'),
    $(special lost '"faults": {"tokenFault": "reset"}'),
    $(special bumpy '"faults": {"listFault":
	{"kind": "reset", "times": 2}}')")"

# page_plan OPTIONS STEPS: a plan for browse. Each request of the browser and
# each complaint of it is noted. FINISH saves the page that sendas gave, and
# notes what the page cannot tell in its text.
page_plan()
{
	cat <<JS
export const options = { $1 };
export default async ({ page, context, url, note, save }) => {
	const finish = async (name) => {
		await page.waitForSelector('main');
		await page.waitForLoadState('networkidle');
		await save(name);
		const [lang, width, room] = await page.evaluate(() => [
			document.documentElement.lang,
			document.documentElement.scrollWidth,
			window.innerWidth]);
		note('language: ' + lang);
		note('too wide: ' + (width > room));
		note('styled: ' + await page.locator('main').evaluate(
			(main) => getComputedStyle(main).borderTopStyle));
	};
	context.on('request', (request) =>
		note('asked: ' + request.url().replace(/[?].*/, '')));
	page.on('console', (message) => note('console: ' + message.text()));
	$2
};
JS
}

# What a person does; the first in the list of accounts is taro.
phone='viewport: { width: 390, height: 844 }'
desktop='viewport: { width: 1280, height: 900 }'
agree='await page.goto(url);
	await page.click("#account-1");
	await page.click("#allow");'

# login_by OPTIONS STEPS ARGUMENT...: sendas login, with a browser that does
# this.
login_by()
{
	browse "$(page_plan "$1" "$2")"
	shift 2
	login_run "$@"
	browsed
}

# page_of NAME: sets shown_page to its text; the picture is left for a person.
page_of()
{
	shown_page=$browser_dir/$1.txt
	test -e "$shown_page" || diag <"$browser_log"
	touch "$shown_page"
	if test -n "${SENDAS_TEST_PICTURES:-}"; then
		cp "$browser_dir/$1.png" "$SENDAS_TEST_PICTURES/"
	fi
}

# picture_is NAME WIDTH: a picture of the page, so wide (bytes 17 to 20 of a
# PNG), in which there is something: one colour alone would take less room.
picture_is()
{
	picture=$browser_dir/$1.png
	is "$(od -An -tu1 -j16 -N4 "$picture" |
	    awk '{ print ($1 * 256 + $2) * 65536 + $3 * 256 + $4 }')" "$2" \
	    "$1: the picture is $2 wide"
	ok "$1: there is something in it" \
	    test "$(wc -c <"$picture")" -gt 20000
}

# --- all is well -------------------------------------------------------

login_by "$desktop" "$agree await finish('done-desktop');
	await page.reload().then(() => note('again: a page'),
		(problem) => note('again: ' + problem.message));"
page_of done-desktop
status_is 0 "she agrees: exit status 0"
has "$out" taro@example.jp "the terminal names the mailbox"
has "$err" 'sendas audit' "... and the next command"
kept_are 1 "one sign-in is kept"
is "$(stat -c %a "$(sign_in_of taro@example.jp)")" 600 \
    "nobody else can read it"
is "$(stat -c %a "$sign_ins")" 700 "... nor its folder"
has "$shown_page" taro@example.jp "the page names the mailbox"
has "$shown_page" 'close this page' "... says what to do now"
has "$shown_page" 'sendas logout' "... and how it is taken back"
has "$shown_page" https://myaccount.google.com/connections "... at Google, too"
like "$browser_log" '^language: en$' "... in English"
like "$browser_log" '^styled: solid$' "its style is not blocked"
unlike "$browser_log" '^console:' "the browser has no complaint"
like "$browser_log" '^too wide: false$' "nothing stands outside of the window"
picture_is done-desktop 1280
is "$(grep -c '^asked: http://127\.0\.0\.1:[0-9]*/$' "$browser_log")" 2 \
    "the page itself is all that is asked of sendas, and the reload"
unlike "$browser_log" '^asked: https?://[^/]*[^0-9./:]' \
    "nobody else is asked for anything"
is "$(grep '^asked:' "$browser_log" | sed -n '/http:/,$p' | grep -c https:)" \
    0 "nor Google's pages, after it"
like "$browser_log" '^again: .*ERR_CONNECTION_REFUSED' \
    "a reload finds nobody who listens"
is "$(grep -c '"grant":"authorization_code"' "$sim_requests")" 1 \
    "the code went out once"

rm -r "$sign_ins"
login_by "$phone, locale: 'ja-JP'" "$agree await finish('done-phone-ja');" \
    --lang ja
page_of done-phone-ja
status_is 0 "in Japanese: exit status 0"
like "$browser_log" '^language: ja$' "the page says so"
has "$shown_page" taro@example.jp "... names the mailbox"
has "$shown_page" 'sendas logout' "... and how it is taken back"
like "$shown_page" 'サインイン' "... and is in Japanese"
like "$browser_log" '^too wide: false$' "nothing stands outside of a phone"
picture_is done-phone-ja 390

# --- she does not agree to all of it -----------------------------------

# not_kept STATUS NAME WHAT: of the last login, with its page.
not_kept()
{
	page_of "$2"
	status_is "$1" "$3: exit status $1"
	kept_are 0 "$3: nothing is kept"
	is_empty "$out" "$3: nobody is called signed in"
	like "$browser_log" '^too wide: false$' "$3: nothing sticks out"
}
scope=https://www.googleapis.com/auth/gmail.settings.basic

rm -r "$sign_ins"
login_by "$phone" 'await page.goto(url); await page.click("#account-1");
	await page.uncheck("#scope-1"); await page.click("#allow");
	await finish("unticked");'
not_kept 3 unticked "a box without its tick"
has "$err" "$scope" "the terminal names it"
has "$err" 'sendas login' "... and what to do"
has "$shown_page" "$scope" "the page names it"
has "$shown_page" 'sendas login' "... and what to do"
picture_is unticked 390

login_by "$desktop" 'await page.goto(url); await page.click("#account-1");
	await page.click("#deny"); await finish("denied");'
not_kept 1 denied "a no"
has "$err" 'sendas login' "the terminal says how to try again"
has "$shown_page" 'sendas login' "and so does the page"
picture_is denied 1280
is "$(grep -c '"grant":"authorization_code"' "$sim_requests")" 3 \
    "there was no code to send"

# --- who she is --------------------------------------------------------

login_by "$phone" 'await page.goto(url);
	note("suggested: " + await page.innerText("#who"));
	await page.click("#other"); await page.click("#account-2");
	await page.click("#allow"); await finish("another");' taro@example.jp
like "$browser_log" '^suggested: taro@example\.jp$' \
    "the mailbox that was named is suggested"
not_kept 4 another "another account"
for text in taro@example.jp hanako@example.jp 'sendas login taro@example.jp'
do
	has "$err" "$text" "the terminal: $text"
	has "$shown_page" "$text" "the page: $text"
done
picture_is another 390

# --- what goes wrong afterwards ----------------------------------------

# goes_wrong NAME STATUS TEXT: it is said in both places.
goes_wrong()
{
	login_by "$desktop" 'await page.goto(url); await page.click("#allow");
		await finish("'"$1"'");' "$1@example.jp" --timeout 20
	not_kept "$2" "$1" "$1"
	has "$err" "$3" "$1: the terminal says: $3"
	has "$shown_page" "$3" "$1: the page says: $3"
}
goes_wrong short 3 https://myaccount.google.com/connections
goes_wrong disabled 3 'Gmail API is off'
goes_wrong lost 4 'sendas login'

login_by "$phone" 'await page.goto(url); await page.click("#allow");
	await finish("bumpy");' bumpy@example.jp
page_of bumpy
status_is 0 "a network that comes back: exit status 0"
has "$shown_page" bumpy@example.jp "... and the browser has waited for it"
rm -r "$sign_ins"

# --- nobody comes back -------------------------------------------------

# stays NAME STEPS ARGUMENT...: the browser never comes back.
stays()
{
	name=$1
	steps=$2
	shift 2
	login_by '' "$steps" --wait 3 "$@"
	status_is 1 "$name: exit status 1"
	kept_are 0 "$name: nothing is kept"
	has "$err" 'sendas login' "$name: the terminal says how to try again"
}
stays "a policy of the domain" 'await page.goto(url);
	await save("policy");' policy@example.jp
has "$browser_dir/policy.txt" admin_policy_enforced "... is told by Google"
stays "somebody who is not on the list of testers" 'await page.goto(url);
	await save("stranger");' stranger@example.jp
has "$browser_dir/stranger.txt" access_denied "... is told so by Google"
stays "a tab that was closed" 'await page.goto(url);
	await page.click("#account-1"); await page.close();'
unlike "$browser_log" '^error:' "... was closed in the midst of it"

# The browser is in a session of its own, so that Ctrl-C is not for it.
browse "$(page_plan '' 'await page.goto(url); note("there");
	await new Promise(() => {});')"
signed_ask 'code_challenge_method' '^C' -- login --credentials "$client"
status_is 130 "Ctrl-C while it waits: exit status 130"
kept_are 0 "nothing is kept"
ok "... and the browser is still there" \
    wait_for 60 grep -qx there "$browser_log"
kill "$(cat "$browser_log.pid")"
ok "... until it is closed" browsed

# --- two at once -------------------------------------------------------

login_begin hanako --no-browser
wait_for 60 shown_url "$work/hanako.err"
login_by "$phone" "
	/* As far as the address to go back to, which is not visited yet. */
	const way = async (address, account) => {
		await page.goto(address);
		await page.click('#account-' + account);
		const form = { answer: 'allow',
			ticket: await page.inputValue('[name=ticket]'),
			scope: await page.inputValue('#scope-1') };
		const answer = await context.request.post(
			new URL('/signin/oauth/consent', address).href,
			{ form, maxRedirects: 0 });
		return new URL(answer.headers().location);
	};
	const taro = await way(url, 1);
	const hanako = await way('$(shown_url "$work/hanako.err")', 2);
	for (const [one, other] of [[taro, hanako], [hanako, taro]]) {
		const mixed = new URL(one);
		mixed.port = other.port;
		const answer = await page.goto(mixed.href);
		note('mixed up: ' + answer.status());
		await finish('mixed');
	}
	await page.goto(taro.href);
	await finish('taro');
	await page.goto(hanako.href);
	await finish('hanako');"
page_of mixed
is "$(grep -c '^mixed up: 400$' "$browser_log")" 2 \
    "two at once: each refuses the page of the other"
has "$shown_page" 'another sign-in' "... and says what it is"
has_not "$shown_page" example.jp "... without a mailbox"
status_is 0 "the one goes on: exit status 0"
has "$out" taro@example.jp "... to its end"
login_end hanako
status_is 0 "and so does the other: exit status 0"
has "$out" hanako@example.jp "... to its end"
kept_are 2 "both are kept"
