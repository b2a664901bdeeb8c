/*
 * The error answers of Google's token endpoint and of the Gmail API: status,
 * headers and body, as a class that any handler may throw.
 * Shapes only: when an error is due is decided elsewhere, and nothing here
 * may look at a request or at a mailbox.
 */
'use strict';

/* Thrown by handlers; server.js turns it into the answer it carries. */
class AnswerError extends Error {
	constructor(answer, message) {
		super(message);
		this.answer = answer;
	}
}

const JSON_TYPE = 'application/json; charset=UTF-8';

function jsonAnswer(status, value, headers = {}) {
	return {
		status,
		headers: { 'content-type': JSON_TYPE, ...headers },
		body: JSON.stringify(value, null, 2) + '\n',
	};
}

/* A body of the API's own form. `extra` is status, details or both. */
function apiError(code, reason, message, extra = {}, headers = {}) {
	const entry = { message, domain: 'global', reason };
	const { location, locationType, ...rest } = extra;
	if (location)
		Object.assign(entry, { location, locationType });
	const error = { code, message, errors: [entry], ...rest };
	return new AnswerError(jsonAnswer(code, { error }, headers), message);
}

/* --- who is asking ----------------------------------------------------- */

const HOW_TO_SIGN_IN = 'Expected OAuth 2 access token, login cookie or ' +
	'other valid authentication credential. See https://developers.' +
	'google.com/identity/sign-in/web/devconsole-project.';

function unauthenticated(missing) {
	const message = (missing ?
		'Request is missing required authentication credential. ' :
		'Request had invalid authentication credentials. ') +
		HOW_TO_SIGN_IN;
	const challenge = 'Bearer realm="https://accounts.google.com/"' +
		(missing ? '' : ', error="invalid_token"');
	return apiError(401, missing ? 'required' : 'authError', message, {
		status: 'UNAUTHENTICATED',
		location: 'Authorization',
		locationType: 'header',
	}, { 'www-authenticate': challenge });
}

function insufficientScope(method) {
	return apiError(403, 'insufficientPermissions',
		'Request had insufficient authentication scopes.', {
			status: 'PERMISSION_DENIED',
			details: [{
				'@type': 'type.googleapis.com/google.rpc.ErrorInfo',
				reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
				domain: 'googleapis.com',
				metadata: {
					service: 'gmail.googleapis.com',
					method: 'caribou.api.proto.MailboxService.' +
						method,
				},
			}],
		}, {
			'www-authenticate': 'Bearer realm="https://accounts.google.' +
				'com/", error="insufficient_scope"',
		});
}

function delegationDenied(subject) {
	return apiError(403, 'forbidden', `Delegation denied for ${subject}`,
		{ status: 'PERMISSION_DENIED' });
}

/*
 * Neither `status` nor `details`: that is how this one was seen, and so the
 * program must know it by its message and code alone.
 */
function onlyForServiceAccounts() {
	return apiError(403, 'forbidden', 'Access restricted to service accounts ' +
		'that have been delegated domain-wide authority');
}

/* --- what is asked ----------------------------------------------------- */

function failedPrecondition(message) {
	return apiError(400, 'failedPrecondition', message,
		{ status: 'FAILED_PRECONDITION' });
}

function domainPolicy() {
	return apiError(403, 'domainPolicy',
		'The domain administrators have disabled Gmail apps.',
		{ status: 'PERMISSION_DENIED' });
}

function notFound() {
	return apiError(404, 'notFound', 'Requested entity was not found.',
		{ status: 'NOT_FOUND' });
}

function invalidArgument(message) {
	return apiError(400, 'invalidArgument', message,
		{ status: 'INVALID_ARGUMENT' });
}

function invalidFields(field) {
	return apiError(400, 'invalidParameter', `Invalid field selection ${field}`, {
		status: 'INVALID_ARGUMENT',
		location: 'fields',
		locationType: 'parameter',
	});
}

/* The API's complaint about a JSON body or a query that it cannot bind. */
function badPayload(field, description) {
	return apiError(400, 'badRequest', description, {
		status: 'INVALID_ARGUMENT',
		details: [{
			'@type': 'type.googleapis.com/google.rpc.BadRequest',
			fieldViolations: [{ field, description }],
		}],
	});
}

function unknownParameter(name) {
	return badPayload('', 'Invalid JSON payload received. Unknown name ' +
		`"${name}": Cannot bind query parameter. Field '${name}' could ` +
		'not be found in request message.');
}

/*
 * Where the double is stricter than Google on purpose. The message says so,
 * or a programmer would look for the rule in Google's pages in vain.
 */
function onlyTheDouble(message) {
	return invalidArgument(
		`The test double demands this, Google does not: ${message}`);
}

/* --- when something is broken ------------------------------------------ */

const BY_STATUS = {
	400: ['invalidArgument', 'Invalid request', 'INVALID_ARGUMENT'],
	401: ['authError', 'Invalid Credentials', 'UNAUTHENTICATED'],
	403: ['forbidden', 'Forbidden', 'PERMISSION_DENIED'],
	404: ['notFound', 'Requested entity was not found.', 'NOT_FOUND'],
	429: ['rateLimitExceeded', 'Too many concurrent requests for user',
		'RESOURCE_EXHAUSTED'],
	500: ['backendError', 'Internal error encountered.', 'INTERNAL'],
	502: ['backendError', 'Bad Gateway', 'UNAVAILABLE'],
	503: ['backendError', 'The service is currently unavailable.',
		'UNAVAILABLE'],
	504: ['backendError', 'Deadline expired before operation could complete.',
		'DEADLINE_EXCEEDED'],
};

/* `choice`: code and, optionally, reason, message and retryAfter. */
function ofStatus(choice) {
	const usual = BY_STATUS[choice.code] ||
		['backendError', `Status ${choice.code}`, 'UNKNOWN'];
	const headers = {};
	if (choice.retryAfter !== undefined)
		headers['retry-after'] = String(choice.retryAfter);
	return apiError(choice.code, choice.reason || usual[0],
		choice.message || usual[1], { status: usual[2] }, headers);
}

/* HTML, as of a path that no service of Google's answers. */
function page(status, message) {
	const answer = {
		status,
		headers: { 'content-type': 'text/html; charset=UTF-8' },
		body: '<!DOCTYPE html>\n<html lang=en>\n<title>Error ' +
			`${status}</title>\n<p>${message}\n</html>\n`,
	};
	return new AnswerError(answer, message);
}

function noSuchPage(status = 404) {
	return page(status, 'The requested URL was not found on this server.');
}

function noBody(status) {
	return new AnswerError({ status, headers: {}, body: '' }, 'no body');
}

/* --- the token endpoint ------------------------------------------------ */

const NO_STORE = {
	'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
	pragma: 'no-cache',
};

function tokenError(status, error, description, headers = {}, more = {}) {
	const answer = jsonAnswer(status,
		{ error, error_description: description, ...more },
		{ ...NO_STORE, ...headers });
	return new AnswerError(answer, `${error}: ${description}`);
}

function invalidGrant(description) {
	return tokenError(400, 'invalid_grant', description);
}

function unauthorizedClient() {
	return tokenError(401, 'unauthorized_client', 'Client is unauthorized to ' +
		'retrieve access tokens using this method, or client not ' +
		'authorized for any of the scopes requested.');
}

function invalidClient(description) {
	return tokenError(401, 'invalid_client', description);
}

/* The domain wants its people to sign in again every few hours. */
function signInAgain() {
	return tokenError(400, 'invalid_grant',
		'reauth related error (rapt_required)', {},
		{ error_subtype: 'rapt_required' });
}

module.exports = {
	AnswerError, JSON_TYPE, NO_STORE, jsonAnswer, apiError, unauthenticated,
	insufficientScope, delegationDenied, onlyForServiceAccounts,
	failedPrecondition, domainPolicy, notFound, invalidArgument, invalidFields,
	badPayload, unknownParameter, onlyTheDouble, ofStatus, page,
	noSuchPage, noBody, tokenError, invalidGrant, unauthorizedClient,
	invalidClient, signInAgain,
};
