/*
 * People's own sign-ins, as gcloud and other programs store them: one OAuth
 * client, and a refresh token for each person. It knows whose a refresh token
 * is and what such a file holds; what it is good for is said by token.js.
 * All of it is invented, new in each run.
 */
'use strict';

const crypto = require('crypto');

class People {
	constructor() {
		this.clientId = `${crypto.randomInt(1e11, 1e12)}-invented` +
			`${randomText(12).toLowerCase()}.apps.googleusercontent.com`;
		this.clientSecret = `GOCSPX-invented-${randomText(12)}`;
		this.mailboxes = new Map();
	}

	/* What a file of type authorized_user holds, with a new refresh token. */
	signIn(mailbox) {
		const refreshToken = `1//0invented-${randomText(48)}`;
		this.mailboxes.set(refreshToken, mailbox);
		return {
			type: 'authorized_user',
			client_id: this.clientId,
			client_secret: this.clientSecret,
			refresh_token: refreshToken,
		};
	}

	/* The name of a mailbox, or undefined. */
	whose(refreshToken) {
		return this.mailboxes.get(refreshToken);
	}
}

/* Letters and digits alone: a client ID is a host's name. */
function randomText(bytes) {
	return crypto.randomBytes(bytes).toString('hex');
}

/* The kind says so, or the seed. */
function isPerson(mailbox) {
	return mailbox.kind === 'personal' || mailbox.person === true;
}

module.exports = { People, isPerson };
