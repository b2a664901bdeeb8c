/*
 * The test's own way in, on the same server: GET /_state?mailbox=X shows what
 * is stored, POST /_state replaces a mailbox as a person would in Gmail's own
 * pages, GET /_requests counts what was asked for, GET /_signins counts the
 * refresh tokens that are good, and POST /_forget?mailbox=X takes back what a
 * person granted, as the account's own pages do.
 * Only with the secret of ready.json, so that sendas itself cannot use it.
 * A stored password is never shown, only whether there is one.
 */
'use strict';

const errors = require('./errors');
const { isPerson } = require('./people');
const { checkSeeds } = require('./seeds');

const ROUTES = {
	'GET /_state': state,
	'POST /_state': replace,
	'GET /_requests': requests,
	'GET /_signins': signIns,
	'POST /_forget': forget,
};

function handle(world, request) {
	if (request.headers['x-sim-control'] !== world.secret)
		return errors.jsonAnswer(403, { error: 'X-Sim-Control is wrong' });
	const name = `${request.method} ${request.path}`;
	if (!Object.hasOwn(ROUTES, name))
		return errors.jsonAnswer(404, { error: `no ${name}` });
	return ROUTES[name](world, request);
}

/* The mailbox that the query names, handed to `run`. */
function withMailbox(world, request, run) {
	const name = new URLSearchParams(request.query || '').get('mailbox') || '';
	const mailbox = world.mailboxes.find(name);
	if (!mailbox)
		return errors.jsonAnswer(404, { error: `no mailbox ${name}` });
	return run(mailbox);
}

function state(world, request) {
	return withMailbox(world, request, shown);
}

function shown(mailbox) {
	return errors.jsonAnswer(200, {
		...mailbox,
		sendAs: mailbox.sendAs.map(withoutPassword),
	});
}

function withoutPassword(entry) {
	if (!entry.smtpMsa)
		return entry;
	const { password, ...relay } = entry.smtpMsa;
	return { ...entry, smtpMsa: { ...relay, hasPassword: Boolean(password) } };
}

function replace(world, request) {
	try {
		const mailbox = JSON.parse(request.body.toString());
		checkSeeds({ mailboxes: [mailbox] }, 'POST /_state');
		world.mailboxes.replace(mailbox);
		return errors.jsonAnswer(200, { replaced: mailbox.mailbox });
	} catch (problem) {
		return errors.jsonAnswer(400, { error: problem.message });
	}
}

function requests(world) {
	return errors.jsonAnswer(200, world.log.summary);
}

function signIns(world) {
	const people = world.mailboxes.all().filter(isPerson);
	return errors.jsonAnswer(200, Object.fromEntries(people.map(
		({ mailbox }) => [mailbox, world.people.count(mailbox)])));
}

function forget(world, request) {
	return withMailbox(world, request, ({ mailbox }) => {
		world.people.revoke(mailbox);
		return errors.jsonAnswer(200, { forgotten: mailbox });
	});
}

module.exports = { handle };
