/*
 * The browser's part of a sign-in: GET of the authorization page, the account
 * chooser, the consent, and the redirect to the program with a code.
 * What stands between two pages is kept here, under a ticket that is good
 * once; the forms carry nothing else of the request. It may not log a code,
 * nor what the program keeps to itself (state, challenge).
 */
'use strict';

const crypto = require('crypto');

const errors = require('./errors');
const pages = require('./pages');
const { onlyParameters, readForm, readPairs } = require('./form');
const { isPerson } = require('./people');

const ISSUER = 'https://accounts.google.com';
const SHORTEST_STATE = 22;
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):([1-9]\d{0,4})\/?$/;

/* --- the program's request --------------------------------------------- */

const invalidRequest = (description) =>
	pages.refusal(400, 'invalid_request', description);
const demand = (description) => invalidRequest(
	`The test double demands this, Google does not: ${description}`);

/* In the order in which they are looked at. Each makes an error, or null. */
const CHECKS = {
	client_id: (value, world) => value === world.people.clientId ? null :
		pages.refusal(401, 'invalid_client',
			'The OAuth client was not found.'),
	redirect_uri: (value) => isLoopback(value) ? null :
		pages.refusal(400, 'redirect_uri_mismatch',
			`The redirect URI in the request, ${value}, does not ` +
			'match the ones authorized for the OAuth client.'),
	response_type: (value) => value === 'code' ? null :
		pages.refusal(400, 'unsupported_response_type',
			`Invalid response_type: ${value}`),
	scope: (value) => areScopes(value.split(' ')) ? null :
		pages.refusal(400, 'invalid_scope',
			'Some requested scopes cannot be shown'),
	state: (value) => value.length >= SHORTEST_STATE ? null :
		demand(`state has ${SHORTEST_STATE} characters or more`),
	code_challenge_method: (value) => value === 'S256' ? null :
		demand('code_challenge_method is S256'),
	code_challenge: (value) => /^[A-Za-z0-9_-]{43}$/.test(value) ? null :
		invalidRequest('code_challenge is not that of a SHA-256'),
	access_type: (value) => value === 'offline' ? null :
		demand('access_type is offline'),
	prompt: (value) => value === 'consent' ? null :
		demand('prompt is consent'),
};

/* Any port of this machine, by its address: a name may be resolved. */
function isLoopback(uri) {
	const found = LOOPBACK.exec(uri);
	return found !== null && Number(found[1]) <= 65535;
}

/* One space between scopes, none twice. */
function areScopes(scopes) {
	return scopes.every((scope) => /^https:\/\/\S+$/.test(scope)) &&
		new Set(scopes).size === scopes.length;
}

function readRequest(world, request, record) {
	const form = readPairs(request.query || '', invalidRequest);
	record.scopes = (form.get('scope') || '').split(' ');
	onlyParameters(form, Object.keys(CHECKS), invalidRequest,
		['login_hint']);
	for (const [name, check] of Object.entries(CHECKS)) {
		const problem = check(form.get(name), world);
		if (problem)
			throw problem;
	}
	return {
		redirectUri: form.get('redirect_uri'),
		challenge: form.get('code_challenge'),
		state: form.get('state'),
		scopes: record.scopes,
		hint: form.get('login_hint') || '',
	};
}

function handle(world, request, record) {
	record.call = 'authorize';
	if (request.method !== 'GET')
		throw errors.noSuchPage(405);
	const wanted = readRequest(world, request, record);
	const mailbox = findPerson(world, wanted.hint);
	if (!mailbox)
		return chooser(world, wanted);
	record.subject = mailbox.mailbox;
	return askConsent(world, wanted, mailbox);
}

function findPerson(world, name) {
	const mailbox = world.mailboxes.find(name);
	return mailbox && isPerson(mailbox) ? mailbox : null;
}

/* --- the pages --------------------------------------------------------- */

/* `name` is null as long as nobody has been chosen. */
function newTicket(world, wanted, name) {
	const ticket = crypto.randomBytes(24).toString('base64url');
	world.tickets.set(ticket, { wanted, name });
	return ticket;
}

function takeTicket(world, ticket) {
	const found = world.tickets.get(ticket);
	world.tickets.delete(ticket);
	if (!found)
		throw invalidRequest(
			'The page was used already, or is not known');
	return found;
}

function chooser(world, wanted) {
	const people = world.mailboxes.all().filter(isPerson);
	return pages.accountChooser(newTicket(world, wanted, null),
		people.map(({ mailbox }) => mailbox));
}

const REFUSED_CONSENT = {
	'deny-policy': () => pages.refusal(400, 'admin_policy_enforced',
		'Access to your account data is restricted by policies ' +
		'within your organization. Please contact the administrator ' +
		'of your organization for more information.'),
	'not-tester': () => pages.refusal(403, 'access_denied',
		'The program has not completed the Google verification ' +
		'process. The app is currently being tested, and can only ' +
		'be accessed by developer-approved testers.'),
};

function askConsent(world, wanted, { mailbox, consent }) {
	if (Object.hasOwn(REFUSED_CONSENT, consent || ''))
		throw REFUSED_CONSENT[consent]();
	return pages.consent(newTicket(world, wanted, mailbox), mailbox,
		wanted.scopes);
}

/* --- the person's answers ---------------------------------------------- */

function answer(world, request, record) {
	record.call = 'consent';
	if (request.method !== 'POST')
		throw errors.noSuchPage(405);
	if (request.query !== null)
		throw invalidRequest('Parameters must be passed in the body');
	const form = readForm(request, invalidRequest, 'scope');
	const { wanted, name } = takeTicket(world, form.get('ticket'));
	if (name === null)
		return choose(world, form, wanted, record);
	record.subject = name;
	return decide(world, form, wanted, name, record);
}

function choose(world, form, wanted, record) {
	onlyParameters(form, ['ticket', 'account'], invalidRequest);
	record.consent = 'choose';
	const mailbox = findPerson(world, form.get('account'));
	if (!mailbox)
		throw invalidRequest('There is no such account');
	record.subject = mailbox.mailbox;
	return askConsent(world, wanted, mailbox);
}

const DECISIONS = {
	allow,
	deny: (world, wanted) => redirect(wanted,
		[['error', 'access_denied'], ['state', wanted.state]]),
	other: chooser,
};

function decide(world, form, wanted, name, record) {
	onlyParameters(form, ['ticket', 'answer'], invalidRequest, ['scope']);
	const decision = form.get('answer');
	const ticked = form.get('scope') || [];
	if (!Object.hasOwn(DECISIONS, decision))
		throw invalidRequest('There is no such answer');
	if (!ticked.every((scope) => wanted.scopes.includes(scope)))
		throw invalidRequest('A scope that was not asked for');
	record.consent = decision;
	record.scopes = wanted.scopes.filter((scope) => ticked.includes(scope));
	return DECISIONS[decision](world, wanted, name, record.scopes);
}

function allow(world, wanted, name, scopes) {
	const { redirectUri, challenge } = wanted;
	const code = world.people.giveCode(world.people.begin(name, scopes),
		{ redirectUri, challenge });
	return redirect(wanted, [['state', wanted.state], ['iss', ISSUER],
		['code', code], ['scope', scopes.join(' ')], ['authuser', '0'],
		['prompt', 'consent']]);
}

/* Back to the program, by way of the browser. */
function redirect({ redirectUri }, pairs) {
	const query = pairs.map(([name, value]) =>
		`${name}=${encodeURIComponent(value)}`).join('&');
	return {
		status: 302,
		headers: { ...errors.NO_STORE,
			location: `${redirectUri}?${query}` },
		body: '',
	};
}

module.exports = { handle, answer };
