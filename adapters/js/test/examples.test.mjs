// The example proxy with curl, and the example agent with the proxy and with Squid.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { ProxyAgent } from '../examples/agent.mjs';
import { createProxy } from '../examples/proxy.mjs';
import { Gate } from '../index.js';

const USER = 'jäsøn';
const PASSWORD = 'open sesame';

const dir = mkdtempSync(join(tmpdir(), 'proxy-auth-'));
const servers = [];
let plain;
let secure;
let ca;
/** The requests that the origin has received. */
const received = [];

before(async () => {
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext',
    'subjectAltName=IP:127.0.0.1', '-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem'),
  ], { stdio: 'ignore' });
  ca = readFileSync(join(dir, 'cert.pem'));
  const origin = (request, response) => {
    received.push(request);
    let length = 0;
    request.on('data', (data) => (length += data.length));
    request.on('end', () => {
      // Without a length, it is sent in chunks.
      if (request.url === '/chunks') response.flushHeaders();
      response.end(`hello ${length}`);
    });
  };
  plain = await listen(http.createServer(origin));
  secure = await listen(https.createServer({ key: readFileSync(join(dir, 'key.pem')), cert: ca }, origin));
});
after(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  rmSync(dir, { recursive: true });
});

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return server.address().port;
}

/** Starts the example proxy, and returns its port and the log. */
async function startProxy(options = {}) {
  const account = { name: USER, password: PASSWORD };
  const gate = new Gate({ realm: 'example', offer: ['SHA-256', 'MD5', 'Basic'], ...options });
  const log = [];
  const port = await listen(createProxy({ gate, findAccount: async (name) => (name === USER ? account : null), log: (line) => log.push(line) }));
  // Nonces of the millisecond in which the window was created are refused.
  await new Promise((resolve) => setTimeout(resolve, 2));
  return { port, log };
}

/** Returns the status codes that curl receives of the proxy and the origin, the last content, and its other output. */
async function curl(port, ...args) {
  const command = ['--silent', '--include', '--max-time', '20', '--cacert', join(dir, 'cert.pem'), '--proxy', `http://127.0.0.1:${port}`, ...args];
  const { stdout } = await promisify(execFile)('curl', command, { encoding: 'latin1', env: { ...process.env, no_proxy: '' } })
    .catch((error) => error);
  const statuses = [...stdout.matchAll(/^HTTP\/1\.[01] (\d+)/gm)].map(([, status]) => Number(status));
  return { statuses, content: stdout.split('\r\n\r\n').at(-1), stdout };
}

const login = (password = PASSWORD) => ['--proxy-user', `${USER}:${password}`];

for (const [way, offer, scheme] of [
  ['--proxy-basic', ['Basic'], 'Basic'], ['--proxy-digest', ['SHA-256'], 'Digest'], ['--proxy-digest', ['MD5'], 'Digest'],
  ['--proxy-anyauth', ['SHA-256', 'MD5', 'Basic'], 'Digest'], ['--proxy-anyauth', ['Basic'], 'Basic'],
]) {
  test(`curl ${way} passes with ${offer}`, async () => {
    const { port } = await startProxy({ offer });
    const rounds = way === '--proxy-basic' ? [] : [407];
    for (const [name, content, args] of [
      ['GET', 'hello 0', [`http://127.0.0.1:${plain}/a?b=c`]],
      ['POST', 'hello 3', ['--data', 'a=b', `http://127.0.0.1:${plain}/`]],
      ['POST of 3 MB', 'hello 3000000', ['--data-binary', `@${join(dir, 'large')}`, `http://127.0.0.1:${plain}/`]],
      ['GET with chunks', 'hello 3', ['--request', 'GET', '--header', 'Transfer-Encoding: chunked', '--data', 'a=b', `http://127.0.0.1:${plain}/`]],
      ['HTTP/1.0', 'hello 0', ['--http1.0', `http://127.0.0.1:${plain}/chunks`]],
      ['CONNECT', 'hello 0', [`https://127.0.0.1:${secure}/`]],
    ]) {
      writeFileSync(join(dir, 'large'), Buffer.alloc(3_000_000, 'x'));
      const passed = await curl(port, way, ...login(), ...args);
      const isTunnel = name === 'CONNECT';
      const statuses = [...rounds, ...(isTunnel ? [200] : []), 200];
      assert.deepEqual(passed.statuses.filter((status) => status !== 100), statuses, name);
      assert.equal(passed.content, content, name);
      if (name === 'HTTP/1.0') assert(!/^Transfer-Encoding/m.test(passed.stdout));
      assert.equal(/^Proxy-Authentication-Info: rspauth=/m.test(passed.stdout), scheme === 'Digest', name);

      const refused = await curl(port, way, ...login('x'), ...args);
      assert.equal(refused.statuses.at(-1), 407, name);
    }
  });
}

test('the proxy asks for credentials, and forwards neither them nor fields of the connection', async () => {
  const { port, log } = await startProxy();
  received.length = 0;
  const missing = await curl(port, `http://127.0.0.1:${plain}/`);
  assert.deepEqual([missing.statuses, received.length], [[407], 0]);
  assert.equal(missing.stdout.match(/^Proxy-Authenticate: /gm).length, 3);
  assert.deepEqual(log, ['127.0.0.1 Missing']);

  const args = ['--header', 'Connection: X-Hop', '--header', 'X-Hop: 1', '--header', 'X-End: 2', `http://127.0.0.1:${plain}/a?b=c`];
  assert.equal((await curl(port, '--proxy-basic', ...login(), ...args)).statuses.at(-1), 200);
  const [{ url, headers }] = received;
  assert.equal(url, '/a?b=c');
  assert.equal(headers.host, `127.0.0.1:${plain}`);
  for (const name of ['proxy-authorization', 'proxy-connection', 'x-hop']) assert(!(name in headers), name);
  assert.equal(headers['x-end'], '2');
});

test('the proxy survives what clients and origins do', async () => {
  const { port } = await startProxy();
  const basic = `Proxy-Authorization: Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}\r\n`;
  const raw = async (head) => {
    const socket = net.connect(port, '127.0.0.1');
    // Node.js answers no client that closes its half of the connection.
    socket.write(Buffer.from(head, 'latin1'));
    let text = '';
    for await (const data of socket) text += data.toString('latin1');
    return text.slice(9, 12);
  };
  const request = (line, fields = '') => `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`;
  for (const [head, status] of [
    [request('GET /'), '407'], [request('GET /', basic), '400'], [request('GET ftp://x/', basic), '400'], [request('GET http://[/', basic), '400'],
    [request('GET http://x/\xFF', basic), '400'], [request('CONNECT x\xFF:1', basic), '400'],
    [request('CONNECT x', basic), '400'], [request('CONNECT x:99999', basic), '400'], [request('CONNECT 127.0.0.1:443'), '407'],
    [request('CONNECT 127.0.0.1:1', basic), '502'], [request('GET http://127.0.0.1:1/', basic), '502'],
    [request('GET http://x/', basic + basic), '407'], [request('GET http://x/').replace('1.1', '0.9'), '407'], [request('GET http://x/', 'Proxy-Authorization: \xFF\r\n'), '407'],
  ]) {
    assert.equal(await raw(head), status, head);
  }
  const { statuses } = await curl(port, '--proxy-anyauth', ...login(), `http://127.0.0.1:${plain}/`);
  assert.equal(statuses.at(-1), 200);
});

test('the proxy writes nothing of its own into an open tunnel', async () => {
  const { port } = await startProxy();
  const origin = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const originPort = await listen(Object.assign(origin, { closeAllConnections() {} }));
  const client = net.connect(port, '127.0.0.1');
  const credentials = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');
  client.write(`CONNECT 127.0.0.1:${originPort} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`);
  const [head] = await once(client, 'data');
  assert.equal(head.toString(), 'HTTP/1.1 200 OK\r\n\r\n');
  let more = '';
  client.on('data', (data) => (more += data));
  client.on('error', () => {});
  client.write('x');
  await once(client, 'close');
  assert.equal(more, '');
});

/** Fetches a URL with the agent. */
async function fetchWith(agent, url) {
  const request = https.get(url, { agent, ca });
  const [response] = await once(request, 'response');
  let content = '';
  for await (const data of response) content += data;
  return content;
}

const urlOf = (port, password = PASSWORD) => `http://${encodeURIComponent(USER)}:${encodeURIComponent(password)}@127.0.0.1:${port}`;

test('the agent opens tunnels through the proxy, uses a nonce again, and checks the proof', async () => {
  const { port, log } = await startProxy();
  const agent = new ProxyAgent(urlOf(port), { allow: 'digest', requireProof: true });
  const tunnels = [];
  agent.on('tunnel', ({ proved }) => tunnels.push(proved));
  for (let count = 0; count < 3; count += 1) assert.equal(await fetchWith(agent, `https://127.0.0.1:${secure}/`), 'hello 0');
  assert.deepEqual(tunnels, [true, true, true]);
  assert.deepEqual(log, ['127.0.0.1 Missing']);
  const wrong = new ProxyAgent(urlOf(port, 'x'), { allow: 'digest' });
  await assert.rejects(fetchWith(wrong, `https://127.0.0.1:${secure}/`), { name: 'GiveUp', reason: 'Refused' });
  const basic = await startProxy({ offer: ['Basic'] });
  assert.throws(() => new ProxyAgent('https://127.0.0.1', { allow: 'digest' }), TypeError);
  await assert.rejects(fetchWith(new ProxyAgent(urlOf(basic.port), { allow: 'digest' }), `https://127.0.0.1:${secure}/`), { reason: 'NothingFits' });
});

/** Starts Squid with Digest or Basic, and returns its port. */
async function startSquid(t, scheme) {
  const probe = net.createServer();
  const port = await listen(probe.on('connection', () => {}));
  servers.splice(servers.indexOf(probe), 1);
  await new Promise((resolve) => probe.close(resolve));
  const path = (name) => join(dir, `${scheme}.${name}`);
  const digest = createHash('md5').update(`${USER}:peers:${PASSWORD}`).digest('hex');
  writeFileSync(path('users'), scheme === 'digest' ? `${USER}:peers:${digest}\n` : `${USER}:${htpasswd()}\n`);
  writeFileSync(path('log'), '');
  const helper = scheme === 'digest' ? 'digest_file_auth -c' : 'basic_ncsa_auth';
  writeFileSync(path('conf'), [
    `http_port 127.0.0.1:${port}`, 'visible_hostname squid.test', `auth_param ${scheme} program /usr/lib/squid/${helper} ${path('users')}`,
    `auth_param ${scheme} realm peers`, `auth_param ${scheme} children 1`, 'auth_param basic casesensitive on', 'acl user proxy_auth REQUIRED',
    'http_access allow user', 'http_access deny all', 'cache deny all', 'access_log none', `cache_log ${path('log')}`, 'cache_store_log none',
    'pid_filename none', `coredump_dir ${dir}`, 'pinger_enable off', 'shutdown_lifetime 0 seconds', '',
  ].join('\n'));
  chmodSync(dir, 0o755);
  if (process.getuid() === 0) chownSync(path('log'), ...ids('proxy'));
  const squid = spawn(existsSync('/usr/sbin/squid') ? '/usr/sbin/squid' : 'squid', ['-N', '-n', `proxyauth${process.pid}${scheme}`, '-f', path('conf')], { stdio: 'ignore' });
  t.after(async () => {
    squid.kill('SIGKILL');
    await once(squid, 'exit');
  });
  for (let tries = 0; !readFileSync(path('log'), 'utf8').includes('Accepting HTTP Socket connections'); tries += 1) {
    assert(tries < 100, readFileSync(path('log'), 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return port;
}

const htpasswd = () => execFileSync('openssl', ['passwd', '-apr1', PASSWORD], { encoding: 'utf8' }).trim();

/** Returns the numbers of a user and its group. */
const ids = (user) => ['-u', '-g'].map((option) => Number(execFileSync('id', [option, user], { encoding: 'utf8' })));

test('the agent opens tunnels through Squid with Digest', async (t) => {
  const port = await startSquid(t, 'digest');
  const agent = new ProxyAgent(urlOf(port), { allow: 'digest' });
  const tunnels = [];
  agent.on('tunnel', ({ proved }) => tunnels.push(proved));
  for (let count = 0; count < 3; count += 1) assert.equal(await fetchWith(agent, `https://127.0.0.1:${secure}/`), 'hello 0');
  assert.equal(tunnels.length, 3);
  t.diagnostic(`proved: ${tunnels}`);
  const wrong = new ProxyAgent(urlOf(port, 'x'), { allow: 'digest' });
  await assert.rejects(fetchWith(wrong, `https://127.0.0.1:${secure}/`), { name: 'GiveUp', reason: 'Refused' });
});

test('the agent opens tunnels through Squid with Basic, if that is allowed', async (t) => {
  const port = await startSquid(t, 'basic');
  const url = `https://127.0.0.1:${secure}/`;
  assert.equal(await fetchWith(new ProxyAgent(urlOf(port), { allow: 'digest-or-basic' }), url), 'hello 0');
  await assert.rejects(fetchWith(new ProxyAgent(urlOf(port), { allow: 'digest' }), url), { reason: 'NothingFits' });
});
