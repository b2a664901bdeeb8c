/*
 * Faults by chance, over the whole API: which one the n-th request of a kind
 * for a mailbox meets. It follows from the fault seed, the mailbox, the kind
 * and n alone, so that neither concurrency nor order changes it, and a test
 * may reckon with it beforehand.
 * It only decides; what a fault looks like on the wire is in faults.js.
 */
'use strict';

const crypto = require('crypto');

/* The request is refused, and nothing was done. */
const REFUSED = ['429', '429-retry-0', '429-retry-1', '403', '500', '502-html',
	'503-empty', '504'];
/* It was done, and its answer is lost. */
const LOST = ['torn', 'reset'];
/* Its answer is 200 and cannot be read. */
const UNREADABLE = ['truncated', 'garbage'];

/* A call that is not here is spared. */
const BY_CALL = {
	token: [...REFUSED, ...LOST],
	list: [...REFUSED, ...LOST, ...UNREADABLE],
	get: [...REFUSED, ...LOST, ...UNREADABLE],
};
/* These are spared too, unless the plan says otherwise. */
const BY_CHANGE = {
	patch: [...REFUSED, ...LOST],
	update: [...REFUSED, ...LOST],
};

/* A program that tries as often as this gets through. */
const LONGEST_ROW = 4;
const MOST_UNREADABLE_A_ROW = 2;

/* The names of the faults that a call can meet; maybe none. */
function faultsOf(plan, call) {
	const table = plan.patch ? { ...BY_CALL, ...BY_CHANGE } : BY_CALL;
	return Object.hasOwn(table, call) ? table[call] : [];
}

/* The name of a fault, or null; here no row is too long yet. */
function draw(plan, mailbox, call, number) {
	const names = faultsOf(plan, call);
	const text = `${plan.seed}/${mailbox.toLowerCase()}/${call}/${number}`;
	const bytes = crypto.createHash('sha256').update(text).digest();
	if (names.length === 0 ||
	    bytes.readUInt32BE(0) >= plan.rate / 100 * 2 ** 32)
		return null;
	return names[bytes.readUInt32BE(4) % names.length];
}

/* The requests of one kind for one mailbox, from the first one on. */
class Row {
	constructor(plan, mailbox, call) {
		this.draw = (number) => draw(plan, mailbox, call, number);
		this.number = 0;
		this.begin();
	}

	begin() {
		this.length = 0;
		this.unreadable = 0;
		return null;
	}

	/* What the next request meets: the name of a fault, or null. */
	next() {
		const name = this.draw(++this.number);
		if (name === null || this.length === LONGEST_ROW ||
		    this.unreadable === MOST_UNREADABLE_A_ROW)
			return this.begin();
		this.length++;
		this.unreadable += UNREADABLE.includes(name) ? 1 : 0;
		return name;
	}
}

/* All rows of a run. `plan`: rate (percent), seed, patch (whether to change). */
class Chance {
	constructor(plan) {
		this.plan = plan;
		this.rows = new Map();
	}

	next(mailbox, call) {
		if (this.plan.rate === 0)
			return null;
		const key = `${call}/${mailbox.toLowerCase()}`;
		if (!this.rows.has(key))
			this.rows.set(key, new Row(this.plan, mailbox, call));
		return this.rows.get(key).next();
	}
}

/* What the first `count` requests meet, for a test to reckon with. */
function foresee(plan, mailbox, call, count) {
	const row = new Row(plan, mailbox, call);
	return Array.from({ length: count }, () => row.next());
}

module.exports = {
	Chance, foresee, faultsOf, UNREADABLE, LONGEST_ROW, MOST_UNREADABLE_A_ROW,
};
