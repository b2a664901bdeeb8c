# While sendas login waits, anybody on this machine, and any page in the
# browser, can reach its port. They are refused, learn nothing, and the sign-in
# goes on.
. "$(dirname "$0")/../helpers/tap.sh"
. "$(dirname "$0")/../helpers/sim.sh"
. "$(dirname "$0")/../helpers/signin.sh"
needs_sim
needs_browser
plan 74
run_limit_sec=120
signin_start --marked

# Of a plan: how the port is reached without a browser. `text` is what came
# back before the connection was closed.
cat >"$work/strangers.mjs" <<'JS'
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';

export class Door {
	constructor(url) {
		const asked = new URL(url).searchParams;
		this.state = asked.get('state');
		this.port = Number(new URL(asked.get('redirect_uri')).port);
		this.host = `127.0.0.1:${this.port}`;
	}

	/* Who knew the state would get in with this. */
	get path() {
		return `/?state=${this.state}&code=x`;
	}

	request(method, path, ...headers) {
		return [`${method} ${path} HTTP/1.1`, ...headers, '', '']
			.join('\r\n');
	}

	from(host) {
		return this.request('GET', this.path, `Host: ${host}`);
	}

	pathOf(path) {
		return this.request('GET', path, `Host: ${this.host}`);
	}

	by(method, ...headers) {
		return this.request(method, this.path, `Host: ${this.host}`,
			...headers);
	}

	knock(bytes, address = '127.0.0.1') {
		return new Promise((resolve) => {
			const socket = net.connect(this.port, address);
			let text = '';
			socket.setEncoding('utf8').setTimeout(20000, () =>
				socket.destroy());
			socket.on('data', (more) => { text += more; });
			socket.on('error', ({ code }) => { text ||= code; });
			socket.on('close', () => resolve(text));
			socket.end(bytes);
		});
	}

	/* Addresses that listen on the port, as the kernel writes them. */
	listeners() {
		const port = this.port.toString(16).toUpperCase()
			.padStart(4, '0');
		return ['tcp', 'tcp6'].flatMap((name) => fs
			.readFileSync(`/proc/net/${name}`, 'utf8').split('\n'))
			.map((line) => line.trim().split(/\s+/))
			.filter(([, at, , state]) => state === '0A' &&
				at.endsWith(`:${port}`))
			.map(([, at]) => at.split(':')[0]);
	}
}

/* A page of somebody else's. */
export async function openShop() {
	const server = http.createServer((request, answer) => {
		answer.setHeader('content-type', 'text/html');
		answer.end('<!DOCTYPE html><title>shop</title>');
	});
	await new Promise((resolve) =>
		server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${server.address().port}/`;
}
JS

# --- programs ----------------------------------------------------------

# Each is told of in one line: its name, and the status or what else came.
browse "import { Door } from './strangers.mjs';
$(cat <<'JS'
export default async ({ page, url, note }) => {
	const door = new Door(url);
	const long = 'x'.repeat(200 * 1024);
	const tries = {
		'another name': door.from(`attacker.example:${door.port}`),
		'its other name': door.from(`localhost:${door.port}`),
		'another port': door.from('127.0.0.1:1'),
		'no port': door.from('127.0.0.1'),
		'no name': door.request('GET', door.path),
		'two names': door.by('GET', `Host: attacker.example`),
		'the same name twice': door.by('GET', `Host: ${door.host}`),
		'a name in the path': door.pathOf(
			`http://${door.host}${door.path}`),
		'another path': door.pathOf(`/x${door.path.slice(1)}`),
		'two slashes': door.pathOf(`/${door.path}`),
		'an icon': door.pathOf('/favicon.ico'),
		'no query': door.pathOf('/'),
		'no state': door.pathOf('/?code=x'),
		'another state': door.pathOf(
			`/?state=${'a'.repeat(64)}&code=x`),
		'half of the state': door.pathOf(
			`/?state=${door.state.slice(0, 32)}&code=x`),
		'more than the state': door.pathOf(
			`/?state=${door.state}0&code=x`),
		'the state twice': door.pathOf(
			`${door.path}&state=${door.state}`),
		'two codes': door.pathOf(`${door.path}&code=y`),
		'no code': door.pathOf(`/?state=${door.state}`),
		HEAD: door.by('HEAD'),
		POST: door.by('POST', 'Content-Length: 0'),
		PUT: door.by('PUT', 'Content-Length: 0'),
		DELETE: door.by('DELETE'),
		OPTIONS: door.by('OPTIONS', 'Origin: http://shop.example',
			'Access-Control-Request-Method: GET',
			'Access-Control-Request-Private-Network: true'),
		'long headers': door.by('GET', `X-Long: ${long}`),
		'a long path': door.pathOf(`${door.path}&x=${long}`),
		'no HTTP': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
		'nothing': '',
	};
	const pages = [];
	for (const [name, bytes] of Object.entries(tries)) {
		const text = await door.knock(bytes);
		const status = /^HTTP\/1\.1 (\d+) /.exec(text)?.[1];
		note(`${name}: ${status || text || 'closed'}`);
		pages.push(text);
	}
	note(`listens: ${door.listeners()}`);
	note(`from aside: ${await door.knock('', '127.0.0.2')}`);
	const own = pages.filter((text) => text.includes('- sendas</title>'));
	note(`own pages: ${own.length > 15}`);
	const all = (header) => own.every((text) =>
		text.toLowerCase().includes(`\r\n${header}\r\n`));
	note(`no store: ${all('cache-control: no-store')}`);
	note(`own origin: ${all('cross-origin-resource-policy: ' +
		'same-origin')}`);
	note(`lets others read: ${pages.some((text) =>
		/^access-control-/im.test(text))}`);
	note(`shows the state: ${pages.some((text) =>
		text.includes(door.state.slice(0, 16)))}`);
	await page.goto(url);
	await page.click('#account-1');
	await page.click('#allow');
	await page.waitForSelector('main');
	note(`then: ${await page.innerText('main')}`);
};
JS
)"
login_run
browsed

# noted NAME WHAT: of the browser's log.
noted()
{
	like "$browser_log" "^$1: $2\$" "$1: $2"
}
noted 'another name' 400
noted 'its other name' 400
noted 'another port' 400
noted 'no port' 400
noted 'no name' 400
noted 'two names' 400
noted 'the same name twice' 400
noted 'a name in the path' 404
noted 'another path' 404
noted 'two slashes' 404
noted 'an icon' 404
noted 'no query' 404
noted 'no state' 404
noted 'another state' 400
noted 'half of the state' 400
noted 'more than the state' 400
noted 'the state twice' 400
noted 'two codes' 400
noted 'no code' 400
for method in HEAD POST PUT DELETE OPTIONS; do
	noted "$method" 405
done
noted 'long headers' '(431|413|400|closed|ECONNRESET|EPIPE)'
noted 'a long path' '(414|431|400|closed|ECONNRESET|EPIPE)'
noted 'no HTTP' '(400|closed|ECONNRESET)'
noted 'nothing' '(400|closed)'
noted listens 0100007F
noted 'from aside' ECONNREFUSED
noted 'own pages' true
noted 'no store' true
noted 'own origin' true
noted 'lets others read' false
noted 'shows the state' false
status_is 0 "after all that she signs in: exit status 0"
has "$browser_log" taro@example.jp "... and sees her page"
is "$(grep -c '"grant":"authorization_code"' "$sim_requests")" 1 \
    "no stranger's code was sent on"
kept_are 1 "her sign-in is kept"

# --- pages in her browser ----------------------------------------------

rm -r "$sign_ins"
browse "import { Door, openShop } from './strangers.mjs';
$(cat <<'JS'
/* In the shop's page: what comes of each way that a page has. */
async function tryAll({ there, port }) {
	const told = [];
	const paths = { empty: '', guessed: `?state=${'a'.repeat(64)}&code=x` };
	const fetched = async (path, options) => {
		try {
			const answer = await fetch(there + path, options);
			return `${answer.type} ${answer.status}`;
		} catch {
			return 'refused';
		}
	};
	const loaded = (name, set) => new Promise((resolve) => {
		const element = document.createElement(name);
		element.onload = () => resolve('loaded');
		element.onerror = () => resolve('refused');
		set(element);
		document.head.append(element);
	});
	for (const [name, path] of Object.entries(paths)) {
		const src = there + path;
		const ways = {
			fetch: () => fetched(path),
			credentials: () => fetched(path,
				{ credentials: 'include' }),
			'no-cors': () => fetched(path, { mode: 'no-cors' }),
			header: () => fetched(path,
				{ headers: { 'x-a': 'b' } }),
			post: () => fetched(path, { method: 'POST',
				mode: 'no-cors', body: 'code=x' }),
			image: () => loaded('img', (one) => { one.src = src; }),
			script: () => loaded('script', (one) => {
				one.src = src;
			}),
			style: () => loaded('link', (one) => {
				one.rel = 'stylesheet';
				one.href = src;
			}),
			socket: () => new Promise((resolve) => {
				const socket = new WebSocket(
					`ws://127.0.0.1:${port}/${path}`);
				socket.onopen = () => resolve('opened');
				socket.onerror = () => resolve('refused');
			}),
		};
		for (const [way, run] of Object.entries(ways))
			told.push(`${way}, ${name}: ${await run()}`);
	}
	return told;
}

const openFrame = (src) => new Promise((resolve) => {
	const frame = document.createElement('iframe');
	frame.onload = resolve;
	frame.src = src;
	document.body.append(frame);
});

const postForm = (there) => {
	const form = document.createElement('form');
	form.method = 'post';
	form.action = there;
	form.target = '_blank';
	document.body.append(form);
	form.submit();
};

/* What the shop learns of the window that it opened. */
const look = () => [['location', 'href'], ['document', 'title']]
	.map(([what, part]) => {
		try {
			return `${what}: ${window.opened[what][part]}`;
		} catch {
			return `${what}: refused`;
		}
	});

export default async ({ page, context, url, note }) => {
	const door = new Door(url);
	const there = `http://${door.host}/`;
	await page.goto(await openShop());
	for (const told of await page.evaluate(tryAll,
		{ there, port: door.port }))
		note(told);
	await page.evaluate(openFrame, there);
	note(`frame: ${page.frames()[1].url()}`);
	context.on('response', async (answer) => {
		if (!answer.url().startsWith(there))
			return;
		note(`${answer.request().method()} of a tab: ` +
			answer.status());
		for (const [name, value] of Object.entries(answer.headers()))
			note(`header ${name}: ${value}`);
	});
	const [form] = await Promise.all([page.waitForEvent('popup'),
		page.evaluate(postForm, there)]);
	await form.waitForSelector('main');
	/* She signs in in a window that the shop opened. */
	const [popup] = await Promise.all([page.waitForEvent('popup'),
		page.evaluate((address) => {
			window.opened = window.open(address);
		}, url)]);
	await popup.click('#account-1');
	await popup.click('#allow');
	await popup.waitForSelector('main');
	for (const told of await page.evaluate(look))
		note(`window: ${told}`);
	await popup.waitForLoadState('networkidle');
	note(`then: ${await popup.innerText('main')}`);
};
JS
)"
login_run
browsed
for name in empty guessed; do
	for way in fetch credentials no-cors header post image script style \
	    socket; do
		noted "$way, $name" refused
	done
done
noted frame 'chrome-error://.*'
noted 'POST of a tab' 405
noted 'GET of a tab' 200
noted 'window: location' refused
noted 'window: document' refused
noted 'header cross-origin-resource-policy' same-origin
noted 'header referrer-policy' no-referrer
noted 'header x-frame-options' DENY
unlike "$browser_log" '^header access-control-' "nobody else is let read it"
status_is 0 "and she signs in: exit status 0"
has "$browser_log" taro@example.jp "... and sees her page"

# --- a crowd -----------------------------------------------------------

rm -r "$sign_ins"
browse "import { Door } from './strangers.mjs';
import net from 'node:net';
$(cat <<'JS'
export default async ({ page, url, note }) => {
	const door = new Door(url);
	const come = () => new Promise((resolve, reject) => {
		const socket = net.connect(door.port, '127.0.0.1');
		socket.on('connect', () => resolve(socket));
		socket.on('error', reject);
	});
	const slow = await come();
	const letters = [...door.pathOf('/')].slice(0, -1);
	slow.on('error', () => {});
	setInterval(() => slow.write(letters.shift() || 'x'), 200).unref();
	const idle = [];
	while (idle.length < 100)
		idle.push(await come());
	idle.forEach((socket) => socket.removeAllListeners('error')
		.on('error', () => {}));
	note(`idle: ${idle.length}`);
	await page.goto(url);
	await page.click('#account-1');
	await page.click('#allow');
	await page.waitForSelector('main', { timeout: 45000 });
	note(`then: ${await page.innerText('main')}`);
};
JS
)"
login_run
browsed
noted idle 100
status_is 0 "with a hundred who say nothing: exit status 0"
has "$browser_log" taro@example.jp "she sees her page"
kept_are 1 "her sign-in is kept"
has_not "$out" MARKEDSECRET "nothing secret is shown"
has_not "$err" MARKEDSECRET "... at all"
