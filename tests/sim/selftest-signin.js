/*
 * Tests of the double: people who sign in with a browser, and what becomes of
 * what they granted. They run as part of selftest.js, or alone.
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

const { work, box, seedFile, expect, withSim } = require('./selftest-kit');
const { BASIC, MAIN, test, runTests } = require('./testkit');

const ANNA = 'anna@example.com';
const BEN = 'ben@example.com';
const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';
const BOTH = `${BASIC} ${READONLY}`;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const CONSENT = '/signin/oauth/consent';

/* A double with these people; the second argument is more options. */
function withPeople(boxes, options, run) {
	return withSim(['--seeds', seedFile(...boxes), ...options], run);
}

const person = (name, more = {}) => box(name, { person: true, ...more });
const annaAndBen = () => [person('anna'), person('ben', { kind: 'personal' }),
	box('no-person')];

/* The refresh grant with any refresh token. */
function refresh(own, refreshToken, more = {}) {
	const { client_id, client_secret } = own.client;
	return own.postToken(new URLSearchParams({ grant_type: 'refresh_token',
		client_id, ...client_secret === undefined ? {} : { client_secret },
		refresh_token: refreshToken, ...more }));
}

async function goodRefreshTokens(own, mailbox) {
	return (await own.control('/_signins')).json[mailbox];
}

function expectRevoked(answer) {
	expect(answer, 400, 'Token has been expired or revoked.');
	assert.strictEqual(answer.json.error, 'invalid_grant');
}

/* --- the client -------------------------------------------------------- */

test('the client stands in a file as the console gives it', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		assert.strictEqual(path.basename(own.ready.client),
			'client_secret.json');
		assert.strictEqual(fs.statSync(own.ready.client).mode & 0o777,
			0o600);
		const file = JSON.parse(fs.readFileSync(own.ready.client));
		assert.deepStrictEqual(Object.keys(file), ['installed']);
		const { client_id, client_secret, ...rest } = file.installed;
		assert.match(client_id, /\.apps\.googleusercontent\.com$/);
		assert.match(client_secret, /^GOCSPX-/);
		assert.deepStrictEqual(rest, {
			project_id: own.account.project_id,
			auth_uri: 'https://accounts.google.com/o/oauth2/auth',
			token_uri: 'https://oauth2.googleapis.com/token',
			auth_provider_x509_cert_url:
				'https://www.googleapis.com/oauth2/v1/certs',
			redirect_uris: ['http://localhost'],
		});
		const root = `https://127.0.0.1:${own.ready.port}`;
		assert.strictEqual(own.ready.authorize,
			`${root}/o/oauth2/v2/auth`);
		assert.strictEqual(own.ready.revoke, `${root}/revoke`);
	});
});

test('a public client has no secret, and may not send one', async () => {
	await withPeople(annaAndBen(), ['--public-client'], async (own) => {
		assert.ok(!Object.hasOwn(own.client, 'client_secret'));
		assert.ok(!Object.hasOwn(own.signIn(ANNA), 'client_secret'));
		const secret = { client_secret: 'x' };
		expect(await own.exchangeCode(await own.allow(ANNA), secret), 400,
			'Unknown parameter: client_secret');
		const tokens = await own.signInAs(ANNA);
		expect(await refresh(own, tokens.refresh_token, secret), 400,
			'Unknown parameter: client_secret');
		expect(await refresh(own, tokens.refresh_token), 200);
		expect(await own.refresh(ANNA), 200);
	});
});

/* --- the program's request --------------------------------------------- */

/* What is wrong with it, the status, and what the page says. */
const WRONG_REQUESTS = [
	[{ client_id: undefined }, 400, 'invalid_request'],
	[{ client_id: 'x' }, 401, 'invalid_client'],
	...['http://localhost:4711', 'http://127.0.0.1', 'http://127.0.0.1:0',
		'http://127.0.0.1:65536', 'http://127.0.0.1:04711',
		'http://127.0.0.1:4711/back', 'http://127.0.0.1:4711?x',
		'https://127.0.0.1:4711', 'http://127.0.0.1:4711.example.com',
		'http://127.0.0.1:80@example.com', 'http://127.0.0.2:4711',
		'http://[::2]:4711', 'http://::1:4711', 'HTTP://127.0.0.1:4711',
		'http://127.0.0.1:4711\n', 'urn:ietf:wg:oauth:2.0:oob']
		.map((uri) => [{ redirect_uri: uri }, 400,
			'redirect_uri_mismatch']),
	[{ redirect_uri: undefined }, 400, 'invalid_request'],
	[{ response_type: 'token' }, 400, 'unsupported_response_type'],
	[{ response_type: undefined }, 400, 'invalid_request'],
	...['gmail.readonly', `${BASIC}  ${READONLY}`, `${BASIC},x y`,
		` ${BASIC}`, `${BASIC} `, `${BASIC} ${BASIC}`, 'http://x/y',
		`${BASIC}\n${READONLY}`]
		.map((scope) => [{ scope }, 400, 'invalid_scope']),
	[{ scope: undefined }, 400, 'invalid_request'],
	[{ scope: '' }, 400, 'invalid_request'],
	[{ state: undefined }, 400, 'invalid_request'],
	[{ state: 'x'.repeat(21) }, 400, 'The test double demands this'],
	[{ code_challenge: undefined }, 400, 'invalid_request'],
	[{ code_challenge: 'x'.repeat(42) }, 400, 'invalid_request'],
	[{ code_challenge: 'x'.repeat(44) }, 400, 'invalid_request'],
	[{ code_challenge: 'x'.repeat(42) + '=' }, 400, 'invalid_request'],
	[{ code_challenge_method: undefined }, 400, 'invalid_request'],
	[{ code_challenge_method: 'plain' }, 400, 'test double demands this'],
	[{ access_type: undefined }, 400, 'invalid_request'],
	[{ access_type: 'online' }, 400, 'The test double demands this'],
	[{ prompt: undefined }, 400, 'invalid_request'],
	[{ prompt: 'select_account' }, 400, 'The test double demands this'],
	[{ login_hint: '' }, 400, 'invalid_request'],
	[{ include_granted_scopes: 'true' }, 400, 'invalid_request'],
	[{ client_secret: 'x' }, 400, 'invalid_request'],
];

test('a wrong request gets a page, and never a redirect', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		for (const [more, status, text] of WRONG_REQUESTS) {
			const { parameters } = own.signInRequest(more);
			const page = await own.authorize(parameters);
			assert.strictEqual(page.status, status,
				JSON.stringify(more));
			expect(page, status, `Error ${status}: `);
			expect(page, status, text);
			assert.match(page.headers['content-type'], /^text\/html/);
			assert.strictEqual(page.headers.location, undefined);
		}
		const lines = own.requests();
		assert.strictEqual(lines.length, WRONG_REQUESTS.length);
		assert.ok(lines.every(({ call, error }) =>
			call === 'authorize' && error));
	});
});

test('a request is read strictly', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const { pathname } = new URL(own.ready.authorize);
		const { parameters } = own.signInRequest();
		const query = String(new URLSearchParams(parameters));
		const wrong = [`${query}&prompt=consent`, `${query}&scope=x`,
			`${query}&`, query.replace('%3A', ':'),
			`${query}&a=%ff`, ''];
		const get = (one) =>
			own.request({ path: `${pathname}?${one}` });
		for (const one of wrong)
			expect(await get(one), 400, 'Error 400: invalid_request');
		expect(await own.request({ path: pathname }), 400);
		expect(await get(query), 200);
		expect(await own.request({ path: pathname, method: 'POST',
			body: query, headers: FORM }), 405);
		expect(await own.request({ path: CONSENT }), 405);
	});
});

test('every port of this machine may be returned to', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		for (const uri of ['http://127.0.0.1:1', 'http://127.0.0.1:65535/',
			'http://[::1]:4711', 'http://[::1]:4711/']) {
			const { parameters } = own.signInRequest(
				{ redirect_uri: uri, login_hint: ANNA });
			const back = await own.press(
				await own.authorize(parameters), 'allow');
			expect(back, 302);
			const { location } = back.headers;
			assert.ok(location.startsWith(`${uri}?state=`), location);
		}
	});
});

/* --- the pages --------------------------------------------------------- */

test('all people can be chosen, and nobody else', async () => {
	const people = [...annaAndBen(), person('o\'hara&co')];
	await withPeople(people, [], async (own) => {
		const { parameters } = own.signInRequest();
		const chooser = await own.authorize(parameters);
		expect(chooser, 200, 'Choose an account');
		assert.match(chooser.headers['content-type'], /charset=UTF-8/i);
		assert.match(chooser.headers['cache-control'], /no-store/);
		assert.match(chooser.text, /<title>[^<]*test double of Google</);
		assert.doesNotMatch(chooser.text, /<script|src=|https?:/);
		assert.match(chooser.text, new RegExp('id="account-1"[^>]*' +
			`data-mailbox="${ANNA}">${ANNA}</button>`));
		assert.match(chooser.text,
			new RegExp(`id="account-2"[^>]*data-mailbox="${BEN}"`));
		assert.ok(!chooser.text.includes('no-person'));
		assert.ok(!chooser.text.includes(parameters.state));
		expect(await own.press(chooser, 'account-3'), 200,
			'<p id="who">o&#39;hara&amp;co@example.com</p>');
	});
});

test('a hint goes straight to the consent, if it is a person', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const pageFor = (hint) => own.authorize(own.signInRequest(
			{ login_hint: hint, scope: BOTH }).parameters);
		const page = await pageFor('Anna@Example.com');
		expect(page, 200, `<p id="who">${ANNA}</p>`);
		[BASIC, READONLY].forEach((scope, index) =>
			expect(page, 200, '<input type="checkbox" ' +
				`name="scope" id="scope-${index + 1}" ` +
				`value="${scope}" checked>`));
		for (const id of ['allow', 'deny', 'other'])
			assert.ok(page.text.includes(`<button id="${id}"`));
		assert.doesNotMatch(page.text, /<script|src=/);
		for (const hint of ['no-person@example.com', 'x@example.net'])
			expect(await pageFor(hint), 200, 'Choose an account');
		assert.deepStrictEqual(own.requests().map(({ subject }) => subject),
			[ANNA, null, null]);
		assert.deepStrictEqual(own.requests()[0].scopes, BOTH.split(' '));
	});
});

test('another account can be chosen on the way', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const { parameters } = own.signInRequest({ login_hint: ANNA });
		const chooser = await own.press(
			await own.authorize(parameters), 'other');
		const page = await own.press(chooser, 'account-2');
		expect(page, 200, `<p id="who">${BEN}</p>`);
		expect(await own.press(page, 'allow'), 302);
		assert.deepStrictEqual(
			own.requests().map((line) => [line.call, line.consent]),
			[['authorize', undefined], ['consent', 'other'],
				['consent', 'choose'], ['consent', 'allow']]);
		assert.strictEqual(own.requests()[3].subject, BEN);
	});
});

test('a page can be answered once', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const used = 'used already';
		const { parameters } = own.signInRequest();
		const chooser = await own.authorize(parameters);
		const page = await own.press(chooser, 'account-1');
		expect(await own.press(chooser, 'account-2'), 400, used);
		expect(await own.press(page, 'deny'), 302);
		for (const id of ['allow', 'deny', 'other'])
			expect(await own.press(page, id), 400, used);
	});
});

test('the forms are read strictly', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const open = async (more) => {
			const page = await own.authorize(
				own.signInRequest(more).parameters);
			return /name="ticket" value="([^"]+)"/.exec(page.text)[1];
		};
		const post = (fields, headers = FORM, path = CONSENT) =>
			own.request({ method: 'POST', path, headers,
				body: String(new URLSearchParams(fields)) });
		const chosen = { account: ANNA };
		const allowed = { answer: 'allow', scope: BASIC };
		const hint = { login_hint: ANNA };
		const wrong = [
			[{}, { account: 'no-person@example.com' },
				'no such account'],
			[{}, { account: 'x@example.net' }, 'no such account'],
			[{}, {}, 'missing: account'],
			[{}, { ...chosen, answer: 'allow' }, 'Unknown parameter'],
			[{}, allowed, 'Unknown parameter'],
			[hint, { ...allowed, answer: 'yes' }, 'no such answer'],
			[hint, { scope: BASIC }, 'missing: answer'],
			[hint, { ...allowed, scope: READONLY }, 'not asked for'],
			[hint, { ...allowed, account: BEN }, 'Unknown parameter'],
			[hint, { ...allowed, redirect_uri: 'http://127.0.0.1:1' },
				'Unknown parameter'],
			[hint, { ...allowed, ticket: 'x' }, 'not known'],
		];
		for (const [more, fields, text] of wrong) {
			const ticket = await open(more);
			expect(await post({ ticket, ...fields }), 400, text);
		}
		expect(await post(allowed), 400, 'not known');
		expect(await post({ ticket: await open(hint), ...allowed },
			{ 'content-type': 'text/plain' }), 400, 'Content-Type');
		expect(await post({ ticket: await open(hint), ...allowed }, FORM,
			`${CONSENT}?x=y`), 400, 'in the body');
		expect(await post({ ticket: await open(hint), ...allowed }), 302);
	});
});

/* --- back to the program ----------------------------------------------- */

test('who allows it comes back with a code', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const { parameters } = own.signInRequest({ scope: BOTH,
			login_hint: ANNA, state: 'a state/with & all of it' });
		const back = await own.press(
			await own.authorize(parameters), 'allow');
		expect(back, 302);
		const { location } = back.headers;
		assert.match(location, new RegExp('^http://127\\.0\\.0\\.1:4711\\?' +
			'state=a%20state%2Fwith%20%26%20all%20of%20it&' +
			'iss=https%3A%2F%2Faccounts\\.google\\.com&' +
			'code=4%2F0A[A-Za-z0-9_-]+&scope=https%3A%2F%2F[^&]+&' +
			'authuser=0&prompt=consent$'));
		const given = new URL(location).searchParams;
		assert.strictEqual(given.get('scope'), BOTH);
		const other = await own.allow(ANNA);
		assert.notStrictEqual(other.code, given.get('code'));
	});
});

test('who does not comes back without one', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const { parameters } = own.signInRequest({ login_hint: ANNA });
		const back = await own.press(
			await own.authorize(parameters), 'deny');
		expect(back, 302);
		assert.strictEqual(back.headers.location, 'http://127.0.0.1:4711?' +
			`error=access_denied&state=${parameters.state}`);
		assert.strictEqual(own.requests()[1].consent, 'deny');
		assert.strictEqual(await goodRefreshTokens(own, ANNA), 1);
	});
});

test('some people cannot allow it', async () => {
	const people = [person('policy', { consent: 'deny-policy' }),
		person('stranger', { consent: 'not-tester' })];
	await withPeople(people, [], async (own) => {
		const cases = [
			[1, 'policy', 400, 'Error 400: admin_policy_enforced'],
			[2, 'stranger', 403, 'Error 403: access_denied'],
		];
		for (const [number, name, status, text] of cases) {
			const { parameters } = own.signInRequest();
			const chooser = await own.authorize(parameters);
			const hinted = { ...parameters,
				login_hint: `${name}@example.com` };
			for (const page of [await own.authorize(hinted),
				await own.press(chooser, `account-${number}`)]) {
				expect(page, status, text);
				assert.ok(!page.headers.location);
				assert.ok(!page.text.includes('<form'));
			}
		}
	});
});

/* --- the code ---------------------------------------------------------- */

test('a code gets tokens for what was granted', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const answer = await own.exchangeCode(await own.allow(ANNA));
		expect(answer, 200);
		assert.deepStrictEqual(Object.keys(answer.json), ['access_token',
			'expires_in', 'refresh_token', 'scope', 'token_type']);
		assert.match(answer.json.refresh_token, /^1\/\/0/);
		assert.strictEqual(answer.json.scope, BASIC);
		assert.strictEqual(answer.json.token_type, 'Bearer');
		const token = answer.json.access_token;
		expect(await own.list(token), 200, 'anna@ocn.ne.jp');
		expect(await own.patch(token, 'anna@ocn.ne.jp',
			{ treatAsAlias: false }), 403, 'service accounts');
		const line = own.requests().find(({ call }) => call === 'token');
		assert.strictEqual(line.grant, 'authorization_code');
		assert.strictEqual(line.subject, ANNA);
		assert.strictEqual(line.mailbox, ANNA);
		expect(await refresh(own, answer.json.refresh_token), 200);
		expect(await own.exchange(ANNA), 200);
		assert.deepStrictEqual(own.requests().filter(({ call }) =>
			call === 'token').map(({ grant }) => grant),
		['authorization_code', 'refresh_token', 'jwt-bearer']);
	});
});

test('a scope without its tick is not granted', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const part = await own.signInAs(ANNA, { scope: BOTH }, ['scope-1']);
		assert.strictEqual(part.scope, READONLY);
		expect(await own.list(part.access_token), 200);
		const again = await refresh(own, part.refresh_token);
		assert.strictEqual(again.json.scope, READONLY);
		const none = await own.signInAs(ANNA, {}, ['scope-1']);
		assert.strictEqual(none.scope, '');
		expect(await own.list(none.access_token), 403,
			'insufficientPermissions');
		assert.deepStrictEqual(own.requests().filter(({ consent }) =>
			consent).map(({ scopes }) => scopes), [[READONLY], []]);
	});
});

test('a code is good for whoever asked for it', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const bad = [
			[{ code_verifier: 'x'.repeat(43) }, 400,
				'Invalid code verifier.'],
			[{ code_verifier: 'x'.repeat(42) }, 400,
				'Invalid code verifier.'],
			[{ redirect_uri: 'http://127.0.0.1:4711/' }, 400,
				'redirect_uri_mismatch'],
			[{ redirect_uri: 'http://127.0.0.1:4712' }, 400,
				'redirect_uri_mismatch'],
		];
		for (const [more, status, text] of bad) {
			const given = await own.allow(ANNA);
			expect(await own.exchangeCode(given, more), status, text);
			/* One try is all there is. */
			expect(await own.exchangeCode(given), 400, 'invalid_grant');
		}
		/* None of these has looked at the code. */
		const given = await own.allow(ANNA);
		const strict = [
			[{ client_id: 'x' }, 401, 'invalid_client'],
			[{ client_secret: 'x' }, 401, 'invalid_client'],
			[{ client_secret: '' }, 400, 'missing: client_secret'],
			[{ code_verifier: '' }, 400, 'missing: code_verifier'],
			[{ redirect_uri: '' }, 400, 'missing: redirect_uri'],
			[{ code: '' }, 400, 'missing: code'],
			[{ code: 'x' }, 400, 'invalid_grant'],
			[{ code: encodeURIComponent(given.code) }, 400,
				'Malformed auth code.'],
			[{ scope: BASIC }, 400, 'Unknown parameter: scope'],
			[{ state: 'x' }, 400, 'Unknown parameter: state'],
		];
		for (const [more, status, text] of strict)
			expect(await own.exchangeCode(given, more), status, text);
		expect(await own.exchangeCode(given), 200);
	});
});

/* Its hash is right in each case, so that only its form can be wrong. */
test('a code verifier has the form of RFC 7636', async () => {
	const { createHash } = require('crypto');
	const cases = [['x'.repeat(42), 400], ['x'.repeat(43), 200],
		['-._~'.repeat(32), 200], ['x'.repeat(129), 400],
		['x'.repeat(43) + '+', 400], ['x'.repeat(43) + '\n', 400]];
	await withPeople(annaAndBen(), [], async (own) => {
		for (const [verifier, status] of cases) {
			const given = await own.allow(ANNA, { code_challenge:
				createHash('sha256').update(verifier)
					.digest('base64url') });
			expect(await own.exchangeCode({ ...given, verifier }),
				status);
		}
	});
});

test('a code that is used again ends what it was exchanged for', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const other = await own.signInAs(ANNA);
		const given = await own.allow(ANNA);
		const { json } = await own.exchangeCode(given);
		expect(await own.list(json.access_token), 200);
		const again = await own.exchangeCode(given);
		expect(again, 400);
		assert.strictEqual(again.json.error, 'invalid_grant');
		expect(await own.list(json.access_token), 401, 'authError');
		expectRevoked(await refresh(own, json.refresh_token));
		/* Another sign-in of the same person has nothing to do with it. */
		expect(await own.list(other.access_token), 200);
		expect(await refresh(own, other.refresh_token), 200);
	});
});

test('a code is good for a while', async () => {
	await withPeople(annaAndBen(), ['--code-lifetime', '0'], async (own) => {
		expect(await own.exchangeCode(await own.allow(ANNA)), 400,
			'invalid_grant');
	});
});

test('the token answer can be without a refresh token, or tell its end',
	async () => {
		const people = [person('anna'),
			person('ben', { consent: 'no-refresh-token' })];
		await withPeople(people, ['--testing'], async (own) => {
			const anna = await own.signInAs(ANNA);
			assert.deepStrictEqual(Object.keys(anna), ['access_token',
				'expires_in', 'refresh_token',
				'refresh_token_expires_in', 'scope', 'token_type']);
			assert.strictEqual(anna.refresh_token_expires_in, 604799);
			const ben = await own.signInAs(BEN);
			assert.deepStrictEqual(Object.keys(ben), ['access_token',
				'expires_in', 'scope', 'token_type']);
			expect(await own.list(ben.access_token), 200);
		});
	});

test('faults of the token endpoint are those of the code grant, too',
	async () => {
		const people = [
			person('status', { faults: { tokenStatus:
				{ code: 503, error: 'try_later', times: 1 } } }),
			person('goaway', { faults: { tokenFault:
				{ kind: 'goaway', times: 1 } } }),
			person('reset', { faults: { tokenFault:
				{ kind: 'reset', times: 1 } } }),
			person('body', { faults: { tokenBody: 'html' } }),
		];
		await withPeople(people, [], async (own) => {
			const allow = (name) => own.allow(`${name}@example.com`);
			const status = await allow('status');
			expect(await own.exchangeCode(status), 503, 'try_later');
			expect(await own.exchangeCode(status), 200);
			/* Nothing was done, so the code is still good. */
			const goaway = await allow('goaway');
			await assert.rejects(own.exchangeCode(goaway));
			own.session.destroy();
			expect(await own.exchangeCode(goaway), 200);
			/* It was done, and its answer was lost. */
			const reset = await allow('reset');
			await assert.rejects(own.exchangeCode(reset));
			expect(await own.exchangeCode(reset), 400, 'invalid_grant');
			expect(await own.exchangeCode(await allow('body')), 200,
				'<html>');
		});
	});

/* --- refresh tokens ---------------------------------------------------- */

test('the seed decides what a new refresh token is good for', async () => {
	const people = [person('revoked', { refresh: 'revoked' }),
		person('rapt', { refresh: 'rapt' }),
		person('client', { refresh: 'client' }),
		person('narrow', { refresh: 'scopes:gmail.readonly' })];
	await withPeople(people, [], async (own) => {
		const again = async (name) => {
			const tokens = await own.signInAs(`${name}@example.com`);
			assert.strictEqual(tokens.scope, BASIC);
			return refresh(own, tokens.refresh_token);
		};
		expectRevoked(await again('revoked'));
		expect(await again('rapt'), 400, 'rapt_required');
		expect(await again('client'), 401, 'invalid_client');
		const narrow = await again('narrow');
		expect(narrow, 200);
		assert.strictEqual(narrow.json.scope, READONLY);
		assert.ok(!Object.hasOwn(narrow.json, 'refresh_token'));
	});
});

test('a refresh token can be good once', async () => {
	await withPeople(annaAndBen(), ['--rotate'], async (own) => {
		const first = await own.signInAs(ANNA);
		const second = (await refresh(own, first.refresh_token)).json;
		assert.deepStrictEqual(Object.keys(second), ['access_token',
			'expires_in', 'refresh_token', 'scope', 'token_type']);
		assert.notStrictEqual(second.refresh_token, first.refresh_token);
		const third = (await refresh(own, second.refresh_token)).json;
		expect(await own.list(first.access_token), 200);
		assert.strictEqual(await goodRefreshTokens(own, ANNA), 2);
		expect(await own.revoke(first.refresh_token), 400, 'invalid_token');
		/* Shown again: all that came of it is over. */
		expectRevoked(await refresh(own, first.refresh_token));
		expectRevoked(await refresh(own, third.refresh_token));
		for (const { access_token: token } of [first, second, third])
			expect(await own.list(token), 401);
		assert.strictEqual(await goodRefreshTokens(own, ANNA), 1);
		/* The stored sign-in is another family, and rotates too. */
		assert.ok((await own.refresh(ANNA)).json.refresh_token);
		expectRevoked(await own.refresh(ANNA));
	});
});

test('after GOAWAY the old refresh token is still good', async () => {
	const fault = { kind: 'goaway', after: 1, times: 1 };
	const people = [person('anna', { faults: { tokenFault: fault } })];
	await withPeople(people, ['--rotate'], async (own) => {
		const { refresh_token: token } = await own.signInAs(ANNA);
		await assert.rejects(refresh(own, token));
		own.session.destroy();
		expect(await refresh(own, token), 200);
	});
});

/* --- the end of a sign-in ---------------------------------------------- */

test('either token takes back all that a person granted', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const ben = await own.signInAs(BEN);
		for (const kind of ['refresh_token', 'access_token']) {
			const one = await own.signInAs(ANNA);
			const two = await own.signInAs(ANNA);
			const pending = await own.allow(ANNA);
			const answer = await own.revoke(one[kind]);
			expect(answer, 200);
			assert.deepStrictEqual(answer.json, {});
			for (const { access_token: token,
				refresh_token: longer } of [one, two]) {
				expect(await own.list(token), 401, 'authError');
				expectRevoked(await refresh(own, longer));
			}
			expectRevoked(await own.refresh(ANNA));
			expect(await own.exchangeCode(pending), 400,
				'invalid_grant');
			const again = await own.revoke(one[kind]);
			expect(again, 400);
			assert.deepStrictEqual(again.json, { error: 'invalid_token',
				error_description: 'Token expired or revoked' });
			const line = own.requests().find(({ call, status }) =>
				call === 'revoke' && status === 200);
			assert.strictEqual(line.subject, ANNA);
			assert.strictEqual(line.mailbox, ANNA);
			assert.strictEqual(await goodRefreshTokens(own, ANNA), 0);
		}
		expect(await own.list(ben.access_token), 200);
		expect(await refresh(own, ben.refresh_token), 200);
		/* A new sign-in is not affected by what was taken back. */
		const anew = await own.signInAs(ANNA);
		expect(await own.list(anew.access_token), 200);
	});
});

test('revoking is read strictly', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const { refresh_token: token } = await own.signInAs(ANNA);
		const body = String(new URLSearchParams({ token }));
		const post = (text, more = {}) => own.request({ method: 'POST',
			path: '/revoke', headers: FORM, body: text, ...more });
		const wrong = [
			[await post(''), 'not a form'],
			[await post('token='), 'missing: token'],
			[await post(`${body}&${body}`), 'single value'],
			[await post(`${body}&client_id=x`), 'Unknown parameter'],
			[await post(`token=${token}`), 'percent-encoded'],
			[await post(body, { headers: {} }), 'Content-Type'],
			[await post('', { path: `/revoke?${body}` }),
				'in the body'],
			[await own.revoke('x'), 'invalid_token'],
			[await own.revoke(await own.tokenFor(ANNA)),
				'invalid_token'],
			[await own.revoke(own.personalToken(BEN)), 'invalid_token'],
		];
		for (const [answer, text] of wrong)
			expect(answer, 400, text);
		expect(await own.request({ path: '/revoke' }), 405);
		expect(await refresh(own, token), 200);
		expect(await post(body), 200);
	});
});

test('revoking can fail', async () => {
	const faulty = (name, faults) => person(name, { faults });
	const people = [
		faulty('status', { revokeStatus: { code: 503, times: 1 } }),
		faulty('goaway', { revokeFault: { kind: 'goaway', times: 1 } }),
		faulty('reset', { revokeFault: { kind: 'reset', times: 1 } }),
	];
	await withPeople(people, [], async (own) => {
		const tokenOf = async (name) =>
			(await own.signInAs(`${name}@example.com`)).refresh_token;
		const status = await tokenOf('status');
		expect(await own.revoke(status), 503, 'internal_failure');
		expect(await refresh(own, status), 200);
		expect(await own.revoke(status), 200);
		const goaway = await tokenOf('goaway');
		await assert.rejects(own.revoke(goaway));
		own.session.destroy();
		expect(await refresh(own, goaway), 200);
		const reset = await tokenOf('reset');
		await assert.rejects(own.revoke(reset));
		expectRevoked(await refresh(own, reset));
		assert.deepStrictEqual(own.requests().filter(({ call, fault }) =>
			call === 'revoke' && fault).map(({ fault }) => fault),
		['revokeStatus:503', 'revokeFault:goaway', 'revokeFault:reset']);
	});
});

test('a test can count sign-ins, and take one back', async () => {
	await withPeople(annaAndBen(), [], async (own) => {
		const counts = async () => (await own.control('/_signins')).json;
		assert.deepStrictEqual(await counts(), { [ANNA]: 1, [BEN]: 1 });
		const { refresh_token: token } = await own.signInAs(ANNA);
		await own.allow(BEN);
		assert.deepStrictEqual(await counts(), { [ANNA]: 2, [BEN]: 1 });
		const forget = (name, more = {}) => own.request({ method: 'POST',
			path: `/_forget?mailbox=${encodeURIComponent(name)}`,
			headers: { 'x-sim-control': own.ready.control }, ...more });
		expect(await forget(ANNA, { headers: {} }), 403);
		expect(await forget('x@example.net'), 404);
		expect(await forget('ANNA@example.com'), 200);
		expect(await forget(ANNA, { method: 'GET' }), 404);
		assert.deepStrictEqual(await counts(), { [ANNA]: 0, [BEN]: 1 });
		expectRevoked(await refresh(own, token));
		expect(await own.request({ path: '/_signins' }), 403);
	});
});

/* --- secrets ----------------------------------------------------------- */

test('the log has nothing that is secret', async () => {
	await withPeople(annaAndBen(), ['--marked'], async (own) => {
		const { verifier, parameters } =
			own.signInRequest({ login_hint: ANNA });
		const page = await own.authorize(parameters);
		const back = await own.press(page, 'allow');
		const { searchParams } = new URL(back.headers.location);
		const code = searchParams.get('code');
		const tokens = (await own.exchangeCode({ code, verifier,
			redirectUri: parameters.redirect_uri })).json;
		await refresh(own, tokens.refresh_token);
		await own.revoke(tokens.access_token);
		/* What goes wrong is not told too exactly either. */
		const { client_secret: secret } = own.client;
		await own.request({ path: `/revoke?token=${tokens.refresh_token}`,
			method: 'POST' });
		await own.request({ path: `/?c%6fde=${code}&token=${secret}` });
		await own.authorize({ ...parameters, code, client_secret: secret,
			code_verifier: verifier, scope: '' });
		await own.exchangeCode({ code, verifier, redirectUri: 'x' });
		const log = fs.readFileSync(own.ready.requests, 'utf8');
		const ticket = /name="ticket" value="([^"]+)"/.exec(page.text)[1];
		for (const one of [code, encodeURIComponent(code), verifier, secret,
			parameters.state, parameters.code_challenge, ticket,
			tokens.refresh_token, tokens.access_token, 'MARKEDSECRET'])
			assert.ok(!log.includes(one), one);
		assert.match(log, /[?&"]state=\*\*\*&/);
		assert.match(log, /&code_challenge=\*\*\*&/);
	});
});

test('secrets bear a mark when that is wanted', async () => {
	for (const options of [['--marked'], []])
		await withPeople(annaAndBen(), options, async (own) => {
			const given = await own.allow(ANNA);
			const tokens = (await own.exchangeCode(given)).json;
			const { json: again } =
				await refresh(own, tokens.refresh_token);
			for (const secret of [given.code, tokens.access_token,
				tokens.refresh_token, again.access_token,
				own.client.client_secret, own.personalToken(BEN),
				own.signIn(ANNA).refresh_token])
				assert.strictEqual(secret.includes('MARKEDSECRET'),
					options.length > 0, secret);
			assert.match(tokens.access_token, /^[A-Za-z0-9\-._~+/]+$/);
		});
});

/* --- what is given to the double --------------------------------------- */

test('seeds and options of sign-ins are checked', () => {
	const { checkSeeds } = require('./seeds');
	const check = (more) => checkSeeds({ mailboxes: [box('a', more)] }, work);
	for (const more of [{ consent: 'deny' }, { consent: true },
		{ faults: { revokeBody: 'html' } },
		{ faults: { revokeStatus: { code: 200 } } },
		{ faults: { revokeFault: 'late' } }])
		assert.throws(() => check(more), undefined, JSON.stringify(more));
	check({ consent: 'not-tester', faults: { revokeFault: 'stall' } });
	for (const options of [['--code-lifetime', 'x'], ['--rotated']])
		assert.strictEqual(spawnSync(process.execPath,
			[MAIN, '--state', path.join(work, 'never'), ...options],
			{ stdio: 'ignore', timeout: 10000 }).status, 1);
});

if (require.main === module)
	runTests().then(() => process.exit());
