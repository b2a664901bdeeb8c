/*
 * The `fields` parameter: Google's language for partial answers, such as
 * sendAs(sendAsEmail,smtpMsa(host,port)), also written sendAs/sendAsEmail.
 * Pure: text to a mask, a mask held against a shape, a mask applied to a
 * value. It knows nothing of requests, and what it refuses is invalidFields.
 */
'use strict';

const { invalidFields } = require('./errors');

/*
 * A mask is a Map from a field's name to the mask below it; null stands for
 * "all of it". The name * is every field there is.
 */
function parse(text) {
	const cursor = { text, at: 0 };
	const mask = parseList(cursor);
	if (cursor.at !== text.length)
		throw invalidFields(text);
	return mask;
}

function parseList(cursor) {
	const mask = new Map();
	do {
		parsePath(cursor, mask);
	} while (skip(cursor, ','));
	return mask;
}

/* One item: names joined by slashes, then perhaps a list in parentheses. */
function parsePath(cursor, mask) {
	const name = parseName(cursor);
	if (skip(cursor, '/')) {
		const below = new Map();
		parsePath(cursor, below);
		merge(mask, name, below);
		return;
	}
	if (skip(cursor, '(')) {
		const below = parseList(cursor);
		if (!skip(cursor, ')'))
			throw invalidFields(cursor.text);
		merge(mask, name, below);
		return;
	}
	merge(mask, name, null);
}

function parseName(cursor) {
	const found = /^(?:\*|[A-Za-z][A-Za-z0-9_]*)/.exec(
		cursor.text.slice(cursor.at));
	if (!found)
		throw invalidFields(cursor.text);
	cursor.at += found[0].length;
	return found[0];
}

function skip(cursor, character) {
	if (cursor.text[cursor.at] !== character)
		return false;
	cursor.at++;
	return true;
}

/* The same field named twice asks for the union. */
function merge(mask, name, below) {
	if (!mask.has(name)) {
		mask.set(name, below);
		return;
	}
	const before = mask.get(name);
	if (before === null || below === null) {
		mask.set(name, null);
		return;
	}
	for (const [inner, deeper] of below)
		merge(before, inner, deeper);
}

/* Refuses a mask that names what the shape does not have. */
function check(mask, shape, path = '') {
	const object = shape.kind === 'list' ? shape.of : shape;
	if (object.kind !== 'object')
		throw invalidFields(path);
	for (const [name, below] of mask) {
		const here = path ? `${path}/${name}` : name;
		if (name !== '*' && !Object.hasOwn(object.fields, name))
			throw invalidFields(here);
		const targets = name === '*' ? Object.values(object.fields) :
			[object.fields[name]];
		if (below !== null)
			targets.forEach((field) => check(below, field, here));
	}
}

/* The part of the value that the mask asks for. */
function apply(mask, value) {
	if (mask === null || value === null || typeof value !== 'object')
		return value;
	if (Array.isArray(value))
		return value.map((item) => apply(mask, item));
	const out = {};
	for (const [name, inner] of Object.entries(value)) {
		if (mask.has(name))
			out[name] = apply(mask.get(name), inner);
		else if (mask.has('*'))
			out[name] = apply(mask.get('*'), inner);
	}
	return out;
}

module.exports = { parse, check, apply };
