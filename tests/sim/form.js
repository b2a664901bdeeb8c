/*
 * Forms, in a body or in a query: name=value pairs, read strictly. How a
 * mistake is told differs from page to page, so `refuse` makes an error of
 * its description.
 */
'use strict';

const FORM = 'application/x-www-form-urlencoded';

/* The body as a map from name to value; see readPairs. */
function readForm(request, refuse, repeated = null) {
	const type = (request.headers['content-type'] || '')
		.split(';')[0].trim().toLowerCase();
	if (type !== FORM)
		throw refuse(`Content-Type must be ${FORM}`);
	return readPairs(request.body.toString('latin1'), refuse, repeated);
}

/* Each name once, but for `repeated`, whose value is a list. */
function readPairs(text, refuse, repeated = null) {
	const form = new Map();
	for (const pair of text.split('&')) {
		const at = pair.indexOf('=');
		if (at < 1)
			throw refuse('The parameters are not a form');
		const name = decode(pair.slice(0, at), refuse);
		const value = decode(pair.slice(at + 1), refuse);
		if (name === repeated)
			form.set(name, [...form.get(name) || [], value]);
		else if (form.has(name))
			throw refuse('OAuth 2 parameters can only have a ' +
				`single value: ${name}`);
		else
			form.set(name, value);
	}
	return form;
}

/* Strict: what a form encoder would have had to escape is refused. */
function decode(text, refuse) {
	if (!/^(?:[A-Za-z0-9*\-._~+]|%[0-9A-Fa-f]{2})*$/.test(text))
		throw refuse('The parameters are not percent-encoded');
	try {
		return decodeURIComponent(text.replace(/\+/g, ' '));
	} catch {
		throw refuse('The parameters are not UTF-8');
	}
}

/* All of `names` and, at will, those of `optional`; none is empty. */
function onlyParameters(form, names, refuse, optional = []) {
	for (const name of form.keys())
		if (!names.includes(name) && !optional.includes(name))
			throw refuse(`Unknown parameter: ${name}`);
	for (const name of names)
		if (!form.get(name))
			throw refuse(`Required parameter is missing: ${name}`);
	for (const name of optional)
		if (form.get(name) === '')
			throw refuse(`Parameter is empty: ${name}`);
}

module.exports = { readForm, readPairs, onlyParameters };
