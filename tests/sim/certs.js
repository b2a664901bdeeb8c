/*
 * Keys and certificates of a run: CAs, server certificates (a good one and
 * bad ones), and a service account's key file. Made with the openssl command
 * and node's crypto, kept in a folder that later runs may share.
 * Nothing here is good for anything but loopback and some weeks.
 */
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { execFileSync } = require('child_process');

const DAYS = '70';

/* One more whenever what is kept changes: older keys are then not found. */
const FORM = 2;

/* The names that a certificate's issuer bears, for tests to look for. */
const AUTHORITIES = {
	ca: 'sendas test CA',
	'untrusted-ca': 'Untrusted Test CA',
	'inspecting-ca': 'Inspecting Test CA',
};

/* What can be served: by the double, good and bad, and by a proxy. */
const LOCAL = 'IP:127.0.0.1,DNS:localhost';
const SERVER = {
	good: { ca: 'ca', names: LOCAL, days: DAYS },
	untrusted: { ca: 'untrusted-ca', names: LOCAL, days: DAYS },
	expired: { ca: 'ca', names: LOCAL, days: '-1' },
	'wrong-name': { ca: 'ca', names: 'DNS:elsewhere.example', days: DAYS },
	inspecting: { ca: 'inspecting-ca', names: LOCAL, days: DAYS },
};

/*
 * The folder `name` below `base`, made by `make` if it is not there. Two runs
 * may do this at once: each makes its own and renames it, one of them wins.
 */
function once(base, name, make) {
	const target = path.join(base, name);
	if (fs.existsSync(target))
		return target;
	const draft = fs.mkdtempSync(path.join(base, `.${name}-`));
	try {
		make(draft);
		fs.renameSync(draft, target);
	} catch (problem) {
		fs.rmSync(draft, { recursive: true, force: true });
		if (!['EEXIST', 'ENOTEMPTY'].includes(problem.code))
			throw problem;
	}
	return target;
}

/* A folder a month, so that what is found is never about to expire. */
function monthFolder(folder) {
	const month = new Date().toISOString().slice(0, 7);
	const base = path.join(folder, `${month}-${FORM}`);
	fs.mkdirSync(base, { recursive: true, mode: 0o700 });
	return base;
}

function openssl(cwd, ...args) {
	execFileSync('openssl', args,
		{ cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}

function makeCa(folder, name) {
	fs.writeFileSync(path.join(folder, 'ca.cnf'), [
		'[req]', 'distinguished_name=dn', 'x509_extensions=ext',
		'prompt=no', '[dn]', `CN=${name}`, '[ext]',
		'basicConstraints=critical,CA:TRUE',
		'keyUsage=critical,keyCertSign,cRLSign',
		'subjectKeyIdentifier=hash', ''].join('\n'));
	openssl(folder, 'req', '-x509', '-newkey', 'ec',
		'-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
		'-config', 'ca.cnf', '-days', DAYS,
		'-keyout', 'ca.key', '-out', 'ca.pem');
	fs.chmodSync(path.join(folder, 'ca.key'), 0o600);
}

function makeServer(folder, ca, names, days) {
	fs.writeFileSync(path.join(folder, 'server.cnf'), [
		'[req]', 'distinguished_name=dn', 'prompt=no', '[dn]',
		'CN=sendas test double', '[ext]', `subjectAltName=${names}`,
		'basicConstraints=critical,CA:FALSE',
		'keyUsage=critical,digitalSignature', 'extendedKeyUsage=serverAuth',
		''].join('\n'));
	openssl(folder, 'req', '-new', '-newkey', 'ec',
		'-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
		'-config', 'server.cnf', '-keyout', 'server.key',
		'-out', 'server.csr');
	openssl(folder, 'x509', '-req', '-in', 'server.csr',
		'-CA', path.join(ca, 'ca.pem'), '-CAkey', path.join(ca, 'ca.key'),
		'-set_serial', '0x' + crypto.randomBytes(15).toString('hex'),
		'-days', days, '-extfile', 'server.cnf', '-extensions', 'ext',
		'-out', 'server.pem');
	fs.chmodSync(path.join(folder, 'server.key'), 0o600);
}

/* The file as the Cloud console hands it out, with Google's own addresses. */
function makeAccount(folder) {
	const { privateKey } = crypto.generateKeyPairSync('rsa', {
		modulusLength: 2048,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	});
	const email = 'sendas@sendas-test.iam.gserviceaccount.com';
	const account = {
		type: 'service_account',
		project_id: 'sendas-test',
		private_key_id: crypto.randomBytes(20).toString('hex'),
		private_key: privateKey,
		client_email: email,
		client_id: '1' + digits(20),
		auth_uri: 'https://accounts.google.com/o/oauth2/auth',
		token_uri: 'https://oauth2.googleapis.com/token',
		universe_domain: 'googleapis.com',
	};
	fs.writeFileSync(path.join(folder, 'service-account.json'),
		JSON.stringify(account, null, 2) + '\n', { mode: 0o600 });
}

function digits(count) {
	return Array.from({ length: count }, () => crypto.randomInt(10)).join('');
}

function authority(base, name) {
	return once(base, name, (draft) => makeCa(draft, AUTHORITIES[name]));
}

/* A server's cert and key, with its issuer; `variant` is a key of SERVER. */
function prepareServer(folder, variant) {
	const base = monthFolder(folder);
	const { ca, names, days } = SERVER[variant];
	const issuer = authority(base, ca);
	const server = once(base, `server-${variant}`, (draft) =>
		makeServer(draft, issuer, names, days));
	return {
		issuer: fs.readFileSync(path.join(issuer, 'ca.pem')),
		cert: fs.readFileSync(path.join(server, 'server.pem')),
		key: fs.readFileSync(path.join(server, 'server.key')),
	};
}

/* Everything that a run needs. Its CA is trusted, whoever is the issuer. */
function prepare(folder, variant) {
	const base = monthFolder(folder);
	const account = once(base, 'account', makeAccount);
	return {
		...prepareServer(folder, variant),
		ca: fs.readFileSync(path.join(authority(base, 'ca'), 'ca.pem')),
		account: fs.readFileSync(
			path.join(account, 'service-account.json')),
	};
}

module.exports = { prepare, prepareServer };
