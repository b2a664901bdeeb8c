/*
 * The access tokens that were given out, or preset by a file: random strings
 * with what they stand for remembered here, as at Google.
 * It decides nothing about mailboxes or methods: who, which scopes, delegated
 * or not, and until when.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');

const PREFIX = 'https://www.googleapis.com/auth/';

/* Short names such as gmail.settings.basic are for people's command lines. */
function fullScope(name) {
	return name.startsWith('https://') ? name : PREFIX + name;
}

class Tokens {
	/*
	 * Each token is taken `mostUses` times, however young it is; `mark`
	 * stands in it.
	 */
	constructor(clock, lifetimeSeconds, mostUses = Infinity, mark = '') {
		this.clock = clock;
		this.mark = mark;
		this.lifetimeSeconds = lifetimeSeconds;
		this.mostUses = mostUses;
		this.known = new Map();
	}

	/*
	 * `grant`: subject (or null), scopes, delegated and, for a token of a
	 * person's sign-in, that: it ends with it. Returns the token.
	 */
	issue(grant) {
		const token = `ya29.${this.mark}` +
			crypto.randomBytes(48).toString('base64url');
		this.remember(token, grant, this.lifetimeSeconds);
		return token;
	}

	remember(token, grant, seconds) {
		this.known.set(token, {
			...grant, ends: this.clock.seconds() + seconds, uses: 0,
		});
	}

	/* What the token stands for, or null when unknown or over. */
	find(token) {
		const grant = this.known.get(token);
		const isOver = !grant || this.clock.seconds() >= grant.ends ||
			grant.uses >= this.mostUses ||
			(grant.signIn && grant.signIn.ended);
		return isOver ? null : grant;
	}

	/* The same, and it is used. */
	use(token) {
		const grant = this.find(token);
		if (grant)
			grant.uses++;
		return grant;
	}

	/* [{"token", "mailbox", "scopes", "delegated", "expiresIn"}] */
	loadFile(path) {
		for (const preset of JSON.parse(fs.readFileSync(path, 'utf8'))) {
			if (!preset.token || !preset.mailbox ||
			    !Array.isArray(preset.scopes))
				throw new Error(`${path}: a token needs "token", ` +
					'"mailbox" and "scopes"');
			this.remember(preset.token, {
				subject: preset.mailbox,
				scopes: preset.scopes.map(fullScope),
				delegated: preset.delegated === true,
			}, preset.expiresIn === undefined ?
				this.lifetimeSeconds : preset.expiresIn);
		}
	}
}

module.exports = { Tokens, fullScope };
