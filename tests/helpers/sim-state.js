/*
 * Prints what the running double has stored for a mailbox, as JSON.
 * node sim-state.js READY.JSON MAILBOX
 */
'use strict';

const fs = require('fs');

const { Sim } = require('../sim/testkit');

async function main() {
	const [readyFile, mailbox] = process.argv.slice(2);
	const sim = new Sim(JSON.parse(fs.readFileSync(readyFile)));
	console.log(JSON.stringify(await sim.state(mailbox)));
	sim.session.destroy();
}

main().catch((problem) => {
	console.error(problem);
	process.exit(1);
});
