/*
 * The shape of the API's SendAs objects: field names, kinds and enum values,
 * and the form in which a stored one may leave the double.
 * The only place that knows which fields are write-only. It may not change
 * a stored object.
 */
'use strict';

const STRING = { kind: 'string' };
const BOOLEAN = { kind: 'boolean' };

const SMTP_MSA = {
	kind: 'object',
	fields: {
		host: STRING,
		port: { kind: 'int32' },
		username: { kind: 'string', writeOnly: true },
		password: { kind: 'string', writeOnly: true },
		securityMode: {
			kind: 'enum',
			values: ['securityModeUnspecified', 'none', 'ssl', 'starttls'],
		},
	},
};

const SEND_AS = {
	kind: 'object',
	fields: {
		sendAsEmail: { kind: 'string', readOnly: true },
		displayName: STRING,
		replyToAddress: STRING,
		signature: STRING,
		isPrimary: { kind: 'boolean', readOnly: true },
		isDefault: BOOLEAN,
		treatAsAlias: BOOLEAN,
		smtpMsa: SMTP_MSA,
		verificationStatus: {
			kind: 'enum',
			readOnly: true,
			values: ['verificationStatusUnspecified', 'accepted', 'pending'],
		},
	},
};

const LIST = {
	kind: 'object',
	fields: { sendAs: { kind: 'list', of: SEND_AS } },
};

/* A copy without write-only fields and, when asked, without false ones. */
function toWire(value, shape = SEND_AS, omitFalse = false) {
	const out = {};
	for (const [name, inner] of Object.entries(value)) {
		const field = shape.fields[name];
		if (!field || field.writeOnly || (omitFalse && inner === false))
			continue;
		out[name] = field.kind === 'object' ?
			toWire(inner, field, omitFalse) : inner;
	}
	return out;
}

module.exports = { SMTP_MSA, SEND_AS, LIST, toWire };
