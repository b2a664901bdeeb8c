/*
 * Tests of the double: faults by chance, single bad manners, and switches for
 * the whole server, also as the curl command meets them. They run as part of
 * selftest.js.
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const http2 = require('http2');
const path = require('path');
const tls = require('tls');
const { spawn } = require('child_process');

const chance = require('./chance');
const { work, box, seedFile, expect, withSim } = require('./selftest-kit');
const { BASIC, SEND_AS, test, sleep } = require('./testkit');

const LIST = SEND_AS + '?fields=sendAs';
const OFF = { treatAsAlias: false };

/* --- the decision alone ------------------------------------------------ */

/* The outcomes of `count` requests for each of some mailboxes. */
function outcomes(plan, call, mailboxes, count) {
	return Array.from({ length: mailboxes }, (unused, index) =>
		chance.foresee(plan, `m${index}@example.com`, call, count));
}

/* Rows of faults without a good answer between them. */
function rowsOf(outcome) {
	return outcome.map((name) => name || '').join(' ').split(/ (?= |$)|^ /)
		.map((row) => row.split(' ').filter(Boolean))
		.filter((row) => row.length > 0);
}

test('no row of faults is too long, in 10,000 draws', () => {
	for (const rate of [20, 60, 100]) {
		const plan = { rate, seed: 'rows', patch: true };
		let longest = 0;
		let unreadable = 0;
		for (const row of outcomes(plan, 'list', 10, 1000).flatMap(rowsOf)) {
			const bad = row.filter((name) =>
				chance.UNREADABLE.includes(name)).length;
			longest = Math.max(longest, row.length);
			unreadable = Math.max(unreadable, bad);
		}
		assert.strictEqual(longest, 4);
		assert.strictEqual(unreadable, 2);
	}
});

test('faults come as often as was asked for, and of every kind', () => {
	/* Where rows are cut, there are fewer; that is less than a tenth. */
	for (const rate of [1, 5, 20, 30])
		for (const call of ['list', 'token']) {
			const plan = { rate, seed: 'rates', patch: false };
			const all = outcomes(plan, call, 100, 200).flat();
			const share = 100 * all.filter(Boolean).length / all.length;
			assert.ok(share > rate * 0.85 - 0.2 && share < rate * 1.1 + 0.2,
				`${call}: ${share} for ${rate}`);
			if (rate < 20)
				continue;
			assert.deepStrictEqual(
				[...new Set(all.filter(Boolean))].sort(),
				[...chance.faultsOf(plan, call)].sort());
		}
});

test('a fault follows from seed, mailbox, kind and number alone', () => {
	const plan = { rate: 30, seed: 's', patch: false };
	const one = chance.foresee(plan, 'a@example.com', 'list', 300);
	const isOther = (...other) => assert.notDeepStrictEqual(
		chance.foresee(...other, 300), one);
	isOther({ ...plan, seed: 't' }, 'a@example.com', 'list');
	isOther(plan, 'b@example.com', 'list');
	isOther(plan, 'a@example.com', 'get');
	const mixed = new chance.Chance(plan);
	const seen = one.map(() => {
		mixed.next('b@example.com', 'list');
		mixed.next('A@example.com', 'token');
		return mixed.next('A@Example.com', 'list');
	});
	assert.deepStrictEqual(seen, one);
});

test('changes are spared, unless it is said otherwise', () => {
	const plan = { rate: 100, seed: 's', patch: false };
	const meets = (more, call) => chance.foresee({ ...plan, ...more },
		'a@example.com', call, 50).some(Boolean);
	assert.ok(!meets({}, 'patch') && !meets({}, 'update'));
	assert.ok(meets({ patch: true }, 'patch'));
	assert.ok(!meets({ patch: true }, 'create') && !meets({ rate: 0 }, 'list'));
});

/* --- by chance, over the wire ------------------------------------------ */

/* What an answer to a list looks like, by the name of the fault. */
const LOOKS = {
	429: ({ status, headers }) => status === 429 && !headers['retry-after'],
	'429-retry-0': ({ status, headers }) =>
		status === 429 && headers['retry-after'] === '0',
	'429-retry-1': ({ status, headers }) =>
		status === 429 && headers['retry-after'] === '1',
	403: ({ status, text }) =>
		status === 403 && text.includes('"userRateLimitExceeded"'),
	500: ({ status, json }) => status === 500 && json.error,
	'502-html': ({ status, text }) =>
		status === 502 && text.startsWith('<!DOCTYPE html>'),
	'503-empty': ({ status, text }) => status === 503 && text === '',
	504: ({ status, json }) => status === 504 && json.error,
	torn: (answer) => answer === 'with a head',
	reset: (answer) => answer === 'without a head',
	truncated: ({ status, json, text }) =>
		status === 200 && json === null && text.startsWith('{\n'),
	garbage: ({ status, json, text }) =>
		status === 200 && json === null && text.startsWith('{"'),
	good: ({ status, json }) => status === 200 && json !== null,
};

/* The answer, or how it was lost. */
function outcomeOf(session, headers, body) {
	return new Promise((resolve) => {
		const stream = session.request(headers);
		const chunks = [];
		let head = null;
		let ended = false;
		stream.on('response', (got) => { head = got; });
		stream.on('data', (chunk) => chunks.push(chunk));
		stream.on('end', () => { ended = true; });
		stream.on('error', () => {});
		stream.on('close', () => {
			if (!head || !ended || stream.rstCode !== 0)
				resolve(head ? 'with a head' : 'without a head');
			else
				resolve(plain(head, Buffer.concat(chunks).toString()));
		});
		stream.end(body);
	});
}

function plain(headers, text) {
	let json = null;
	try {
		json = JSON.parse(text);
	} catch {
		/* Some are not. */
	}
	return { status: headers[':status'], headers, text, json };
}

test('what chance decides is what is answered, whatever the order',
	async () => {
		const plan = { rate: 60, seed: 'wire', patch: false };
		const names = ['a', 'b', 'c'];
		await withSim(['--seeds', seedFile(...names.map((name) => box(name))),
			'--token', tokensFor(names), '--fault-rate', '60',
			'--fault-seed', 'wire'], async (own) => {
			const session = await own.connect();
			const ask = async (name) => outcomeOf(session, {
				':path': LIST, authorization: `Bearer token-${name}` });
			const met = {};
			const seen = new Set();
			/* Each mailbox in its own row, all of them together. */
			await Promise.all(names.map(async (name) => {
				met[name] = chance.foresee(plan, `${name}@example.com`,
					'list', 40);
				for (const fault of met[name]) {
					const answer = await ask(name);
					assert.ok(LOOKS[fault || 'good'](answer),
						`${fault}: ${JSON.stringify(answer)}`);
					seen.add(fault || 'good');
				}
			}));
			session.destroy();
			assert.deepStrictEqual([...seen].sort(),
				Object.keys(LOOKS).sort());
			await assertLogged(own, met);
		});
	});

/* A person's token for each of these mailboxes. */
function tokensFor(names) {
	const file = path.join(work, 'tokens-for.json');
	fs.writeFileSync(file, JSON.stringify(names.map((name) => ({
		token: `token-${name}`, mailbox: `${name}@example.com`,
		scopes: [BASIC], delegated: true }))));
	return file;
}

async function assertLogged(own, met) {
	const lines = own.requests();
	for (const [name, faults] of Object.entries(met))
		assert.deepStrictEqual(lines.filter((line) =>
			line.mailbox === `${name}@example.com`).map((line) =>
			line.fault || null), faults);
	const counts = {};
	for (const fault of Object.values(met).flat().filter(Boolean))
		counts[fault] = (counts[fault] || 0) + 1;
	assert.deepStrictEqual((await own.control('/_requests')).json.byFault,
		counts);
}

test('the token endpoint has its faults in its own form', async () => {
	await withSim(['--seeds', seedFile(box('a')), '--fault-rate', '100'],
		async (own) => {
			const plan = { rate: 100, seed: '1', patch: false };
			const want = chance.foresee(plan, 'a@example.com', 'token', 60);
			const body = new URLSearchParams({
				grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
				assertion: await own.assertion('a@example.com') });
			const session = await own.connect();
			for (const name of want) {
				const answer = await outcomeOf(session, {
					':method': 'POST', ':path': '/token',
					'content-type': 'application/x-www-form-urlencoded',
				}, String(body));
				if (/^(?:429|403)/.test(name))
					assert.strictEqual(answer.json.error,
						'rate_limit_exceeded');
				else if (name === '500' || name === '504')
					assert.strictEqual(answer.json.error,
						'internal_failure');
				else
					assert.ok(LOOKS[name || 'good'](answer), name);
			}
			session.destroy();
		});
});

test('changes meet chance only when it is said', async () => {
	const options = ['--seeds', seedFile(box('a')), '--token',
		tokensFor(['a']), '--fault-rate', '100'];
	const change = (own) =>
		own.patch('token-a', 'a@ocn.ne.jp', OFF).catch(() => null);
	await withSim(options, async (own) => {
		for (let i = 0; i < 10; i++)
			expect(await change(own), 200);
	});
	await withSim([...options, '--fault-patch'], async (own) => {
		const plan = { rate: 100, seed: '1', patch: true };
		for (const name of chance.foresee(plan, 'a@example.com', 'patch', 20)) {
			const answer = await change(own);
			assert.strictEqual(answer !== null && answer.status === 200,
				name === null, name);
		}
	});
});

/* --- single bad manners, as curl meets them ---------------------------- */

/* Runs curl; its status, and what it printed. */
function curl(own, ...args) {
	return new Promise((resolve) => {
		const child = spawn('curl', ['-sS', '--noproxy', '*', '--max-time',
			'20', '--cacert', own.ready.caFile, ...args],
		{ stdio: ['ignore', 'pipe', 'pipe'] });
		let text = '';
		child.stdout.on('data', (chunk) => { text += chunk; });
		child.stderr.on('data', (chunk) => { text += chunk; });
		child.on('close', (code) => resolve({ code, text }));
	});
}

/* A list of a mailbox, by curl. */
function curlList(own, name, ...args) {
	return curl(own, '-H', `Authorization: Bearer token-${name}`, ...args,
		`https://127.0.0.1:${own.ready.port}${LIST}`);
}

const MANNERS = ['reset', 'stall', 'trickle', 'goaway', 'late'];

function withManners(run) {
	const boxes = MANNERS.map((kind) => box(kind, { faults: {
		listFault: kind === 'late' ? { kind, ms: 700 } : kind } }));
	boxes.push(box('good'));
	return withSim(['--seeds', seedFile(...boxes), '--token',
		tokensFor([...MANNERS, 'good'])], run);
}

test('curl over HTTP/2 meets each manner as the README says', async () => {
	await withManners(async (own) => {
		const ask = (name, ...args) =>
			curlList(own, name, '--http2', ...args);
		const reset = await ask('reset');
		assert.strictEqual(reset.code, 92, reset.text);
		assert.match(reset.text, /INTERNAL_ERROR/);
		const stall = await ask('stall', '--max-time', '1');
		assert.strictEqual(stall.code, 28);
		assert.match(stall.text, /with 0 bytes received/);
		const trickle = await ask('trickle', '--max-time', '1.5', '-i');
		assert.strictEqual(trickle.code, 28);
		assert.match(trickle.text, /^HTTP\/2 200/m);
		const [, bytes] = /with (\d+) bytes received/.exec(trickle.text);
		assert.ok(bytes > 1 && bytes < 9, bytes);
		const began = Date.now();
		const late = await ask('late');
		assert.ok(late.code === 0 && Date.now() - began >= 700);
		const first = await ask('goaway', '-v');
		assert.notStrictEqual(first.code, 0);
		assert.match(first.text, /GOAWAY, error=0, last_stream=1/);
		/* After another answer on the same connection. */
		const second = await ask('goaway', '-v',
			`https://127.0.0.1:${own.ready.port}/`);
		assert.notStrictEqual(second.code, 0);
		assert.match(second.text, /The requested URL was not found/);
		assert.match(second.text, /GOAWAY, error=0, last_stream=1/);
	});
});

test('curl over HTTP/1.1 loses the connection', async () => {
	await withManners(async (own) => {
		for (const name of ['reset', 'goaway']) {
			const run = await curlList(own, name, '--http1.1');
			assert.strictEqual(run.code, 52, run.text);
		}
		const stall = await curlList(own, 'stall', '--http1.1',
			'--max-time', '1');
		assert.match(stall.text, /with 0 bytes received/);
		const trickle = await curlList(own, 'trickle', '--http1.1',
			'--max-time', '1');
		assert.strictEqual(trickle.code, 28);
		assert.doesNotMatch(trickle.text, /with 0 bytes received/);
	});
});

test('GOAWAY leaves earlier requests alone, and says that ours was not seen',
	async () => {
		await withManners(async (own) => {
			const session = await own.connect();
			session.on('error', () => {});
			const last = new Promise((resolve) => session.once('goaway',
				(code, id) => resolve([code, id])));
			const closed = new Promise((resolve) =>
				session.once('close', resolve));
			const ask = (name) => ({ ':path': LIST,
				authorization: `Bearer token-${name}` });
			const early = outcomeOf(session, ask('late'));
			const stream = session.request(ask('goaway'));
			const refused = new Promise((resolve) =>
				stream.on('error', () => {}).on('close', () =>
					resolve(stream.rstCode)));
			stream.end();
			assert.deepStrictEqual(await last, [0, 1]);
			assert.strictEqual(await refused,
				http2.constants.NGHTTP2_REFUSED_STREAM);
			assert.ok(LOOKS.good(await early));
			await closed;
			const line = own.requests().find((one) =>
				one.fault === 'listFault:goaway');
			assert.strictEqual(line.status, 0);
		});
	});

test('the first request of a connection is refused after GOAWAY', async () => {
	await withManners(async (own) => {
		const session = await own.connect();
		session.on('error', () => {});
		let gone = null;
		session.once('goaway', (code) => { gone = code; });
		const stream = session.request({ ':path': LIST,
			authorization: 'Bearer token-goaway' });
		stream.end();
		stream.on('error', () => {});
		await new Promise((resolve) => stream.once('close', resolve));
		assert.strictEqual(stream.rstCode,
			http2.constants.NGHTTP2_REFUSED_STREAM);
		assert.strictEqual(gone, 0);
	});
});

/*
 * A client that knows nothing of HTTP/2 but how to ask, and so never closes
 * the connection by itself. Resolves to the GOAWAY and RST_STREAM frames that
 * it got until the server closed it.
 */
function frames(own, ...streams) {
	return new Promise((resolve, reject) => {
		const socket = tls.connect({ host: '127.0.0.1',
			port: own.ready.port, ca: own.ca, ALPNProtocols: ['h2'] });
		let bytes = Buffer.alloc(0);
		socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
		socket.write(frame(4, 0, 0, Buffer.alloc(0)));
		for (const [id, name] of streams)
			/* END_STREAM and END_HEADERS. */
			socket.write(frame(1, 5, id, headerBlock({ ':method': 'GET',
				':scheme': 'https', ':authority': 'localhost',
				':path': LIST, authorization: `Bearer token-${name}` })));
		socket.setTimeout(5000, () => socket.destroy(
			new Error('the server does not close the connection')));
		socket.on('data', (chunk) => {
			bytes = Buffer.concat([bytes, chunk]);
		});
		socket.on('error', reject);
		socket.on('close', () => resolve(told(bytes)));
	});
}

function frame(type, flags, stream, payload) {
	const head = Buffer.alloc(9);
	head.writeUIntBE(payload.length, 0, 3);
	head.writeUInt8(type, 3);
	head.writeUInt8(flags, 4);
	head.writeUInt32BE(stream, 5);
	return Buffer.concat([head, payload]);
}

/* HPACK at its plainest: names and values as they are, none indexed. */
function headerBlock(headers) {
	return Buffer.concat(Object.entries(headers).flatMap(([name, value]) =>
		[Buffer.from([0, name.length]), Buffer.from(name),
			Buffer.from([value.length]), Buffer.from(value)]));
}

function told(bytes) {
	const seen = [];
	for (let at = 0; at < bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
		const type = bytes.readUInt8(at + 3);
		if (type === 3)
			seen.push(`RST_STREAM ${bytes.readUInt32BE(at + 5)} ` +
				`error ${bytes.readUInt32BE(at + 9)}`);
		if (type === 7)
			seen.push(`GOAWAY ${bytes.readUInt32BE(at + 9)} ` +
				`error ${bytes.readUInt32BE(at + 13)}`);
	}
	return seen;
}

test('GOAWAY names a stream that may stand, and the session is closed',
	async () => {
		await withManners(async (own) => {
			const second = await frames(own, [1, 'good'], [3, 'goaway']);
			assert.strictEqual(second[0], 'GOAWAY 1 error 0');
			assert.ok(second.every((one) => /^GOAWAY 1 /.test(one)),
				second);
			const first = await frames(own, [1, 'goaway']);
			assert.deepStrictEqual(first.filter((one) =>
				one !== 'GOAWAY 1 error 0'), ['RST_STREAM 1 error 7']);
			assert.strictEqual(first[0], 'GOAWAY 1 error 0');
		});
	});

test('a stream that is reset or stalls leaves the others alone', async () => {
	await withManners(async (own) => {
		const session = await own.connect();
		const ask = (name) => outcomeOf(session, { ':path': LIST,
			authorization: `Bearer token-${name}` });
		ask('stall');
		assert.strictEqual(await ask('reset'), 'without a head');
		assert.ok(LOOKS.good(await ask('good')));
		session.destroy();
		const sums = (await own.control('/_requests')).json;
		assert.deepStrictEqual(sums.byFault,
			{ 'listFault:stall': 1, 'listFault:reset': 1 });
		assert.deepStrictEqual(sums.byStatus, { 0: 2, 200: 1 });
	});
});

test('a client that does not wait for a late answer is seen', async () => {
	await withManners(async (own) => {
		const run = await curlList(own, 'late', '--max-time', '0.3');
		assert.strictEqual(run.code, 28);
		await sleep(100);
		assert.strictEqual(own.requests().pop().gone, true);
		const again = await curlList(own, 'late');
		assert.strictEqual(again.code, 0);
		assert.ok(own.requests().every((line) => !line.overlap));
	});
});

test('manners come as often as asked for; a token has them too', async () => {
	const file = seedFile(box('a', { faults: {
		listFault: { kind: 'reset', after: 1, times: 1 },
		tokenFault: { kind: 'reset', times: 1 } } }));
	await withSim(['--seeds', file], async (own) => {
		await assert.rejects(own.exchange('a@example.com'));
		const token = await own.tokenFor('a@example.com');
		expect(await own.list(token), 200);
		await assert.rejects(own.list(token));
		expect(await own.list(token), 200);
	});
});

test('a change whose answer is lost was made, but not after GOAWAY',
	async () => {
		const kinds = { reset: 'reset', goaway: 'goaway',
			none: { kind: 'reset', applied: false },
			lie: { kind: 'goaway', applied: true } };
		const file = seedFile(...Object.entries(kinds).map(
			([name, patchFault]) => box(name, { faults: { patchFault } })));
		const made = {};
		await withSim(['--seeds', file], async (own) => {
			for (const name of Object.keys(kinds)) {
				const token = await own.tokenFor(`${name}@example.com`);
				await assert.rejects(own.patch(token,
					`${name}@ocn.ne.jp`, OFF));
				const stored = await own.state(`${name}@example.com`);
				made[name] = !stored.sendAs[1].treatAsAlias;
			}
		});
		assert.deepStrictEqual(made,
			{ reset: true, goaway: false, none: false, lie: true });
	});

test('Retry-After can be a date by the double\'s clock', async () => {
	const status = (retryAfter) => ({ code: 503, retryAfter });
	const file = seedFile(
		box('a', { faults: { listStatus: status('date:90'),
			tokenStatus: { ...status('date:-5'), times: 1 } } }),
		box('b', { faults: { listStatus: status('dated:90') } }));
	await withSim(['--seeds', file, '--clock-offset=-100'], async (own) => {
		const gap = (answer) => Date.parse(answer.headers['retry-after']) -
			Date.parse(answer.headers.date);
		assert.strictEqual(Math.round(
			gap(await own.exchange('a@example.com')) / 1000), -5);
		const answer = await own.list(await own.tokenFor('a@example.com'));
		expect(answer, 503);
		assert.ok([89000, 90000, 91000].includes(gap(answer)));
		assert.match(answer.headers['retry-after'], / GMT$/);
		const other = await own.list(await own.tokenFor('b@example.com'));
		assert.strictEqual(other.headers['retry-after'], 'dated:90');
	});
});

/* --- switches for the whole server ------------------------------------- */

test('it can speak HTTP/1.1 alone', async () => {
	await withSim(['--demo', '--http1', '--token', tokensFor(['a'])],
		async (own) => {
			const chosen = await new Promise((resolve, reject) => {
				const socket = tls.connect({ host: '127.0.0.1',
					port: own.ready.port, ca: own.ca,
					ALPNProtocols: ['h2', 'http/1.1'] }, () => {
					resolve(socket.alpnProtocol);
					socket.destroy();
				}).on('error', reject);
			});
			assert.strictEqual(chosen, 'http/1.1');
			expect(await own.request1({ path: SEND_AS }), 401);
			const run = await curl(own, '--http2', '-i',
				`https://127.0.0.1:${own.ready.port}${SEND_AS}`);
			assert.match(run.text, /^HTTP\/1\.1 401/);
			assert.deepStrictEqual(own.requests().map((line) =>
				line.protocol), ['http1.1', 'http1.1']);
		});
});

test('it can leave out the date', async () => {
	await withSim(['--no-date'], async (own) => {
		for (const ask of ['request', 'request1']) {
			const answer = await own[ask]({ path: SEND_AS });
			expect(answer, 401);
			assert.ok(!('date' in answer.headers));
		}
	});
	await withSim(['--no-date', '--http1'], async (own) => {
		const answer = await own.request1({ path: SEND_AS });
		assert.ok(!('date' in answer.headers));
	});
});

test('a certificate bears its issuer\'s name', async () => {
	const issuerOf = async (...options) => {
		let issuer;
		await withSim(options, async (own) => {
			issuer = await new Promise((resolve, reject) => {
				const socket = tls.connect({ host: '127.0.0.1',
					port: own.ready.port, rejectUnauthorized: false },
				() => {
					resolve(socket.getPeerCertificate().issuer.CN);
					socket.destroy();
				}).on('error', reject);
			});
		});
		return issuer;
	};
	assert.strictEqual(await issuerOf(), 'sendas test CA');
	assert.strictEqual(await issuerOf('--untrusted'), 'Untrusted Test CA');
});
