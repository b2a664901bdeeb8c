/*
 * Kills sendas, and goes on with it, again and again; TAP.
 *   crash.js boxes|servers points fix|undo
 *       at every fault point of the program that matters there
 *   crash.js boxes|servers moments fix|undo ROUNDS SEED
 *       at random moments, over more mailboxes
 * "boxes" has alias boxes changed, "servers" SMTP servers as well. SENDAS is the
 * program, SIM_CA a folder for the double's keys; servers need what
 * crash-server-lab.js says.
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');

const { Lab } = require('./crash-lab');
const { ServerLab } = require('./crash-server-lab');

/* How many mailboxes there are, by which passes of a point it kills, and from
 * which part of a run's time on. */
const LABS = {
	boxes: { Kind: Lab, points: 20, passes: [1, 12],
		moments: 200, from: 0, sendsAgain: false },
	servers: { Kind: ServerLab, points: 4, passes: [1, 3],
		moments: 16, from: 0.2, sendsAgain: true },
};

/* The first run takes longer than those after it. */
const TO = 0.8;

const SOURCES = path.join(__dirname, '..', '..', 'src');

/* Every point that stands in the sources: a new one is tested by itself. */
function points() {
	const names = new Set();
	for (const folder of fs.readdirSync(SOURCES)) {
		for (const file of fs.readdirSync(path.join(SOURCES, folder))) {
			if (!file.endsWith('.c'))
				continue;
			const text = fs.readFileSync(
				path.join(SOURCES, folder, file), 'utf8');
			for (const [, name] of text.matchAll(
				/fault_point\("([^"]+)"\)|\] = "([a-z]+\.[a-z-]+\.[a-z]+)",/g))
				names.add(name);
			for (const [, name] of text.matchAll(
				/\] = "(journal\.[a-z-]+\.(?:before|after))",/g))
				names.add(name);
		}
	}
	names.delete(undefined);
	return [...names].sort();
}

/* Numbers from 0 to 1 that follow from a seed (a Lehmer generator). */
function chance(seed) {
	let state = seed % 2147483646 + 1;
	return () => {
		state = state * 48271 % 2147483647;
		return state / 2147483647;
	};
}

async function report(number, name, run) {
	try {
		const note = await run();
		console.log(`ok ${number} - ${name}${note ? ` (${note})` : ''}`);
	} catch (problem) {
		console.log(`not ok ${number} - ${name}`);
		console.log(String(problem.stack).replace(/^/gm, '# '));
	}
}

async function hasPoints(lab) {
	await lab.reset();
	const { killed } = await lab.fix(
		{ env: { SENDAS_FAULT_POINT: 'journal.begin.before' } });
	return killed;
}

async function killAtPoints(what, command) {
	const lab = await what.Kind.open(what.points);
	const { passes } = what;
	if (!await hasPoints(lab)) {
		console.log('1..0 # SKIP built without --enable-fault-points');
		lab.close();
		return;
	}
	const names = points().filter((name) => lab.isFor(name, command));
	let number = 0;
	console.log(`1..${names.length * passes.length + 1 +
		(what.sendsAgain ? 1 : 0)}`);
	await report(++number, `${command}: not killed`, async () => {
		assert(!await lab.round(command, {}), 'it was killed');
	});
	for (const name of names) {
		for (const nth of passes) {
			await report(++number, `${command}: killed at ${name}, ` +
				`passing ${nth}`, async () => {
				const isFirst = nth === passes[0];
				const killed = await lab.round(command,
					{ env: { SENDAS_FAULT_POINT: `${name}:${nth}` },
						orNothing: !isFirst, isOther: !isFirst });
				/* Some are passed once. */
				assert(killed || !isFirst, 'it was never passed');
				return killed ? '' : 'passed less often';
			});
		}
	}
	if (what.sendsAgain)
		await report(++number, 'some were sent once more', () => {
			assert(lab.sentAgain > 0);
			return `${lab.sentAgain} changes`;
		});
	lab.close();
}

async function killAtMoments(what, command, rounds, seed) {
	const lab = await what.Kind.open(what.moments);
	const draw = chance(seed);
	let number = 0, kills = 0;
	await lab.reset();
	const began = Date.now();
	await lab.fix();
	const length = Date.now() - began;
	console.log(`1..${rounds + 1}`);
	console.log(`# a whole run takes ${length} ms; seed ${seed}`);
	while (number < rounds) {
		const killMs = Math.max(1,
			Math.round((what.from + draw() * (TO - what.from)) * length));
		await report(++number, `${command}: killed after ${killMs} ms`,
			async () => {
				const killed = await lab.round(command,
					{ killMs, isOther: number % 2 === 0 });
				kills += killed;
				return killed ? '' : 'it had ended before';
			});
	}
	await report(++number, 'enough of them were killed', () => {
		assert(kills * 5 > rounds, `${kills} of ${rounds}`);
		return `${kills} of ${rounds}; ${lab.sentAgain} changes were ` +
			'sent once more';
	});
	lab.close();
}

const [what, how, command, rounds, seed] = process.argv.slice(2);
(how === 'points' ? killAtPoints(LABS[what], command) :
	killAtMoments(LABS[what], command, Number(rounds), Number(seed)))
	.catch((problem) => {
		console.log('Bail out! ' + problem.stack);
		process.exit(1);
	});
