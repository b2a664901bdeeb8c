#!/usr/bin/env node
/*
 * A person's browser that is none, for tests that need no Chromium: what
 * sendas is given as $BROWSER. It goes through the forms of the double of
 * tests/sim and visits the redirect to 127.0.0.1.
 *
 * consent.js URL          trusts NODE_EXTRA_CA_CERTS
 *
 * SENDAS_CONSENT          allow (if not given), deny, untick (allow, with no
 *                         box ticked), or stay: allow, but do not visit the
 *                         redirect
 * SENDAS_CONSENT_ACCOUNT  who is chosen, even if another is suggested; else
 *                         whoever is suggested, or the first
 * SENDAS_CONSENT_LOG      written last, and whole: the address of the redirect
 *                         with `stay`, else the page that came after it. If it
 *                         did not get so far, "error: " and why
 */
'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');

const LIMIT_MS = 60000;
const FORM = 'application/x-www-form-urlencoded';

const env = {
	how: process.env.SENDAS_CONSENT || 'allow',
	account: process.env.SENDAS_CONSENT_ACCOUNT || '',
	log: process.env.SENDAS_CONSENT_LOG,
};

/* Never half of it. */
function tell(text) {
	if (!env.log)
		return;
	const draft = `${env.log}.${process.pid}`;
	fs.writeFileSync(draft, `${text}\n`);
	fs.renameSync(draft, env.log);
}

/* --- requests ---------------------------------------------------------- */

/* A redirect is not followed: it is `location`. */
function ask(url, { method = 'GET', headers, body } = {}) {
	const { request } = url.protocol === 'https:' ? https : http;
	return new Promise((resolve, reject) => {
		const asked = request(url, { method, headers }, (answer) =>
			readText(answer).then((text) => resolve({ text,
				status: answer.statusCode,
				location: answer.headers.location }), reject));
		asked.on('error', reject);
		asked.end(body);
	});
}

async function readText(stream) {
	const chunks = [];
	for await (const chunk of stream)
		chunks.push(chunk);
	return Buffer.concat(chunks).toString();
}

function send(page, pairs) {
	const url = new URL(find(page, /<form method="post" action="([^"]+)">/),
		page.url);
	const ticket = find(page, /name="ticket" value="([^"]+)"/);
	return open(url, { method: 'POST', headers: { 'content-type': FORM },
		body: new URLSearchParams(
			[['ticket', ticket], ...pairs]).toString() });
}

async function open(url, options) {
	return { url, ...await ask(url, options) };
}

/* --- pages ------------------------------------------------------------- */

function find(page, pattern) {
	const found = pattern.exec(page.text);
	if (!found)
		throw new Error('not the page that was expected: ' +
			titleOf(page));
	return unescape(found[1]);
}

function titleOf(page) {
	const found = /<h1>([^<]*)<\/h1>/.exec(page.text);
	return found ? unescape(found[1]) : `status ${page.status}`;
}

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"',
	'&#39;': '\'' };

function unescape(text) {
	return text.replace(/&[^;]+;/g, (one) => ENTITIES[one] || one);
}

function isChooser(page) {
	return page.text.includes('id="account-1"');
}

/* The page of the consent, of the right account. */
async function choose(page) {
	if (!isChooser(page)) {
		const who = find(page, /<p id="who">([^<]+)<\/p>/);
		if (env.account === '' || env.account === who)
			return page;
		page = await send(page, [['answer', 'other']]);
	}
	const account = env.account ||
		find(page, /id="account-1" name="account" value="([^"]+)"/);
	return send(page, [['account', account]]);
}

function decide(page) {
	if (env.how === 'deny')
		return send(page, [['answer', 'deny']]);
	const scopes = [...page.text.matchAll(
		/name="scope" id="scope-\d+" value="([^"]+)"/g)]
		.map(([, scope]) => ['scope', unescape(scope)]);
	return send(page, [...env.how === 'untick' ? [] : scopes,
		['answer', 'allow']]);
}

async function run(address) {
	const consent = await choose(await open(new URL(address)));
	const { location, ...page } = await decide(consent);
	if (location === undefined)
		throw new Error(`no redirect: ${titleOf(page)}`);
	if (env.how === 'stay')
		return location;
	return (await open(new URL(location))).text;
}

if (!['allow', 'deny', 'untick', 'stay'].includes(env.how))
	throw new Error(`SENDAS_CONSENT: "${env.how}"`);
setTimeout(() => {
	tell(`error: it was not over after ${LIMIT_MS / 1000} s`);
	process.exit(1);
}, LIMIT_MS).unref();
run(process.argv[2]).then(tell, (problem) => {
	tell(`error: ${problem.message}`);
	process.exitCode = 1;
});
