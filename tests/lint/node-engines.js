/*
 * Every package of tests/package-lock.json must run on Debian 12's own Node,
 * or the tests would pass here and fail on a machine with nothing but Debian.
 * Prints TAP: one line a locked package. It reads the lock file alone and may
 * not look at what is installed.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const semver = require('semver');

const DEBIAN_12_NODE = '18.20.4';
const LOCK = path.join(__dirname, '..', 'package-lock.json');

/* What is wrong with one entry of the lock file, or null. */
function problemOf(entry) {
	const engines = entry.engines && entry.engines.node;
	if (engines === undefined)
		return null;
	if (semver.validRange(engines) === null)
		return `its engines "${engines}" cannot be read`;
	if (!semver.satisfies(DEBIAN_12_NODE, engines))
		return `it wants node ${engines}`;
	return null;
}

function main() {
	const { packages } = JSON.parse(fs.readFileSync(LOCK, 'utf8'));
	let count = 0;
	let failed = 0;
	for (const [where, entry] of Object.entries(packages)) {
		const name = where.replace(/^.*node_modules\//, '') ||
			'the tests themselves';
		const problem = problemOf(entry);
		count++;
		failed += problem ? 1 : 0;
		console.log(`${problem ? 'not ok' : 'ok'} ${count} - ${name} ` +
			`${entry.version} runs on node ${DEBIAN_12_NODE}` +
			(problem ? `: ${problem}` : ''));
	}
	console.log(`1..${count}`);
	process.exitCode = failed === 0 && count > 1 ? 0 : 1;
}

main();
