/*
 * Prints what the running double has stored for a mailbox, as JSON; or, with
 * CHANGE, JavaScript that changes it (`d`), stores it so, as another hand does.
 * node sim-state.js READY.JSON MAILBOX [CHANGE]
 */
'use strict';

const fs = require('fs');

const { Sim } = require('../sim/testkit');

async function main() {
	const [readyFile, mailbox, change] = process.argv.slice(2);
	const sim = new Sim(JSON.parse(fs.readFileSync(readyFile)));
	const state = await sim.state(mailbox);
	if (change === undefined) {
		console.log(JSON.stringify(state));
	} else {
		new Function('d', change)(state);
		/* The double shows no password, and wants one. */
		for (const { smtpMsa } of state.sendAs) {
			if (smtpMsa && smtpMsa.hasPassword)
				smtpMsa.password = 'invented-password';
			if (smtpMsa)
				delete smtpMsa.hasPassword;
		}
		const answer = await sim.control('/_state',
			{ method: 'POST', body: JSON.stringify(state) });
		if (answer.status >= 300)
			throw new Error(answer.text);
	}
	sim.session.destroy();
}

main().catch((problem) => {
	console.error(problem);
	process.exit(1);
});
