/*
 * Checks a report against doc/report.schema.json, and against itself: its
 * summary counts what its mailboxes say. The schema allows fields that it does
 * not know, as the contract does; here a field that it does not know is a
 * mistake, for it is not documented.
 * node validate.js SCHEMA json|jsonl FILE; silent and 0 when all is well.
 */
'use strict';

const fs = require('fs');

const Ajv = require('ajv/dist/2020');

/* Objects whose keys are data, not fields. */
function isMap(schema) {
	return schema.additionalProperties !== undefined;
}

/*
 * The schema with all objects closed. `unevaluatedProperties` also sees
 * through allOf, and so must stand only where no other object is built on top.
 */
function closed(schema) {
	const copy = structuredClone(schema);
	for (const [name, part] of Object.entries(copy.$defs))
		if (part.properties && name !== 'mailbox')
			part.unevaluatedProperties = false;
	copy.$defs.summary.properties.severities.additionalProperties = false;
	/* A mailbox in a report, as against one that is part of a line. */
	copy.$defs.closedMailbox = { $ref: '#/$defs/mailbox',
		unevaluatedProperties: false };
	copy.$defs.report.properties.mailboxes.items = {
		$ref: '#/$defs/closedMailbox' };
	if (Object.values(copy.$defs).some((part) => isMap(part)))
		throw new Error('a map in $defs is not closed by this');
	return copy;
}

function validator(schemaFile, part) {
	const ajv = new Ajv({ strict: true, strictRequired: false,
		strictTypes: false, allErrors: true });
	const schema = closed(JSON.parse(fs.readFileSync(schemaFile, 'utf8')));
	schema.$id = 'https://sendas.invalid/report';
	ajv.addSchema(schema);
	return ajv.getSchema(`${schema.$id}#/$defs/${part}`);
}

function check(validate, value, place) {
	if (validate(value))
		return;
	const said = validate.errors.map((error) =>
		`${place}${error.instancePath}: ${error.message} ` +
		JSON.stringify(error.params));
	throw new Error(said.join('\n'));
}

/* --- the summary counts what there is ---------------------------------- */

function tally(words) {
	const counts = {};
	for (const word of words)
		counts[word] = (counts[word] || 0) + 1;
	return counts;
}

function reckon(mailboxes) {
	const status = tally(mailboxes.map((box) => box.status));
	const read = mailboxes.filter((box) => box.status === 'read');
	const findingsOf = (box) => box.addresses.flatMap((a) => a.findings);
	const findings = read.flatMap(findingsOf);
	const clean = read.filter((box) =>
		findingsOf(box).every((f) => f.severity === 'info')).length;
	return {
		mailboxes: mailboxes.length,
		read: read.length,
		clean,
		withFindings: read.length - clean,
		withRelay: read.filter((box) => box.addresses.some((a) =>
			!a.isPrimary && a.relay !== null)).length,
		unreadable: (status.unreadable || 0) +
			(status['wrong-mailbox'] || 0),
		skipped: status.skipped || 0,
		findings: tally(findings.map((f) => f.rule)),
		severities: { error: 0, warning: 0, advice: 0, info: 0,
			...tally(findings.map((f) => f.severity)) },
		changes: tally(mailboxes.flatMap((box) => box.changes || [])
			.map((change) => change.outcome)),
	};
}

function sorted(value) {
	if (value === null || typeof value !== 'object')
		return value;
	return Object.fromEntries(Object.keys(value).sort()
		.map((key) => [key, sorted(value[key])]));
}

function checkSummary(mailboxes, { complete, finished, ...said }) {
	const wanted = JSON.stringify(sorted(reckon(mailboxes)));
	const got = JSON.stringify(sorted(said));
	if (got !== wanted)
		throw new Error(`the summary says ${got}\nand should say ${wanted}`);
	if (complete && said.skipped > 0)
		throw new Error('complete, and mailboxes were skipped');
}

/* --- the two forms ------------------------------------------------------ */

function checkReport(schemaFile, text) {
	const report = JSON.parse(text);
	check(validator(schemaFile, 'report'), report, '');
	checkSummary(report.mailboxes, report.summary);
}

function checkLines(schemaFile, text) {
	const validate = validator(schemaFile, 'line');
	if (!text.endsWith('\n'))
		throw new Error('the last line has no end');
	const lines = text.slice(0, -1).split('\n').map((line) =>
		JSON.parse(line));
	lines.forEach((line, index) =>
		check(validate, line, `line ${index + 1} `));
	const last = lines.pop();
	if (!last.summary)
		throw new Error('the last line is no summary');
	if (lines.some((line) => line.summary))
		throw new Error('a summary before the last line');
	if (lines.some((line) => line.run !== last.run))
		throw new Error('lines of more than one run');
	checkSummary(lines, last.summary);
}

const [schemaFile, format, file] = process.argv.slice(2);
try {
	const text = fs.readFileSync(file, 'utf8');
	if (format === 'jsonl')
		checkLines(schemaFile, text);
	else
		checkReport(schemaFile, text);
} catch (problem) {
	console.log(problem.message);
	process.exit(1);
}
