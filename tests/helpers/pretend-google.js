/*
 * Stands where a company's filter that looks into TLS stands: an HTTP proxy
 * that takes every CONNECT, whatever the host, ends TLS itself with the given
 * certificate, and answers every request as Google does one without a token.
 * Nothing is passed on. It writes its port to PORT_FILE and ends with its
 * parent.
 * node pretend-google.js PORT_FILE CERTIFICATE KEY
 */
'use strict';

const fs = require('fs');
const http = require('http');
const tls = require('tls');

const [portFile, certificate, key] = process.argv.slice(2);
const parent = process.ppid;
const secureContext = tls.createSecureContext({
	cert: fs.readFileSync(certificate), key: fs.readFileSync(key) });

const inner = http.createServer((request, response) => {
	response.writeHead(401, { 'content-type': 'application/json' });
	response.end('{"error": {"code": 401, "message": "no token"}}');
});

const server = http.createServer();
server.on('connect', (request, socket) => {
	socket.on('error', () => {});
	socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
	const secure = new tls.TLSSocket(socket, { isServer: true,
		secureContext, ALPNProtocols: ['http/1.1'] });
	secure.on('error', () => secure.destroy());
	inner.emit('connection', secure);
});
server.listen(0, '127.0.0.1', () => {
	fs.writeFileSync(portFile + '.new', `${server.address().port}\n`);
	fs.renameSync(portFile + '.new', portFile);
});
setInterval(() => process.ppid !== parent && process.exit(0), 1000);
