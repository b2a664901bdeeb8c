/*
 * POST /revoke: a person's grant to the client ends, whichever token of it is
 * shown, as when the person takes it back in the account's own pages.
 * Tokens that do not come from a person's sign-in are not known here.
 */
'use strict';

const errors = require('./errors');
const faults = require('./faults');
const { onlyParameters, readForm } = require('./form');

const invalidRequest = (description) =>
	errors.tokenError(400, 'invalid_request', description);

function handle(world, request, record) {
	record.call = 'revoke';
	if (request.method !== 'POST')
		throw errors.noSuchPage(405);
	if (request.query !== null)
		throw invalidRequest('Parameters must be passed in the body');
	const form = readForm(request, invalidRequest);
	onlyParameters(form, ['token'], invalidRequest);
	const signIn = signInOf(world, form.get('token'));
	if (!signIn)
		throw errors.tokenError(400, 'invalid_token',
			'Token expired or revoked');
	record.subject = signIn.mailbox;
	return revoke(world, record, world.mailboxes.find(signIn.mailbox));
}

/* Of a token that is still good; else null. */
function signInOf({ people, tokens }, token) {
	const signIn = people.whose(token);
	if (signIn) {
		const isGood = signIn.refreshToken === token && !signIn.ended;
		return isGood ? signIn : null;
	}
	const grant = tokens.find(token);
	return grant && grant.signIn ? grant.signIn : null;
}

function revoke(world, record, mailbox) {
	world.log.enter(record, mailbox.mailbox);
	faults.throwStatus(world, record, mailbox);
	const manner = faults.takeManner(record, mailbox);
	if (!manner || manner.applied)
		world.people.revoke(mailbox.mailbox);
	return faults.bend(manner, errors.jsonAnswer(200, {}, errors.NO_STORE));
}

module.exports = { handle };
