/*
 * Bad answers: those that a seeded mailbox asks for, on all calls of a kind or
 * on some (`after` lets the first ones pass, `times` ends it), and those that
 * chance.js decides upon.
 * It counts, notes the fault in the log's record, and makes the bad answer;
 * where in a call this happens is the handlers' business, and how an answer
 * is torn or held back is server.js's.
 */
'use strict';

const errors = require('./errors');

const HUGE_BYTES = 9 * 1024 * 1024;

/* --- that a seed asks for ---------------------------------------------- */

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

/* A call may meet two: one by chance, and one of its seed. */
function note(record, name) {
	record.fault = record.fault ? `${record.fault} ${name}` : name;
}

/* tokenStatus, listStatus and so on, for record.call: thrown if due. */
function throwStatus(world, record, mailbox) {
	const name = `${record.call}Status`;
	const fault = take(mailbox, name);
	if (fault === null)
		return;
	note(record, `${name}:${fault.code}`);
	throw refusal(record.call, { ...fault,
		retryAfter: retryAfter(world, fault.retryAfter) });
}

/* Of seconds, of "date:SEC", or of any other text as it is. */
function retryAfter(world, value) {
	const found = /^date:(-?\d+)$/.exec(value);
	return found ? world.clock.date(Number(found[1])) : value;
}

/* What belongs to signing in has error answers of its own form. */
function refusal(call, fault) {
	if (call !== 'token' && call !== 'revoke')
		return errors.ofStatus(fault);
	const headers = fault.retryAfter === undefined ? {} :
		{ 'retry-after': String(fault.retryAfter) };
	return errors.tokenError(fault.code, fault.error || 'internal_failure',
		fault.description || 'Internal error', headers);
}

/* The answer with the mailbox's listBody or tokenBody, or as it was. */
function spoil(record, mailbox, answer) {
	const name = `${record.call}Body`;
	const fault = take(mailbox, name);
	if (fault === null)
		return answer;
	const body = typeof fault === 'string' || fault.base64 !== undefined ?
		fault : fault.body;
	const known = Object.hasOwn(BODIES, body);
	note(record, `${name}:${known ? body : 'given'}`);
	if (known)
		return BODIES[body](answer);
	return { ...answer, body: typeof body === 'string' ? body :
		Buffer.from(body.base64, 'base64') };
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
	torn: (answer) => ({ ...answer, body: half(answer.body),
		manner: 'torn' }),
};

function half(body) {
	const bytes = Buffer.from(body);
	return bytes.subarray(0, Math.floor(bytes.length / 2));
}

/*
 * listFault, tokenFault and so on as {kind, ms, applied}, or null. Only after
 * GOAWAY may a client be sure that nothing was done.
 */
function takeManner(record, mailbox) {
	const name = `${record.call}Fault`;
	const fault = take(mailbox, name);
	if (fault === null)
		return null;
	const manner = typeof fault === 'string' ? { kind: fault } : fault;
	note(record, `${name}:${manner.kind}`);
	return { applied: manner.kind !== 'goaway', ...manner };
}

/* The answer, to be sent in that manner; null changes nothing. */
function bend(manner, answer) {
	if (manner === null)
		return answer;
	if (manner.kind === 'late')
		return { ...answer, lateMs: manner.ms };
	return { ...answer, manner: manner.kind };
}

/* --- by chance --------------------------------------------------------- */

const CHANCE_REFUSED = {
	429: { code: 429, error: 'rate_limit_exceeded' },
	'429-retry-0': { code: 429, error: 'rate_limit_exceeded', retryAfter: 0 },
	'429-retry-1': { code: 429, error: 'rate_limit_exceeded', retryAfter: 1 },
	403: { code: 403, error: 'rate_limit_exceeded',
		reason: 'userRateLimitExceeded',
		message: 'User Rate Limit Exceeded' },
	500: { code: 500 },
	504: { code: 504 },
};

const CHANCE_BARE = {
	'502-html': () => errors.page(502, 'Bad Gateway'),
	'503-empty': () => errors.noBody(503),
};

const CHANCE_LOST = {
	torn: BODIES.torn,
	truncated: BODIES.truncated,
	garbage: BODIES.garbage,
	reset: (answer) => ({ ...answer, manner: 'reset' }),
};

/*
 * Runs a call for a mailbox, unless chance refuses it, and sends what comes
 * of it, an error answer too, as chance will have it.
 */
function byChance(world, record, mailbox, run) {
	const name = world.chance.next(mailbox, record.call);
	if (name === null)
		return run();
	note(record, name);
	if (Object.hasOwn(CHANCE_BARE, name))
		throw CHANCE_BARE[name]();
	if (Object.hasOwn(CHANCE_REFUSED, name))
		throw refusal(record.call, CHANCE_REFUSED[name]);
	try {
		return CHANCE_LOST[name](run());
	} catch (problem) {
		if (!(problem instanceof errors.AnswerError))
			throw problem;
		throw new errors.AnswerError(CHANCE_LOST[name](problem.answer),
			problem.message);
	}
}

module.exports = { throwStatus, spoil, takeManner, bend, byChance };
