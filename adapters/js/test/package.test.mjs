// The package: its files, its types, and the examples in the README.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as full from '../index.js';
import * as parseOnly from '../parse.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (name) => readFileSync(join(root, name), 'utf8');

test('the package contains what it needs, and nothing else', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'examples/agent.mjs', 'examples/proxy.mjs', 'index.d.ts', 'index.js',
    ...readdirSync(join(root, 'lib')).map((name) => `lib/${name}`), 'package.json', 'parse.d.ts', 'parse.js',
  ].sort());
  const manifest = JSON.parse(text('package.json'));
  for (const name of ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies', 'scripts']) assert(!(name in manifest), name);
});

test('the parser does not load the full module', () => {
  const imported = new Set();
  const visit = (name) => {
    if (imported.has(name)) return;
    imported.add(name);
    for (const [, path] of text(name).matchAll(/ from '\.\/(.*?)'/g)) visit(path.startsWith('lib/') ? path : `lib/${path}`);
  };
  visit('parse.js');
  assert(imported.has('lib/parse-module.js') && !imported.has('lib/full-module.js'), [...imported].join());
  // In browsers, nothing of Node.js is there.
  visit('index.js');
  for (const name of imported) assert(!/\b(Buffer|process|require|node:)\b/.test(text(name).replace(/\/\/.*|\/\*[^]*?\*\//g, '')), name);
});

test('the types name what the modules export', () => {
  const declared = [...text('index.d.ts').matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(declared.sort(), Object.keys(full).sort());
  const [, names] = text('parse.d.ts').match(/export \{([^}]*)\}/);
  const values = names.split(',').map((name) => name.trim()).filter((name) => name in full);
  assert.deepEqual(values.sort(), Object.keys(parseOnly).sort());
  // Each member of a class is declared.
  for (const name of ['Gate', 'Attempt', 'Pass', 'Session', 'Exchange']) {
    const [, body] = text('index.d.ts').match(new RegExp(`^export class ${name}[^]*?\\{([^]*?)^\\}`, 'm'));
    const members = Object.getOwnPropertyNames(full[name].prototype).filter((member) => member !== 'constructor');
    assert.deepEqual([...body.matchAll(/^ {2}(?:readonly )?(\w+)[:(]/gm)].map(([, member]) => member).filter((member) => member !== 'constructor').sort(), members.sort(), name);
  }
});

/** The examples in JavaScript of the README. */
const examples = [...text('README.md').matchAll(/^```js\n([^]*?)^```/gm)].map(([, code]) => code);

/** Runs an example as a module of the package. */
function run(t, code) {
  const path = join(root, `example-${process.pid}-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(path, code);
  t.after(() => rmSync(path));
  return path;
}

test('the README shows a proxy that curl passes', async (t) => {
  const code = examples[0].replace('.listen(3128)', ".listen(0, '127.0.0.1', function () { console.log(this.address().port); })");
  const server = spawn(process.execPath, [run(t, code)]);
  t.after(() => server.kill());
  const [data] = await once(server.stdout, 'data');
  const curl = async (...args) => (await promisify(execFile)('curl', [
    '--silent', '--include', '--max-time', '10', '--proxy', `http://127.0.0.1:${Number(data)}`, ...args, 'http://example.com/',
  ], { env: { ...process.env, no_proxy: '' } })).stdout;
  const passed = await curl('--proxy-anyauth', '--proxy-user', 'aladdin:open sesame');
  assert.match(passed, /^HTTP\/1\.1 407 [^]*^HTTP\/1\.1 200 OK\r\nProxy-Authentication-Info: rspauth="[^]*\r\n\r\n.*hello aladdin\n/m);
  assert.equal((await curl('--proxy-anyauth', '--proxy-user', 'aladdin:x')).match(/^HTTP\/1\.1 407/gm).length, 2);
});

test('the README shows a client that the gate lets pass', async (t) => {
  const code = `import { Gate } from 'proxy-auth';\n${examples[1]}
const gate = new Gate({ realm: 'apps', offer: ['SHA-256'] });
await new Promise((resolve) => setTimeout(resolve, 2));
const response = await fetchThrough(async (value) => {
  try {
    const headers = value === null ? [] : ['Proxy-Authorization', value];
    const pass = await gate.read({ method: 'CONNECT', target: 'example.com:443', headers }).check({ name: 'aladdin', password: 'open sesame' });
    return { status: 200, headers: ['Proxy-Authentication-Info', pass.info] };
  } catch (error) {
    return error;
  }
});
console.log(response.status);\n`;
  assert.equal(execFileSync(process.execPath, [run(t, code)], { encoding: 'utf8' }), '200\n');
});

test('the README shows what the parser finds', (t) => {
  assert.equal(execFileSync(process.execPath, [run(t, examples[2])], { encoding: 'utf8' }), 'Negotiate x\n16 a comma or the end\n');
  assert(examples[2].includes('// Negotiate x\n') && examples[2].includes('// 16 a comma or the end\n'));
});

test('the README shows a shared store that admits a key once', (t) => {
  const code = examples[3].replace("import { createClient } from 'redis';", `const keys = new Set();
const createClient = () => ({ connect: async () => ({ set: async (key, _, { NX, PX }) => {
  if (!NX || !(PX > 0) || keys.has(key)) return null;
  keys.add(key);
  return 'OK';
} }) });
const key = crypto.getRandomValues(new Uint8Array(32));`);
  const use = `${code}\nconst use = { key: 'a', now: 1, lifetime: 2 };\nconsole.log(await store.admit(use), await store.admit(use), gate instanceof Gate);\n`;
  assert.equal(execFileSync(process.execPath, [run(t, use)], { encoding: 'utf8' }), 'true false true\n');
  assert.equal(examples.length, 4);
});
