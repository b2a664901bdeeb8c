/*
 * A provider's SMTP relay for tests of a login that sends no mail: one port
 * for each way in which such a server may behave. On 127.0.0.1 only, ports by
 * the system. Nothing that is sent to it goes anywhere.
 * node smtp-relay.js --state DIR [OPTION...]
 *   --ca DIR         keys and certificates, shared with the double of Google;
 *                    default STATE/keys
 *   --parent PID     the process whose end ends it; default whoever started it
 *   --password TEXT  of taro@ocn.ne.jp; default "invented-password"
 *   --own            instead, each NAME@ocn.ne.jp has one of its own, TEXT-NAME
 *   --login-only     AUTH LOGIN is all it offers, instead of LOGIN and PLAIN
 *   --cram           CRAM-MD5 is all it offers
 *   --slow MS        how late each answer comes at the port "slow"; default 300
 * It writes STATE/ready.json when it can be used, with the port of each mode
 * (MODES below, and "closed") and when the log's ms began, and ends on SIGTERM
 * with 0. STATE/ca.pem holds the issuer to trust.
 *
 * STATE/sessions.jsonl gets a line when something happens, never a password:
 *   {"ms", "session", "mode", "event", ...}
 *   connect      bytes can go both ways; no more than that
 *   overlap      "with": numbers of sessions at the same port that were open
 *                too; such a line has "overlap": true
 *   tls          "protocol"; tls-failed has "why" instead
 *   auth-begun   AUTH came, in whatever state
 *   auth         "user", "mechanism", "verdict" (the reply's code, 0 for
 *                none), and "ehlo", the name that the client gave itself
 *   mail, rcpt, data, help, ...   the command came, whatever was answered
 *   quit, gone   how it ended: after QUIT, or without
 */
'use strict';

const fs = require('fs');
const https = require('https');
const net = require('net');
const path = require('path');
const tls = require('tls');
const { parseArgs } = require('util');

const { SMTPServer } = require('smtp-server');
const { SMTPConnection } = require('smtp-server/lib/smtp-connection');
const { prepareServer } = require('../sim/certs');

/* It waits 100 ms with its greeting, to catch who speaks first: most of the time
 * that a login takes here. */
SMTPConnection.prototype.init = function init() {
	this._setListeners(() => this.connectionReady());
};

const HOST = '127.0.0.1';
/* An HTTP server that is asked nothing says so after this. */
const HTTP_PATIENCE_MS = 1000;
/* Who is gone before the next one came may be seen to leave after it. */
const LEAVING_MS = 50;

/*
 * `cert`: TLS from the first byte on, with this certificate of certs.js.
 * Without `serve` it is served as SMTP, with the options `smtp`.
 */
const MODES = {
	ssl: { cert: 'good' },
	starttls: { smtp: { secure: false } },
	plain: { smtp: { secure: false, disabledCommands: ['STARTTLS'] } },
	'noauth-ssl': { cert: 'good', smtp: { disabledCommands: ['AUTH'] } },
	expired: { cert: 'expired' },
	'wrong-name': { cert: 'wrong-name' },
	untrusted: { cert: 'untrusted' },
	'greeting-421': { cert: 'good', serve: refuse(421,
		'4.3.2 relay.example not available, try later') },
	'greeting-554': { cert: 'good', serve: refuse(554,
		'5.7.1 relay.example: 192.0.2.1 is blocked') },
	'ehlo-550': { cert: 'good', serve: refuseToTalk },
	silent: { serve: (socket) => socket.resume() },
	http: { cert: 'good', isWeb: true },
	'drop-after-auth': { cert: 'good', drops: true },
	slow: { cert: 'good', isSlow: true },
};

/* ESC, BEL, BS, C1's CSI, and what turns or hides text. */
const HOSTILE = '\u001b[31m\u001b]0;x\u0007\b\u009b2J\u202e\u2066\u200b\u2028';

/* What is said to a name, whatever the password; "%p" is the right one. */
const VERDICTS = {
	'locked@ocn.ne.jp': [535,
		'5.7.8 Authentication failed: too many attempts'],
	'temp@ocn.ne.jp': [454, '4.7.0 Temporary authentication failure'],
	'try-later@ocn.ne.jp': [421, '4.7.0 Try again later'],
	'disabled@ocn.ne.jp': [534,
		'5.7.9 SMTP is not enabled for this account'],
	'mechanism@ocn.ne.jp': [504,
		'5.5.4 Unrecognized authentication type'],
	'hostile@ocn.ne.jp': [535, `5.7.8 ${HOSTILE}Authentication failed`],
};
/* One that sends back what it was sent, as it is and as it came. */
const ECHOES = {
	'echo@ocn.ne.jp': (password) => [535, '5.7.8 Not the password of ' +
		`${password}`],
	'base64@ocn.ne.jp': (password) => [500, '5.5.1 Command unrecognized: "' +
		`${Buffer.from(password).toString('base64')}"`],
};
const WRONG = [535, '5.7.8 Authentication failed'];
const USER = 'taro@ocn.ne.jp';

/* Commands that are told in the log. Others might be a part of a login. */
const TOLD = { AUTH: 'auth-begun', MAIL: 'mail', RCPT: 'rcpt', DATA: 'data',
	HELP: 'help', VRFY: 'vrfy', EXPN: 'expn', NOOP: 'noop', RSET: 'rset',
	QUIT: 'quit' };

function readArguments() {
	const { values } = parseArgs({ options: {
		state: { type: 'string' },
		ca: { type: 'string' },
		parent: { type: 'string', default: '0' },
		password: { type: 'string', default: 'invented-password' },
		own: { type: 'boolean' },
		'login-only': { type: 'boolean' },
		cram: { type: 'boolean' },
		slow: { type: 'string', default: '300' },
	} });
	if (!values.state)
		throw new Error('--state DIR is needed');
	if (!/^\d{1,9}$/.test(values.parent))
		throw new Error('--parent takes a process id');
	if (values['login-only'] && values.cram)
		throw new Error('--login-only or --cram, not both');
	return { ...values, parent: Number(values.parent),
		slowMs: Number(values.slow), state: path.resolve(values.state) };
}

/* --- the log ----------------------------------------------------------- */

/* The sessions of one run, from connect to the end, by the client's port. */
class Sessions {
	constructor(file) {
		this.fd = fs.openSync(file, 'w', 0o600);
		this.started = Date.now();
		this.count = 0;
		this.open = new Map();
	}

	/* On disk before any answer goes out. */
	tell({ number, mode }, event, more = {}) {
		fs.writeSync(this.fd, JSON.stringify({
			ms: Date.now() - this.started, session: number, mode,
			event, ...more }) + '\n');
	}

	begin(mode, socket) {
		const session = { number: ++this.count, mode,
			id: String(this.count),
			key: `${mode}:${socket.remotePort}` };
		const others = [...this.open.values()].filter((other) =>
			other.mode === mode);
		this.open.set(session.key, session);
		this.tell(session, 'connect');
		this.watch(session, socket);
		setTimeout(() => this.compare(session, others), LEAVING_MS);
		return session;
	}

	/* Each socket of the session: the bare one, and that of TLS over it. */
	watch(session, socket) {
		const end = () => this.end(session);
		socket.on('error', () => socket.destroy());
		socket.on('end', end);
		socket.on('close', end);
	}

	compare(session, others) {
		const both = others.filter((other) => !other.isOver);
		if (both.length > 0)
			this.tell(session, 'overlap', { overlap: true,
				with: both.map(({ number }) => number) });
	}

	end(session) {
		if (!session || session.isOver)
			return;
		session.isOver = true;
		if (this.open.get(session.key) === session)
			this.open.delete(session.key);
		if (!session.hasQuit)
			this.tell(session, 'gone');
	}

	at(mode, socket) {
		return this.open.get(`${mode}:${socket.remotePort}`);
	}

	byId(id) {
		return [...this.open.values()].find((one) => one.id === id);
	}

	/* Of smtp-server's own log, which has passwords: the name alone. */
	command(id, name) {
		const session = this.byId(id);
		if (!session || !Object.hasOwn(TOLD, name))
			return;
		session.hasQuit = session.hasQuit || name === 'QUIT';
		this.tell(session, TOLD[name]);
	}
}

/* --- SMTP -------------------------------------------------------------- */

function methodsOf(options) {
	if (options.cram)
		return ['CRAM-MD5'];
	return options['login-only'] ? ['LOGIN'] : ['PLAIN', 'LOGIN'];
}

/* Undefined when there is no such account. */
function passwordOf(user, { password, own }) {
	const [, name] = /^(.+)@ocn\.ne\.jp$/.exec(user) || [];
	if (own)
		return name && `${password}-${name}`;
	return user === USER ? password : undefined;
}

/* Null for a login that is right, else the reply. */
function verdictOn(auth, options) {
	if (Object.hasOwn(VERDICTS, auth.username))
		return VERDICTS[auth.username];
	if (Object.hasOwn(ECHOES, auth.username))
		return ECHOES[auth.username](auth.password);
	const password = passwordOf(auth.username, options);
	const isRight = password !== undefined && (auth.validatePassword ?
		auth.validatePassword(password) : auth.password === password);
	return isRight ? null : WRONG;
}

/* The handler of smtp-server for a login at a port of this mode. */
function makeAuth({ sessions, options }, { drops }) {
	return (auth, smtp, answer) => {
		const session = sessions.byId(smtp.id);
		const [code, text] = verdictOn(auth, options) || [235];
		/* Whoever did not wait for the answer is not there any more. */
		if (!session)
			return;
		sessions.tell(session, 'auth', { user: auth.username,
			mechanism: auth.method, verdict: drops ? 0 : code,
			ehlo: smtp.hostNameAppearsAs });
		if (drops)
			session.socket.destroy();
		else if (code === 235)
			answer(null, { user: auth.username });
		else
			answer(Object.assign(new Error(text),
				{ responseCode: code }));
	};
}

function makeSmtp(world, mode) {
	const { sessions, options } = world;
	const nothing = () => {};
	const smtp = new SMTPServer({
		...world.certs.good, secure: true, minVersion: 'TLSv1.2',
		name: 'relay.example', disableReverseLookup: true,
		authMethods: methodsOf(options),
		onAuth: makeAuth(world, mode),
		/* STARTTLS takes the bare socket from whoever watches it. */
		onClose: ({ id }) => sessions.end(sessions.byId(id)),
		onData: (stream, session, answer) =>
			stream.on('end', answer).resume(),
		logger: { info: nothing, error: nothing, debug: (entry) =>
			entry.tnx === 'command' &&
				sessions.command(entry.cid, entry.command) },
		...mode.smtp,
	});
	/* Implicit TLS is told by its own server. */
	if (!smtp.options.secure)
		smtp.onSecure = (socket, { id }, done) => {
			noteTls(sessions, sessions.byId(id), socket);
			done();
		};
	/* A client that breaks off, for one. */
	smtp.on('error', nothing);
	return (socket, session) => {
		if (mode.isSlow)
			delayAnswers(socket, options.slowMs);
		smtp.connect(socket, { id: session.id });
	};
}

function noteTls(sessions, session, socket) {
	if (!session)
		return;
	session.socket = socket;
	sessions.watch(session, socket);
	sessions.tell(session, 'tls', { protocol: socket.getProtocol() });
}

/* All that goes out, the end too, in the same order. */
function delayAnswers(socket, delayMs) {
	for (const name of ['write', 'end']) {
		const now = socket[name].bind(socket);
		socket[name] = (...args) => {
			setTimeout(() => socket.destroyed || now(...args),
				delayMs);
			return true;
		};
	}
}

/* --- what is no relay -------------------------------------------------- */

function refuse(code, text) {
	return (socket) => socket.resume().end(`${code} ${text}\r\n`);
}

/* Whatever comes after the greeting is refused. */
function refuseToTalk(socket) {
	socket.write('220 relay.example ESMTP\r\n');
	socket.on('data', () => socket.write('550 5.7.1 Not from there\r\n'));
}

/* A web server on a wrong port: it waits for a request, then says 408. */
function createWeb(secure) {
	return https.createServer({ ...secure,
		headersTimeout: HTTP_PATIENCE_MS,
		requestTimeout: HTTP_PATIENCE_MS,
		connectionsCheckingInterval: 100,
	}, (request, response) => response.end('This is no mail server.\n'));
}

/* --- start and end ----------------------------------------------------- */

function createServer({ certs }, { cert, isWeb }) {
	/* Else the greeting waits for the client to acknowledge TLS's end. */
	const quick = { noDelay: true };
	const secure = { ...certs[cert], minVersion: 'TLSv1.2', ...quick };
	if (isWeb)
		return createWeb(secure);
	return cert ? tls.createServer(secure) : net.createServer(quick);
}

/* A listening server for one mode; resolves to its port. */
function listen(world, name) {
	const { sessions } = world;
	const mode = MODES[name];
	const serve = mode.isWeb ? () => {} :
		mode.serve || makeSmtp(world, mode);
	const server = createServer(world, mode);
	server.on('connection', (socket) => {
		const session = sessions.begin(name, socket);
		session.socket = socket;
		if (!mode.cert)
			serve(socket, session);
	});
	server.on('secureConnection', (socket) => {
		const session = sessions.at(name, socket);
		noteTls(sessions, session, socket);
		if (session)
			serve(socket, session);
	});
	server.on('tlsClientError', (problem, socket) => {
		const session = sessions.at(name, socket);
		if (session)
			sessions.tell(session, 'tls-failed',
				{ why: problem.code || problem.message });
	});
	return listening(server);
}

function listening(server) {
	return new Promise((resolve, reject) => {
		server.on('error', reject);
		server.listen(0, HOST, () => resolve(server.address().port));
	});
}

/*
 * A port at which nobody listens, for as long as this runs: it is the near
 * end of a connection to ourselves. One that is free might soon be another's.
 */
async function closedPort() {
	const server = net.createServer((far) => far.on('error', () => {}));
	const port = await listening(server);
	return new Promise((resolve, reject) => {
		const near = net.connect(port, HOST, () => {
			server.close();
			resolve(near.localPort);
		});
		near.on('error', reject);
	});
}

/* Never half a file under its final name. */
function writeWhole(file, text) {
	const draft = `${file}.${process.pid}`;
	fs.writeFileSync(draft, text, { mode: 0o600 });
	fs.renameSync(draft, file);
}

/* As the double of Google does: tests/sim/main.js. */
function endInTime(readyFile, watched) {
	const parent = process.ppid;
	const end = () => {
		fs.rmSync(readyFile, { force: true });
		process.exit(0);
	};
	const isGone = () => {
		if (watched === 0)
			return process.ppid !== parent;
		try {
			process.kill(watched, 0);
			return false;
		} catch (problem) {
			return problem.code === 'ESRCH';
		}
	};
	setInterval(() => isGone() && end(), 1000);
	process.once('SIGTERM', end);
	process.once('SIGINT', end);
}

function prepareCerts(folder) {
	const names = Object.values(MODES).map(({ cert }) => cert);
	return Object.fromEntries(names.filter(Boolean).map((name) =>
		[name, prepareServer(folder, name)]));
}

async function main() {
	const options = readArguments();
	fs.mkdirSync(options.state, { recursive: true, mode: 0o700 });
	const readyFile = path.join(options.state, 'ready.json');
	fs.rmSync(readyFile, { force: true });
	endInTime(readyFile, options.parent);
	const keys = path.resolve(options.ca ||
		path.join(options.state, 'keys'));
	const caFile = path.join(options.state, 'ca.pem');
	const log = path.join(options.state, 'sessions.jsonl');
	const world = { options, certs: prepareCerts(keys),
		sessions: new Sessions(log) };
	writeWhole(caFile, world.certs.good.issuer);
	const ports = {};
	for (const name of Object.keys(MODES))
		ports[name] = await listen(world, name);
	ports.closed = await closedPort();
	writeWhole(readyFile, JSON.stringify({ pid: process.pid, caFile,
		sessions: log, started: world.sessions.started, ports },
		null, 2) + '\n');
}

main().catch((problem) => {
	console.error(`smtp-relay: ${problem.message}`);
	process.exit(1);
});
