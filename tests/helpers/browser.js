#!/usr/bin/env node
/*
 * A person's browser for tests: what sendas is given as $BROWSER. It opens
 * the address in Debian's chromium, without a window, and does there what a
 * plan says. It reaches this machine alone.
 *
 * browser.js URL       starts it and comes back at once: the browser runs on
 *                      by itself, with nothing of the caller's left open
 * browser.js --check   status 0 if chromium and playwright-core are there;
 *                      else 1, and a line that says what is missing
 *
 * SENDAS_BROWSER_PLAN  a JavaScript module: its default export (or
 *                      module.exports) is async ({ page, context, url, note,
 *                      save }) => ..., of playwright. It begins on an empty
 *                      page. An export `options` goes to newContext: locale,
 *                      viewport and so on. Without a function in it, or
 *                      without a plan, the address is opened and left open.
 * SENDAS_BROWSER_LOG   what note(text) says, then "error: ..." if the plan
 *                      failed, and last "done", when no process is left.
 *                      LOG.pid has the process to end with SIGTERM, until then
 * SENDAS_BROWSER_DIR   save(name) writes name.png, the whole page, and
 *                      name.txt, its visible text, there
 *
 * After 60 seconds it ends, whatever is going on; that is an error.
 */
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { pathToFileURL } = require('url');

const CHROMIUM = '/usr/bin/chromium';
const LIMIT_MS = 60000;
/* The first word of the process that stays, in place of an address. */
const STAY = '--stay';

const env = {
	plan: process.env.SENDAS_BROWSER_PLAN,
	log: process.env.SENDAS_BROWSER_LOG,
	dir: process.env.SENDAS_BROWSER_DIR,
};

function note(text) {
	if (env.log)
		fs.appendFileSync(env.log, `${text}\n`);
}

/* One line: what playwright adds to it is long. */
function noteError(problem) {
	const [line] = String(problem?.message || problem).split('\n');
	note(`error: ${line}`);
}

/* --- whether it can be used -------------------------------------------- */

function whatIsMissing() {
	try {
		fs.accessSync(CHROMIUM, fs.constants.X_OK);
	} catch {
		return 'chromium is not installed';
	}
	try {
		require.resolve('playwright-core');
	} catch {
		return 'Node\'s package playwright-core is not installed ' +
			'(npm ci in tests/, or NODE_PATH)';
	}
	return null;
}

function check() {
	const missing = whatIsMissing();
	if (missing)
		console.log(missing);
	process.exitCode = missing ? 1 : 0;
}

/* --- the process that leaves ------------------------------------------- */

/*
 * A session of its own: Ctrl-C in the terminal of sendas is not for it, and
 * whoever reads the output of sendas to its end does not wait for it.
 */
function start(url) {
	const stays = spawn(process.execPath, [__filename, STAY, url],
		{ detached: true, stdio: 'ignore' });
	stays.on('error', noteError);
	if (env.log && stays.pid)
		fs.writeFileSync(`${env.log}.pid`, `${stays.pid}\n`);
	stays.unref();
}

/* --- the process that stays -------------------------------------------- */

async function loadPlan() {
	if (!env.plan)
		return { options: {} };
	const module = await import(pathToFileURL(path.resolve(env.plan)));
	const run = module.default;
	return {
		run: typeof run === 'function' ? run : undefined,
		options: module.options || run?.options || {},
	};
}

/*
 * chromium writes into its user's folders; here they are the scratch folder.
 * No name is resolved but this machine's, for chromium has servers of its own
 * to ask about this and that. Playwright leaves the sandbox off, which is the
 * only way for root.
 */
function launch(scratch) {
	const { chromium } = require('playwright-core');
	return chromium.launch({
		executablePath: CHROMIUM,
		args: ['--no-proxy-server', '--host-resolver-rules=' +
			'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
		env: { ...process.env, HOME: scratch, XDG_CONFIG_HOME: scratch,
			XDG_CACHE_HOME: scratch },
		handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
		timeout: LIMIT_MS / 2,
	});
}

async function save(page, name) {
	if (!env.dir)
		throw new Error('save() wants SENDAS_BROWSER_DIR');
	const file = path.join(env.dir, name);
	await page.screenshot({ path: `${file}.png`, fullPage: true });
	fs.writeFileSync(`${file}.txt`,
		await page.innerText('body') + '\n');
}

/* As a window that nobody touches. */
async function openAndWait({ page, url }) {
	await page.goto(url);
	await new Promise(() => {});
}

async function follow(browser, { run = openAndWait, options }, url) {
	const context = await browser.newContext(
		{ ignoreHTTPSErrors: true, ...options });
	const page = await context.newPage();
	await run({ page, context, url, note,
		save: (name) => save(page, name) });
}

/* A signal, or too much time. */
function endedFromOutside() {
	return new Promise((resolve, reject) => {
		process.once('SIGTERM', resolve);
		process.once('SIGINT', resolve);
		setTimeout(() => reject(new Error('it was not over after ' +
			`${LIMIT_MS / 1000} s`)), LIMIT_MS);
	});
}

/* Ends when the plan does, or before; then nothing of it is left. */
async function stay(url) {
	const scratch = fs.mkdtempSync(
		path.join(os.tmpdir(), 'sendas-browser-'));
	/* Playwright's own folders, too. */
	process.env.TMPDIR = scratch;
	let launching;
	const work = async () => {
		const plan = await loadPlan();
		launching = launch(scratch);
		await follow(await launching, plan, url);
	};
	try {
		await Promise.race([endedFromOutside(), work()]);
	} catch (problem) {
		noteError(problem);
	}
	await close(launching);
	await endRemains(scratch);
	fs.rmSync(scratch, { recursive: true, force: true });
	note('done');
	if (env.log)
		fs.rmSync(`${env.log}.pid`, { force: true });
	process.exit(0);
}

async function close(launching) {
	try {
		await (await launching)?.close();
	} catch {
		/* It never began, which was told, or it is gone already. */
	}
}

/*
 * What chromium began ends with it, but a moment later; its handlers of
 * crashes are in sessions of their own. All of them were told of the folder.
 */
async function endRemains(scratch) {
	for (let tries = 0; tries < 50 && remains(scratch).length > 0; tries++)
		await new Promise((resolve) => setTimeout(resolve, 50));
	for (const pid of remains(scratch)) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			/* Gone. */
		}
	}
}

function remains(scratch) {
	return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
		.map(Number).filter((pid) => commandOf(pid).includes(scratch));
}

/* Empty for a process that has ended, and for one that is not ours. */
function commandOf(pid) {
	try {
		return fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1');
	} catch {
		return '';
	}
}

const [first, second] = process.argv.slice(2);
if (first === '--check')
	check();
else if (first === STAY)
	stay(second);
else if (first === undefined || second !== undefined)
	noteError('browser.js wants one address');
else
	start(first);
