/*
 * The Gmail API below users/{userId}/settings/sendAs: who may call what, and
 * what is answered, in the order in which Google looks at things.
 * It answers from the store alone. create, delete and verify are refused:
 * sendas never calls them, and a test that does has found a mistake.
 */
'use strict';

const crypto = require('crypto');

const errors = require('./errors');
const faults = require('./faults');
const fields = require('./fields');
const patch = require('./patch');
const positions = require('./positions');
const { LIST, SEND_AS, toWire } = require('./shape');
const { fullScope } = require('./tokens');

const READ = ['https://mail.google.com/', ...['gmail.modify', 'gmail.readonly',
	'gmail.settings.basic'].map(fullScope)];
const WRITE = ['gmail.settings.basic', 'gmail.settings.sharing'].map(fullScope);
const SHARING = ['gmail.settings.sharing'].map(fullScope);

const METHODS = {
	list: { rpc: 'ListSendAs', scopes: READ, run: list },
	get: { rpc: 'GetSendAs', scopes: READ, run: get },
	patch: { rpc: 'PatchSendAs', scopes: WRITE, run: change },
	update: { rpc: 'UpdateSendAs', scopes: WRITE, run: change },
	create: { rpc: 'CreateSendAs', scopes: SHARING, run: refuse },
	delete: { rpc: 'DeleteSendAs', scopes: SHARING, run: refuse },
	verify: { rpc: 'VerifySendAs', scopes: SHARING, run: refuse },
};

const ROOT = /^\/gmail\/v1\/users\/([^/]*)\/settings\/sendAs(?:\/([^/]*)(\/verify)?)?$/;

function handle(world, request, record) {
	const call = route(request);
	record.call = call.name;
	const grant = authenticate(world, request);
	record.subject = grant.subject;
	if (!call.scopes.some((scope) => grant.scopes.includes(scope)))
		throw errors.insufficientScope(call.rpc);
	if (grant.subject === null)
		throw errors.failedPrecondition('Precondition check failed.');
	world.log.enter(record, grant.subject);
	return faults.byChance(world, record, grant.subject, () => {
		checkUser(call, grant);
		const query = readQuery(world, request, call);
		const mailbox = openMailbox(world, grant.subject);
		return call.run(
			{ world, request, record, call, grant, query, mailbox });
	});
}

/* --- which method ------------------------------------------------------ */

function route(request) {
	const found = ROOT.exec(request.path);
	if (!found)
		throw errors.noSuchPage();
	const [, user, address, verify] = found;
	const name = methodName(request.method, address !== undefined, verify);
	if (!name)
		throw errors.noSuchPage();
	return {
		name, ...METHODS[name],
		user: readSegment(user),
		address: address === undefined ? null : readSegment(address),
	};
}

function methodName(verb, hasAddress, verify) {
	if (verify)
		return verb === 'POST' ? 'verify' : null;
	if (!hasAddress)
		return { GET: 'list', POST: 'create' }[verb];
	return { GET: 'get', PATCH: 'patch', PUT: 'update',
		DELETE: 'delete' }[verb];
}

/* Google takes a raw @; sendas is to encode all that is not unreserved. */
function readSegment(raw) {
	if (!/^(?:[A-Za-z0-9\-._~]|%[0-9A-Fa-f]{2})+$/.test(raw))
		throw errors.onlyTheDouble(
			`the path segment "${raw}" is not percent-encoded`);
	try {
		return decodeURIComponent(raw);
	} catch {
		throw errors.invalidArgument('The path is not UTF-8');
	}
}

/* --- who is asking ----------------------------------------------------- */

function authenticate(world, request) {
	const header = request.headers.authorization;
	if (header === undefined)
		throw errors.unauthenticated(true);
	const found = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/.exec(header);
	const grant = found && world.tokens.use(found[1]);
	if (!grant)
		throw errors.unauthenticated(false);
	return grant;
}

function checkUser(call, grant) {
	if (call.user !== 'me' &&
	    call.user.toLowerCase() !== grant.subject.toLowerCase())
		throw errors.delegationDenied(grant.subject);
}

/* --- the query --------------------------------------------------------- */

const PARAMETERS = {
	alt: (value) => value === 'json',
	fields: (value) => value !== '',
	prettyPrint: (value) => value === 'true' || value === 'false',
	quotaUser: () => true,
};

function readQuery(world, request, call) {
	const given = splitQuery(request.query);
	for (const [name, value] of given) {
		if (!Object.hasOwn(PARAMETERS, name))
			throw errors.unknownParameter(name);
		if (!PARAMETERS[name](value))
			throw errors.invalidArgument(`Invalid value for ${name}`);
	}
	return {
		mask: readMask(world, given.get('fields'), call),
		pretty: given.get('prettyPrint') !== 'false',
	};
}

function splitQuery(query) {
	const given = new Map();
	if (query === null)
		return given;
	if (/%(?![0-9A-Fa-f]{2})/.test(query))
		throw errors.invalidArgument('The query is not percent-encoded');
	for (const [name, value] of new URLSearchParams(query)) {
		if (given.has(name))
			throw errors.onlyTheDouble(`${name} is given once`);
		given.set(name, value);
	}
	return given;
}

function readMask(world, text, call) {
	if (text === undefined) {
		if (call.name === 'list' && world.requireFields)
			throw errors.onlyTheDouble(
				'list comes with the parameter fields');
		return null;
	}
	const mask = fields.parse(text);
	fields.check(mask, call.name === 'list' ? LIST : SEND_AS);
	return mask;
}

/* --- whose mailbox ----------------------------------------------------- */

/*
 * Of suspended users both are seen, and nobody knows which when: a token, and
 * then this answer, or no token at all.
 */
const NO_MAIL = ['mail-service-off', 'suspended', 'suspended-no-token'];

function openMailbox(world, subject) {
	const mailbox = world.mailboxes.find(subject);
	if (!mailbox || mailbox.kind === 'deleted')
		throw errors.failedPrecondition('Precondition check failed.');
	if (NO_MAIL.includes(mailbox.kind))
		throw errors.failedPrecondition('Mail service not enabled');
	if (mailbox.kind === 'domain-policy')
		throw errors.domainPolicy();
	return mailbox;
}

/* Where the data comes from: of a wrong mailbox, it is somebody else's. */
function dataOf(world, mailbox) {
	return mailbox.answersAs ? world.mailboxes.find(mailbox.answersAs) :
		mailbox;
}

function findAddress(sendAs, address) {
	const entry = sendAs.find((item) => item.sendAsEmail === address) ||
		sendAs.find((item) =>
			item.sendAsEmail.toLowerCase() === address.toLowerCase());
	if (!entry)
		throw errors.notFound();
	return entry;
}

/* --- the methods ------------------------------------------------------- */

function list({ world, record, mailbox, query }) {
	faults.throwStatus(world, record, mailbox);
	const manner = faults.takeManner(record, mailbox);
	const data = dataOf(world, mailbox);
	const sendAs = data.sendAs.map((item) =>
		toWire(item, SEND_AS, world.omitFalse));
	const answer = respond({ sendAs }, query);
	someoneElse(world, data);
	return faults.bend(manner, faults.spoil(record, mailbox, answer));
}

function get({ world, record, mailbox, call, query }) {
	faults.throwStatus(world, record, mailbox);
	const entry = findAddress(dataOf(world, mailbox).sendAs, call.address);
	return respond(toWire(entry, SEND_AS, world.omitFalse), query);
}

/* A person's own token changes nothing, as far as is known; but what Google does
 * is not known for certain, so a seed can say otherwise of a personal one. */
function mayChange(grant, mailbox) {
	return grant.delegated ||
		(mailbox.kind === 'personal' && mailbox.patch !== undefined);
}

/* PATCH and PUT. The refusals come before the body is looked at. */
function change(ask) {
	const { world, request, record, mailbox, call, grant, query } = ask;
	noteBody(request, record);
	const data = dataOf(world, mailbox);
	if (!mayChange(grant, mailbox) && !isPrimary(data.sendAs, call.address))
		throw errors.onlyForServiceAccounts();
	const position = positions.of(mailbox, call.address);
	positions.refuseCaller(position);
	findAddress(data.sendAs, call.address);
	const body = patch.parse(request);
	faults.throwStatus(world, record, mailbox);
	positions.refuseBody(position);
	const manner = faults.takeManner(record, mailbox);
	if (manner && !manner.applied)
		return faults.bend(manner, respond({}, query));
	const entry = write(world, data, call, body, position, record);
	return faults.bend(manner,
		respond(toWire(entry, SEND_AS, world.omitFalse), query));
}

function isPrimary(sendAs, address) {
	return sendAs.some((item) => item.isPrimary &&
		item.sendAsEmail.toLowerCase() === address.toLowerCase());
}

/*
 * Changes a copy; the store keeps it, later or never if that is the position
 * taken. The answer looks changed in all cases: it proves nothing, only a
 * read does.
 */
function write(world, data, call, body, position, record) {
	const sendAs = structuredClone(data.sendAs);
	const entry = findAddress(sendAs, call.address);
	const ignored = [];
	const wanted = patch.check(body, entry, ignored, position.partial);
	if (ignored.length > 0)
		record.ignoredFields = ignored;
	positions.refuseChange(position, entry, wanted);
	lay(call, sendAs, entry, wanted);
	positions.mark(position, entry, wanted);
	if (position.kind === 'slow-apply')
		setTimeout(writeLate, position.ms, world, data, call, wanted).unref();
	else if (position.kind !== 'ignore')
		world.mailboxes.keep(data, sendAs);
	return entry;
}

function lay(call, sendAs, entry, wanted) {
	if (call.name === 'update')
		patch.applyPut(sendAs, entry, wanted);
	else
		patch.applyPatch(sendAs, entry, wanted);
}

/* Onto what is there by then; the address may be gone. */
function writeLate(world, { mailbox }, call, wanted) {
	const data = world.mailboxes.find(mailbox);
	const sendAs = structuredClone(data.sendAs);
	const entry = sendAs.find((item) =>
		item.sendAsEmail.toLowerCase() === call.address.toLowerCase());
	if (!entry)
		return;
	lay(call, sendAs, entry, wanted);
	world.mailboxes.keep(data, sendAs);
}

/*
 * The body for the log, without a password wherever it stands, but with what
 * shows whether two are the same; what is not JSON is left out, whatever it
 * holds.
 */
function noteBody(request, record) {
	const hide = (password) => {
		record.passwordMark = markOf(password);
		return '***';
	};
	try {
		record.body = JSON.parse(request.body.toString(),
			(key, value) => key === 'password' ? hide(value) : value);
	} catch {
		record.body = null;
		record.unreadableBytes = request.body.length;
	}
}

/* Too short for anybody to find the password by it. */
function markOf(password) {
	return crypto.createHash('sha256').update(String(password))
		.digest('hex').slice(0, 8);
}

/* "changeBetween": after the n-th list, another hand changes one field. */
function someoneElse(world, data) {
	const plan = data.changeBetween;
	if (!plan)
		return;
	data.lists = (data.lists || 0) + 1;
	if (data.lists !== (plan.after || 1))
		return;
	const sendAs = structuredClone(data.sendAs);
	const entry = plan.address ? findAddress(sendAs, plan.address) :
		sendAs.find((item) => !item.isPrimary);
	const names = plan.field.split('.');
	const last = names.pop();
	const target = names.reduce((value, name) => value[name], entry);
	if (plan.value === null)
		delete target[last];
	else
		target[last] = plan.value;
	world.mailboxes.keep(data, sendAs);
}

function refuse() {
	throw errors.onlyForServiceAccounts();
}

function respond(value, query) {
	const shown = query.mask ? fields.apply(query.mask, value) : value;
	const body = query.pretty ? JSON.stringify(shown, null, 2) + '\n' :
		JSON.stringify(shown);
	return {
		status: 200,
		headers: { 'content-type': errors.JSON_TYPE,
			'cache-control': 'private' },
		body,
	};
}

module.exports = { handle, markOf, ROOT };
