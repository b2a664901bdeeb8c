/*
 * The token endpoint: POST /token. It verifies a service account's assertion
 * for real (RS256, with jose), or looks up the code of a person's sign-in or
 * its refresh token, and hands out an access token for the mailbox that this
 * is about.
 * Each grant type is one function in GRANTS. It may not log an assertion, a
 * code, nor a refresh token.
 */
'use strict';

const crypto = require('crypto');
const jose = require('jose');

const errors = require('./errors');
const faults = require('./faults');
const form = require('./form');
const { fullScope } = require('./tokens');

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LONGEST_SECONDS = 3600;
const SKEW_SECONDS = 300;

/* With the names they bear in the log. */
const GRANTS = {
	[JWT_BEARER]: { name: 'jwt-bearer', run: jwtBearer },
	authorization_code: { name: 'authorization_code', run: exchange },
	refresh_token: { name: 'refresh_token', run: refresh },
};

const invalidRequest = (description) =>
	errors.tokenError(400, 'invalid_request', description);

async function handle(world, request, record) {
	record.call = 'token';
	if (request.method !== 'POST')
		throw errors.noSuchPage(405);
	if (request.query !== null)
		throw invalidRequest('Parameters must be passed in the body');
	const asked = form.readForm(request, invalidRequest);
	const type = asked.get('grant_type');
	if (type === undefined)
		throw invalidRequest(
			'Required parameter is missing: grant_type');
	if (!Object.hasOwn(GRANTS, type))
		throw errors.tokenError(400, 'unsupported_grant_type',
			`Invalid grant_type: ${type}`);
	record.grant = GRANTS[type].name;
	return GRANTS[type].run(world, asked, record);
}

function onlyParameters(asked, names) {
	form.onlyParameters(asked, ['grant_type', ...names], invalidRequest);
}

/* --- a service account's assertion ------------------------------------- */

async function jwtBearer(world, asked, record) {
	onlyParameters(asked, ['assertion']);
	const assertion = asked.get('assertion');
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
		const given = manner && !manner.applied ?
			errors.jsonAnswer(200, {}) : give();
		return faults.bend(manner,
			faults.spoil(record, mailbox, given));
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

/* --- the client of people's sign-ins ------------------------------------ */

function clientParameters({ people }) {
	return people.isPublic ? ['client_id'] : ['client_id', 'client_secret'];
}

function checkClient({ people }, asked) {
	if (asked.get('client_id') !== people.clientId)
		throw errors.invalidClient('The OAuth client was not found.');
	if (!people.isPublic &&
	    asked.get('client_secret') !== people.clientSecret)
		throw errors.invalidClient('The provided client secret is invalid.');
}

/* Never delegated: what the person may do, and no more. */
function personsAnswer(world, signIn, scopes, more = {}) {
	return answer(world,
		{ subject: signIn.mailbox, scopes, delegated: false, signIn },
		{ ...more, scope: scopes.join(' ') });
}

/* --- the code of a sign-in in a browser -------------------------------- */

const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;
const TESTING_SECONDS = 604799;

function exchange(world, asked, record) {
	onlyParameters(asked, ['code', ...clientParameters(world),
		'redirect_uri', 'code_verifier']);
	checkClient(world, asked);
	const code = world.people.findCode(asked.get('code'));
	if (!code)
		throw errors.invalidGrant('Malformed auth code.');
	const mailbox = world.mailboxes.find(code.signIn.mailbox);
	record.subject = mailbox.mailbox;
	return forMailbox(world, record, mailbox, () =>
		exchanged(world, asked, code, mailbox));
}

/* One try: a code that was shown with anything wrong is used up as well. */
function exchanged(world, asked, code, { consent }) {
	const { people } = world;
	if (!people.useUp(code))
		throw errors.invalidGrant('Bad Request');
	if (asked.get('redirect_uri') !== code.redirectUri)
		throw errors.tokenError(400, 'redirect_uri_mismatch',
			'Bad Request');
	if (!isVerified(asked.get('code_verifier'), code.challenge))
		throw errors.invalidGrant('Invalid code verifier.');
	const { signIn } = code;
	const more = consent === 'no-refresh-token' ? {} :
		{ refresh_token: people.giveRefreshToken(signIn) };
	if (more.refresh_token && world.isTesting)
		more.refresh_token_expires_in = TESTING_SECONDS;
	return personsAnswer(world, signIn, signIn.scopes, more);
}

function isVerified(verifier, challenge) {
	const hash = crypto.createHash('sha256').update(verifier);
	return VERIFIER.test(verifier) &&
		hash.digest('base64url') === challenge;
}

/* --- a person's refresh token ------------------------------------------ */

const expiredOrRevoked = () =>
	errors.invalidGrant('Token has been expired or revoked.');
const REFUSED_REFRESH = {
	revoked: expiredOrRevoked,
	rapt: errors.signInAgain,
	client: () => errors.invalidClient('The OAuth client was not found.'),
};

function refresh(world, asked, record) {
	onlyParameters(asked, [...clientParameters(world), 'refresh_token']);
	checkClient(world, asked);
	const token = asked.get('refresh_token');
	const signIn = world.people.whose(token);
	const mailbox = signIn && world.mailboxes.find(signIn.mailbox);
	if (!mailbox)
		throw errors.invalidGrant('Bad Request');
	record.subject = mailbox.mailbox;
	return forMailbox(world, record, mailbox, () =>
		refreshed(world, signIn, token, mailbox));
}

function refreshed(world, signIn, token, { refresh: how = '' }) {
	const { people } = world;
	if (!people.isGood(token))
		throw expiredOrRevoked();
	if (Object.hasOwn(REFUSED_REFRESH, how))
		throw REFUSED_REFRESH[how]();
	const scopes = how.startsWith('scopes:') ?
		how.slice('scopes:'.length).split(',').map(fullScope) :
		signIn.scopes;
	return personsAnswer(world, signIn, scopes, people.rotates ?
		{ refresh_token: people.giveRefreshToken(signIn) } : {});
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
