/*
 * The token endpoint: POST /token. It verifies a service account's assertion
 * for real (RS256, with jose), or looks up a person's refresh token, and hands
 * out an access token for the mailbox that this is about.
 * Each grant type is one function in GRANTS. It may not log an assertion, nor
 * a refresh token.
 */
'use strict';

const crypto = require('crypto');
const jose = require('jose');

const errors = require('./errors');
const faults = require('./faults');
const { fullScope } = require('./tokens');

const FORM = 'application/x-www-form-urlencoded';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LONGEST_SECONDS = 3600;
const SKEW_SECONDS = 300;

const GRANTS = {
	[JWT_BEARER]: jwtBearer,
	refresh_token: refresh,
};

async function handle(world, request, record) {
	record.call = 'token';
	if (request.method !== 'POST')
		throw errors.noSuchPage(405);
	if (request.query !== null)
		throw errors.tokenError(400, 'invalid_request',
			'Parameters must be passed in the body');
	const form = readForm(request);
	const type = form.get('grant_type');
	if (type === undefined)
		throw errors.tokenError(400, 'invalid_request',
			'Required parameter is missing: grant_type');
	record.grant = type;
	if (!Object.hasOwn(GRANTS, type))
		throw errors.tokenError(400, 'unsupported_grant_type',
			`Invalid grant_type: ${type}`);
	return GRANTS[type](world, form, record);
}

/* --- the form ---------------------------------------------------------- */

function readForm(request) {
	const type = (request.headers['content-type'] || '')
		.split(';')[0].trim().toLowerCase();
	if (type !== FORM)
		throw errors.tokenError(400, 'invalid_request',
			`Content-Type must be ${FORM}`);
	const form = new Map();
	for (const pair of request.body.toString('latin1').split('&')) {
		const at = pair.indexOf('=');
		if (at < 1)
			throw errors.tokenError(400, 'invalid_request',
				'The body is not a form');
		const name = decode(pair.slice(0, at));
		if (form.has(name))
			throw errors.tokenError(400, 'invalid_request',
				'OAuth 2 parameters can only have a ' +
				`single value: ${name}`);
		form.set(name, decode(pair.slice(at + 1)));
	}
	return form;
}

/* Strict: what a form encoder would have had to escape is refused. */
function decode(text) {
	if (!/^(?:[A-Za-z0-9*\-._~+]|%[0-9A-Fa-f]{2})*$/.test(text))
		throw errors.tokenError(400, 'invalid_request',
			'The body is not percent-encoded');
	try {
		return decodeURIComponent(text.replace(/\+/g, ' '));
	} catch {
		throw errors.tokenError(400, 'invalid_request',
			'The body is not UTF-8');
	}
}

function onlyParameters(form, names) {
	for (const name of form.keys())
		if (!names.includes(name))
			throw errors.tokenError(400, 'invalid_request',
				`Unknown parameter: ${name}`);
	for (const name of names)
		if (!form.get(name))
			throw errors.tokenError(400, 'invalid_request',
				`Required parameter is missing: ${name}`);
}

/* --- a service account's assertion ------------------------------------- */

async function jwtBearer(world, form, record) {
	onlyParameters(form, ['grant_type', 'assertion']);
	const assertion = form.get('assertion');
	noteClaims(assertion, record);
	const claims = await verify(world, assertion);
	checkTimes(world, claims);
	const scopes = readScopes(claims);
	if (claims.sub === undefined)
		return answer(world, { subject: null, scopes, delegated: false });
	return forSubject(world, claims.sub, scopes, record);
}

/* For the log alone: what was asked for, before it is believed. */
function noteClaims(assertion, record) {
	try {
		const claims = jose.decodeJwt(assertion);
		record.subject = claims.sub === undefined ? null : claims.sub;
		record.scopes = String(claims.scope || '').split(' ');
	} catch {
		record.unreadable = true;
	}
}

async function verify(world, assertion) {
	const { account, publicKey } = world;
	const header = readHeader(assertion);
	if (header.alg !== 'RS256')
		throw errors.invalidGrant('Invalid JWT: Only RS256 is supported.');
	if (header.typ !== undefined && header.typ !== 'JWT')
		throw errors.invalidGrant('Invalid JWT: typ must be JWT.');
	if (header.kid !== account.private_key_id)
		throw errors.invalidGrant('Invalid JWT Signature: unknown kid.');
	const claims = await verifySignature(assertion, publicKey);
	if (claims.iss !== account.client_email)
		throw errors.invalidGrant('Invalid grant: account not found');
	if (claims.aud !== world.audience)
		throw errors.invalidGrant('Invalid JWT: Failed audience check. ' +
			`The right audience is ${world.audience}`);
	return claims;
}

function readHeader(assertion) {
	try {
		return jose.decodeProtectedHeader(assertion);
	} catch {
		throw errors.invalidGrant('Bad Request: the assertion is no JWT.');
	}
}

async function verifySignature(assertion, publicKey) {
	try {
		const verified = await jose.compactVerify(assertion, publicKey,
			{ algorithms: ['RS256'] });
		const claims = JSON.parse(new TextDecoder('utf-8', { fatal: true })
			.decode(verified.payload));
		if (!claims || typeof claims !== 'object' || Array.isArray(claims))
			throw new Error('not an object');
		return claims;
	} catch {
		throw errors.invalidGrant('Invalid JWT Signature.');
	}
}

function checkTimes(world, { iat, exp }) {
	const now = world.clock.seconds();
	const sane = Number.isInteger(iat) && Number.isInteger(exp) &&
		iat <= now + SKEW_SECONDS && iat < exp &&
		exp <= iat + LONGEST_SECONDS && exp > now;
	if (!sane)
		throw errors.invalidGrant('Invalid JWT: Token must be a ' +
			'short-lived token (60 minutes) and in a reasonable ' +
			'timeframe. Check your iat and exp values in the JWT claim.');
}

/* One space between scopes, none twice. */
function readScopes(claims) {
	const scopes = typeof claims.scope === 'string' ?
		claims.scope.split(' ') : [''];
	const wrong = scopes.some((scope) => !/^https:\/\/\S+$/.test(scope)) ||
		new Set(scopes).size !== scopes.length;
	if (wrong)
		throw errors.tokenError(400, 'invalid_scope',
			'Invalid OAuth scope or ID token audience provided.');
	return scopes;
}

/* --- whose mailbox ----------------------------------------------------- */

function forSubject(world, subject, scopes, record) {
	/* One scope that the admin did not grant refuses the whole request. */
	if (!scopes.every((scope) => world.delegatedScopes.includes(scope)))
		throw errors.unauthorizedClient();
	const mailbox = typeof subject === 'string' ?
		world.mailboxes.find(subject) : null;
	/* A consumer's account belongs to no domain that could delegate it. */
	if (!mailbox || mailbox.kind === 'personal')
		throw errors.invalidGrant('Invalid email or User ID');
	return forMailbox(world, record, mailbox, () => answer(world,
		{ subject: mailbox.mailbox, scopes, delegated: true }));
}

/* Who asks is known, and may: it is up to the mailbox now. */
function forMailbox(world, record, mailbox, give) {
	world.log.enter(record, mailbox.mailbox);
	return faults.byChance(world, record, mailbox.mailbox, () => {
		refuseKind(mailbox);
		faults.throwStatus(world, record, mailbox);
		const manner = faults.takeManner(record, mailbox);
		return faults.bend(manner, faults.spoil(record, mailbox, give()));
	});
}

function refuseKind({ kind }) {
	if (kind === 'deleted')
		throw errors.invalidGrant('The account has been deleted');
	if (kind === 'restricted')
		throw errors.tokenError(400, 'access_denied', 'Account restricted');
	/* Of suspended users it is one of the two answers seen; see gmail.js. */
	if (kind === 'suspended-no-token')
		throw errors.invalidGrant('Invalid email or User ID');
}

/* --- a person's refresh token ------------------------------------------ */

const BASIC = [fullScope('gmail.settings.basic')];
const REFUSED_REFRESH = {
	revoked: () => errors.invalidGrant('Token has been expired or revoked.'),
	rapt: errors.signInAgain,
	client: () => errors.invalidClient('The OAuth client was not found.'),
};

function refresh(world, form, record) {
	onlyParameters(form, ['grant_type', 'client_id', 'client_secret',
		'refresh_token']);
	const { people } = world;
	if (form.get('client_id') !== people.clientId)
		throw errors.invalidClient('The OAuth client was not found.');
	if (form.get('client_secret') !== people.clientSecret)
		throw errors.invalidClient('The provided client secret is invalid.');
	const name = people.whose(form.get('refresh_token'));
	const mailbox = name && world.mailboxes.find(name);
	if (!mailbox)
		throw errors.invalidGrant('Bad Request');
	record.subject = mailbox.mailbox;
	return forMailbox(world, record, mailbox, () =>
		refreshed(world, mailbox));
}

/* Never delegated: what the person may do, and no more. */
function refreshed(world, { mailbox, refresh: how = '' }) {
	if (Object.hasOwn(REFUSED_REFRESH, how))
		throw REFUSED_REFRESH[how]();
	const scopes = how.startsWith('scopes:') ?
		how.slice('scopes:'.length).split(',').map(fullScope) : BASIC;
	return answer(world, { subject: mailbox, scopes, delegated: false },
		{ scope: scopes.join(' ') });
}

/* --- what is given ----------------------------------------------------- */

function answer(world, grant, more = {}) {
	return errors.jsonAnswer(200, {
		access_token: world.tokens.issue(grant),
		expires_in: world.tokens.lifetimeSeconds,
		...more,
		token_type: 'Bearer',
	}, errors.NO_STORE);
}

/* The key that assertions are verified with. */
function publicKeyOf(account) {
	return crypto.createPublicKey(account.private_key);
}

module.exports = { handle, publicKeyOf, JWT_BEARER };
