/*
 * Checks a document, or each line of it, against a schema of doc/.
 * node conforms.js SCHEMA json|jsonl FILE; silent and 0 when all is well.
 */
'use strict';

const fs = require('fs');

const Ajv = require('ajv/dist/2020');

const [schemaFile, format, file] = process.argv.slice(2);
const validate = new Ajv({ strict: true, strictRequired: false,
	strictTypes: false, validateFormats: false, allErrors: true })
	.compile(JSON.parse(fs.readFileSync(schemaFile, 'utf8')));
const text = fs.readFileSync(file, 'utf8');
const parts = format === 'jsonl' ? text.trimEnd().split('\n') : [text];

for (const [index, part] of parts.entries()) {
	if (validate(JSON.parse(part)))
		continue;
	console.log(`part ${index + 1}: ${JSON.stringify(validate.errors)}`);
	process.exitCode = 1;
}
