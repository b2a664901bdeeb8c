/*
 * Tests of the proxy of the helpers (connect-proxy.js) between curl and the
 * double. They run as part of selftest.js.
 */
'use strict';

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawn, spawnSync } = require('child_process');

const { work, keys, box, seedFile, withSim } = require('./selftest-kit');
const { SEND_AS, test, sleep } = require('./testkit');

const PROXY = path.join(__dirname, '..', 'helpers', 'connect-proxy.js');

/* Starts one, hands it to `run` and ends it. */
async function withProxy(args, run) {
	const folder = fs.mkdtempSync(path.join(work, 'proxy-'));
	const portFile = path.join(folder, 'port');
	const log = path.join(folder, 'log');
	const child = spawn(process.execPath,
		[PROXY, portFile, '--log', log, ...args], { stdio: 'inherit' });
	const ended = new Promise((resolve) => child.once('exit', resolve));
	try {
		for (let i = 0; i < 500 && !fs.existsSync(portFile); i++)
			await sleep(20);
		await run({
			port: fs.readFileSync(portFile, 'utf8').trim(),
			lines: () => fs.readFileSync(log, 'utf8').split('\n')
				.filter(Boolean),
		});
	} finally {
		child.kill('SIGTERM');
		assert.strictEqual(await ended, 0);
	}
}

/* Asks the double through the proxy; what curl printed, and its status. */
function curl(own, proxy, ...args) {
	return new Promise((resolve) => {
		const child = spawn('curl', ['-sS', '-i', '--noproxy', '',
			'--max-time', '10', '--proxy', `http://127.0.0.1:${proxy.port}`,
			...args], { stdio: ['ignore', 'pipe', 'pipe'] });
		let text = '';
		child.stdout.on('data', (chunk) => { text += chunk; });
		child.stderr.on('data', (chunk) => { text += chunk; });
		child.on('close', (code) => resolve({ code, text }));
	});
}

function url(own, where = SEND_AS) {
	return `https://127.0.0.1:${own.ready.port}${where}`;
}

test('a tunnel leaves TLS to the client, and goes to 127.0.0.1 alone',
	async () => {
		await withSim([], async (own) => withProxy(['--forward'],
			async (proxy) => {
				const ca = ['--cacert', own.ready.caFile];
				const run = await curl(own, proxy, ...ca, url(own));
				assert.match(run.text, /^HTTP\/2 401/m);
				for (const where of ['https://localhost/',
					'https://example.com/', 'https://127.0.0.2/']) {
					const other = await curl(own, proxy, ...ca, where);
					assert.match(other.text, /403/);
				}
				const closed = await curl(own, proxy, ...ca,
					'https://127.0.0.1:1/');
				assert.match(closed.text, /502/);
				assert.deepStrictEqual(proxy.lines(), [
					`127.0.0.1:${own.ready.port} 200`,
					'localhost:443 403', 'example.com:443 403',
					'127.0.0.2:443 403', '127.0.0.1:1 502']);
				assert.strictEqual(own.requests().length, 1);
			}));
	});

test('a proxy that refuses, and one that wants to know who asks',
	async () => {
		await withSim([], async (own) => {
			const ca = ['--cacert', own.ready.caFile];
			await withProxy(['--refuse'], async (proxy) => {
				const run = await curl(own, proxy, ...ca, url(own));
				assert.match(run.text, /^HTTP\/1\.1 403/m);
			});
			const options = ['--forward', '--auth', 'taro:se:same'];
			await withProxy(options, async (proxy) => {
				const ask = (...user) =>
					curl(own, proxy, ...ca, ...user, url(own));
				const run = await ask();
				assert.match(run.text, /^HTTP\/1\.1 407/m);
				assert.match(run.text,
					/^Proxy-Authenticate: Basic realm=/m);
				assert.match((await ask('--proxy-user', 'taro:x')).text,
					/^HTTP\/1\.1 407/m);
				assert.strictEqual(own.requests().length, 0);
				const good = await ask('--proxy-user', 'taro:se:same');
				assert.match(good.text, /^HTTP\/2 401/m);
				const where = `127.0.0.1:${own.ready.port}`;
				assert.deepStrictEqual(proxy.lines(), [`${where} 407`,
					`${where} 407`, `${where} 200`]);
			});
		});
	});

/* An inspecting proxy before this double. */
function withInspector(own, run) {
	const caFile = path.join(work, 'inspecting.pem');
	return withProxy(['--inspect', '--keys', keys, '--ca-file', caFile,
		'--upstream-ca', own.ready.caFile], (proxy) => run(proxy, caFile));
}

test('a proxy that looks into it has a CA of its own', async () => {
	await withSim(['--demo'], async (own) => withInspector(own,
		async (proxy, caFile) => {
			const blind = await curl(own, proxy, '--cacert',
				own.ready.caFile, url(own));
			assert.strictEqual(blind.code, 60, blind.text);
			assert.strictEqual(own.requests().length, 0);
			const issuer = spawnSync('openssl', ['x509', '-noout',
				'-subject', '-in', caFile], { encoding: 'utf8' });
			assert.match(issuer.stdout, /CN = Inspecting Test CA/);
			const token = await own.tokenFor('jiro@example.com');
			const run = await curl(own, proxy, '--cacert', caFile,
				'--http2', '-H', `Authorization: Bearer ${token}`,
				url(own, SEND_AS + '?fields=sendAs'),
				url(own, SEND_AS + '/none%40ocn.ne.jp'));
			assert.match(run.text, /^HTTP\/1\.1 200 OK/m);
			assert.match(run.text, /jiro@ocn\.ne\.jp/);
			assert.match(run.text, /^HTTP\/1\.1 404/m);
			const where = `127.0.0.1:${own.ready.port}`;
			assert.deepStrictEqual(proxy.lines(), [`${where} 200`,
				`${where} 200`, `GET ${SEND_AS} 200`,
				`GET ${SEND_AS}/none%40ocn.ne.jp 404`]);
			const changed = await curl(own, proxy, '--cacert', caFile,
				'-X', 'PATCH', '-H', `Authorization: Bearer ${token}`,
				'-H', 'Content-Type: application/json', '-d',
				'{"treatAsAlias": false}',
				url(own, SEND_AS + '/jiro%40ocn.ne.jp'));
			assert.match(changed.text, /^HTTP\/1\.1 200 OK/m);
			const stored = await own.state('jiro@example.com');
			assert.strictEqual(stored.sendAs[1].treatAsAlias, false);
		}));
});

test('what is lost behind an inspecting proxy is lost before it too',
	async () => {
		const file = seedFile(
			box('torn', { kind: 'personal', faults: { listBody: 'torn' } }),
			box('reset', { kind: 'personal',
				faults: { listFault: 'reset' } }));
		await withSim(['--seeds', file], async (own) => withInspector(own,
			async (proxy, caFile) => {
				const ask = (name) => curl(own, proxy, '--cacert', caFile,
					'-H', 'Authorization: Bearer ' +
						own.personalToken(`${name}@example.com`),
					url(own, SEND_AS + '?fields=sendAs'));
				const torn = await ask('torn');
				assert.strictEqual(torn.code, 18, torn.text);
				const reset = await ask('reset');
				assert.match(reset.text, /^HTTP\/1\.1 502/m);
				assert.deepStrictEqual(proxy.lines().filter((line) =>
					line.startsWith('GET')),
				[`GET ${SEND_AS} 200`, `GET ${SEND_AS} 0`]);
			}));
		/* It verifies whom it speaks to. */
		await withSim(['--untrusted'], async (own) => withInspector(own,
			async (proxy, caFile) => {
				const run = await curl(own, proxy, '--cacert', caFile,
					url(own));
				assert.match(run.text, /^HTTP\/1\.1 502/m);
				assert.deepStrictEqual(own.requests(), []);
			}));
	});

test('the proxy wants a mode, and what inspecting needs', () => {
	const cases = [[['p'], 'one mode'], [['p', '--forward', '--refuse'],
		'one mode'], [['--forward'], 'PORT_FILE'],
	[['p', '--inspect', '--keys', 'k'], '--ca-file']];
	for (const [args, text] of cases) {
		const run = spawnSync(process.execPath, [PROXY, ...args],
			{ encoding: 'utf8', timeout: 20000, cwd: work });
		assert.strictEqual(run.status, 1);
		assert.ok(run.stderr.includes(text), run.stderr);
	}
});
