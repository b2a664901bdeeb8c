/*
 * The pages of the browser sign-in: forms that need no script and fetch
 * nothing, and errors as Google words them. Each says that it is the double's.
 * Text to HTML only: what is shown when is said by authorize.js.
 */
'use strict';

const { AnswerError, NO_STORE } = require('./errors');

const CONSENT = '/signin/oauth/consent';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;',
	'\'': '&#39;' };

function escape(text) {
	return text.replace(/[&<>"']/g, (one) => ENTITIES[one]);
}

/* The empty icon keeps browsers from asking for one. */
function page(status, title, lines) {
	return {
		status,
		headers: { ...NO_STORE,
			'content-type': 'text/html; charset=UTF-8' },
		body: ['<!DOCTYPE html>', '<html lang="en">', '<head>',
			'<meta charset="utf-8">',
			'<link rel="icon" href="data:,">',
			`<title>${escape(title)} - ` +
			'test double of Google</title>',
			'</head>', '<body>',
			'<p>This is the test double of Google. ' +
			'No account of Google is used.</p>',
			`<h1>${escape(title)}</h1>`, ...lines,
			'</body>', '</html>', ''].join('\n'),
	};
}

function form(ticket, lines) {
	return [`<form method="post" action="${CONSENT}">`,
		`<input type="hidden" name="ticket" value="${ticket}">`,
		...lines, '</form>'];
}

function accountChooser(ticket, mailboxes) {
	return page(200, 'Choose an account', form(ticket,
		mailboxes.map(escape).map((name, index) =>
			`<p><button id="account-${index + 1}" name="account" ` +
			`value="${name}" data-mailbox="${name}">${name}` +
			'</button></p>')));
}

function consent(ticket, mailbox, scopes) {
	return page(200, 'The program wants to access your account', [
		`<p id="who">${escape(mailbox)}</p>`,
		...form(ticket, [
			...scopes.map(escape).map(checkbox),
			'<p>', ...Object.keys(BUTTONS).map(button), '</p>',
		]),
	]);
}

function checkbox(scope, index) {
	const id = `scope-${index + 1}`;
	return `<p><input type="checkbox" name="scope" id="${id}" ` +
		`value="${scope}" checked> <label for="${id}">${scope}` +
		'</label></p>';
}

const BUTTONS = {
	allow: 'Allow',
	deny: 'Cancel',
	other: 'Use another account',
};

function button(name) {
	return `<button id="${name}" name="answer" value="${name}">` +
		`${BUTTONS[name]}</button>`;
}

/* To be thrown: never a redirect, since nobody knows yet where to. */
function refusal(status, error, description) {
	return new AnswerError(page(status, `Error ${status}: ${error}`,
		[`<p>${escape(description)}</p>`]), `${error}: ${description}`);
}

module.exports = { CONSENT, accountChooser, consent, refusal };
