/*
 * An HTTP proxy for tests: refuses, hands through, or looks into what goes
 * through it, as a company's filter does. On 127.0.0.1, and to 127.0.0.1
 * alone; whoever asks for another host gets 403.
 * node connect-proxy.js PORT_FILE MODE [OPTION...]
 *   --refuse    every CONNECT gets 403
 *   --forward   a tunnel, byte by byte
 *   --inspect   it ends TLS itself, with a certificate of "Inspecting Test
 *               CA", speaks HTTP/1.1 on both sides, and passes requests on;
 *               with --keys DIR (where its keys are kept), --ca-file FILE
 *               (where it writes its CA's certificate) and --upstream-ca FILE
 *               (what the servers behind it are verified with)
 *   --auth USER:PASSWORD   407 for whoever does not give these (Basic)
 *   --log FILE  a line for each CONNECT ("host:port status") and for each
 *               request looked into ("GET /path status", without the query;
 *               status 0: there was no answer)
 * It writes its port to PORT_FILE when it can be used, and ends with its
 * parent or on SIGTERM.
 */
'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');
const net = require('net');
const tls = require('tls');
const { parseArgs } = require('util');

const { prepareServer } = require('../sim/certs');

const ONLY_HOST = '127.0.0.1';
const MODES = ['refuse', 'forward', 'inspect'];
/* Of one connection alone: not to be passed on. */
const HOP_HEADERS = ['connection', 'keep-alive', 'proxy-authorization',
	'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

function readArguments() {
	const { values, positionals } = parseArgs({ allowPositionals: true,
		options: {
			refuse: { type: 'boolean' },
			forward: { type: 'boolean' },
			inspect: { type: 'boolean' },
			keys: { type: 'string' },
			'ca-file': { type: 'string' },
			'upstream-ca': { type: 'string' },
			auth: { type: 'string' },
			log: { type: 'string' },
		} });
	const modes = MODES.filter((mode) => values[mode]);
	if (positionals.length !== 1 || modes.length !== 1)
		throw new Error('wants a PORT_FILE and one mode');
	for (const name of ['keys', 'ca-file', 'upstream-ca'])
		if (values.inspect && !values[name])
			throw new Error(`--inspect wants --${name}`);
	return { ...values, mode: modes[0], portFile: positionals[0] };
}

/* On disk before the answer goes out, as the double's own log. */
function logger(file) {
	if (!file)
		return () => {};
	const fd = fs.openSync(file, 'w', 0o600);
	return (line) => fs.writeSync(fd, line + '\n');
}

/* --- CONNECT ----------------------------------------------------------- */

/* The status for a CONNECT that is not to be served, or 0. */
function refusal({ mode, auth }, request, { host, port }) {
	const wanted = auth === undefined ? undefined :
		'Basic ' + Buffer.from(auth).toString('base64');
	if (wanted && request.headers['proxy-authorization'] !== wanted)
		return 407;
	if (mode === 'refuse' || host !== ONLY_HOST)
		return 403;
	return port > 0 && port < 65536 ? 0 : 400;
}

function targetOf(request) {
	const at = request.url.lastIndexOf(':');
	return { host: request.url.slice(0, at),
		port: Number(request.url.slice(at + 1)) };
}

const STATUS_LINES = {
	200: 'HTTP/1.1 200 Connection established\r\n\r\n',
	400: 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
	403: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
	407: 'HTTP/1.1 407 Proxy Authentication Required\r\n' +
		'Proxy-Authenticate: Basic realm="test"\r\n' +
		'Content-Length: 0\r\n\r\n',
	502: 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n',
};

function create(options, inspector) {
	const log = logger(options.log);
	const answer = (request, socket, status) => {
		log(`${request.url} ${status}`);
		if (status === 200)
			socket.write(STATUS_LINES[200]);
		else
			socket.end(STATUS_LINES[status]);
	};
	const server = http.createServer((request, response) => {
		response.writeHead(403);
		response.end();
	});
	server.on('connect', (request, socket, head) => {
		const target = targetOf(request);
		const refused = refusal(options, request, target);
		socket.on('error', () => {});
		socket.unshift(head);
		if (refused) {
			answer(request, socket, refused);
		} else if (inspector) {
			answer(request, socket, 200);
			inspector(socket, target, log);
		} else {
			tunnel(socket, target, (status) =>
				answer(request, socket, status));
		}
	});
	return server;
}

/* The answer waits until the other side is there, or is not. */
function tunnel(near, { host, port }, answer) {
	let through = false;
	const far = net.connect(port, host, () => {
		through = true;
		answer(200);
		near.pipe(far);
		far.pipe(near);
	});
	far.on('error', () => through || answer(502));
	far.on('close', () => through && near.destroy());
	near.on('close', () => far.destroy());
}

/* --- looking into it --------------------------------------------------- */

/* Takes sockets of clients that believe to have the server before them. */
function makeInspector(options) {
	const own = prepareServer(options.keys, 'inspecting');
	const upstreamCa = fs.readFileSync(options['upstream-ca']);
	fs.writeFileSync(options['ca-file'], own.issuer);
	const context = tls.createSecureContext({ cert: own.cert, key: own.key,
		minVersion: 'TLSv1.2' });
	const targets = new WeakMap();
	const inner = http.createServer((request, response) => {
		const { target, log } = targets.get(request.socket);
		passOn(request, response, { ...target, ca: upstreamCa }, log);
	});
	return (socket, target, log) => {
		const secure = new tls.TLSSocket(socket, { isServer: true,
			secureContext: context, ALPNProtocols: ['http/1.1'] });
		targets.set(secure, { target, log });
		/* Most do not trust this CA, and say so by leaving. */
		secure.on('error', () => secure.destroy());
		inner.emit('connection', secure);
	};
}

function passOn(request, response, server, log) {
	const path = request.url.split('?', 1)[0];
	const done = (status) => log(`${request.method} ${path} ${status}`);
	const far = https.request({ ...server, agent: false,
		method: request.method, path: request.url,
		headers: withoutHops(request.headers) }, (answer) => {
		done(answer.statusCode);
		response.writeHead(answer.statusCode, withoutHops(answer.headers));
		answer.pipe(response);
		answer.on('error', () => response.destroy());
	});
	/* After the head of an answer, this comes too late to be told. */
	far.on('error', () => {
		if (response.headersSent)
			return;
		done(0);
		response.writeHead(502);
		response.end();
	});
	response.on('close', () => far.destroy());
	request.pipe(far);
}

function withoutHops(headers) {
	return Object.fromEntries(Object.entries(headers).filter(([name]) =>
		!HOP_HEADERS.includes(name)));
}

/* --- start and end ----------------------------------------------------- */

function main() {
	const options = readArguments();
	const parent = process.ppid;
	const server = create(options,
		options.mode === 'inspect' ? makeInspector(options) : null);
	server.listen(0, ONLY_HOST, () => {
		const draft = options.portFile + '.new';
		fs.writeFileSync(draft, `${server.address().port}\n`);
		fs.renameSync(draft, options.portFile);
	});
	process.once('SIGTERM', () => process.exit(0));
	setInterval(() => process.ppid !== parent && process.exit(0), 1000);
}

try {
	main();
} catch (problem) {
	console.error(`connect-proxy: ${problem.message}`);
	process.exit(1);
}
