/*
 * A sign-in server that was not written for sendas: the npm package
 * oidc-provider, over https on 127.0.0.1, with one client that is a program
 * on somebody's machine, and one answer of the Gmail API behind it. What
 * passes here does not pass only because the double of tests/sim thinks as
 * sendas does. Nothing may be decided here that the package decides.
 *
 * node oidc.js --state DIR
 *   --ca DIR      where keys are kept, as those of the double
 *   --parent PID  ends when that process is gone; else when its own parent is
 *   --rotate      a refresh token is good once
 *   --no-secret   the client has no secret (token_endpoint_auth_method none),
 *                 else it sends one in the form (client_secret_post)
 *
 * STATE/ready.json is written last and removed at the end: port, pid, gmail,
 * token, authorize, revoke, caFile, client (a client_secret.json of the form
 * "installed") and requests, one line of JSON a request: call (authorize,
 * login, consent, resume, token, revoke, list), status, and where there are
 * such: parameters (their names alone), grant_type, error.
 *
 * What a browser finds, all without script:
 *   sign-in   input#account, which has the login_hint; button#next
 *   consent   #who (the account); button#allow, button#deny
 * Whoever is named signs in: the mailbox is that of the account.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const path = require('path');
const querystring = require('querystring');
const { parseArgs } = require('util');
const { pathToFileURL } = require('url');

const certs = require('../sim/certs');
const errors = require('../sim/errors');

const SCOPE = 'https://www.googleapis.com/auth/gmail.settings.basic';
const LIST = /^\/gmail\/v1\/users\/([^/]+)\/settings\/sendAs$/;
const PAGE = '/interaction/';
const LONGEST_FORM_BYTES = 64 * 1024;
const HOUR_SEC = 3600;
const DAY_SEC = 24 * HOUR_SEC;

/* What the package calls a route, and what the log calls it. */
const CALLS = { authorization: 'authorize', resume: 'resume', token: 'token',
	revocation: 'revoke' };

/* --- what the provider is told ----------------------------------------- */

function makeClient(isPublic) {
	const text = () => crypto.randomBytes(12).toString('hex');
	return {
		id: `${crypto.randomInt(1e11, 1e12)}-invented${text()}` +
			'.apps.googleusercontent.com',
		secret: isPublic ? undefined : `GOCSPX-invented-${text()}`,
	};
}

/* As the Cloud console hands it out, with Google's own addresses. */
function clientFile({ id, secret }) {
	return { installed: {
		client_id: id,
		project_id: 'sendas-test',
		auth_uri: 'https://accounts.google.com/o/oauth2/auth',
		token_uri: 'https://oauth2.googleapis.com/token',
		auth_provider_x509_cert_url:
			'https://www.googleapis.com/oauth2/v1/certs',
		client_secret: secret,
		redirect_uris: ['http://localhost'],
	} };
}

/* For a native client the package takes any port (RFC 8252, 7.3). */
function registration({ id, secret }) {
	return {
		client_id: id,
		client_secret: secret,
		application_type: 'native',
		token_endpoint_auth_method: secret ?
			'client_secret_post' : 'none',
		redirect_uris: ['http://127.0.0.1'],
		grant_types: ['authorization_code', 'refresh_token'],
		response_types: ['code'],
		id_token_signed_response_alg: 'ES256',
	};
}

function configuration(client, rotates) {
	const { privateKey } = crypto.generateKeyPairSync('ec',
		{ namedCurve: 'P-256' });
	return {
		clients: [registration(client)],
		scopes: ['openid', SCOPE],
		clientAuthMethods: ['client_secret_post', 'none'],
		pkce: { methods: ['S256'], required: () => true },
		rotateRefreshToken: rotates,
		/* Else only the scope offline_access would bring one. */
		issueRefreshToken: (ctx, who, code) => code.scopes.has(SCOPE),
		/* What was granted outlives the browser. */
		expiresWithSession: () => false,
		findAccount: (ctx, accountId) =>
			({ accountId, claims: () => ({ sub: accountId }) }),
		interactions: { url: (ctx, { uid }) => PAGE + uid },
		features: {
			devInteractions: { enabled: false },
			revocation: { enabled: true },
			userinfo: { enabled: false },
		},
		routes: { authorization: '/authorize', token: '/token',
			revocation: '/revoke' },
		ttl: { AccessToken: HOUR_SEC - 1, AuthorizationCode: 60,
			RefreshToken: DAY_SEC, Grant: DAY_SEC, Session: DAY_SEC,
			Interaction: HOUR_SEC, IdToken: HOUR_SEC },
		cookies: { keys: [crypto.randomBytes(24).toString('hex')] },
		jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }),
			use: 'sig', alg: 'ES256' }] },
	};
}

/* import() does not look into NODE_PATH, require() does. */
async function makeProvider(issuer, client, rotates) {
	const { default: Provider } = await import(
		pathToFileURL(require.resolve('oidc-provider')));
	const provider = new Provider(issuer, configuration(client, rotates));
	provider.on('server_error', (ctx, problem) =>
		console.error('oidc: the provider failed:', problem));
	return provider;
}

/* --- the log ----------------------------------------------------------- */

/* On disk before the answer goes out. Names of parameters, no values. */
class RequestLog {
	constructor(file) {
		this.fd = fs.openSync(file, 'w', 0o600);
	}

	write(record) {
		fs.writeSync(this.fd, JSON.stringify(record) + '\n');
	}
}

function logged(log) {
	return async (ctx, next) => {
		await next();
		const { route, body = {} } = ctx.oidc || {};
		const sent = ctx.req.sent ||
			(ctx.method === 'POST' ? body : ctx.query);
		log.write({
			call: CALLS[route] || route || null,
			status: ctx.status,
			parameters: Object.keys(sent).sort(),
			grant_type: body.grant_type,
			error: ctx.body?.error,
		});
	};
}

/* --- the pages --------------------------------------------------------- */

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;',
	'\'': '&#39;' };

function escape(text) {
	return text.replace(/[&<>"']/g, (one) => ENTITIES[one]);
}

/* The empty icon keeps browsers from asking for one. */
function page(title, lines) {
	return {
		status: 200,
		headers: { 'content-type': 'text/html; charset=UTF-8',
			...errors.NO_STORE },
		body: ['<!DOCTYPE html>', '<html lang="en">', '<head>',
			'<meta charset="utf-8">',
			'<link rel="icon" href="data:,">',
			`<title>${title} - test</title>`, '</head>', '<body>',
			`<h1>${title}</h1>`, '<form method="post">', ...lines,
			'</form>', '</body>', '</html>', ''].join('\n'),
	};
}

const PAGES = {
	login: ({ params }) => page('Sign in', [
		'<label>Account <input id="account" name="account" required ' +
			`value="${escape(params.login_hint || '')}"></label>`,
		'<button id="next">Next</button>']),
	consent: ({ params, session }) => page('A program asks for access', [
		`<p id="who">${escape(session.accountId)}</p>`,
		`<p id="scope">${escape(params.scope || '')}</p>`,
		...['allow', 'deny'].map((name) =>
			`<button id="${name}" name="answer" value="${name}">` +
			`${name}</button>`)]),
};

const ANSWERS = {
	login: (provider, interaction, form) =>
		({ login: { accountId: form.account } }),
	consent: async (provider, { params, session }, form) => {
		if (form.answer !== 'allow')
			return { error: 'access_denied' };
		const grant = new provider.Grant({ accountId: session.accountId,
			clientId: params.client_id });
		if (params.scope)
			grant.addOIDCScope(params.scope);
		return { consent: { grantId: await grant.save() } };
	},
};

/* Where the package has the person asked, and is told what they said. */
async function interact({ provider }, req, res, record) {
	const interaction = await provider.interactionDetails(req, res);
	const { name } = interaction.prompt;
	record.call = name;
	if (req.method === 'GET')
		return PAGES[name](interaction);
	const form = await readForm(req);
	const location = await provider.interactionResult(req, res,
		await ANSWERS[name](provider, interaction, form));
	return { status: 303, headers: { location, ...errors.NO_STORE },
		body: '' };
}

async function readForm(req) {
	const chunks = [];
	let bytes = 0;
	for await (const chunk of req) {
		bytes += chunk.length;
		if (bytes > LONGEST_FORM_BYTES)
			throw errors.noSuchPage(413);
		chunks.push(chunk);
	}
	return querystring.parse(Buffer.concat(chunks).toString());
}

/* --- the API ----------------------------------------------------------- */

async function list({ provider }, req, res, record) {
	record.call = 'list';
	const bearer = /^Bearer (\S+)$/.exec(req.headers.authorization || '');
	const token = bearer && await provider.AccessToken.find(bearer[1]);
	if (!token)
		throw errors.unauthenticated(!bearer);
	if (!token.scopes.has(SCOPE))
		throw errors.insufficientScope('ListSendAs');
	const user = decodeURIComponent(LIST.exec(pathOf(req))[1]);
	if (user !== 'me' && user !== token.accountId)
		throw errors.delegationDenied(user);
	return errors.jsonAnswer(200, { sendAs: [{
		sendAsEmail: token.accountId,
		displayName: 'Taro',
		isPrimary: true,
		isDefault: true,
	}, {
		sendAsEmail: 'taro@ocn.ne.jp',
		displayName: 'Taro',
		treatAsAlias: true,
		smtpMsa: { host: 'smtp.ocn.ne.jp', port: 465,
			username: 'taro@ocn.ne.jp', securityMode: 'ssl' },
		verificationStatus: 'accepted',
	}] });
}

/* --- requests ---------------------------------------------------------- */

/*
 * Google wants the token alone (RFC 7009 and the package the client as well):
 * a client that is not named is put in here. The package takes the form, now
 * that it is read, from req.body; the log tells what was sent.
 */
async function nameClient({ client }, req) {
	req.sent = await readForm(req);
	req.body = { ...req.sent };
	if (req.sent.client_id !== undefined)
		return;
	req.body.client_id = client.id;
	if (client.secret)
		req.body.client_secret = client.secret;
}

function pathOf(req) {
	return req.url.split('?', 1)[0];
}

/* Who answers what the package does not, or undefined. */
function ownHandler(req) {
	const where = pathOf(req);
	if (where.startsWith(PAGE) && ['GET', 'POST'].includes(req.method))
		return interact;
	return LIST.test(where) && req.method === 'GET' ? list : undefined;
}

async function serve(world, req, res) {
	const handler = ownHandler(req);
	if (handler) {
		await answer(world, handler, req, res);
		return;
	}
	if (req.method === 'POST' && req.url === '/revoke')
		await nameClient(world, req);
	await world.callback(req, res);
}

async function answer(world, handler, req, res) {
	const record = { call: null };
	let made;
	try {
		made = await handler(world, req, res, record);
	} catch (problem) {
		made = answerTo(problem);
		record.error = problem.message;
	}
	world.log.write({ ...record, status: made.status });
	res.writeHead(made.status, made.headers);
	res.end(made.body);
}

/* With 400 the package refuses a page that this browser was not sent to. */
function answerTo(problem) {
	if (problem.answer)
		return problem.answer;
	if (problem.statusCode === 400)
		return errors.noSuchPage(400).answer;
	throw problem;
}

/* --- start and end ----------------------------------------------------- */

/* Never half a file under its final name. */
function writeWhole(file, text, mode) {
	const draft = `${file}.${process.pid}`;
	fs.writeFileSync(draft, text, { mode });
	fs.renameSync(draft, file);
}

function announce(state, port) {
	const root = `https://127.0.0.1:${port}/`;
	writeWhole(path.join(state, 'ready.json'), JSON.stringify({
		port, pid: process.pid, gmail: root, token: root + 'token',
		authorize: root + 'authorize', revoke: root + 'revoke',
		caFile: path.join(state, 'ca.pem'),
		client: path.join(state, 'client_secret.json'),
		requests: path.join(state, 'requests.jsonl'),
	}, null, 2) + '\n', 0o600);
}

/* By a signal, or when the process to watch is gone. */
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

function readArguments() {
	const { values } = parseArgs({ options: {
		state: { type: 'string' },
		ca: { type: 'string' },
		parent: { type: 'string', default: '0' },
		rotate: { type: 'boolean', default: false },
		'no-secret': { type: 'boolean', default: false },
	} });
	if (!values.state)
		throw new Error('--state DIR is needed');
	if (!/^\d{1,9}$/.test(values.parent))
		throw new Error('--parent takes a process');
	values.state = path.resolve(values.state);
	values.parent = Number(values.parent);
	return values;
}

/* The port is part of the issuer's name, so it comes first. */
function listen(server) {
	return new Promise((resolve, reject) => {
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () =>
			resolve(server.address().port));
	});
}

async function main() {
	const { state, ca, parent, rotate, 'no-secret': isPublic } =
		readArguments();
	fs.mkdirSync(state, { recursive: true, mode: 0o700 });
	const readyFile = path.join(state, 'ready.json');
	fs.rmSync(readyFile, { force: true });
	endInTime(readyFile, parent);
	const tls = certs.prepareServer(
		path.resolve(ca || path.join(state, 'keys')), 'good');
	const client = makeClient(isPublic);
	writeWhole(path.join(state, 'ca.pem'), tls.issuer, 0o644);
	writeWhole(path.join(state, 'client_secret.json'),
		JSON.stringify(clientFile(client), null, 2) + '\n', 0o600);
	const server = https.createServer({ cert: tls.cert, key: tls.key });
	const port = await listen(server);
	const provider = await makeProvider(`https://127.0.0.1:${port}`, client,
		rotate);
	const log = new RequestLog(path.join(state, 'requests.jsonl'));
	provider.use(logged(log));
	const world = { provider, client, log, callback: provider.callback() };
	server.on('request', (req, res) => serve(world, req, res).catch(
		(problem) => {
			console.error('oidc: this failed:', problem);
			res.destroy();
		}));
	announce(state, port);
}

main().catch((problem) => {
	console.error(`oidc: ${problem.message}`);
	process.exit(1);
});
