/*
 * People's own sign-ins: one OAuth client, and what each person granted to it.
 * A sign-in is one consent: whose, for which scopes, its code, its refresh
 * token, and whether it has ended. Some are there from the beginning, as
 * gcloud and other programs store them; others come from authorize.js.
 * It remembers; who may ask for what is said by token.js and authorize.js.
 * All of it is invented, new in each run.
 */
'use strict';

const crypto = require('crypto');

class People {
	/*
	 * `mark` stands in every secret. `isPublic`: the client has no secret.
	 * `rotates`: a refresh token is good once.
	 */
	constructor(clock, { mark, isPublic, rotates, codeSeconds }) {
		this.clock = clock;
		this.mark = mark;
		this.isPublic = isPublic;
		this.rotates = rotates;
		this.codeSeconds = codeSeconds;
		this.clientId = `${crypto.randomInt(1e11, 1e12)}-invented` +
			`${randomText(12).toLowerCase()}.apps.googleusercontent.com`;
		this.clientSecret = `GOCSPX-invented-${mark}${randomText(12)}`;
		this.signIns = [];
		this.byRefreshToken = new Map();
		this.codes = new Map();
	}

	/* What the Cloud console lets one download for a Desktop client. */
	clientFile(project) {
		return { installed: {
			client_id: this.clientId,
			project_id: project,
			auth_uri: 'https://accounts.google.com/o/oauth2/auth',
			token_uri: 'https://oauth2.googleapis.com/token',
			auth_provider_x509_cert_url:
				'https://www.googleapis.com/oauth2/v1/certs',
			...this.#secretOfClient(),
			redirect_uris: ['http://localhost'],
		} };
	}

	/* What a file of type authorized_user holds, with a new refresh token. */
	storedSignIn(mailbox, scopes) {
		return {
			type: 'authorized_user',
			client_id: this.clientId,
			...this.#secretOfClient(),
			refresh_token: this.giveRefreshToken(
				this.begin(mailbox, scopes)),
		};
	}

	#secretOfClient() {
		return this.isPublic ? {} :
			{ client_secret: this.clientSecret };
	}

	/* A new sign-in, with no refresh token yet. */
	begin(mailbox, scopes) {
		const signIn = { mailbox, scopes, refreshToken: null,
			ended: false };
		this.signIns.push(signIn);
		return signIn;
	}

	/* In place of the one it had, which is remembered as its own. */
	giveRefreshToken(signIn) {
		signIn.refreshToken =
			`1//0invented-${this.mark}${randomText(48)}`;
		this.byRefreshToken.set(signIn.refreshToken, signIn);
		return signIn.refreshToken;
	}

	/* The sign-in it belongs or belonged to, or undefined. */
	whose(refreshToken) {
		return this.byRefreshToken.get(refreshToken);
	}

	/* Whether it is the sign-in's present one. A spent one ends it. */
	isGood(refreshToken) {
		const signIn = this.whose(refreshToken);
		if (signIn.refreshToken !== refreshToken)
			signIn.ended = true;
		return !signIn.ended;
	}

	/* `request`: redirectUri and challenge, kept for the exchange. */
	giveCode(signIn, request) {
		const code = `4/0A${this.mark}` +
			crypto.randomBytes(42).toString('base64url');
		this.codes.set(code, { signIn, ...request, used: false,
			ends: this.clock.seconds() + this.codeSeconds });
		return code;
	}

	findCode(code) {
		return this.codes.get(code);
	}

	/*
	 * Whether it was still good; it is not any more. Who shows a used code
	 * may have stolen it, so that also ends what it was exchanged for.
	 */
	useUp(code) {
		const isGood = !code.used && !code.signIn.ended &&
			this.clock.seconds() < code.ends;
		if (code.used)
			code.signIn.ended = true;
		code.used = true;
		return isGood;
	}

	/* All that the person granted, codes not yet exchanged included. */
	revoke(mailbox) {
		for (const signIn of this.signIns)
			if (signIn.mailbox === mailbox)
				signIn.ended = true;
	}

	/* How many refresh tokens of the person are good. */
	count(mailbox) {
		return this.signIns.filter((signIn) =>
			signIn.mailbox === mailbox && !signIn.ended &&
			signIn.refreshToken !== null).length;
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
