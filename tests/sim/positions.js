/*
 * What Google does with a PATCH, where nobody knows for certain: each
 * position that can be taken on that, as a seed names it for a mailbox or for
 * an address. It judges and marks an entry that it is handed; it stores
 * nothing.
 */
'use strict';

const errors = require('./errors');

/* What becomes of a relay that is not given whole; patch.js does it. */
const PARTIAL = ['merge', 'replace', 'refuse-partial'];

/*
 * {kind, ms, partial} for an address. In a seed: a word, such an object, or
 * an object of these by address, "*" for the rest.
 */
function of(mailbox, address) {
	const seeded = mailbox.patch || 'apply';
	const one = typeof seeded === 'string' || seeded.kind ? seeded :
		seeded[address] || seeded['*'] || 'apply';
	const position = typeof one === 'string' ? { kind: one } : { ...one };
	if (!PARTIAL.includes(position.kind))
		return position;
	return { ...position, kind: 'apply', partial: position.kind };
}

/* Before anything is looked at but whose address it is. */
function refuseCaller(position) {
	if (position.kind === 'refuse')
		throw errors.onlyForServiceAccounts();
}

/* When the body is JSON, whatever is in it. */
function refuseBody(position) {
	if (position.kind === 'error500')
		throw errors.ofStatus({ code: 500 });
	if (position.kind === 'error400')
		throw errors.ofStatus({ code: 400, message: 'Invalid value' });
}

/* When it is known what is wanted. Both messages are invented. */
function refuseChange(position, entry, wanted) {
	if (position.kind === 'connect-fails' && wanted.smtpMsa)
		throw errors.invalidArgument('Could not reach the SMTP server. ' +
			'Check the server and the port number.');
	if (position.kind === 'pending-blocks' && isPending(entry) &&
	    'treatAsAlias' in wanted &&
	    wanted.treatAsAlias !== Boolean(entry.treatAsAlias))
		throw errors.failedPrecondition('treatAsAlias cannot be changed ' +
			'while the verification is pending.');
}

function isPending(entry) {
	return entry.verificationStatus === 'pending';
}

/* After the change: must the address be confirmed anew? */
function mark(position, entry, wanted) {
	if (position.kind === 'pending' ||
	    (position.kind === 'pending-blocks' && wanted.smtpMsa))
		entry.verificationStatus = 'pending';
}

module.exports = { of, refuseCaller, refuseBody, refuseChange, mark };
