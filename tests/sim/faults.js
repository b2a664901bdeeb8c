/*
 * Faults that a seeded mailbox asks for: an error status, or a body that is
 * no good, on all answers or on some (`after` lets the first ones pass,
 * `times` ends it).
 * It only counts and makes bad answers; which call meets which fault is the
 * handlers' business.
 */
'use strict';

const errors = require('./errors');

const HUGE_BYTES = 9 * 1024 * 1024;

/*
 * The fault of that name if this call meets it, else null. Counting stands in
 * the mailbox, so it must be one that the store keeps.
 */
function take(mailbox, name) {
	const fault = mailbox.faults && mailbox.faults[name];
	if (fault === undefined)
		return null;
	mailbox.seen = mailbox.seen || {};
	const seen = mailbox.seen[name] || 0;
	mailbox.seen[name] = seen + 1;
	const after = fault.after || 0;
	const times = fault.times === undefined ? Infinity : fault.times;
	return seen >= after && seen < after + times ? fault : null;
}

/* For an API call: listStatus or patchStatus. */
function throwStatus(mailbox, name) {
	const fault = take(mailbox, name);
	if (fault)
		throw errors.ofStatus(fault);
}

function throwTokenStatus(mailbox) {
	const fault = take(mailbox, 'tokenStatus');
	if (!fault)
		return;
	const headers = fault.retryAfter === undefined ? {} :
		{ 'retry-after': String(fault.retryAfter) };
	throw errors.tokenError(fault.code, fault.error || 'internal_failure',
		fault.description || 'Internal error', headers);
}

/* The answer with the mailbox's bad body, or as it was. */
function spoil(mailbox, name, answer) {
	const fault = take(mailbox, name);
	if (fault === null)
		return answer;
	const body = typeof fault === 'string' || fault.base64 !== undefined ?
		fault : fault.body;
	if (typeof body === 'object')
		return { ...answer, body: Buffer.from(body.base64, 'base64') };
	if (Object.hasOwn(BODIES, body))
		return BODIES[body](answer);
	return { ...answer, body };
}

const BODIES = {
	html: (answer) => ({
		...answer,
		headers: { ...answer.headers,
			'content-type': 'text/html; charset=UTF-8' },
		body: '<!DOCTYPE html>\n<html><head><title>Sign in</title></head>' +
			'<body><h1>Sign in to the network</h1></body></html>\n',
	}),
	empty: (answer) => ({ ...answer, body: '' }),
	garbage: (answer) => ({
		...answer,
		body: Buffer.from('7b22ff00fe1b5b33316d2c5d7d7d80c1', 'hex'),
	}),
	/* Still JSON, so that only a limit on its size can refuse it. */
	huge: (answer) => ({
		...answer,
		body: Buffer.concat([Buffer.from(answer.body),
			Buffer.alloc(HUGE_BYTES, ' ')]),
	}),
	/* Half of it, ended as if it were whole. */
	truncated: (answer) => ({ ...answer, body: half(answer.body) }),
	/* Half of it, and then the stream or the connection is torn. */
	torn: (answer) => ({ ...answer, body: half(answer.body), torn: true }),
};

function half(body) {
	const bytes = Buffer.from(body);
	return bytes.subarray(0, Math.floor(bytes.length / 2));
}

module.exports = { take, throwStatus, throwTokenStatus, spoil };
