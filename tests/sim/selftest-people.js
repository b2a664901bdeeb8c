/*
 * Tests of the double: people's own sign-ins, kinds of mailbox, and the
 * positions that can be taken on PATCH. They run as part of selftest.js.
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');

const { RESTRICTED, work, box, seedFile, expect, withSim } =
	require('./selftest-kit');
const { BASIC, test, sleep } = require('./testkit');

const PERSON = 'person@example.com';
const PERSON_OCN = 'person@ocn.ne.jp';
const OFF = { treatAsAlias: false };

/* --- a person's sign-in ------------------------------------------------ */

test('people have a sign-in as other programs store it', async () => {
	const file = seedFile(box('person', { person: true }), box('other'),
		box('own', { kind: 'personal' }));
	await withSim(['--seeds', file], async (own) => {
		assert.deepStrictEqual(Object.keys(own.ready.authorized),
			[PERSON, 'own@example.com']);
		const name = own.ready.authorized[PERSON];
		assert.strictEqual(path.basename(name), 'person%40example.com');
		assert.strictEqual(fs.statSync(name).mode & 0o777, 0o600);
		const stored = own.signIn(PERSON);
		assert.deepStrictEqual(Object.keys(stored), ['type', 'client_id',
			'client_secret', 'refresh_token']);
		assert.strictEqual(stored.type, 'authorized_user');
		assert.match(stored.client_id, /\.apps\.googleusercontent\.com$/);
		assert.match(stored.refresh_token, /^1\/\/0/);
		assert.notStrictEqual(stored.refresh_token,
			own.signIn('own@example.com').refresh_token);
		/* Whoever is a person may still be reached by delegation. */
		expect(await own.exchange(PERSON), 200);
		expect(await own.exchange('own@example.com'), 400);
	});
});

test('a refresh token gets an access token that is not delegated',
	async () => {
		const file = seedFile(box('person', { person: true }));
		await withSim(['--seeds', file], async (own) => {
			const answer = await own.refresh(PERSON);
			expect(answer, 200);
			assert.deepStrictEqual(Object.keys(answer.json),
				['access_token', 'expires_in', 'scope', 'token_type']);
			assert.strictEqual(answer.json.scope, BASIC);
			const token = answer.json.access_token;
			expect(await own.list(token), 200, PERSON_OCN);
			expect(await own.patch(token, PERSON_OCN, OFF), 403,
				RESTRICTED);
			const [line] = own.requests();
			assert.strictEqual(line.grant, 'refresh_token');
			assert.strictEqual(line.subject, PERSON);
			assert.strictEqual(line.mailbox, PERSON);
			const { refresh_token: secret } = own.signIn(PERSON);
			assert.ok(!fs.readFileSync(own.ready.requests, 'utf8')
				.includes(secret));
		});
	});

test('the refresh grant is read strictly', async () => {
	const file = seedFile(box('person', { person: true }));
	await withSim(['--seeds', file], async (own) => {
		const cases = [
			[{ scope: BASIC }, 400, 'Unknown parameter: scope'],
			[{ client_secret: '' }, 400, 'missing: client_secret'],
			[{ client_id: 'x' }, 401, 'The OAuth client was not found.'],
			[{ client_secret: 'x' }, 401, 'invalid_client'],
			[{ refresh_token: '1//0x' }, 400, 'invalid_grant'],
		];
		for (const [more, status, text] of cases)
			expect(await own.refresh(PERSON, more), status, text);
	});
});

test('a refresh token can be refused, or good for other scopes', async () => {
	const person = (name, refresh, more = {}) =>
		box(name, { person: true, refresh, ...more });
	const file = seedFile(person('revoked', 'revoked'),
		person('rapt', 'rapt'), person('client', 'client'),
		person('narrow', 'scopes:userinfo.email'),
		person('reader', 'scopes:gmail.readonly,userinfo.email'),
		box('gone', { person: true, kind: 'deleted' }));
	await withSim(['--seeds', file], async (own) => {
		const ask = (name) => own.refresh(`${name}@example.com`);
		const revoked = await ask('revoked');
		expect(revoked, 400, 'Token has been expired or revoked.');
		assert.strictEqual(revoked.json.error, 'invalid_grant');
		const rapt = await ask('rapt');
		expect(rapt, 400);
		assert.deepStrictEqual(rapt.json, { error: 'invalid_grant',
			error_description: 'reauth related error (rapt_required)',
			error_subtype: 'rapt_required' });
		const client = await ask('client');
		expect(client, 401, 'The OAuth client was not found.');
		assert.strictEqual(client.json.error, 'invalid_client');
		const narrow = await ask('narrow');
		expect(narrow, 200);
		expect(await own.list(narrow.json.access_token), 403,
			'insufficientPermissions');
		const reader = await ask('reader');
		assert.strictEqual(reader.json.scope.split(' ').length, 2);
		expect(await own.list(reader.json.access_token), 200);
		expect(await ask('gone'), 400, 'The account has been deleted');
		/* Revoked in the middle of a test. */
		expect(await own.control('/_state', { method: 'POST',
			body: JSON.stringify(person('reader', 'revoked')) }), 200);
		expect(await ask('reader'), 400, 'revoked');
	});
});

test('suspended users answer in both ways that are seen', async () => {
	const file = seedFile(box('late', { kind: 'suspended' }),
		box('early', { kind: 'suspended-no-token' }));
	await withSim(['--seeds', file], async (own) => {
		expect(await own.list(await own.tokenFor('late@example.com')), 400,
			'Mail service not enabled');
		expect(await own.exchange('early@example.com'), 400,
			'Invalid email or User ID');
	});
});

test('an access token can be good for some requests only', async () => {
	await withSim(['--demo', '--expire-tokens-after', '2'], async (own) => {
		for (let i = 0; i < 2; i++) {
			const token = await own.tokenFor('jiro@example.com');
			expect(await own.list(token), 200);
			expect(await own.list(token), 200);
			expect(await own.list(token), 401, 'authError');
			expect(await own.list(token), 401, 'authError');
		}
	});
});

/* --- positions on PATCH ------------------------------------------------ */

/* One mailbox a position; `run` is handed a token for each. */
async function withPositions(positions, run) {
	const file = seedFile(...Object.entries(positions).map(
		([name, patch]) => box(name, { patch })));
	await withSim(['--seeds', file], async (own) => {
		const change = async (name, body) => own.patch(
			await own.tokenFor(`${name}@example.com`),
			`${name}@ocn.ne.jp`, body);
		const stored = async (name) =>
			(await own.state(`${name}@example.com`)).sendAs[1];
		await run({ own, change, stored });
	});
}

test('a partial relay is merged, replaces, or is refused', async () => {
	const positions = { strict: 'apply', merge: 'merge', replace: 'replace',
		refuse: 'refuse-partial',
		both: { '*': { kind: 'pending', partial: 'merge' } } };
	const part = { smtpMsa: { port: 587, securityMode: 'starttls' } };
	await withPositions(positions, async ({ change, stored }) => {
		expect(await change('strict', part), 400, 'test double demands');
		expect(await change('refuse', part), 400, 'host is missing');
		for (const name of ['strict', 'refuse'])
			assert.strictEqual((await stored(name)).smtpMsa.port, 465);
		for (const name of ['merge', 'both']) {
			expect(await change(name, part), 200, 'smtp.ocn.ne.jp');
			assert.deepStrictEqual((await stored(name)).smtpMsa, {
				host: 'smtp.ocn.ne.jp', port: 587,
				username: `${name}@ocn.ne.jp`,
				securityMode: 'starttls', hasPassword: true });
		}
		assert.strictEqual((await stored('both')).verificationStatus,
			'pending');
		expect(await change('replace', part), 200);
		assert.deepStrictEqual((await stored('replace')).smtpMsa, {
			port: 587, securityMode: 'starttls', hasPassword: false });
		for (const name of ['merge', 'replace'])
			expect(await change(name,
				{ smtpMsa: { securityMode: 'none' } }), 400, 'port 25');
	});
});

test('an address that is pending may hold its alias box', async () => {
	const relay = { host: 'smtp.ocn.ne.jp', port: 465, username: 'u',
		password: 'p', securityMode: 'ssl' };
	const positions = { held: 'pending-blocks' };
	await withPositions(positions, async ({ change, stored }) => {
		expect(await change('held', OFF), 200);
		expect(await change('held', { treatAsAlias: true }), 200);
		expect(await change('held', { smtpMsa: relay }), 200, 'pending');
		expect(await change('held', { treatAsAlias: true }), 200);
		expect(await change('held', OFF), 400, 'failedPrecondition');
		expect(await change('held', { displayName: 'x' }), 200);
		assert.strictEqual((await stored('held')).treatAsAlias, true);
	});
});

test('Gmail may fail to reach the SMTP server', async () => {
	const relay = { host: 'smtp.ocn.ne.jp', port: 587, username: 'u',
		password: 'p', securityMode: 'starttls' };
	await withPositions({ far: 'connect-fails' },
		async ({ change, stored }) => {
			expect(await change('far', { smtpMsa: relay }), 400,
				'Could not reach the SMTP server');
			assert.strictEqual((await stored('far')).smtpMsa.port, 465);
			expect(await change('far', OFF), 200);
			assert.strictEqual((await stored('far')).treatAsAlias, false);
		});
});

test('a change may show later only', async () => {
	const positions = { slow: { kind: 'slow-apply', ms: 600 } };
	await withPositions(positions, async ({ own, change }) => {
		const token = await own.tokenFor('slow@example.com');
		const look = async () => (await own.list(token)).json.sendAs[1];
		const began = Date.now();
		expect(await change('slow', OFF), 200, '"treatAsAlias": false');
		expect(await change('slow', { displayName: 'new' }), 200);
		const early = await look();
		assert.ok(early.treatAsAlias || Date.now() - began > 600);
		await sleep(900);
		const late = await look();
		assert.strictEqual(late.treatAsAlias, false);
		assert.strictEqual(late.displayName, 'new');
	});
});

test('seeds of people, positions and faults are checked', async () => {
	const wrong = [
		{ refresh: 'revokd' }, { refresh: 'scopes:' }, { person: 'yes' },
		{ patch: 'slow-apply' }, { patch: { kind: 'slow-apply' } },
		{ patch: { kind: 'apply', ms: 1 } }, { patch: { merge: 'apply' } },
		{ patch: { '*': { kind: 'aply' } } },
		{ patch: { kind: 'apply', partial: 'refuse' } },
		{ faults: { listFault: 'late' } },
		{ faults: { listFault: { kind: 'late' } } },
		{ faults: { listFault: { kind: 'reset', ms: 1 } } },
		{ faults: { listFault: 'refused' } },
		{ faults: { getFault: 'reset' } },
	];
	const { checkSeeds } = require('./seeds');
	for (const more of wrong)
		assert.throws(() => checkSeeds({ mailboxes: [box('a', more)] },
			work), undefined, JSON.stringify(more));
});
