/*
 * For tests of the double, and tests that drive it from Node: start one, ask
 * it over HTTP/2 or HTTP/1.1, sign assertions, sign people in as a browser
 * does, and print TAP.
 * It speaks to 127.0.0.1 alone, and ends only the processes it started.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const http2 = require('http2');
const https = require('https');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');

const jose = require('jose');

const { JWT_BEARER } = require('./token');

const MAIN = path.join(__dirname, 'main.js');
const START_MS = 20000;
const BASIC = 'https://www.googleapis.com/auth/gmail.settings.basic';
const SEND_AS = '/gmail/v1/users/me/settings/sendAs';

const children = new Set();
const folders = [];
process.on('exit', () => {
	children.forEach((child) => child.kill('SIGKILL'));
	folders.forEach((folder) =>
		fs.rmSync(folder, { recursive: true, force: true }));
});

/* --- TAP --------------------------------------------------------------- */

const tests = [];

function test(name, run) {
	tests.push({ name, run });
}

async function runTests() {
	let failed = 0;
	console.log(`1..${tests.length}`);
	for (const [index, { name, run }] of tests.entries()) {
		let problem = null;
		try {
			await run();
		} catch (caught) {
			problem = caught;
			failed++;
		}
		console.log(`${problem ? 'not ok' : 'ok'} ${index + 1} - ${name}`);
		if (problem)
			console.log(String(problem.stack || problem)
				.replace(/^/gm, '# '));
	}
	process.exitCode = failed === 0 ? 0 : 1;
}

/* --- a running double -------------------------------------------------- */

function temporaryFolder() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sendas-sim-'));
	folders.push(folder);
	return folder;
}

/* Starts one; resolves to a Sim when it is ready. */
async function start(...options) {
	const state = temporaryFolder();
	const child = spawn(process.execPath,
		[MAIN, '--state', state, ...options],
		{ stdio: ['ignore', 'inherit', 'pipe'] });
	children.add(child);
	let complaint = '';
	child.stderr.on('data', (text) => { complaint += text; });
	const ended = new Promise((resolve) => child.on('exit', (code) => {
		children.delete(child);
		resolve(code);
	}));
	const file = path.join(state, 'ready.json');
	const deadline = Date.now() + START_MS;
	while (!fs.existsSync(file)) {
		if (child.exitCode !== null || Date.now() > deadline)
			throw new Error(`the double did not start: ${complaint}`);
		await sleep(20);
	}
	return new Sim(JSON.parse(fs.readFileSync(file, 'utf8')), child, ended);
}

function sleep(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

class Sim {
	constructor(ready, child, ended) {
		this.ready = ready;
		this.child = child;
		this.ended = ended;
		this.ca = fs.readFileSync(ready.caFile);
		this.account = JSON.parse(fs.readFileSync(ready.credentials));
		this.client =
			JSON.parse(fs.readFileSync(ready.client)).installed;
	}

	/* Resolves to the exit status. */
	stop(signal = 'SIGTERM') {
		if (this.session)
			this.session.destroy();
		this.child.kill(signal);
		return this.ended;
	}

	connect() {
		return new Promise((resolve, reject) => {
			/* An IP address may not be a TLS server name. */
			const session = http2.connect(this.ready.gmail,
				{ ca: this.ca, servername: 'localhost' });
			session.once('connect', () => resolve(session));
			session.once('error', reject);
		});
	}

	/* Over HTTP/2. `ask`: method, path, headers, body. */
	async request(ask) {
		if (!this.session || this.session.closed || this.session.destroyed) {
			this.session = await this.connect();
			this.session.on('error', () => {});
		}
		const stream = this.session.request({
			':method': ask.method || 'GET', ':path': ask.path,
			...ask.headers,
		});
		stream.end(ask.body);
		return collect(stream, new Promise((resolve, reject) => {
			stream.once('response', (headers) =>
				resolve({ status: headers[':status'], headers }));
			stream.once('error', reject);
		}));
	}

	/* The same over HTTP/1.1. */
	request1(ask) {
		return new Promise((resolve, reject) => {
			const req = https.request({
				host: '127.0.0.1', port: this.ready.port, ca: this.ca,
				method: ask.method || 'GET', path: ask.path,
				headers: ask.headers, agent: false,
				servername: 'localhost',
			}, (res) => resolve(collect(res, Promise.resolve(
				{ status: res.statusCode, headers: res.headers }))));
			req.on('error', reject);
			req.end(ask.body);
		});
	}

	/* A call of the API with a token; `path` below .../sendAs. */
	api(token, path = '', ask = {}) {
		return this.request({
			...ask, path: SEND_AS + path,
			headers: { authorization: `Bearer ${token}`, ...ask.headers },
		});
	}

	list(token, more = '') {
		return this.api(token, `?fields=sendAs${more}`);
	}

	patch(token, address, body, ask = {}) {
		return this.api(token, '/' + encodeURIComponent(address), {
			method: 'PATCH', body: typeof body === 'string' ? body :
				JSON.stringify(body),
			...ask,
			headers: { 'content-type': 'application/json',
				...ask.headers },
		});
	}

	/* A good assertion, but for what is changed in claims or header. */
	async assertion(subject, claims = {}, header = {}, key = null) {
		const now = Math.floor(Date.now() / 1000);
		const signer = key ||
			await jose.importPKCS8(this.account.private_key, 'RS256');
		const all = { iss: this.account.client_email, sub: subject,
			scope: BASIC, aud: this.ready.token, iat: now,
			exp: now + 3600, ...claims };
		return new jose.CompactSign(new TextEncoder().encode(
			JSON.stringify(all))).setProtectedHeader({ alg: 'RS256',
			typ: 'JWT', kid: this.account.private_key_id, ...header })
			.sign(signer);
	}

	postToken(body, headers = {}) {
		return this.request({
			method: 'POST', path: '/token', body: String(body),
			headers: { 'content-type':
				'application/x-www-form-urlencoded', ...headers },
		});
	}

	async exchange(...assertionArguments) {
		return this.postToken(new URLSearchParams({
			grant_type: JWT_BEARER,
			assertion: await this.assertion(...assertionArguments),
		}));
	}

	/* An access token for a mailbox, by delegation. */
	async tokenFor(subject, claims = {}) {
		const answer = await this.exchange(subject, claims);
		if (answer.status !== 200)
			throw new Error(`no token for ${subject}: ${answer.text}`);
		return answer.json.access_token;
	}

	/* The person's own token of a personal mailbox. */
	personalToken(mailbox) {
		return fs.readFileSync(this.ready.tokens[mailbox], 'utf8').trim();
	}

	/* The person's stored sign-in, a file of type authorized_user. */
	signIn(mailbox) {
		return JSON.parse(
			fs.readFileSync(this.ready.authorized[mailbox], 'utf8'));
	}

	/* The refresh grant with it, but for what is changed in the form. */
	refresh(mailbox, more = {}) {
		const { type, ...secrets } = this.signIn(mailbox);
		return this.postToken(new URLSearchParams({
			grant_type: 'refresh_token', ...secrets, ...more }));
	}

	/*
	 * The parameters of a right authorization request, but for what is
	 * changed in `more`; undefined leaves one out. `verifier` goes with it.
	 */
	signInRequest(more = {}) {
		const verifier = crypto.randomBytes(32).toString('base64url');
		const hash = crypto.createHash('sha256').update(verifier);
		const all = {
			client_id: this.client.client_id,
			redirect_uri: 'http://127.0.0.1:4711',
			response_type: 'code', scope: BASIC,
			state: crypto.randomBytes(24).toString('base64url'),
			code_challenge: hash.digest('base64url'),
			code_challenge_method: 'S256', access_type: 'offline',
			prompt: 'consent', ...more,
		};
		const pairs = Object.entries(all).filter(([, value]) =>
			value !== undefined);
		return { verifier, parameters: Object.fromEntries(pairs) };
	}

	/* The page that a browser gets for these parameters, or this query. */
	authorize(parameters) {
		const { pathname } = new URL(this.ready.authorize);
		const query = new URLSearchParams(parameters);
		return this.request({ path: `${pathname}?${query}` });
	}

	/* Presses the button with this id, with some ticks taken away. */
	press(page, id, unticked = []) {
		const { action, fields } = readPage(page.text, id, unticked);
		return this.request({ method: 'POST', path: action,
			body: String(new URLSearchParams(fields)),
			headers: { 'content-type':
				'application/x-www-form-urlencoded' } });
	}

	/* As a person who allows it: the code, and what goes with it. */
	async allow(mailbox, more = {}, unticked = []) {
		const { verifier, parameters } =
			this.signInRequest({ login_hint: mailbox, ...more });
		const back = await this.press(await this.authorize(parameters),
			'allow', unticked);
		if (back.status !== 302)
			throw new Error(`no code for ${mailbox}: ${back.text}`);
		const { searchParams } = new URL(back.headers.location);
		return { code: searchParams.get('code'), verifier,
			redirectUri: parameters.redirect_uri };
	}

	/* The code grant with it, but for what is changed in the form. */
	exchangeCode({ code, verifier, redirectUri }, more = {}) {
		const { client_id, client_secret } = this.client;
		return this.postToken(new URLSearchParams({
			grant_type: 'authorization_code', code, client_id,
			...client_secret === undefined ? {} : { client_secret },
			redirect_uri: redirectUri, code_verifier: verifier,
			...more,
		}));
	}

	/* Signs a person in, from the browser to the tokens; their answer. */
	async signInAs(...allowArguments) {
		const answer = await this.exchangeCode(
			await this.allow(...allowArguments));
		if (answer.status !== 200)
			throw new Error(`no tokens: ${answer.text}`);
		return answer.json;
	}

	revoke(token) {
		return this.request({ method: 'POST', path: '/revoke',
			body: String(new URLSearchParams({ token })),
			headers: { 'content-type':
				'application/x-www-form-urlencoded' } });
	}

	control(path, ask = {}) {
		return this.request({ ...ask, path,
			headers: { 'x-sim-control': this.ready.control } });
	}

	async state(mailbox) {
		return (await this.control('/_state?mailbox=' +
			encodeURIComponent(mailbox))).json;
	}

	/* The request log as objects. */
	requests() {
		return fs.readFileSync(this.ready.requests, 'utf8').split('\n')
			.filter(Boolean).map((line) => JSON.parse(line));
	}
}

/*
 * What a browser would send if the button with this id were pressed: the
 * hidden fields and the ticked boxes that are not in `unticked`.
 */
function readPage(html, id, unticked) {
	const tags = [...html.matchAll(/<(form|input|button) ([^>]*)>/g)]
		.map(([, tag, text]) => ({ tag, ...readAttributes(text) }));
	const form = tags.find(({ tag }) => tag === 'form');
	const button = tags.find((one) =>
		one.tag === 'button' && one.id === id);
	if (!form || !button)
		throw new Error(`no button ${id} in ${html}`);
	const inputs = tags.filter(({ tag, type, checked, id: own }) =>
		tag === 'input' && (type === 'hidden' ||
			(checked !== undefined && !unticked.includes(own))));
	return { action: form.action, fields: [...inputs, button].map(
		({ name, value }) => [name, value]) };
}

const CHARACTERS = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': '\'' };

function readAttributes(text) {
	return Object.fromEntries([...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)]
		.map(([, name, value = '']) => [name,
			value.replace(/&(amp|lt|gt|quot|#39);/g,
				(_, entity) => CHARACTERS[entity])]));
}

/* Reads a whole answer; rejects when it is torn. */
async function collect(stream, head) {
	const chunks = [];
	const whole = new Promise((resolve, reject) => {
		stream.on('data', (chunk) => chunks.push(chunk));
		stream.on('end', resolve);
		stream.on('error', reject);
		stream.on('aborted', () => reject(new Error('torn')));
	});
	const [{ status, headers }] = await Promise.all([head, whole]);
	const bytes = Buffer.concat(chunks);
	const text = bytes.toString();
	let json = null;
	try {
		json = JSON.parse(text);
	} catch {
		/* Not every answer is JSON; the test will say if it should be. */
	}
	return { status, headers, bytes, text, json };
}

module.exports = {
	BASIC, SEND_AS, MAIN, Sim, test, runTests, start, sleep, temporaryFolder,
};
