/*
 * Tests of the double itself: it must be as strict as it says, or what the
 * program's tests prove against it is worth nothing. Prints TAP. What people
 * sign in with, and how, faults, and the proxy are in files of their own
 * beside it.
 * Real requests over loopback, assertions signed with jose; no other address
 * is spoken to.
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const http2 = require('http2');
const net = require('net');
const os = require('os');
const path = require('path');
const { execFileSync, spawn, spawnSync } = require('child_process');

const jose = require('jose');

const fields = require('./fields');
const seeds = require('./seeds');
const { RESTRICTED, work, keys, box, seedFile, expect, withSim } =
	require('./selftest-kit');
const { BASIC, SEND_AS, MAIN, test, runTests, start, sleep } =
	require('./testkit');
const { JWT_BEARER } = require('./token');

const SHARING = 'https://www.googleapis.com/auth/gmail.settings.sharing';
const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';
const JIRO = 'jiro@example.com';
const JIRO_OCN = 'jiro@ocn.ne.jp';

let sim;

/* --- start and end ----------------------------------------------------- */

test('starts, and keeps its secrets to its owner', async () => {
	sim = await start('--ca', keys, '--demo', '--count', '50', '--seed', '7',
		'--token', presetTokens());
	for (const file of [sim.ready.credentials, sim.ready.requests])
		assert.strictEqual(fs.statSync(file).mode & 0o777, 0o600);
	const account = sim.account;
	assert.strictEqual(account.type, 'service_account');
	assert.match(account.client_id, /^\d{21}$/);
	assert.match(account.private_key, /^-----BEGIN PRIVATE KEY-----\n/);
	assert.strictEqual(account.token_uri,
		'https://oauth2.googleapis.com/token');
});

function presetTokens() {
	const name = path.join(work, 'tokens.json');
	fs.writeFileSync(name, JSON.stringify([
		{ token: 'person', mailbox: JIRO, scopes: [BASIC] },
		{ token: 'reader', mailbox: JIRO, scopes: ['gmail.readonly'] },
		{ token: 'sharer', mailbox: JIRO, scopes: [SHARING],
			delegated: true },
		{ token: 'over', mailbox: JIRO, scopes: [BASIC], expiresIn: 0 },
		{ token: 'stranger', mailbox: 'gone@example.com', scopes: [BASIC] },
	]));
	return name;
}

test('two that start at once share one set of keys', async () => {
	const shared = path.join(work, 'race');
	const both = await Promise.all(
		[start('--ca', shared), start('--ca', shared)]);
	assert.deepStrictEqual(both[0].account, both[1].account);
	assert.deepStrictEqual(both[0].ca, both[1].ca);
	const codes = await Promise.all(both.map((one) => one.stop()));
	assert.deepStrictEqual(codes, [0, 0]);
});

test('ends cleanly on SIGTERM and SIGINT, and takes ready.json away',
	async () => {
		for (const signal of ['SIGTERM', 'SIGINT']) {
			const one = await start('--ca', keys);
			await one.connect();
			assert.strictEqual(await one.stop(signal), 0);
			assert.ok(!fs.existsSync(path.join(
				path.dirname(one.ready.caFile), 'ready.json')));
		}
	});

test('ends by itself when its parent is gone', async () => {
	const state = path.join(work, 'orphan');
	const parent = spawn('sh', ['-c', '"$@" & wait', 'sh', process.execPath,
		MAIN, '--state', state, '--ca', keys], { stdio: 'ignore' });
	await assertEndsWith(parent, state);
});

test('ends when the process of --parent is gone', async () => {
	const state = path.join(work, 'adopted');
	const parent = spawn('sleep', ['60']);
	spawn(process.execPath, [MAIN, '--state', state, '--ca', keys,
		'--parent', String(parent.pid)], { stdio: 'ignore' });
	await assertEndsWith(parent, state);
});

/* The double of this state is ready, lives on, and ends with the parent. */
async function assertEndsWith(parent, state) {
	const ready = path.join(state, 'ready.json');
	for (let i = 0; i < 500 && !fs.existsSync(ready); i++)
		await sleep(20);
	const { pid } = JSON.parse(fs.readFileSync(ready));
	await sleep(1200);
	assert.ok(isAlive(pid));
	parent.kill('SIGKILL');
	for (let i = 0; i < 200 && isAlive(pid); i++)
		await sleep(20);
	assert.ok(!isAlive(pid));
}

test('ends at once even while a handshake is under way', async () => {
	for (let i = 0; i < 4; i++) {
		const one = await start('--ca', keys);
		const socket = net.connect(one.ready.port, '127.0.0.1');
		socket.on('error', () => {});
		one.connect().catch(() => {});
		await new Promise((resolve) => socket.once('connect', resolve));
		const late = sleep(5000).then(() => 'still there');
		assert.strictEqual(
			await Promise.race([one.stop(), late]), 0);
	}
});

/* A dead child that nobody has waited for yet counts as gone. */
function isAlive(pid) {
	try {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		return !/^\d+ \(.*\) Z/.test(stat);
	} catch {
		return false;
	}
}

test('refuses wrong arguments and misspelt seeds', () => {
	const seeded = (...boxes) =>
		['--state', work, '--seeds', seedFile(...boxes)];
	const cases = [
		[[], '--state DIR is needed'],
		[['--state', work, '--no-such-option'], 'no-such-option'],
		[['--state', work, '--count', 'many'], 'whole number'],
		[['--state', work, '--seeds', '/nowhere'], '/nowhere'],
		[seeded(box('a', { pach: 'ignore' })), 'pach'],
		[seeded(box('a', { patch: 'ingore' })), '/patch'],
		[seeded(box('a'), box('A')), 'twice'],
		[seeded(box('a', { answersAs: JIRO })), 'answersAs'],
		[seeded(box('a', { kind: 'wrong-mailbox' })), 'answersAs'],
		[seeded(box('a', { kind: 'wrong-mailbox',
			answersAs: 'none@example.com' })), 'none@example.com'],
	];
	for (const [args, text] of cases) {
		const run = spawnSync(process.execPath,
			[MAIN, ...args, '--ca', keys],
			{ encoding: 'utf8', timeout: 20000 });
		assert.strictEqual(run.status, 1, args.join(' '));
		assert.ok(run.stderr.includes(text),
			`no "${text}" in ${run.stderr}`);
	}
});

test('listens on 127.0.0.1 alone', async () => {
	const others = ['::1', '127.0.0.2', ...Object.values(
		os.networkInterfaces()).flat().filter((one) => !one.internal)
		.map((one) => one.address)];
	for (const host of others)
		await assert.rejects(new Promise((resolve, reject) => {
			const socket = net.connect(sim.ready.port, host, () =>
				resolve(socket.destroy()));
			socket.on('error', reject);
		}), host);
});

/* --- TLS --------------------------------------------------------------- */

test('is verified by its CA, over HTTP/2 and HTTP/1.1', async () => {
	const two = await sim.request({ path: SEND_AS });
	const one = await sim.request1({ path: SEND_AS });
	expect(two, 401, 'UNAUTHENTICATED');
	expect(one, 401, 'UNAUTHENTICATED');
	const seen = sim.requests().slice(-2).map((line) => line.protocol);
	assert.deepStrictEqual(seen, ['h2', 'http1.1']);
});

test('bad certificates are bad in the way that was asked for', async () => {
	const cases = {
		'--untrusted': 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'--expired-cert': 'CERT_HAS_EXPIRED',
		'--wrong-name': 'ERR_TLS_CERT_ALTNAME_INVALID',
	};
	for (const [option, code] of Object.entries(cases))
		await withSim([option], async (bad) => {
			await assert.rejects(bad.request1({ path: SEND_AS }), { code });
			await assert.rejects(bad.connect(), { code });
			assert.deepStrictEqual(bad.requests(), []);
		});
});

test('does not speak TLS 1.1', async () => {
	const tls = require('tls');
	await assert.rejects(new Promise((resolve, reject) => {
		const socket = tls.connect({ host: '127.0.0.1',
			port: sim.ready.port, ca: sim.ca, minVersion: 'TLSv1',
			maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' },
		() => resolve(socket.destroy()));
		socket.on('error', reject);
	}));
});

/* --- the token endpoint ------------------------------------------------ */

test('a good assertion gets a token that works', async () => {
	const answer = await sim.exchange(JIRO);
	expect(answer, 200);
	assert.strictEqual(answer.json.token_type, 'Bearer');
	assert.strictEqual(answer.json.expires_in, 3599);
	assert.match(answer.headers['cache-control'], /no-store/);
	const list = await sim.list(answer.json.access_token);
	expect(list, 200);
	assert.strictEqual(list.json.sendAs[0].sendAsEmail, JIRO);
});

test('the subject is found whatever its case', async () => {
	const list = await sim.list(await sim.tokenFor('JIRO@Example.COM'));
	assert.strictEqual(list.json.sendAs[0].sendAsEmail, JIRO);
});

test('the form is read strictly', async () => {
	const good = new URLSearchParams({ grant_type: JWT_BEARER,
		assertion: await sim.assertion(JIRO) }).toString();
	const cases = [
		[good, 'Content-Type', { 'content-type': 'application/json' }],
		[good + '&assertion=x', 'single value'],
		[good + '&client_id=x', 'Unknown parameter'],
		[good.replace('%3A', ':'), 'percent-encoded'],
		[good + '&a=%zz', 'percent-encoded'],
		[good + '&a=%ff', 'UTF-8'],
		['', 'not a form'],
		['assertion=x', 'grant_type'],
		['grant_type=' + encodeURIComponent(JWT_BEARER), 'assertion'],
	];
	expect(await sim.postToken(good), 200);
	for (const [body, text, headers] of cases) {
		const answer = await sim.postToken(body, headers);
		expect(answer, 400, text);
		assert.strictEqual(answer.json.error, 'invalid_request');
	}
	const other = await sim.postToken('grant_type=password&x=y');
	expect(other, 400, 'unsupported_grant_type');
	expect(await sim.request({ path: '/token' }), 405);
	expect(await sim.request({ path: '/token?x=y', method: 'POST' }), 400,
		'in the body');
});

test('only RS256 with the account\'s own key is believed', async () => {
	const other = await jose.generateKeyPair('RS256');
	const bad = [
		await sim.assertion(JIRO, {}, {}, other.privateKey),
		await sim.assertion(JIRO, {}, { kid: 'other' }),
		await sim.assertion(JIRO, {}, { kid: undefined }),
		await sim.assertion(JIRO, {}, { typ: 'at+jwt' }),
		await sim.assertion(JIRO, {}, { alg: 'RS384' },
			await jose.importPKCS8(sim.account.private_key, 'RS384')),
		await sim.assertion(JIRO, {}, { alg: 'HS256' },
			new TextEncoder().encode('x'.repeat(64))),
		(await sim.assertion(JIRO)).replace(/\.[^.]+$/, '.'),
		(await sim.assertion(JIRO)).replace(/^[^.]+/,
			Buffer.from('{"alg":"none"}').toString('base64url')),
		'not-a-jwt',
	];
	for (const assertion of bad) {
		const answer = await sim.postToken(new URLSearchParams(
			{ grant_type: JWT_BEARER, assertion }));
		expect(answer, 400);
		assert.strictEqual(answer.json.error, 'invalid_grant');
	}
});

test('a claim changed after signing is noticed', async () => {
	const [head, , signature] = (await sim.assertion(JIRO)).split('.');
	const [, claims] = (await sim.assertion('taro@example.com')).split('.');
	expect(await sim.postToken(new URLSearchParams({
		grant_type: JWT_BEARER,
		assertion: [head, claims, signature].join('.'),
	})), 400, 'Invalid JWT Signature.');
});

test('issuer, audience and times are checked', async () => {
	const now = Math.floor(Date.now() / 1000);
	const cases = [
		[{ iss: 'other@example.com' }, 'account not found'],
		[{ aud: 'https://oauth2.googleapis.com/token' }, 'audience'],
		[{ iat: now, exp: now + 3601 }, 'short-lived'],
		[{ iat: now + 400, exp: now + 800 }, 'short-lived'],
		[{ iat: now - 3700, exp: now - 100 }, 'short-lived'],
		[{ iat: now, exp: now }, 'short-lived'],
		[{ iat: String(now) }, 'short-lived'],
		[{ iat: now + 0.5 }, 'short-lived'],
		[{ iat: undefined }, 'short-lived'],
		[{ exp: undefined }, 'short-lived'],
	];
	for (const [claims, text] of cases) {
		const answer = await sim.exchange(JIRO, claims);
		expect(answer, 400, text);
		assert.strictEqual(answer.json.error, 'invalid_grant');
	}
	expect(await sim.exchange(JIRO, { iat: now + 250, exp: now + 3850 }),
		200);
});

test('one scope that was not delegated refuses the whole request',
	async () => {
		for (const scope of [SHARING, `${BASIC} ${SHARING}`, READONLY])
			expect(await sim.exchange(JIRO, { scope }), 401,
				'unauthorized_client');
		for (const scope of ['', undefined, `${BASIC}  ${BASIC}`,
			`${BASIC},${SHARING}`, `${BASIC} ${BASIC}`, 'basic'])
			assert.notStrictEqual(
				(await sim.exchange(JIRO, { scope })).status, 200);
	});

test('more scopes can be delegated', async () => {
	const options = ['--demo', '--delegated-scopes',
		`gmail.settings.basic,${SHARING}`];
	await withSim(options, async (own) => {
		const token = await own.tokenFor(JIRO, { scope: SHARING });
		expect(await own.list(token), 403, 'insufficientPermissions');
		expect(await own.patch(token, JIRO_OCN, { treatAsAlias: false }),
			200);
	});
});

test('unknown, personal, deleted and restricted subjects are refused',
	async () => {
		const file = seedFile(box('deleted', { kind: 'deleted' }),
			box('restricted', { kind: 'restricted' }));
		await withSim(['--demo', '--seeds', file], async (own) => {
			const cases = [
				['nobody@example.com', 'Invalid email or User ID'],
				['yumi@example.jp', 'Invalid email or User ID'],
				[17, 'Invalid email or User ID'],
				['', 'Invalid email or User ID'],
				['deleted@example.com', 'The account has been deleted'],
				['restricted@example.com', 'Account restricted'],
			];
			for (const [subject, text] of cases)
				expect(await own.exchange(subject), 400, text);
		});
	});

test('a token without a subject is good for nothing here', async () => {
	const token = await sim.tokenFor(undefined);
	const text = 'Precondition check failed.';
	expect(await sim.list(token), 400, text);
	expect(await sim.patch(token, JIRO_OCN, { treatAsAlias: false }), 400,
		text);
});

test('the audience can be set, and the clock can be wrong', async () => {
	const aud = 'https://oauth2.googleapis.com/token';
	await withSim(['--demo', '--audience', aud], async (own) => {
		expect(await own.exchange(JIRO), 400, 'audience');
		expect(await own.exchange(JIRO, { aud }), 200);
	});
	await withSim(['--demo', '--clock-offset=-900'], async (own) => {
		const answer = await own.exchange(JIRO);
		expect(answer, 400, 'short-lived');
		const behind = Date.now() - Date.parse(answer.headers.date);
		assert.ok(behind > 890000 && behind < 910000);
	});
});

/* --- who may call what ------------------------------------------------- */

test('a bearer is needed, known and not over', async () => {
	const cases = [[undefined, 'required'], ['Bearer no', 'authError'],
		['Bearer over', 'authError'], ['Basic person', 'authError'],
		['bearer person', 'authError'], ['Bearer  person', 'authError']];
	for (const [authorization, text] of cases) {
		const answer = await sim.request({
			path: SEND_AS + '?fields=sendAs',
			headers: authorization ? { authorization } : {},
		});
		expect(answer, 401, text);
		assert.match(answer.headers['www-authenticate'], /^Bearer /);
	}
	expect(await sim.request({ path: SEND_AS + '?access_token=person' }),
		401);
	expect(await sim.api('person', '?fields=sendAs&access_token=person'),
		400, 'access_token');
});

test('each method wants one of its scopes', async () => {
	const off = { treatAsAlias: false };
	expect(await sim.list('reader'), 200);
	expect(await sim.patch('reader', JIRO_OCN, off), 403,
		'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
	expect(await sim.list('sharer'), 403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
	expect(await sim.api('sharer', '/' + encodeURIComponent(JIRO_OCN)), 403,
		'insufficientPermissions');
});

test('userId is me or the mailbox itself', async () => {
	const users = '/gmail/v1/users/';
	const ask = (user) => sim.request({
		path: `${users}${user}/settings/sendAs?fields=sendAs`,
		headers: { authorization: 'Bearer person' },
	});
	expect(await ask('me'), 200);
	expect(await ask('jiro%40example.com'), 200);
	expect(await ask('taro%40example.com'), 403,
		`Delegation denied for ${JIRO}`);
	expect(await ask('jiro@example.com'), 400, 'percent-encoded');
	expect(await ask(''), 400, 'percent-encoded');
});

test('a person\'s token reads, but changes the primary address only',
	async () => {
		const refused = await sim.patch('person', JIRO_OCN, 'not even JSON');
		expect(refused, 403);
		assert.deepStrictEqual(refused.json, { error: { code: 403,
			message: RESTRICTED, errors: [{ message: RESTRICTED,
				domain: 'global', reason: 'forbidden' }] } });
		expect(await sim.patch('person', JIRO, { displayName: '次郎' }),
			200);
		expect(await sim.patch('person', 'none@ocn.ne.jp', {}), 403);
	});

test('a personal account has a token of its own', async () => {
	const token = sim.personalToken('yumi@example.jp');
	expect(await sim.list(token), 200, 'yumi@sky.ocn.ne.jp');
	expect(await sim.patch(token, 'yumi@sky.ocn.ne.jp',
		{ treatAsAlias: false }), 403, RESTRICTED);
});

test('create, delete and verify are refused', async () => {
	const one = '/' + encodeURIComponent(JIRO_OCN);
	for (const [method, where] of [['POST', ''], ['DELETE', one],
		['POST', one + '/verify']]) {
		expect(await sim.api('person', where, { method }), 403,
			'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
		expect(await sim.api('sharer', where, { method }), 403, RESTRICTED);
	}
});

test('kinds of mailbox answer as Google does', async () => {
	const file = seedFile(box('policy', { kind: 'domain-policy' }),
		box('wrong', { kind: 'wrong-mailbox', answersAs: JIRO }));
	await withSim(['--demo', '--seeds', file], async (own) => {
		expect(await own.list(await own.tokenFor('peter@example.com')), 400,
			'Mail service not enabled');
		expect(await own.list(await own.tokenFor('policy@example.com')), 403,
			'domainPolicy');
		expect(await own.list(await own.tokenFor('wrong@example.com')), 200,
			JIRO_OCN);
	});
	expect(await sim.list('stranger'), 400, 'Precondition check failed.');
});

/* --- what may be asked ------------------------------------------------- */

test('addresses in the path are percent-encoded, others are not found',
	async () => {
		const read = (segment) => sim.api('person', '/' + segment);
		expect(await read('jiro%40ocn.ne.jp'), 200, '"treatAsAlias": true');
		expect(await read('JIRO%40ocn.ne.jp'), 200);
		expect(await read('jiro@ocn.ne.jp'), 400, 'percent-encoded');
		expect(await read('jiro+a%40ocn.ne.jp'), 400, 'percent-encoded');
		expect(await read('jiro%4'), 400, 'percent-encoded');
		expect(await read('jiro%ff'), 400, 'UTF-8');
		expect(await read(''), 400, 'percent-encoded');
		expect(await read('none%2Ba%40ocn.ne.jp'), 404,
			'Requested entity was not found.');
	});

test('paths and methods that do not exist are 404', async () => {
	for (const where of ['/', '/gmail/v1/users/me/messages',
		SEND_AS + '/a/b', SEND_AS + 's', '/gmail/v1/users/me/x/sendAs'])
		expect(await sim.request({ path: where }), 404);
	expect(await sim.request({ path: SEND_AS, method: 'PUT' }), 404);
	expect(await sim.request({ path: SEND_AS, method: 'HEAD' }), 404);
});

test('the query is read strictly', async () => {
	expect(await sim.api('person', ''), 400, 'list comes with');
	expect(await sim.api('person', '?fields='), 400);
	expect(await sim.list('person', '&pageToken=x'), 400,
		'Cannot bind query parameter');
	expect(await sim.list('person', '&fields=sendAs'), 400, 'given once');
	expect(await sim.list('person', '&alt=media'), 400);
	expect(await sim.list('person', '&alt=%zz'), 400, 'percent-encoded');
	const short = await sim.list('person', '&prettyPrint=false&alt=json');
	expect(short, 200);
	assert.ok(!short.text.includes('\n'));
	await withSim(['--demo', '--no-require-fields'], async (own) => {
		expect(await own.api(await own.tokenFor(JIRO), ''), 200);
	});
});

test('fields is a mask that is really applied', async () => {
	const ask = async (mask) => (await sim.api('person',
		'?fields=' + encodeURIComponent(mask))).json;
	assert.deepStrictEqual(
		await ask('sendAs(sendAsEmail,smtpMsa(host,port))'),
		{ sendAs: [{ sendAsEmail: JIRO }, { sendAsEmail: JIRO_OCN,
			smtpMsa: { host: 'smtp.ocn.ne.jp', port: 465 } }] });
	assert.deepStrictEqual(
		await ask('sendAs/smtpMsa/port,sendAs/smtpMsa/securityMode'),
		{ sendAs: [{}, { smtpMsa: { port: 465, securityMode: 'ssl' } }] });
	assert.deepStrictEqual(await ask('*'), await ask('sendAs'));
	assert.deepStrictEqual(await ask('sendAs(smtpMsa(password,username))'),
		{ sendAs: [{}, { smtpMsa: {} }] });
	const one = await sim.api('person',
		'/jiro%40ocn.ne.jp?fields=treatAsAlias');
	assert.deepStrictEqual(one.json, { treatAsAlias: true });
});

test('fields that do not exist or do not parse are refused', async () => {
	for (const mask of ['sendas', 'sendAs(sendAsEmail,nope)', 'sendAs(',
		'sendAs)', 'sendAs()', 'sendAs,', ',', 'sendAs//sendAsEmail',
		'sendAs(sendAsEmail(x))', 'sendAs(constructor)', 'sendAs sendAs',
		'sendAs/*/host'])
		expect(await sim.api('person',
			'?fields=' + encodeURIComponent(mask)), 400,
		'invalidParameter');
});

test('a field named twice asks for the union', () => {
	const value = { a: { b: 1, c: 2, d: 3 } };
	const cases = { 'a/b,a/c': { a: { b: 1, c: 2 } }, 'a(b),a': value,
		'a,a(b)': value, 'a(b,c),a/d': value };
	for (const [mask, want] of Object.entries(cases))
		assert.deepStrictEqual(fields.apply(fields.parse(mask), value),
			want);
});

/* --- changing ---------------------------------------------------------- */

test('PATCH changes what was given and nothing else', async () => {
	await withSim(['--demo'], async (own) => {
		const token = await own.tokenFor(JIRO);
		const before = await own.list(token);
		const answer = await own.patch(token, JIRO_OCN,
			{ treatAsAlias: false });
		expect(answer, 200);
		assert.strictEqual(answer.json.treatAsAlias, false);
		before.json.sendAs[1].treatAsAlias = false;
		assert.deepStrictEqual((await own.list(token)).json, before.json);
		const stored = await own.state(JIRO);
		assert.strictEqual(stored.sendAs[1].treatAsAlias, false);
		assert.strictEqual(stored.sendAs[1].smtpMsa.hasPassword, true);
	});
});

test('bodies of a PATCH are read strictly', async () => {
	await withSim(['--demo'], async (own) => {
		const token = await own.tokenFor(JIRO);
		const bodies = ['', '[]', 'null', '{"treatAsAlias":false', '"x"',
			Buffer.from('7b2261223a22ff227d', 'hex').toString('latin1'),
			{ treatAsalias: false }, { smtpMsa: { hostname: 'x' } },
			{ treatAsAlias: 'false' }, { treatAsAlias: 0 },
			{ treatAsAlias: null }, { displayName: 1 },
			{ isDefault: false }, { smtpMsa: null }, { smtpMsa: [] },
			{ verificationStatus: 'done' }, { constructor: true }];
		for (const body of bodies)
			expect(await own.patch(token, JIRO_OCN, body), 400);
		expect(await own.patch(token, JIRO_OCN, { treatAsAlias: false },
			{ headers: { 'content-type': 'text/plain' } }), 400,
		'application/json');
		expect(await own.patch(token, JIRO, { treatAsAlias: false }), 400,
			'not primary');
		expect(await own.patch(token, 'no@ocn.ne.jp', {}), 404);
		expect(await own.patch(token, JIRO_OCN, 'x'.repeat(1100000)), 413);
		const stored = await own.state(JIRO);
		assert.strictEqual(stored.sendAs[1].treatAsAlias, true);
	});
});

test('read-only fields are passed over, and the log says so', async () => {
	await withSim(['--demo'], async (own) => {
		const token = await own.tokenFor(JIRO);
		expect(await own.patch(token, JIRO_OCN, {
			sendAsEmail: 'x@ocn.ne.jp', isPrimary: true,
			verificationStatus: 'pending', displayName: '次郎' }), 200);
		const entry = (await own.state(JIRO)).sendAs[1];
		assert.strictEqual(entry.sendAsEmail, JIRO_OCN);
		assert.strictEqual(entry.isPrimary, false);
		assert.strictEqual(entry.verificationStatus, 'accepted');
		assert.strictEqual(entry.displayName, '次郎');
		assert.deepStrictEqual(own.requests().pop().ignoredFields,
			['sendAsEmail', 'isPrimary', 'verificationStatus']);
	});
});

test('a new default takes it from the old one', async () => {
	await withSim(['--demo'], async (own) => {
		expect(await own.patch(await own.tokenFor(JIRO), JIRO_OCN,
			{ isDefault: true }), 200);
		const stored = await own.state(JIRO);
		assert.deepStrictEqual(
			stored.sendAs.map((item) => item.isDefault), [false, true]);
	});
});

test('a relay is set whole, and its secrets never come back', async () => {
	const relay = { host: 'smtp.ocn.ne.jp', port: 587,
		username: 'sesame-user', password: 'sesame-word',
		securityMode: 'starttls' };
	await withSim(['--demo'], async (own) => {
		const token = await own.tokenFor(JIRO);
		for (const wrong of [{ ...relay, password: undefined },
			{ ...relay, port: 0 }, { ...relay, port: 4294967296 + 25 },
			{ ...relay, port: '587' }, { ...relay, securityMode: 'tls' },
			{ ...relay, securityMode: 'none' }])
			expect(await own.patch(token, JIRO_OCN, { smtpMsa: wrong }),
				400);
		const answers = [
			await own.patch(token, JIRO_OCN, { smtpMsa: relay }),
			await own.list(token),
			await own.api(token, '/' + encodeURIComponent(JIRO_OCN)),
		];
		for (const answer of answers) {
			expect(answer, 200, '"securityMode": "starttls"');
			assert.doesNotMatch(answer.text, /sesame|username|password/);
		}
		const stored = (await own.state(JIRO)).sendAs[1].smtpMsa;
		assert.deepStrictEqual(stored, { host: 'smtp.ocn.ne.jp', port: 587,
			username: 'sesame-user', securityMode: 'starttls',
			hasPassword: true });
		const log = fs.readFileSync(own.ready.requests, 'utf8');
		assert.doesNotMatch(log, /sesame-word/);
		assert.match(log, /"password":"\*\*\*"/);
	});
});

test('PUT of what was read loses the relay\'s credentials', async () => {
	await withSim(['--demo'], async (own) => {
		const token = await own.tokenFor(JIRO);
		expect(await own.patch(token, JIRO_OCN, { displayName: '次郎' },
			{ method: 'PUT' }), 200);
		assert.strictEqual((await own.state(JIRO)).sendAs[1].smtpMsa,
			undefined);
	});
});

test('every position on PATCH', async () => {
	const positions = ['apply', 'ignore', 'refuse', 'pending', 'error500',
		'error400'];
	const file = seedFile(...positions.map((patch) => box(patch, { patch })),
		box('some', { patch: { 'some@ocn.ne.jp': 'ignore' } }));
	const want = {
		apply: [200, false, 'accepted'], ignore: [200, true, 'accepted'],
		refuse: [403, true, 'accepted'], pending: [200, false, 'pending'],
		error500: [500, true, 'accepted'], error400: [400, true, 'accepted'],
		some: [200, true, 'accepted'],
	};
	await withSim(['--seeds', file], async (own) => {
		for (const [name, [status, alias, verified]] of
			Object.entries(want)) {
			const token = await own.tokenFor(`${name}@example.com`);
			expect(await own.patch(token, `${name}@ocn.ne.jp`,
				{ treatAsAlias: false }), status);
			const entry = (await own.list(token)).json.sendAs[1];
			assert.strictEqual(entry.treatAsAlias, alias, name);
			assert.strictEqual(entry.verificationStatus, verified, name);
		}
	});
});

test('someone else changes a field after the first list', async () => {
	const file = seedFile(
		box('one', { changeBetween: { field: 'treatAsAlias',
			value: false } }),
		box('two', { changeBetween: { field: 'smtpMsa.port', value: 25,
			address: 'two@ocn.ne.jp', after: 2 } }));
	await withSim(['--seeds', file], async (own) => {
		const look = async (name) => (await own.list(await own.tokenFor(
			`${name}@example.com`))).json.sendAs[1];
		assert.strictEqual((await look('one')).treatAsAlias, true);
		assert.strictEqual((await look('one')).treatAsAlias, false);
		const ports = [];
		for (let i = 0; i < 3; i++)
			ports.push((await look('two')).smtpMsa.port);
		assert.deepStrictEqual(ports, [465, 465, 25]);
	});
});

/* --- faults ------------------------------------------------------------ */

test('error statuses come as often as asked for', async () => {
	const file = seedFile(box('busy', { faults: {
		listStatus: { code: 503, times: 2, retryAfter: 1 },
		patchStatus: { code: 403, reason: 'rateLimitExceeded', after: 1,
			times: 1 },
		tokenStatus: { code: 500, times: 1 },
	} }));
	await withSim(['--seeds', file], async (own) => {
		expect(await own.exchange('busy@example.com'), 500);
		const token = await own.tokenFor('busy@example.com');
		const first = await own.list(token);
		expect(first, 503, 'backendError');
		assert.strictEqual(first.headers['retry-after'], '1');
		expect(await own.list(token), 503);
		expect(await own.list(token), 200);
		const off = () => own.patch(token, 'busy@ocn.ne.jp',
			{ treatAsAlias: false });
		expect(await off(), 200);
		expect(await off(), 403, 'rateLimitExceeded');
		expect(await off(), 200);
	});
});

test('bad bodies of every kind', async () => {
	const bodies = ['html', 'garbage', 'huge', 'truncated', 'torn', 'empty',
		'{"sendAs":[]}', { base64: Buffer.from('raw').toString('base64') },
		{ body: 'html', times: 1 }];
	const file = seedFile(...bodies.map((listBody, index) =>
		box(`bad${index}`, { faults: { listBody } })),
	box('token', { faults: { tokenBody: 'html' } }));
	await withSim(['--seeds', file], async (own) => {
		const look = async (index) => own.list(
			await own.tokenFor(`bad${index}@example.com`));
		const html = await look(0);
		expect(html, 200, '<html>');
		assert.match(html.headers['content-type'], /^text\/html/);
		assert.strictEqual((await look(1)).json, null);
		const huge = await look(2);
		assert.ok(huge.bytes.length > 9 * 1024 * 1024 && huge.json);
		const cut = await look(3);
		assert.ok(cut.json === null && cut.text.startsWith('{'));
		await assert.rejects(look(4));
		assert.strictEqual((await look(5)).text, '');
		assert.deepStrictEqual((await look(6)).json, { sendAs: [] });
		assert.strictEqual((await look(7)).text, 'raw');
		expect(await look(8), 200, '<html>');
		assert.ok((await look(8)).json);
		expect(await own.exchange('token@example.com'), 200, '<html>');
	});
});

test('a torn answer is torn over HTTP/1.1 too', async () => {
	const file = seedFile(box('torn', { faults: { listBody: 'torn' } }));
	await withSim(['--seeds', file], async (own) => {
		const token = await own.tokenFor('torn@example.com');
		await assert.rejects(own.request1({
			path: SEND_AS + '?fields=sendAs',
			headers: { authorization: `Bearer ${token}` } }));
	});
});

test('false can be left out', async () => {
	await withSim(['--demo', '--omit-false'], async (own) => {
		const list = await own.list(await own.tokenFor('hanako@example.com'));
		expect(list, 200);
		assert.doesNotMatch(list.text, /false/);
		assert.ok(!('treatAsAlias' in list.json.sendAs[1]));
	});
});

/* --- seeded mailboxes -------------------------------------------------- */

test('seeded mailboxes are what seeds.js prints, and end with the count',
	async () => {
		const printed = execFileSync(process.execPath,
			[path.join(__dirname, 'seeds.js'), '--count', '50', '--seed',
				'7'], { encoding: 'utf8' }).trimEnd().split('\n');
		assert.strictEqual(printed.length, 50);
		assert.doesNotMatch(printed.join(''), /password|username/);
		for (const line of printed) {
			const { mailbox, sendAs } = JSON.parse(line);
			const list = await sim.list(await sim.tokenFor(mailbox));
			assert.deepStrictEqual(list.json, { sendAs });
		}
		expect(await sim.exchange('user00051@example.com'), 400);
		expect(await sim.exchange('user00000@example.com'), 400);
		expect(await sim.exchange('user000001@example.com'), 400);
	});

test('a seed says all: the same again, another differs', () => {
	const some = (seed) => JSON.stringify([1, 2, 3, 100000].map((index) =>
		seeds.seededMailbox(seed, index)));
	assert.strictEqual(some('7'), some('7'));
	assert.notStrictEqual(some('7'), some('8'));
	const relays = new Set();
	for (let index = 1; index < 2000; index++)
		for (const { smtpMsa } of seeds.seededMailbox('1', index).sendAs)
			relays.add(smtpMsa ? `${smtpMsa.host} ${smtpMsa.port}` : '');
	assert.ok(relays.size > 12);
});

test('a changed seeded mailbox stays changed', async () => {
	let index = 1;
	while (!seeds.seededMailbox('7', index).sendAs[1])
		index++;
	const name = seeds.seededName(index);
	const address = seeds.seededMailbox('7', index).sendAs[1].sendAsEmail;
	const token = await sim.tokenFor(name);
	expect(await sim.patch(token, address, { displayName: 'changed' }), 200);
	assert.strictEqual((await sim.list(token)).json.sendAs[1].displayName,
		'changed');
});

/* --- the log and the test's own way in --------------------------------- */

test('the log tells who asked for what, and no token', async () => {
	await withSim(['--demo'], async (own) => {
		const token = await own.tokenFor(JIRO);
		await own.patch(token, JIRO_OCN, { treatAsAlias: false });
		await own.list(token, '&access_token=' + token);
		await own.patch(token, JIRO_OCN, '{"password": "broken');
		const [asked, patched, listed, broken] = own.requests();
		assert.strictEqual(asked.call, 'token');
		assert.strictEqual(asked.subject, JIRO);
		assert.deepStrictEqual(asked.scopes, [BASIC]);
		assert.deepStrictEqual(patched.body, { treatAsAlias: false });
		assert.strictEqual(patched.subject, JIRO);
		assert.strictEqual(patched.status, 200);
		assert.strictEqual(patched.path, SEND_AS + '/jiro%40ocn.ne.jp');
		assert.strictEqual(listed.query, 'fields=sendAs&access_token=***');
		assert.strictEqual(broken.body, null);
		const log = fs.readFileSync(own.ready.requests, 'utf8');
		assert.ok(!log.includes(token) && !log.includes('eyJ'));
	});
});

test('two requests for one mailbox at once are seen, others are not',
	async () => {
		await withSim(['--demo', '--delay', '50'], async (own) => {
			const [jiro, taro] = await Promise.all([own.tokenFor(JIRO),
				own.tokenFor('taro@example.com')]);
			await Promise.all([own.list(jiro), own.list(taro)]);
			await own.list(jiro);
			assert.ok(own.requests().every((line) => !line.overlap));
			await Promise.all([own.list(jiro), own.list(jiro)]);
			const seen = own.requests().filter((line) => line.overlap);
			assert.strictEqual(seen.length, 2);
			const sums = (await own.control('/_requests')).json;
			assert.strictEqual(sums.overlaps, 2);
			assert.strictEqual(sums.total, 7);
			assert.strictEqual(sums.byCall.list, 5);
		});
	});

test('a client that goes away harms nothing', async () => {
	await withSim(['--demo', '--delay', '100'], async (own) => {
		const token = await own.tokenFor(JIRO);
		const session = await own.connect();
		const stream = session.request({
			':path': SEND_AS + '?fields=sendAs',
			authorization: `Bearer ${token}` });
		stream.on('error', () => {});
		stream.end();
		await sleep(30);
		stream.close(http2.constants.NGHTTP2_CANCEL);
		await sleep(30);
		session.destroy();
		expect(await own.list(token), 200);
	});
});

test('the control paths want the secret and hide passwords', async () => {
	expect(await sim.request({ path: '/_state?mailbox=' + JIRO }), 403);
	expect(await sim.request({ path: '/_requests',
		headers: { 'x-sim-control': 'guess' } }), 403);
	expect(await sim.control('/_state?mailbox=none'), 404);
	expect(await sim.control('/_nothing'), 404);
	const state = await sim.control('/_state?mailbox=' + JIRO);
	assert.doesNotMatch(state.text, /invented-password/);
	assert.ok(sim.requests().every((line) => !line.path.startsWith('/_')));
});

test('a person\'s repair by hand can be played', async () => {
	await withSim(['--demo'], async (own) => {
		const repaired = box('jiro');
		repaired.sendAs[1].treatAsAlias = false;
		expect(await own.control('/_state', { method: 'POST',
			body: JSON.stringify(repaired) }), 200);
		expect(await own.control('/_state', { method: 'POST',
			body: '{"mailbox": 1}' }), 400);
		const list = await own.list(await own.tokenFor(JIRO));
		assert.strictEqual(list.json.sendAs[1].treatAsAlias, false);
	});
});

require('./selftest-people');
require('./selftest-signin');
require('./selftest-faults');
require('./selftest-proxy');

test('ends when all is done', async () => {
	assert.strictEqual(await sim.stop(), 0);
});

runTests().then(() => process.exit());
