/*
 * The request log, one JSON line a request, on disk before the answer goes
 * out, so that a test may read it as soon as the program has ended. It also
 * sees whether two requests for one mailbox were ever in flight at once.
 * It may not hold tokens, assertions or passwords: what it cannot show
 * safely it leaves out.
 */
'use strict';

const fs = require('fs');

const SECRET_PARAMETERS = new Set(['access_token', 'oauth_token', 'key',
	'assertion', 'code', 'refresh_token', 'client_secret', 'token', 'state',
	'code_verifier', 'code_challenge', 'ticket']);

class RequestLog {
	constructor(path) {
		this.fd = fs.openSync(path, 'w', 0o600);
		this.count = 0;
		this.inFlight = new Map();
		this.summary = {
			total: 0, overlaps: 0, tlsErrors: 0, byStatus: {},
			byProtocol: {}, byMethod: {}, byCall: {}, byFault: {},
		};
	}

	/* A record that the handlers add to; end() writes it. */
	begin(request) {
		return {
			n: ++this.count,
			time: new Date().toISOString(),
			protocol: request.protocol,
			method: request.method,
			path: request.path,
			query: withoutSecrets(request.query),
			call: null,
			subject: null,
		};
	}

	/* From now on, this request is one for that mailbox. */
	enter(record, mailbox) {
		const others = this.inFlight.get(mailbox) || new Set();
		if (others.size > 0) {
			record.overlap = true;
			for (const other of others)
				other.overlap = true;
		}
		others.add(record);
		this.inFlight.set(mailbox, others);
		record.mailbox = mailbox;
	}

	/* Just before the answer is sent, never after. Status 0: none is sent. */
	end(record, status) {
		record.status = status;
		this.leave(record);
		fs.writeSync(this.fd, JSON.stringify(record) + '\n');
		const sums = this.summary;
		sums.total++;
		sums.overlaps += record.overlap ? 1 : 0;
		tally(sums.byStatus, status);
		tally(sums.byProtocol, record.protocol);
		tally(sums.byMethod, record.method);
		tally(sums.byCall, record.call || 'none');
		for (const name of record.fault ? record.fault.split(' ') : [])
			tally(sums.byFault, name);
	}

	leave(record) {
		const others = this.inFlight.get(record.mailbox);
		if (!others)
			return;
		others.delete(record);
		if (others.size === 0)
			this.inFlight.delete(record.mailbox);
	}
}

function tally(table, key) {
	table[key] = (table[key] || 0) + 1;
}

function withoutSecrets(query) {
	if (!query)
		return query;
	return query.split('&').map((pair) => {
		const name = pair.split('=', 1)[0];
		const isSecret = SECRET_PARAMETERS.has(plainName(name));
		return isSecret ? `${name}=***` : pair;
	}).join('&');
}

/* A letter that need not be encoded may be, and it is the same name. */
function plainName(name) {
	try {
		return decodeURIComponent(name).toLowerCase();
	} catch {
		return name;
	}
}

module.exports = { RequestLog, withoutSecrets };
