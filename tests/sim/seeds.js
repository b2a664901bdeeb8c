/*
 * Mailboxes to begin with: read from a JSON file, checked against
 * seeds/schema.json, or made from a seed and an index alone, so that a test
 * can reckon what the double will answer without asking it.
 * As a program: node seeds.js --count N --seed S | --seeds FILE | --demo
 * prints {"mailbox", "sendAs"} as JSON lines, in the form of the API.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { parseArgs } = require('util');

const { SEND_AS, toWire } = require('./shape');

const DEMO = path.join(__dirname, 'seeds', 'demo.json');
const SCHEMA = path.join(__dirname, 'seeds', 'schema.json');

/* --- from a file ------------------------------------------------------- */

function loadSeeds(file) {
	let value;
	try {
		value = JSON.parse(fs.readFileSync(file, 'utf8'));
	} catch (problem) {
		throw new Error(`${file}: ${problem.message}`);
	}
	checkSeeds(value, file);
	return value.mailboxes;
}

let check = null;

/* To make it takes longer than anything else here: once, and when needed. */
function checkOfSchema() {
	const Ajv = require('ajv');
	check ||= new Ajv({ allowUnionTypes: true })
		.compile(JSON.parse(fs.readFileSync(SCHEMA, 'utf8')));
	return check;
}

/* Throws with the place of the first mistake, such as a misspelt key. */
function checkSeeds(value, name) {
	if (checkOfSchema()(value))
		return;
	const { instancePath, message, params } = check.errors[0];
	throw new Error(`${name}: ${instancePath || '/'} ${message} ` +
		JSON.stringify(params));
}

/* --- from a seed and an index ------------------------------------------ */

const PEOPLE = [['taro.yamada', '山田 太郎'], ['hanako.sato', '佐藤 花子'],
	['jiro.suzuki', '鈴木 次郎'], ['kenta.takahashi', '高橋 健太'],
	['yumi.nakamura', '中村 由美'], ['haruka.ito', '伊藤 遥'],
	['yuki.watanabe', '渡辺 雪'], ['makoto.kobayashi', '小林 誠'],
	['anna.miller', 'Anna Miller'], ['peter.brown', 'Peter Brown'],
	['mary.clark', 'Mary Clark'], ['john.davis', 'John Davis']];
const OCN_DOMAINS = ['ocn.ne.jp', 'sky.ocn.ne.jp', 'mba.ocn.ne.jp',
	'blue.ocn.ne.jp', 'dream.com'];
const OTHERS = [
	{ domain: 'biglobe.ne.jp', host: 'mail.biglobe.ne.jp' },
	{ domain: 'yahoo.co.jp', host: 'smtp.mail.yahoo.co.jp' },
	{ domain: 'mail.example.net', host: 'smtp.example.net' },
	{ domain: 'sales.example.com', host: null },
];

/* The first one comes often: most people have it right. */
const RELAYS = [
	['smtp.ocn.ne.jp', 465, 'ssl'], ['smtp.ocn.ne.jp', 465, 'ssl'],
	['smtp.ocn.ne.jp', 465, 'ssl'], ['smtp.ocn.ne.jp', 465, 'ssl'],
	['smtp.ocn.ne.jp', 587, 'starttls'], ['smtp.ocn.ne.jp', 465, 'starttls'],
	['smtp.ocn.ne.jp', 587, 'ssl'], ['smtp.ocn.ne.jp', 25, 'none'],
	['smtp.ocn.ne.jp', 2525, 'starttls'], ['SMTP.ocn.ne.jp.', 465, 'ssl'],
	['smtp.0cn.ne.jp', 465, 'ssl'], ['smpt.ocn.ne.jp', 465, 'ssl'],
	['smtp.gmail.com', 587, 'starttls'], ['192.0.2.25', 465, 'ssl'],
	['mail.example.net', 587, 'starttls'], null,
];

/* Bytes from a hash of seed and index, drawn one choice at a time. */
class Dice {
	constructor(seed, index) {
		this.text = `${seed}/${index}`;
		this.block = 0;
		this.bytes = Buffer.alloc(0);
		this.at = 0;
	}

	below(limit) {
		if (this.at + 2 > this.bytes.length) {
			this.bytes = crypto.createHash('sha256')
				.update(`${this.text}/${this.block++}`).digest();
			this.at = 0;
		}
		const value = this.bytes.readUInt16BE(this.at);
		this.at += 2;
		return value % limit;
	}

	pick(list) {
		return list[this.below(list.length)];
	}

	chance(percent) {
		return this.below(100) < percent;
	}
}

function seededName(index) {
	return `user${String(index).padStart(5, '0')}@example.com`;
}

/* The index in such a name, else null. */
function seededIndex(name) {
	const found = /^user(\d{5,9})@example\.com$/.exec(name);
	const index = found ? Number(found[1]) : 0;
	return index >= 1 && seededName(index) === name ? index : null;
}

function seededMailbox(seed, index) {
	const dice = new Dice(seed, index);
	const [login, displayName] = dice.pick(PEOPLE);
	const person = { login, displayName };
	const sendAs = [{
		sendAsEmail: seededName(index),
		displayName,
		replyToAddress: '',
		signature: '',
		isPrimary: true,
		isDefault: true,
	}];
	const extra = dice.below(4);
	for (let i = 1; i <= extra; i++)
		sendAs.push(dice.chance(75) ? ocnAddress(dice, person, index, i) :
			otherAddress(dice, person, index, i));
	if (extra > 0 && dice.chance(20)) {
		sendAs[0].isDefault = false;
		sendAs[1].isDefault = true;
	}
	return { mailbox: seededName(index), kind: 'workspace', sendAs };
}

function ocnAddress(dice, person, index, number) {
	const entry = address(dice, person, index, number, dice.pick(OCN_DOMAINS));
	const relay = dice.pick(RELAYS);
	if (relay)
		entry.smtpMsa = smtpMsa(entry, ...relay);
	entry.verificationStatus = dice.chance(92) ? 'accepted' : 'pending';
	return entry;
}

function otherAddress(dice, person, index, number) {
	const other = dice.pick(OTHERS);
	const entry = address(dice, person, index, number, other.domain);
	/* An address of the same Workspace has no relay and no status. */
	if (other.host) {
		entry.smtpMsa = smtpMsa(entry, other.host, 465, 'ssl');
		entry.verificationStatus = 'accepted';
	}
	return entry;
}

function address(dice, person, index, number, domain) {
	const entry = {
		sendAsEmail: `${person.login}${index}-${number}@${domain}`,
		displayName: dice.chance(85) ? person.displayName : '',
		replyToAddress: '',
		signature: '',
		isPrimary: false,
		isDefault: false,
		treatAsAlias: dice.chance(40),
	};
	if (dice.chance(10))
		entry.replyToAddress = `replies${index}@example.com`;
	return entry;
}

function smtpMsa(entry, host, port, securityMode) {
	return { host, port, username: entry.sendAsEmail,
		password: `invented-${entry.sendAsEmail}`, securityMode };
}

/* --- as a program ------------------------------------------------------ */

function print(mailbox) {
	process.stdout.write(JSON.stringify({
		mailbox: mailbox.mailbox,
		sendAs: mailbox.sendAs.map((item) => toWire(item, SEND_AS)),
	}) + '\n');
}

function main() {
	const { values } = parseArgs({ options: {
		count: { type: 'string', default: '0' },
		seed: { type: 'string', default: '1' },
		seeds: { type: 'string' },
		demo: { type: 'boolean', default: false },
	} });
	if (values.demo)
		loadSeeds(DEMO).forEach(print);
	if (values.seeds)
		loadSeeds(values.seeds).forEach(print);
	for (let index = 1; index <= Number(values.count); index++)
		print(seededMailbox(values.seed, index));
}

if (require.main === module)
	main();

module.exports = {
	DEMO, loadSeeds, checkSeeds, seededName, seededIndex, seededMailbox,
};
