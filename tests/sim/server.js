/*
 * The HTTPS server: TLS, HTTP/2 and HTTP/1.1 on loopback, reading requests,
 * finding who answers them, logging, sending.
 * It is the only file that knows node's server objects: the others get a
 * plain request and return, or throw, a plain answer.
 */
'use strict';

const http2 = require('http2');
const https = require('https');

const authorize = require('./authorize');
const control = require('./control');
const errors = require('./errors');
const gmail = require('./gmail');
const revoke = require('./revoke');
const token = require('./token');
const { CONSENT } = require('./pages');

const LONGEST_BODY_BYTES = 1024 * 1024;
const STREAMS_A_CONNECTION = 100;
const TRICKLE_MS = 200;
const GOAWAY_MS = 20;

function create(world, certs) {
	const tls = { cert: certs.cert, key: certs.key, minVersion: 'TLSv1.2' };
	const handler = (req, res) => {
		serve(world, req, res).catch((problem) => {
			console.error('the double failed:', problem);
			breakOff(res);
		});
	};
	const server = world.http1Only ?
		https.createServer({ ...tls, ALPNProtocols: ['http/1.1'] }, handler) :
		http2.createSecureServer({ ...tls, allowHTTP1: true,
			settings: { maxConcurrentStreams: STREAMS_A_CONNECTION },
		}, handler);
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
	if (await leaves(res, world.delayMs + (answer.lateMs || 0)))
		record.gone = true;
	if (answer.manner === 'torn')
		record.torn = true;
	world.log.end(record, Object.hasOwn(NO_ANSWER, answer.manner) ? 0 :
		answer.status);
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

const SIGNING_IN = {
	'/o/oauth2/v2/auth': authorize.handle,
	[CONSENT]: authorize.answer,
	'/token': token.handle,
	'/revoke': revoke.handle,
};

function route(world, request, record) {
	const handle = Object.hasOwn(SIGNING_IN, request.path) ?
		SIGNING_IN[request.path] : gmail.handle;
	return handle(world, request, record);
}

/*
 * Waits, and resolves to true at once when the client will wait no longer. At
 * least one turn of the loop, so that requests that came together are seen
 * together by the log.
 */
function leaves(res, ms) {
	return new Promise((resolve) => {
		if (ms <= 0) {
			setImmediate(resolve, false);
			return;
		}
		const timer = setTimeout(resolve, ms, false);
		res.once('close', () => {
			clearTimeout(timer);
			resolve(true);
		});
	});
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
	if (Object.hasOwn(NO_ANSWER, answer.manner)) {
		NO_ANSWER[answer.manner](res);
		return;
	}
	res.statusCode = answer.status;
	res.sendDate = false;
	const date = world.withDate ? { date: world.clock.date() } : {};
	const headers = { ...COMMON_HEADERS, ...date, ...answer.headers };
	for (const [name, value] of Object.entries(headers))
		res.setHeader(name, value);
	if (answer.manner)
		BAD_SENDING[answer.manner](res, answer.body);
	else
		res.end(answer.body);
}

/* --- manners of being a bad server ------------------------------------- */

const NO_ANSWER = {
	reset: breakOff,
	stall: () => {},
	goaway: goAway,
};

const BAD_SENDING = {
	torn: tear,
	trickle,
};

/* This stream alone, or the connection where there are no streams. */
function breakOff(res) {
	if (res.stream)
		res.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
	else
		res.socket.destroy();
}

/*
 * No more on this connection, and this request was not looked at. That is
 * said by a last stream before this one; node cannot say "none at all", so
 * the first stream of a connection is refused instead, which means the same.
 * Earlier streams are still answered before the connection is closed.
 */
function goAway(res) {
	if (!res.stream) {
		breakOff(res);
		return;
	}
	const { session, id } = res.stream;
	session.goaway(http2.constants.NGHTTP2_NO_ERROR, id - 2);
	if (id === 1)
		res.stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
	/* Not before that is sent, or node would send another last stream. */
	setTimeout(() => session.destroyed || session.close(), GOAWAY_MS);
}

/* Promises more than it sends, then breaks off. */
function tear(res, body) {
	res.setHeader('content-length', String(body.length * 2));
	res.write(body, () => breakOff(res));
}

/* A byte now and then, and spaces when there are no more; without an end. */
function trickle(res, body) {
	const bytes = Buffer.from(body);
	let at = 0;
	res.flushHeaders();
	const timer = setInterval(() => {
		res.write(at < bytes.length ? bytes.subarray(at, at + 1) : ' ');
		at++;
	}, TRICKLE_MS);
	res.once('close', () => clearInterval(timer));
}

module.exports = { create };
