/*
 * Prints in how many of the mailboxes of a list the running double has an
 * address whose box "Treat as an alias" is ticked.
 * node sim-ticked.js READY.JSON LIST
 */
'use strict';

const fs = require('fs');

const { Sim } = require('../sim/testkit');

async function main() {
	const [readyFile, list] = process.argv.slice(2);
	const sim = new Sim(JSON.parse(fs.readFileSync(readyFile)));
	const names = fs.readFileSync(list, 'utf8').split('\n').filter(Boolean);
	let ticked = 0;
	for (const name of names) {
		const state = await sim.state(name);
		ticked += state.sendAs.some((address) => address.treatAsAlias);
	}
	console.log(ticked);
	sim.session.destroy();
}

main().catch((problem) => {
	console.error(problem);
	process.exit(1);
});
