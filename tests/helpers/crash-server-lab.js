/*
 * The lab of crash-lab.js for changes of SMTP servers: every process in it is
 * looked at for what it did with passwords, whether it was killed or not.
 * SMTP_READY names the ready.json of smtp-relay.js, run with --own, and POLICY
 * a policy whose server is its port "ssl".
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');

const { markOf } = require('../sim/gmail');
const { sleep, temporaryFolder } = require('../sim/testkit');
const { Lab, linesFrom } = require('./crash-lab');

const HOST = '127.0.0.1';
/* Before anything is confirmed, a server is as little in flight as a box. */
const TOO_EARLY = ['execute.agreed', 'journal.add.', 'journal.begin.',
	'journal.confirm.before', 'journal.migrate.'];
const WHAT_TO_GIVE = 'give it with --passwords FILE or, for one mailbox,';
const LEAVING_MS = 10000;

/* As smtp-relay.js has it with --own. */
function passwordOf(address) {
	return `invented-password-${address.split('@')[0]}`;
}

/* What a password may look like where it must not be: as it is, and as SMTP
 * has it. */
function looksOf(address) {
	const password = passwordOf(address);
	return [password, Buffer.from(password).toString('base64'),
		Buffer.from(`\0${address}\0${password}`).toString('base64')];
}

function filesIn(folder) {
	return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const name = path.join(folder, entry.name);
		return entry.isDirectory() ? filesIn(name) : [name];
	});
}

/* Objects of a log that is one JSON value a line. */
function readLog(name, at) {
	return linesFrom(name, at).map((line) => JSON.parse(line));
}

/* Whether each session of the relay has ended. */
function areOver(sessions) {
	const ended = new Set(sessions.filter(({ event }) =>
		event === 'quit' || event === 'gone').map(({ session }) => session));
	return sessions.every(({ session }) => ended.has(session));
}

function isGiven(request) {
	return request.call === 'patch' && request.body.smtpMsa !== undefined;
}

class ServerLab extends Lab {
	/* `count` mailboxes whose server is wrong, and one that is to be left
	 * alone. */
	static async open(count) {
		const lab = await super.open(count + 1);
		lab.ours = lab.seeds.slice(0, count);
		fs.writeFileSync(lab.users, lab.ours.map((seed) =>
			seed.mailbox + '\n').join(''));
		lab.writePasswords();
		lab.boxes = lab.ours.filter(({ sendAs }) =>
			sendAs[1].treatAsAlias).length;
		lab.most = count + lab.boxes;
		await lab.reset();
		lab.before = await lab.states();
		return lab;
	}

	constructor() {
		super();
		this.relay = JSON.parse(fs.readFileSync(process.env.SMTP_READY));
	}

	writePasswords() {
		this.passwords = path.join(temporaryFolder(), 'passwords.csv');
		const rows = this.ours.map(({ mailbox, sendAs: [, ocn] }) =>
			[mailbox, ocn.sendAsEmail, passwordOf(ocn.sendAsEmail)].join());
		fs.writeFileSync(this.passwords, ['mailbox,address,password',
			...rows, ''].join('\n'), { mode: 0o600 });
	}

	/* With another address that nobody means; the box of each second one is
	 * right as it is. */
	seedOf(number) {
		const seed = super.seedOf(number);
		const [, ocn] = seed.sendAs;
		ocn.treatAsAlias = number % 2 !== 0;
		ocn.smtpMsa = { ...this.serverOf(ocn, 'starttls'), username: 'x',
			password: 'old-password' };
		seed.sendAs.push({ ...ocn, treatAsAlias: true,
			sendAsEmail: `user${number}@mail.example.net`,
			smtpMsa: { ...ocn.smtpMsa, host: 'smtp.example.net' } });
		return seed;
	}

	fixedSeed(seed) {
		if (!this.ours.includes(seed))
			return seed;
		const fixed = super.fixedSeed(seed);
		const [, ocn] = fixed.sendAs;
		ocn.smtpMsa = { ...this.serverOf(ocn, 'ssl'),
			password: passwordOf(ocn.sendAsEmail) };
		return fixed;
	}

	/* What is set of a server that sendas set. */
	serverOf({ sendAsEmail }, mode) {
		return { host: HOST, port: this.relay.ports[mode],
			username: sendAsEmail, securityMode: mode };
	}

	async reset(seeds) {
		await super.reset(seeds);
		/* How many passwords Google was given since, by mailbox. */
		this.given = new Map();
	}

	isFor(point) {
		return !TOO_EARLY.some((start) => point.startsWith(start));
	}

	live(command, words, how) {
		return this.watched(command, [...words, '--policy',
			process.env.POLICY, '--passwords', this.passwords], how);
	}

	bare(command, words) {
		return this.watched(command,
			[...words, '--policy', process.env.POLICY]);
	}

	/* The result has what went to Google and to the relay, too. */
	async watched(command, words, how) {
		const googleAt = fs.statSync(this.sim.ready.requests).size;
		const relayAt = fs.statSync(this.relay.sessions).size;
		const result = await super.live(command, words, how);
		result.logins = await this.loginsFrom(relayAt);
		/* What was on its way when it was killed has come by this. */
		await this.sim.control('/_requests');
		result.requests = readLog(this.sim.ready.requests, googleAt);
		result.given = result.requests.filter(isGiven);
		this.checkLogins(result);
		result.given.forEach((request) => this.checkGiven(result, request));
		this.holdsNoPassword(result);
		for (const { mailbox } of result.given)
			this.given.set(mailbox, (this.given.get(mailbox) || 0) + 1);
		return result;
	}

	/* Waits until nobody is connected, for the same reason. */
	async loginsFrom(at) {
		const deadline = Date.now() + LEAVING_MS;
		let sessions = readLog(this.relay.sessions, at);
		while (!areOver(sessions) && Date.now() < deadline) {
			await sleep(2);
			sessions = readLog(this.relay.sessions, at);
		}
		assert(areOver(sessions), 'somebody is still at the relay');
		return sessions.filter(({ event }) => event === 'auth');
	}

	checkLogins({ logins }) {
		const users = logins.map(({ user }) => user);
		assert.strictEqual(new Set(users).size, users.length,
			`nobody logs in twice: ${users}`);
		for (const { user, verdict } of logins)
			assert.strictEqual(verdict, 235, `the login of ${user}`);
	}

	/* Google gets what was tried before, and it is read back. */
	checkGiven({ requests, logins, killed }, given) {
		const user = given.body.smtpMsa.username;
		assert.strictEqual(given.status, 200, 'the PATCH is taken');
		assert.strictEqual(given.passwordMark, markOf(passwordOf(user)),
			`the password of ${user} is its own`);
		assert(logins.some((login) => login.user === user &&
			this.relay.started + login.ms <= Date.parse(given.time)),
		`the password of ${user} was tried before Google got it`);
		assert(killed || requests.some((request) => request.n > given.n &&
			request.call === 'list' && request.mailbox === given.mailbox),
		`the server of ${given.mailbox} was read back`);
	}

	/* In what is on the disk, and in what was said. */
	holdsNoPassword({ out, err }) {
		const files = filesIn(this.home);
		const texts = [['what was said', out + err], ...files.map((name) =>
			[name, fs.readFileSync(name, 'latin1')])];
		for (const { sendAs } of this.ours)
			for (const look of looksOf(sendAs[1].sendAsEmail))
				for (const [name, text] of texts)
					assert(!text.includes(look),
						`a password is in ${name}`);
	}

	/* The changes of a run, each with its mailbox, as the journal has them. */
	async changes(id) {
		const result = await this.run(['runs', id, '--format', 'json']);
		assert.strictEqual(result.code, 0, result.err);
		return JSON.parse(result.out).mailboxes.flatMap((one) =>
			(one.changes || []).map((change) =>
				({ mailbox: one.mailbox, ...change })));
	}

	/* Mailboxes whose server has this outcome, in a run or none. */
	async serversWith(id, outcome) {
		const changes = id ? await this.changes(id) : [];
		return changes.filter((change) => change.field === 'smtpMsa' &&
			change.outcome === outcome).map(({ mailbox }) => mailbox);
	}

	/*
	 * How many passwords Google has to get for each mailbox by the end: one,
	 * and another where it got one that the journal knows no outcome of.
	 */
	async foresee(id) {
		const done = await this.serversWith(id, 'applied');
		return new Map(this.ours.map(({ mailbox }) => {
			const given = this.given.get(mailbox) || 0;
			const isDone = done.includes(mailbox);
			assert(given <= 1 && given >= Number(isDone),
				`${mailbox}: ${given} given, ${isDone ? '' : 'not '}done`);
			return [mailbox, isDone ? 1 : given + 1];
		}));
	}

	async servers() {
		return (await this.states()).map(({ sendAs }) =>
			sendAs.map(({ smtpMsa }) => smtpMsa));
	}

	/* Without passwords: it changes no server, and says what to give. */
	async goOnBare({ id, changes }) {
		const open = await this.serversWith(id, 'planned');
		if (changes.open === 0 || open.length === 0)
			return;
		const before = await this.servers();
		const result = await this.bare('fix', ['--run', id]);
		assert.strictEqual(result.code, 4, result.err);
		assert.strictEqual(result.given.length + result.logins.length, 0,
			'no password goes anywhere');
		assert.deepStrictEqual(await this.servers(), before,
			'no server is changed');
		assert.deepStrictEqual(await this.serversWith(id, 'planned'), open,
			'each stays confirmed');
		const said = result.out.replace(/\s+/g, ' ');
		assert.strictEqual(said.split(WHAT_TO_GIVE).length - 1, open.length,
			'what to give is said of each');
		assert(said.includes(`sendas fix --run ${id}`), 'and how to go on');
	}

	/* Each mailbox as it was but for its one address, which has this. */
	async standsAs(mode, isTicked) {
		const wanted = structuredClone(this.before);
		for (const { sendAs } of wanted.slice(0, this.ours.length)) {
			const [, ocn] = sendAs;
			ocn.treatAsAlias = isTicked && ocn.treatAsAlias;
			ocn.smtpMsa = { ...this.serverOf(ocn, mode), hasPassword: true };
		}
		assert.deepStrictEqual(await this.states(), wanted,
			'each mailbox is as was confirmed, and else as it was');
	}

	/* Each change was made by a run of this command, with such a server. */
	async isMade(command, mode) {
		const runs = (await this.runs()).filter((run) =>
			run.command === command);
		const changes = (await Promise.all(runs.map(({ id }) =>
			this.changes(id)))).flat();
		for (const { mailbox, field, after, outcome } of changes) {
			assert.strictEqual(outcome, 'applied', `${field} of ${mailbox}`);
			if (field === 'smtpMsa')
				assert.deepStrictEqual(after, { host: HOST,
					port: this.relay.ports[mode], security: mode });
		}
		assert.strictEqual(changes.length, this.most,
			'each change is made once in the journal');
	}

	/*
	 * From the kill to the end: gone on with, `isBare` first without passwords;
	 * `anew` is the command once more.
	 */
	async finish(command, isBare, anew) {
		const run = (await this.runs()).find((one) =>
			one.command === command);
		const wanted = await this.foresee(run && run.id);
		if (run && isBare)
			await this.goOnBare(run);
		await this.goOn(anew);
		assert.deepStrictEqual(this.given, wanted,
			'each was given as often as it had to be');
		this.sentAgain += this.count(wanted) - wanted.size;
	}

	/* Once more tries nothing, and changes nothing. */
	async isAtRest(ticked, patched, anew) {
		await super.isAtRest(ticked, patched, async () => {
			const { code, logins } = await anew();
			assert(code === 0 || code === 2, `once more ends with ${code}`);
			assert.strictEqual(logins.length, 0, 'once more tries nothing');
		});
	}

	count(given) {
		return [...given.values()].reduce((sum, count) => sum + count, 0);
	}

	async fixRound(how) {
		await this.reset();
		const { killed } = await this.fix(how);
		if (!killed && how.orNothing)
			return killed;
		await this.finish('fix', how.isOther, () => this.fix());
		await this.standsAs('ssl', false);
		await this.isMade('fix', 'ssl');
		/* The bystander's box stays ticked. */
		await this.isAtRest(1, this.boxes + this.count(this.given),
			() => this.fix());
		return killed;
	}

	async undoRound(how) {
		await this.resetFixed();
		const [done] = await this.runs();
		const undo = (more) => this.change('undo', [done.id], more);
		const { killed } = await undo(how);
		if (!killed && how.orNothing)
			return killed;
		await this.finish('undo', how.isOther, () => undo());
		await this.standsAs('starttls', true);
		await this.isMade('undo', 'starttls');
		const first = (await this.runs()).find((run) => run.id === done.id);
		assert.strictEqual(first.changes.undone, this.most,
			'each change of the fix is marked undone');
		await this.isAtRest(this.boxes + 1,
			this.boxes + this.count(this.given), () => undo());
		return killed;
	}
}

module.exports = { ServerLab };
