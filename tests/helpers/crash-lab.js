/*
 * A program that is killed, and gone on with: the double of Google with
 * mailboxes that are put back as they were for each round, and sendas with a
 * journal of its own.
 */
'use strict';

const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');

const { start, temporaryFolder } = require('../sim/testkit');

const SENDAS = process.env.SENDAS;
const LIMIT_MS = 60000;

/* The lines of a log from there on. */
function linesFrom(name, at) {
	const file = fs.openSync(name);
	const log = Buffer.alloc(fs.fstatSync(file).size - at);
	fs.readSync(file, log, 0, log.length, at);
	fs.closeSync(file);
	return log.toString().split('\n').filter(Boolean);
}

class Lab {
	/* `count` mailboxes, each with one box that is ticked. */
	static async open(count) {
		const lab = new this();
		lab.folder = temporaryFolder();
		lab.seeds = Array.from({ length: count },
			(_, i) => lab.seedOf(i + 1));
		lab.most = count;
		lab.sentAgain = 0;
		const file = path.join(lab.folder, 'seeds.json');
		fs.writeFileSync(file, JSON.stringify({ mailboxes: lab.seeds }));
		lab.users = path.join(lab.folder, 'users');
		fs.writeFileSync(lab.users,
			lab.seeds.map((seed) => seed.mailbox + '\n').join(''));
		lab.sim = await start('--seeds', file, '--ca', process.env.SIM_CA);
		return lab;
	}

	seedOf(number) {
		const user = 'user' + String(number).padStart(4, '0');
		const ocn = `${user}@ocn.ne.jp`;
		return { mailbox: `${user}@example.com`, kind: 'workspace', sendAs: [
			{ sendAsEmail: `${user}@example.com`, displayName: 'T',
				isPrimary: true, isDefault: true },
			{ sendAsEmail: ocn, displayName: 'T', treatAsAlias: true,
				smtpMsa: { host: 'smtp.ocn.ne.jp', port: 465,
					username: ocn, password: 'invented-password',
					securityMode: 'ssl' },
				verificationStatus: 'accepted' }] };
	}

	/* A mailbox after the fix. */
	fixedSeed(seed) {
		const fixed = structuredClone(seed);
		fixed.sendAs[1].treatAsAlias = false;
		return fixed;
	}

	/* All as at the beginning: the mailboxes, and an empty journal. */
	async reset(seeds = this.seeds) {
		await Promise.all(seeds.map(async (seed) => {
			const answer = await this.sim.control('/_state',
				{ method: 'POST', body: JSON.stringify(seed) });
			assert(answer.status < 300, 'the double takes the state');
		}));
		this.home = fs.mkdtempSync(path.join(this.folder, 'home-'));
		this.logAt = fs.statSync(this.sim.ready.requests).size;
	}

	/* All as after a fix that nothing happened to: it is made once, and its
	 * journal copied. */
	async resetFixed() {
		const seeds = this.seeds.map((seed) => this.fixedSeed(seed));
		if (!this.fixedHome) {
			await this.reset();
			assert.strictEqual((await this.fix()).code, 0, 'the fix before');
			this.fixedHome = this.home;
			const states = await this.states();
			await this.reset(seeds);
			assert.deepStrictEqual(await this.states(), states,
				'the mailboxes are as after a fix');
		}
		await this.reset(seeds);
		fs.cpSync(this.fixedHome, this.home, { recursive: true });
	}

	states() {
		return Promise.all(this.seeds.map((seed) =>
			this.sim.state(seed.mailbox)));
	}

	/* Runs sendas; with `killMs` it is killed after so long. */
	run(words, { env = {}, killMs = 0, signal = 'SIGKILL' } = {}) {
		const child = spawn(SENDAS, words, { stdio: ['ignore', 'pipe', 'pipe'],
			env: { PATH: process.env.PATH, HOME: this.home, LANG: 'C.UTF-8',
				TMPDIR: this.home, ASAN_OPTIONS: 'exitcode=99',
				UBSAN_OPTIONS: 'exitcode=99', ...env } });
		const result = { out: '', err: '' };
		child.stdout.on('data', (data) => { result.out += data; });
		child.stderr.on('data', (data) => { result.err += data; });
		const timers = [setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)];
		if (killMs > 0)
			timers.push(setTimeout(() => child.kill(signal), killMs));
		return new Promise((resolve) => child.on('close', (code, by) => {
			timers.forEach(clearTimeout);
			assert.notStrictEqual(code, 99, result.err);
			resolve({ ...result, code, killed: by === 'SIGKILL' });
		}));
	}

	/* A command that signs in. */
	live(command, words, how) {
		const { ready } = this.sim;
		return this.run([command, '--credentials', ready.credentials,
			'--ca-file', ready.caFile, '--endpoint', `gmail=${ready.gmail}`,
			'--endpoint', `token=${ready.token}`, ...words], how);
	}

	/* One that changes, unasked. */
	change(command, words, how) {
		return this.live(command, [...words, '--yes', '--max-changes',
			String(this.most)], how);
	}

	fix(how) {
		return this.change('fix', ['--users', this.users], how);
	}

	/* What the journal says; the newest first. Without one, nothing. */
	async runs() {
		const result = await this.run(['runs', '--format', 'json']);
		assert.strictEqual(result.code, 0, result.err);
		return JSON.parse(result.out).runs;
	}

	/* Addresses that were written since the last reset, one a PATCH. */
	patches() {
		return linesFrom(this.sim.ready.requests, this.logAt)
			.filter((line) => line.includes('"call":"patch"'))
			.map((line) => JSON.parse(line).mailbox);
	}

	/* How many boxes are ticked at Google. */
	async ticked() {
		return (await this.states()).filter((state) =>
			state.sendAs[1].treatAsAlias).length;
	}

	/*
	 * Goes on after a kill as a person would: with the run, if the journal
	 * has something left of it, and then anew for what that never came to.
	 */
	async goOn(anew) {
		const [newest] = await this.runs();
		if (newest && newest.changes.planned + newest.changes.open > 0) {
			/* What is confirmed is not asked about again. */
			const how = newest.changes.planned > 0 ? 'change' : 'live';
			const result = await this[how]('fix', ['--run', newest.id]);
			assert.strictEqual(result.code, 0, result.err);
		}
		const result = await anew();
		assert(result.code === 0 || result.code === 2, result.err);
	}

	/* Nothing is left, and once more changes nothing. */
	async isAtRest(ticked, patched, anew) {
		const all = this.seeds.length;
		assert.strictEqual(await this.ticked(), ticked, 'the boxes ticked');
		assert.strictEqual(this.patches().length, patched, 'the PATCHes sent');
		for (const run of await this.runs()) {
			assert.strictEqual(run.changes.open, 0, 'nothing is open');
			for (const word of ['changed-meanwhile', 'failed', 'ignored'])
				assert.strictEqual(run.changes[word], 0, word);
			if (run.changes.planned > 0)
				continue;
			const again = await this.change('fix', ['--run', run.id]);
			assert.strictEqual(again.code, 2, again.err);
		}
		await anew();
		assert.strictEqual(this.patches().length, patched,
			`once more sends nothing (${all} mailboxes)`);
	}

	sum(runs, word) {
		return runs.reduce((sum, run) => sum + run.changes[word], 0);
	}

	/* Whether a kill at this point of the program is one for this lab. */
	isFor(point, command) {
		/* A journal is made by the fix that an undo stands on. */
		return !point.startsWith('relay.') &&
			(command === 'fix' || !point.startsWith('journal.migrate.'));
	}

	/*
	 * A round of a command, killed as `how` says, as `run` has it. True when it
	 * was; if not, `orNothing` ends it there. `isOther` goes another way to the
	 * end, where there is one.
	 */
	round(command, how) {
		return this[`${command}Round`](how);
	}

	async fixRound(how) {
		const all = this.seeds.length;
		await this.reset();
		const { killed } = await this.fix(how);
		if (!killed && how.orNothing)
			return killed;
		await this.goOn(() => this.fix());
		await this.isAtRest(0, all, () => this.fix());
		assert.strictEqual(this.sum(await this.runs(), 'applied'), all,
			'each is applied once in the journal');
		return killed;
	}

	/* The fix before it is left in peace. */
	async undoRound(how) {
		const all = this.seeds.length;
		await this.resetFixed();
		const [done] = await this.runs();
		const undo = (more) => this.change('undo', [done.id], more);
		const { killed } = await undo(how);
		if (!killed && how.orNothing)
			return killed;
		await this.goOn(() => undo());
		await this.isAtRest(all, all, () => undo());
		const first = (await this.runs()).find((run) => run.id === done.id);
		assert.strictEqual(first.changes.undone, all,
			'each change of the fix is marked undone');
		return killed;
	}

	close() {
		this.sim.stop();
	}
}

module.exports = { Lab, linesFrom };
