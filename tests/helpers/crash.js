/*
 * Kills sendas, and goes on with it, again and again; TAP.
 *   crash.js points fix|undo
 *       at every fault point of the program, over 20 mailboxes
 *   crash.js moments fix|undo ROUNDS SEED
 *       at random moments, over 200
 * SENDAS is the program, SIM_CA a folder for the double's keys.
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');

const { Lab } = require('./crash-lab');

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

async function killAtPoints(command) {
	const lab = await Lab.open(20);
	if (!await hasPoints(lab)) {
		console.log('1..0 # SKIP built without --enable-fault-points');
		lab.close();
		return;
	}
	/* A journal is made by the fix that an undo stands on. */
	const names = points().filter((name) => command === 'fix' ||
		!name.startsWith('journal.migrate.'));
	console.log(`1..${names.length * 2}`);
	let number = 0;
	for (const name of names) {
		for (const nth of [1, 12]) {
			await report(++number, `${command}: killed at ${name}, ` +
				`passing ${nth}`, async () => {
				const killed = await lab[command + 'Round'](
					{ env: { SENDAS_FAULT_POINT: `${name}:${nth}` } });
				/* Some are passed once. */
				assert(killed || nth > 1, 'it was never passed');
				return killed ? '' : 'passed less often';
			});
		}
	}
	lab.close();
}

async function killAtMoments(command, rounds, seed) {
	const lab = await Lab.open(200);
	const draw = chance(seed);
	let number = 0, kills = 0;
	await lab.reset();
	const began = Date.now();
	await lab.fix();
	const length = Date.now() - began;
	console.log(`1..${rounds + 1}`);
	console.log(`# a whole run takes ${length} ms; seed ${seed}`);
	while (number < rounds) {
		const killMs = Math.max(1, Math.round(draw() * length * 0.8));
		await report(++number, `${command}: killed after ${killMs} ms`,
			async () => {
				const killed = await lab[command + 'Round']({ killMs });
				kills += killed;
				return killed ? '' : 'it had ended before';
			});
	}
	await report(++number, 'enough of them were killed', () => {
		assert(kills * 5 > rounds, `${kills} of ${rounds}`);
		return `${kills} of ${rounds}`;
	});
	lab.close();
}

const [how, command, rounds, seed] = process.argv.slice(2);
(how === 'points' ? killAtPoints(command) :
	killAtMoments(command, Number(rounds), Number(seed)))
	.catch((problem) => {
		console.log('Bail out! ' + problem.stack);
		process.exit(1);
	});
