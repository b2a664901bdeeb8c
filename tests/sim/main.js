/*
 * A double of Google for tests: the sign-in of people and programs and the
 * Gmail settings API, on loopback, with certificates, keys and mailboxes of
 * its own.
 * This file reads the arguments, puts the parts together, says in
 * STATE/ready.json when it can be used, and ends when it is told to or when
 * whoever started it is gone. See README.md beside it.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { parseArgs } = require('util');

const certs = require('./certs');
const { Chance } = require('./chance');
const seeds = require('./seeds');
const server = require('./server');
const token = require('./token');
const { Mailboxes } = require('./mailboxes');
const { People, isPerson } = require('./people');
const { RequestLog } = require('./log');
const { Tokens, fullScope } = require('./tokens');

/* What people have granted to begin with. */
const BASIC = fullScope('gmail.settings.basic');
/* In each secret with --marked, so that a test can look for it. */
const MARK = 'MARKEDSECRET';

const OPTIONS = {
	state: { type: 'string' },
	port: { type: 'string', default: '0' },
	parent: { type: 'string', default: '0' },
	ca: { type: 'string' },
	untrusted: { type: 'boolean' },
	'expired-cert': { type: 'boolean' },
	'wrong-name': { type: 'boolean' },
	seeds: { type: 'string', multiple: true, default: [] },
	demo: { type: 'boolean' },
	count: { type: 'string', default: '0' },
	seed: { type: 'string', default: '1' },
	token: { type: 'string', multiple: true, default: [] },
	'token-lifetime': { type: 'string', default: '3599' },
	'expire-tokens-after': { type: 'string' },
	'delegated-scopes': { type: 'string', default: 'gmail.settings.basic' },
	audience: { type: 'string' },
	'public-client': { type: 'boolean' },
	'code-lifetime': { type: 'string', default: '600' },
	testing: { type: 'boolean' },
	rotate: { type: 'boolean' },
	marked: { type: 'boolean' },
	'no-require-fields': { type: 'boolean' },
	'omit-false': { type: 'boolean' },
	'no-date': { type: 'boolean' },
	http1: { type: 'boolean' },
	'fault-rate': { type: 'string', default: '0' },
	'fault-seed': { type: 'string', default: '1' },
	'fault-patch': { type: 'boolean' },
	delay: { type: 'string', default: '0' },
	'clock-offset': { type: 'string', default: '0' },
};

function readArguments() {
	const { values } = parseArgs({ options: OPTIONS });
	if (!values.state)
		throw new Error('--state DIR is needed');
	for (const name of ['port', 'parent', 'count', 'token-lifetime',
		'expire-tokens-after', 'code-lifetime', 'delay', 'clock-offset',
		'fault-rate'])
		if (values[name] !== undefined)
			values[name] = wholeNumber(name, values[name]);
	if (values['fault-rate'] < 0 || values['fault-rate'] > 100)
		throw new Error('--fault-rate takes a percentage');
	return values;
}

function wholeNumber(name, text) {
	if (!/^-?\d{1,9}$/.test(text))
		throw new Error(`--${name} takes a whole number`);
	return Number(text);
}

function certVariant(values) {
	if (values.untrusted)
		return 'untrusted';
	if (values['expired-cert'])
		return 'expired';
	return values['wrong-name'] ? 'wrong-name' : 'good';
}

/* All that the handlers share. */
function makeWorld(values, account) {
	const now = () => Date.now() + 1000 * values['clock-offset'];
	const clock = {
		seconds: () => Math.floor(now() / 1000),
		date: (ahead = 0) => new Date(now() + 1000 * ahead).toUTCString(),
	};
	const mark = values.marked ? MARK : '';
	return {
		account,
		publicKey: token.publicKeyOf(account),
		audience: values.audience,
		clock,
		secret: crypto.randomBytes(24).toString('hex'),
		delegatedScopes: values['delegated-scopes'].split(/[ ,]+/)
			.filter(Boolean).map(fullScope),
		requireFields: !values['no-require-fields'],
		omitFalse: Boolean(values['omit-false']),
		delayMs: values.delay,
		http1Only: Boolean(values.http1),
		withDate: !values['no-date'],
		isTesting: Boolean(values.testing),
		people: new People(clock, { mark,
			isPublic: Boolean(values['public-client']),
			rotates: Boolean(values.rotate),
			codeSeconds: values['code-lifetime'] }),
		tickets: new Map(),
		chance: new Chance({ rate: values['fault-rate'],
			seed: values['fault-seed'],
			patch: Boolean(values['fault-patch']) }),
		log: new RequestLog(path.join(values.state, 'requests.jsonl')),
		tokens: new Tokens(clock, values['token-lifetime'],
			values['expire-tokens-after'], mark),
		mailboxes: new Mailboxes(
			{ count: values.count, seed: values.seed }),
	};
}

function loadMailboxes(values, world) {
	const files = values.demo ? [seeds.DEMO, ...values.seeds] : values.seeds;
	for (const file of files)
		seeds.loadSeeds(file).forEach((box) => world.mailboxes.add(box));
	for (const { mailbox, answersAs } of world.mailboxes.all())
		if (answersAs && !world.mailboxes.find(answersAs))
			throw new Error(`${mailbox}: no mailbox ${answersAs}`);
	values.token.forEach((file) => world.tokens.loadFile(file));
}

/*
 * A person's own access token for each personal mailbox, in a file of its
 * own, for --access-token-fd. No service account ever gets one for it.
 */
function writePersonalTokens(state, world) {
	const boxes = world.mailboxes.all().filter((box) =>
		box.kind === 'personal');
	return writeEach(path.join(state, 'tokens'), boxes, (mailbox) =>
		world.tokens.issue({
			subject: mailbox, delegated: false,
			scopes: [BASIC],
		}));
}

/* A person's sign-in as other programs store it, as a credentials file. */
function writeSignIns(state, world) {
	const boxes = world.mailboxes.all().filter(isPerson);
	return writeEach(path.join(state, 'authorized'), boxes, (mailbox) =>
		JSON.stringify(world.people.storedSignIn(mailbox, [BASIC]),
			null, 2));
}

/* The OAuth client that people sign in with. */
function writeClient(state, { people, account }) {
	const client = JSON.stringify(people.clientFile(account.project_id));
	writeWhole(path.join(state, 'client_secret.json'), client + '\n', 0o600);
}

/* A secret file for each of the mailboxes; returns their names by mailbox. */
function writeEach(folder, boxes, textFor) {
	const files = {};
	for (const { mailbox } of boxes) {
		fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
		files[mailbox] = path.join(folder, encodeURIComponent(mailbox));
		writeWhole(files[mailbox], textFor(mailbox) + '\n', 0o600);
	}
	return files;
}

/* Never half a file under its final name. */
function writeWhole(file, text, mode) {
	const draft = `${file}.${process.pid}`;
	fs.writeFileSync(draft, text, { mode });
	fs.renameSync(draft, file);
}

function announce(values, world, port, files) {
	const root = `https://127.0.0.1:${port}/`;
	if (!world.audience)
		world.audience = root + 'token';
	writeWhole(path.join(values.state, 'ready.json'), JSON.stringify({
		port, pid: process.pid, gmail: root, token: root + 'token',
		authorize: root + 'o/oauth2/v2/auth', revoke: root + 'revoke',
		caFile: path.join(values.state, 'ca.pem'),
		credentials: path.join(values.state, 'service-account.json'),
		client: path.join(values.state, 'client_secret.json'),
		requests: path.join(values.state, 'requests.jsonl'),
		...files, control: world.secret,
	}, null, 2) + '\n', 0o600);
}

/* By a signal, or when the parent is gone: no stray process is left. */
function endInTime(listening, readyFile, watched) {
	const isGone = goneCheck(watched);
	const end = () => {
		clearInterval(watch);
		fs.rmSync(readyFile, { force: true });
		listening.shut(() => process.exit(0));
	};
	const watch = setInterval(() => isGone() && end(), 1000);
	process.once('SIGTERM', end);
	process.once('SIGINT', end);
}

/*
 * Without a process to watch, it is whoever started this one. That one may be
 * gone before node has begun; --parent is for those who start it and leave.
 */
function goneCheck(watched) {
	const parent = process.ppid;
	if (watched === 0)
		return () => process.ppid !== parent;
	return () => {
		try {
			process.kill(watched, 0);
			return false;
		} catch (problem) {
			return problem.code === 'ESRCH';
		}
	};
}

function main() {
	const values = readArguments();
	fs.mkdirSync(values.state, { recursive: true, mode: 0o700 });
	values.state = path.resolve(values.state);
	const readyFile = path.join(values.state, 'ready.json');
	fs.rmSync(readyFile, { force: true });
	const files = certs.prepare(
		path.resolve(values.ca || path.join(values.state, 'keys')),
		certVariant(values));
	writeWhole(path.join(values.state, 'ca.pem'), files.ca, 0o644);
	writeWhole(path.join(values.state, 'service-account.json'),
		files.account, 0o600);
	const world = makeWorld(values, JSON.parse(files.account));
	loadMailboxes(values, world);
	writeClient(values.state, world);
	const written = {
		tokens: writePersonalTokens(values.state, world),
		authorized: writeSignIns(values.state, world),
	};
	const listening = server.create(world, files);
	endInTime(listening, readyFile, values.parent);
	listening.listen(values.port, '127.0.0.1', () =>
		announce(values, world, listening.address().port, written));
	listening.on('error', fail);
}

function fail(problem) {
	console.error(`sim: ${problem.message}`);
	process.exit(1);
}

try {
	main();
} catch (problem) {
	fail(problem);
}
