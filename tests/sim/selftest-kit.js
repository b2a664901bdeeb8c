/*
 * What the files of the double's own tests share: a folder to work in,
 * mailboxes to seed, and a look at an answer.
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');

const { start, temporaryFolder } = require('./testkit');

const RESTRICTED = 'Access restricted to service accounts that have been ' +
	'delegated domain-wide authority';
const work = temporaryFolder();
const keys = path.join(work, 'keys');

/* A seed file with these mailboxes; returns its name. */
function seedFile(...mailboxes) {
	const name = path.join(work, `seeds-${seedFile.count++}.json`);
	fs.writeFileSync(name, JSON.stringify({ mailboxes }));
	return name;
}
seedFile.count = 0;

/* A mailbox with one OCN address, alias on. */
function box(name, more = {}) {
	return {
		mailbox: `${name}@example.com`, kind: 'workspace',
		sendAs: [
			{ sendAsEmail: `${name}@example.com`, displayName: name,
				isPrimary: true, isDefault: true },
			{ sendAsEmail: `${name}@ocn.ne.jp`, displayName: name,
				isPrimary: false, isDefault: false, treatAsAlias: true,
				smtpMsa: { host: 'smtp.ocn.ne.jp', port: 465,
					username: `${name}@ocn.ne.jp`,
					password: 'not-to-be-seen', securityMode: 'ssl' },
				verificationStatus: 'accepted' },
		],
		...more,
	};
}

function expect(answer, status, text) {
	assert.strictEqual(answer.status, status, answer.text);
	if (text)
		assert.ok(answer.text.includes(text),
			`no "${text}" in ${answer.text}`);
}

/* Runs with a double of its own and ends it. */
async function withSim(options, run) {
	const own = await start('--ca', keys, ...options);
	try {
		await run(own);
	} finally {
		await own.stop();
	}
}

module.exports = { RESTRICTED, work, keys, box, seedFile, expect, withSim };
