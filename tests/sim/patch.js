/*
 * The body of a PATCH or PUT: checked against the shape as strictly as Google
 * does, or more, and laid over a stored SendAs object.
 * It knows no mailbox but the one it is handed, and changes it only in
 * applyPatch and applyPut.
 */
'use strict';

const errors = require('./errors');
const { SEND_AS, SMTP_MSA } = require('./shape');

const RELAY_FIELDS = Object.keys(SMTP_MSA.fields);

function parse(request) {
	const type = (request.headers['content-type'] || '').toLowerCase();
	if (!/^application\/json(?:; *charset="?utf-8"?)?$/.test(type))
		throw errors.invalidArgument(
			`Content-Type "${type}" is not application/json`);
	let value;
	try {
		value = JSON.parse(new TextDecoder('utf-8', { fatal: true })
			.decode(request.body));
	} catch {
		throw errors.badPayload('', 'Invalid JSON payload received. ' +
			'Unexpected token.');
	}
	if (!isObject(value))
		throw errors.badPayload('', 'Invalid JSON payload received. ' +
			'The body must be an object.');
	return value;
}

function isObject(value) {
	return value !== null && typeof value === 'object' &&
		!Array.isArray(value);
}

/*
 * The fields to be laid over the entry; the names of read-only ones, which
 * Google passes over in silence, are put into `ignored`. `partial` says what
 * becomes of a relay that is not whole: merge, replace, refuse-partial, or
 * undefined, which is stricter than any of them.
 */
function check(body, entry, ignored, partial) {
	checkObject(body, SEND_AS, 'send_as');
	const change = {};
	for (const [name, value] of Object.entries(body)) {
		if (SEND_AS.fields[name].readOnly)
			ignored.push(name);
		else
			change[name] = value;
	}
	if (change.isDefault === false)
		throw errors.invalidArgument('isDefault can only be set to true');
	if (entry.isPrimary)
		checkPrimary(change);
	if (change.smtpMsa && partial === 'merge')
		change.smtpMsa = { ...entry.smtpMsa, ...change.smtpMsa };
	if (change.smtpMsa)
		checkRelay(change.smtpMsa, partial);
	return change;
}

function checkObject(body, shape, path) {
	if (!isObject(body))
		throw wrongValue(path, 'TYPE_MESSAGE', body);
	for (const [name, value] of Object.entries(body)) {
		if (!Object.hasOwn(shape.fields, name))
			throw errors.badPayload(path, 'Invalid JSON payload ' +
				`received. Unknown name "${name}"` +
				(path === 'send_as' ? '' : ` at '${path}'`) +
				': Cannot find field.');
		checkValue(value, shape.fields[name], `${path}.${snake(name)}`);
	}
}

function checkValue(value, field, path) {
	switch (field.kind) {
	case 'object':
		checkObject(value, field, path);
		return;
	case 'string':
		if (typeof value !== 'string')
			throw wrongValue(path, 'TYPE_STRING', value);
		return;
	case 'boolean':
		if (typeof value !== 'boolean')
			throw wrongValue(path, 'TYPE_BOOL', value);
		return;
	case 'int32':
		if (!Number.isInteger(value) || value !== (value | 0))
			throw wrongValue(path, 'TYPE_INT32', value);
		return;
	case 'enum':
		if (!field.values.includes(value))
			throw wrongValue(path, 'TYPE_ENUM', value);
		return;
	default:
		throw new Error(`no check for ${field.kind}`);
	}
}

/* No value in the message: a password might stand in the wrong place. */
function wrongValue(path, type, value) {
	return errors.badPayload(path,
		`Invalid value at '${path}' (${type}), got a ${typeof value}`);
}

function snake(name) {
	return name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase());
}

function checkPrimary(change) {
	for (const name of ['treatAsAlias', 'smtpMsa'])
		if (name in change)
			throw errors.onlyTheDouble(
				`${name} is for addresses that are not primary`);
}

function checkRelay(relay, partial) {
	if (partial !== 'replace')
		checkWhole(relay, partial);
	if (relay.port < 1 || relay.port > 65535)
		throw errors.invalidArgument('Invalid port');
	if (relay.securityMode === 'securityModeUnspecified')
		throw errors.invalidArgument('Invalid security mode');
	if (relay.securityMode === 'none' && relay.port !== 25)
		throw errors.invalidArgument('Security mode none requires port 25');
}

/*
 * What Google makes of a partial relay is unknown, so none may be sent; how
 * it would refuse one is invented.
 */
function checkWhole(relay, partial) {
	const missing = RELAY_FIELDS.find((name) =>
		relay[name] === undefined || relay[name] === '');
	if (missing && partial)
		throw errors.invalidArgument(`smtpMsa: ${missing} is missing`);
	if (missing)
		throw errors.onlyTheDouble(
			`smtpMsa comes with all of ${RELAY_FIELDS.join(', ')}`);
}

/* Lays the change over one entry of the list. */
function applyPatch(sendAs, entry, change) {
	if (change.isDefault)
		for (const other of sendAs)
			if (other !== entry && other.isDefault)
				other.isDefault = false;
	Object.assign(entry, structuredClone(change));
}

/* As PATCH, but what was not given is gone: a relay's password with it. */
function applyPut(sendAs, entry, change) {
	for (const [name, field] of Object.entries(SEND_AS.fields))
		if (!field.readOnly && name !== 'isDefault')
			delete entry[name];
	applyPatch(sendAs, entry, change);
}

module.exports = { parse, check, applyPatch, applyPut };
