/*
 * The HTTPS server: TLS, HTTP/2 and HTTP/1.1 on loopback, reading requests,
 * finding who answers them, logging, sending.
 * It is the only file that knows node's server objects: the others get a
 * plain request and return, or throw, a plain answer.
 */
'use strict';

const http2 = require('http2');

const control = require('./control');
const errors = require('./errors');
const gmail = require('./gmail');
const token = require('./token');

const LONGEST_BODY_BYTES = 1024 * 1024;
const STREAMS_A_CONNECTION = 100;

function create(world, certs) {
	const server = http2.createSecureServer({
		cert: certs.cert,
		key: certs.key,
		allowHTTP1: true,
		minVersion: 'TLSv1.2',
		settings: { maxConcurrentStreams: STREAMS_A_CONNECTION },
	}, (req, res) => {
		serve(world, req, res).catch((problem) => {
			console.error('the double failed:', problem);
			res.stream ? res.stream.close() : res.destroy();
		});
	});
	server.on('tlsClientError', () => world.log.summary.tlsErrors++);
	server.on('sessionError', () => {});
	return trackConnections(server);
}

/*
 * Open connections would hold close() back for as long as they like, those
 * whose handshake is still under way too.
 */
function trackConnections(server) {
	const open = new Set();
	let shut = false;
	server.on('connection', (socket) => {
		if (shut) {
			socket.destroy();
			return;
		}
		open.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => open.delete(socket));
	});
	server.shut = (done) => {
		shut = true;
		server.close(done);
		for (const socket of open)
			socket.destroy();
	};
	return server;
}

async function serve(world, req, res) {
	const request = await read(req);
	if (request === null)
		return;
	if (request.path.startsWith('/_')) {
		send(world, res, control.handle(world, request));
		return;
	}
	const record = world.log.begin(request);
	const answer = await answerFor(world, request, record);
	await pause(world.delayMs);
	if (answer.torn)
		record.torn = true;
	world.log.end(record, answer.status);
	send(world, res, answer);
}

/* Always the whole body, for an early answer would reset the stream. */
function read(req) {
	return new Promise((resolve) => {
		const chunks = [];
		let bytes = 0;
		req.on('data', (chunk) => {
			bytes += chunk.length;
			if (bytes <= LONGEST_BODY_BYTES)
				chunks.push(chunk);
		});
		req.on('end', () => resolve(plain(req, Buffer.concat(chunks),
			bytes > LONGEST_BODY_BYTES)));
		/* The client went away; after an end, these come too late. */
		for (const event of ['error', 'aborted', 'close'])
			req.on(event, () => resolve(null));
	});
}

function plain(req, body, tooLong) {
	const at = req.url.indexOf('?');
	return {
		protocol: req.httpVersionMajor === 2 ? 'h2' : 'http1.1',
		method: req.method,
		path: at < 0 ? req.url : req.url.slice(0, at),
		query: at < 0 ? null : req.url.slice(at + 1),
		headers: req.headers,
		body,
		tooLong,
	};
}

async function answerFor(world, request, record) {
	try {
		if (request.tooLong)
			throw errors.noSuchPage(413);
		return await route(world, request, record);
	} catch (problem) {
		if (!(problem instanceof errors.AnswerError))
			throw problem;
		record.error = problem.message;
		return problem.answer;
	}
}

function route(world, request, record) {
	if (request.path === '/token')
		return token.handle(world, request, record);
	return gmail.handle(world, request, record);
}

/*
 * At least one turn of the loop, so that requests that came together are seen
 * together by the log.
 */
function pause(ms) {
	return new Promise((resolve) =>
		ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve));
}

const COMMON_HEADERS = {
	vary: ['Origin', 'X-Origin', 'Referer'],
	server: 'ESF',
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'SAMEORIGIN',
	'x-xss-protection': '0',
};

function send(world, res, answer) {
	const gone = res.stream ? res.stream.destroyed : res.destroyed;
	if (gone)
		return;
	res.statusCode = answer.status;
	const headers = { ...COMMON_HEADERS, date: world.clock.date(),
		...answer.headers };
	for (const [name, value] of Object.entries(headers))
		res.setHeader(name, value);
	if (answer.torn)
		tear(res, answer.body);
	else
		res.end(answer.body);
}

/* Promises more than it sends, then breaks off. */
function tear(res, body) {
	res.setHeader('content-length', String(body.length * 2));
	res.write(body, () => {
		if (res.stream)
			res.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
		else
			res.socket.destroy();
	});
}

module.exports = { create };
