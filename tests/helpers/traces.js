/*
 * Looks for secrets in every form in which a program might leave one.
 * node traces.js SECRETS WHERE...
 *   SECRETS     a folder with a file for each, that has its bytes and no more
 *   WHERE       a file; a folder, for all files in it; or of a process that
 *               runs or was stopped:
 *   memory:PID  all that it can write
 *   shown:PID   what the list of processes has of it, and of its children
 *   open:PID    the files that it has open to write, deleted ones too
 * It prints a line for each place, with the form and how many bytes of it are
 * there, but not the secret. It ends with 0 when there is one, with 1 when
 * there is none, and with 2 when it cannot look.
 */
'use strict';

const fs = require('fs');
const path = require('path');

/* So much of a form counts: memory that was freed and used again has parts. */
const PART = 10;
/* Parts with fewer different bytes are anywhere. */
const LEAST_DIFFERENT = 4;
const READ_BYTES = 1 << 20;
/* Nothing of ours is so large: AddressSanitizer's notes on all addresses. */
const HUGE_BYTES = 1 << 30;
const ZEROS = Buffer.alloc(4096);

/* --- forms ------------------------------------------------------------- */

/* Of what follows `before` bytes in a longer text, without the letters that
 * these and what comes after have a part in. */
function base64(secret, before, alphabet) {
	const text = Buffer.concat([Buffer.alloc(before), secret])
		.toString(alphabet);
	return text.slice(Math.ceil(8 * before / 6),
		Math.floor(8 * (before + secret.length) / 6));
}

function escapes(text, pattern) {
	return text.replace(pattern, (letter) =>
		'\\u' + letter.charCodeAt(0).toString(16).padStart(4, '0'));
}

function utf32(text) {
	return Buffer.concat([...text].map((letter) => {
		const four = Buffer.alloc(4);
		four.writeUInt32LE(letter.codePointAt(0));
		return four;
	}));
}

function textForms(text) {
	const json = JSON.stringify(text).slice(1, -1);
	const percent = encodeURIComponent(text);
	return {
		'percent-encoded': percent,
		'percent-encoded, small': percent.replace(/%../g,
			(code) => code.toLowerCase()),
		'form-encoded': percent.replace(/%20/g, '+'),
		JSON: json,
		'JSON in ASCII': escapes(json, /[^ -~]/g),
		'JSON in JSON': JSON.stringify(json).slice(1, -1),
		CSV: text.replace(/"/g, '""'),
		HTML: text.replace(/&/g, '&amp;').replace(/"/g, '&quot;'),
		'Latin-1': Buffer.from(text, 'latin1'),
		'UTF-16LE': Buffer.from(text, 'utf16le'),
		'UTF-16BE': Buffer.from(text, 'utf16le').swap16(),
		'UTF-32': utf32(text),
	};
}

/* All forms of a secret, as bytes by their names. */
function formsOf(secret) {
	const forms = { plain: secret,
		backwards: Buffer.from(secret).reverse(),
		hexadecimal: secret.toString('hex'),
		'hexadecimal, large': secret.toString('hex').toUpperCase() };
	for (const alphabet of ['base64', 'base64url'])
		for (const before of [0, 1, 2])
			forms[`${alphabet} after ${before}`] =
				base64(secret, before, alphabet);
	const text = secret.toString();
	if (Buffer.from(text).equals(secret))
		Object.assign(forms, textForms(text));
	return Object.entries(forms).map(([name, form]) =>
		[name, Buffer.from(form)]);
}

function readSecrets(folder) {
	return fs.readdirSync(folder).sort().map((name) =>
		({ name, secret: fs.readFileSync(path.join(folder, name)) }));
}

/* --- finding ----------------------------------------------------------- */

class Finder {
	constructor(folder) {
		this.parts = new Map();
		/* Whether two bytes stand at 0, 2 or 4 of any part: most do not,
		 * and are passed over without a look into the map. */
		this.pairs = [0, 2, 4].map(() => new Uint8Array(1 << 16));
		for (const { name, secret } of readSecrets(folder))
			for (const [form, bytes] of formsOf(secret))
				this.add(`${name}, ${form}`, bytes);
	}

	add(what, bytes) {
		for (let at = 0; at + PART <= bytes.length; at++) {
			const part = bytes.latin1Slice(at, at + PART);
			if (new Set(part).size < LEAST_DIFFERENT ||
			    this.parts.has(part))
				continue;
			this.parts.set(part, what);
			this.pairs.forEach((pairs, i) => {
				pairs[bytes.readUInt16LE(at + 2 * i)] = 1;
			});
		}
	}

	/* Calls `tell` with start, end and name of each run of parts. */
	find(bytes, tell) {
		const [first, second, third] = this.pairs;
		let run = null;
		for (let at = 0; at + PART <= bytes.length; at++) {
			if (!first[bytes[at] | bytes[at + 1] << 8] ||
			    !second[bytes[at + 2] | bytes[at + 3] << 8] ||
			    !third[bytes[at + 4] | bytes[at + 5] << 8])
				continue;
			const what = this.parts.get(
				bytes.latin1Slice(at, at + PART));
			if (what === undefined)
				continue;
			if (run && at <= run.end) {
				run.end = at + PART;
				continue;
			}
			if (run)
				tell(run);
			run = { start: at, end: at + PART, what };
		}
		if (run)
			tell(run);
	}
}

/* --- places ------------------------------------------------------------ */

/* Each of these calls `look` with a name and bytes. */

function* filesIn(place) {
	if (!fs.lstatSync(place).isDirectory()) {
		yield place;
		return;
	}
	for (const name of fs.readdirSync(place))
		yield* filesIn(path.join(place, name));
}

function lookAtFiles(place, look) {
	for (const file of filesIn(place)) {
		look(`the name ${file}`, Buffer.from(file));
		if (fs.lstatSync(file).isFile())
			look(file, fs.readFileSync(file));
	}
}

/* The parts of /proc/PID/maps that can be written, as {from, bytes, name}. */
function writable(pid) {
	const line = /^([0-9a-f]+)-([0-9a-f]+) rw\S+ \S+ \S+ \S+ *(.*)$/gm;
	const maps = fs.readFileSync(`/proc/${pid}/maps`, 'utf8');
	return [...maps.matchAll(line)].map(([, from, to, name]) => ({
		from: parseInt(from, 16), name: name || 'no file',
		bytes: parseInt(to, 16) - parseInt(from, 16),
	})).filter(({ bytes }) => bytes < HUGE_BYTES);
}

/* What is not all zeros of it, as [start, end] pairs: most is never used. */
function* used(bytes) {
	let start = -1;
	for (let at = 0; at < bytes.length; at += ZEROS.length) {
		const block = bytes.subarray(at, at + ZEROS.length);
		const isZero = block.equals(ZEROS.subarray(0, block.length));
		if (isZero && start >= 0)
			yield [start, at];
		if (isZero)
			start = -1;
		else if (start < 0)
			start = at;
	}
	if (start >= 0)
		yield [start, bytes.length];
}

function lookAtMemory(pid, look) {
	const memory = fs.openSync(`/proc/${pid}/mem`);
	let seen = 0;
	for (const { from, bytes, name } of writable(pid)) {
		const copy = Buffer.alloc(bytes);
		for (let at = 0; at < bytes; at += READ_BYTES)
			fs.readSync(memory, copy, at,
				Math.min(READ_BYTES, bytes - at), from + at);
		for (const [start, end] of used(copy)) {
			seen += end - start;
			look(`memory (${name}), 0x${(from + start).toString(16)}`,
				copy.subarray(start, end));
		}
	}
	fs.closeSync(memory);
	if (seen === 0)
		throw new Error('the memory is empty');
}

function childrenOf(pid) {
	return fs.readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
		fs.readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
			.split(' ').filter(Boolean));
}

function lookAtShown(pid, look) {
	for (const one of [pid, ...childrenOf(pid)])
		for (const name of ['cmdline', 'environ', 'comm'])
			look(`${name} of ${one === pid ? 'it' : 'a child'}`,
				fs.readFileSync(`/proc/${one}/${name}`));
}

function lookAtOpen(pid, look) {
	for (const fd of fs.readdirSync(`/proc/${pid}/fd`)) {
		const file = `/proc/${pid}/fd/${fd}`;
		const [, flags] = /^flags:\s*(\d+)$/m.exec(
			fs.readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'));
		if (!fs.statSync(file).isFile() || parseInt(flags, 8) % 4 === 0)
			continue;
		look(`open: ${fs.readlinkSync(file)}`, fs.readFileSync(file));
	}
}

const OF_PROCESS = { memory: lookAtMemory, shown: lookAtShown,
	open: lookAtOpen };

function lookAt(place, look) {
	const [, how, pid] = /^([a-z]+):(\d+)$/.exec(place) || [];
	if (how === undefined)
		lookAtFiles(place, look);
	else
		OF_PROCESS[how](pid, look);
}

function main([secrets, ...places]) {
	const finder = new Finder(secrets);
	process.exitCode = 1;
	for (const place of places) {
		lookAt(place, (name, bytes) => {
			finder.find(bytes, ({ start, end, what }) => {
				process.exitCode = 0;
				console.log(`${name} + 0x${start.toString(16)}: ` +
					`${end - start} bytes: ${what}`);
			});
		});
	}
}

try {
	main(process.argv.slice(2));
} catch (problem) {
	console.log(`cannot look: ${problem.message}`);
	process.exitCode = 2;
}
