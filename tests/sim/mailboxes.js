/*
 * The store of mailboxes: those of seed files, held in memory, and those that
 * a count and a seed describe, made when asked for and held only once they
 * were changed. A name is found whatever its case.
 * It keeps and finds; it knows no request and no rule of the API.
 */
'use strict';

const { seededMailbox, seededIndex } = require('./seeds');

class Mailboxes {
	/* `seeded`: {count, seed}, count 0 for none. */
	constructor(seeded) {
		this.seeded = seeded;
		this.held = new Map();
	}

	/* Takes the object. A second one of the same name is a mistake. */
	add(mailbox) {
		const key = mailbox.mailbox.toLowerCase();
		if (this.held.has(key))
			throw new Error(`${mailbox.mailbox} is seeded twice`);
		this.held.set(key, mailbox);
	}

	replace(mailbox) {
		this.held.set(mailbox.mailbox.toLowerCase(), mailbox);
	}

	/* The mailbox or null. To be changed through keep alone. */
	find(name) {
		const key = name.toLowerCase();
		const held = this.held.get(key);
		if (held)
			return held;
		const index = seededIndex(key);
		if (index === null || index > this.seeded.count)
			return null;
		return seededMailbox(this.seeded.seed, index);
	}

	/* From now on this mailbox has these addresses. */
	keep(mailbox, sendAs) {
		mailbox.sendAs = sendAs;
		this.held.set(mailbox.mailbox.toLowerCase(), mailbox);
	}

	/* Those of seed files, and seeded ones that were changed. */
	all() {
		return [...this.held.values()];
	}
}

module.exports = { Mailboxes };
