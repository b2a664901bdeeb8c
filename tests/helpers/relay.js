/*
 * Stands between sendas and the double as a piece of bad network: hands bytes
 * on both ways until the double has stored a change of a mailbox, and then
 * breaks all connections, so that the answer to that change is lost.
 * node relay.js READY.JSON MAILBOX PORT_FILE [for-good]
 * It writes its port to PORT_FILE. With for-good it takes no connection after
 * the break. It ends with its parent.
 */
'use strict';

const fs = require('fs');
const net = require('net');

const { Sim, sleep } = require('../sim/testkit');

const [readyFile, mailbox, portFile, forGood] = process.argv.slice(2);
const sim = new Sim(JSON.parse(fs.readFileSync(readyFile)));
const open = new Set();
const parent = process.ppid;

const server = net.createServer((near) => {
	const far = net.connect(sim.ready.port, '127.0.0.1');
	for (const [socket, other] of [[near, far], [far, near]]) {
		open.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => {
			open.delete(socket);
			other.destroy();
		});
		socket.pipe(other);
	}
});

async function isChanged() {
	const { sendAs } = await sim.state(mailbox);
	return sendAs.every((entry) => !entry.treatAsAlias);
}

async function breakAfterChange() {
	while (!await isChanged()) {
		if (process.ppid !== parent)
			process.exit(0);
		await sleep(10);
	}
	if (forGood)
		server.close();
	open.forEach((socket) => socket.destroy());
}

server.listen(0, '127.0.0.1', () => {
	fs.writeFileSync(portFile + '.new', `${server.address().port}\n`);
	fs.renameSync(portFile + '.new', portFile);
	breakAfterChange();
});
setInterval(() => process.ppid !== parent && process.exit(0), 1000);
