/*
 * An HTTP proxy that refuses: every CONNECT gets 403. It writes its port to
 * PORT_FILE and ends with its parent.
 * node refusing-proxy.js PORT_FILE
 */
'use strict';

const fs = require('fs');
const http = require('http');

const [portFile] = process.argv.slice(2);
const parent = process.ppid;
const server = http.createServer((request, response) => {
	response.writeHead(403);
	response.end();
});

server.on('connect', (request, socket) => socket.end(
	'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
server.listen(0, '127.0.0.1', () => {
	fs.writeFileSync(portFile + '.new', `${server.address().port}\n`);
	fs.renameSync(portFile + '.new', portFile);
});
setInterval(() => process.ppid !== parent && process.exit(0), 1000);
