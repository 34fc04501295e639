// Misuse is refused, secrets stay hidden, and memory is bounded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { Attempt, Exchange, Gate, Pass, Session } from '../index.js';
import { full } from '../lib/full.js';
import { Instance } from '../lib/instance.js';
import { CONNECT, LOGIN, digestSession, fetchOnce, fieldsWith, gateWith, respond } from './support.mjs';

/** Returns an attempt with a correct answer. */
async function attemptAt(gate, session = digestSession()) {
  await fetchOnce(session, gate);
  return gate.read({ ...CONNECT, headers: fieldsWith(session.exchange(LOGIN, CONNECT).authorize()) });
}

test('a check that is not awaited passes nothing', async () => {
  const { gate } = gateWith();
  const attempt = await attemptAt(gate);
  assert.throws(() => attempt.check({ ...LOGIN, password: 'x' }), { name: 'Refusal', reason: 'Wrong' });
  const again = await attemptAt(gate);
  assert.equal(again.check(LOGIN).user, 'aladdin');
  const promise = (await attemptAt(gate)).checkAsync(LOGIN);
  assert.deepEqual([promise.user, promise.info], [undefined, undefined]);
  assert.equal((await promise).user, 'aladdin');
});

test('an attempt is checked once', async () => {
  const { gate } = gateWith();
  const attempt = await attemptAt(gate);
  await attempt.check(LOGIN);
  assert.throws(() => attempt.check(LOGIN), /checked already/);
  await assert.rejects(attempt.checkAsync(LOGIN), /checked already/);
  assert.throws(() => attempt.refuseScope(), /checked already/);

  const wrong = await attemptAt(gateWith().gate);
  assert.throws(() => wrong.check(null), { name: 'Refusal' });
  assert.throws(() => wrong.check(LOGIN), /checked already/);
});

test('an account that is none does not use the attempt up, and does not pass', async () => {
  const attempt = await attemptAt(gateWith().gate);
  for (const account of ['aladdin', true, {}, { name: 'aladdin' }, { password: 'open sesame' }, { name: 'aladdin', verified: true },
    { ...LOGIN, password: null }, Object.create(LOGIN), { name: 'aladdin', hashes: {} }, { ...LOGIN, name: '\uD800' }]) {
    assert.throws(() => attempt.check(account), TypeError);
  }
  assert.equal((await attempt.check(LOGIN)).user, 'aladdin');
});

test('a response is received once, and only after a request', () => {
  const exchange = digestSession().exchange(LOGIN, CONNECT);
  assert.throws(() => exchange.receive(200, []), /no request/);
  exchange.authorize();
  for (const status of [100, 199, 1000, 200.5, '200', undefined, NaN]) assert.throws(() => exchange.receive(status, []), TypeError);
  assert.throws(() => exchange.receive(200, {}), TypeError);
  assert.equal(exchange.receive(200, []).again, false);
  assert.throws(() => exchange.receive(200, []), /no request/);
  assert.throws(() => exchange.authorize(), /over/);
});

test('objects of another kind, and forged ones, are refused', async () => {
  const { gate } = gateWith();
  const attempt = await attemptAt(gate);
  const exchange = digestSession().exchange(LOGIN, CONNECT);
  for (const misuse of [
    () => new Attempt(), () => new Pass(), () => new Exchange(), () => new Pass(Symbol('private'), { user: 'aladdin' }),
    () => Exchange.prototype.authorize.call({}), () => Exchange.prototype.receive.call(attempt, 200, []),
    () => Gate.prototype.read.call(digestSession(), { ...CONNECT, headers: [] }),
    () => Session.prototype.exchange.call(gate, LOGIN, CONNECT).authorize(),
    () => Object.getOwnPropertyDescriptor(Pass.prototype, 'user').get.call({ user: 'aladdin' }),
    () => structuredClone(exchange).authorize(), () => ({ ...exchange }).authorize(), () => Object.create(exchange).authorize(),
  ]) {
    assert.throws(misuse, TypeError);
  }
  assert.throws(() => Attempt.prototype.check.call(exchange, LOGIN), TypeError);
  assert.throws(() => Attempt.prototype.check.call(Object.create(attempt), LOGIN), TypeError);
});

test('the answer to the challenge of one gate does not pass another', async () => {
  const [one, other] = [gateWith(), gateWith()];
  const { gate } = one;
  const session = digestSession();
  await fetchOnce(session, gate);
  const { refusal } = await respond(other.gate, session.exchange(LOGIN, CONNECT).authorize());
  assert.equal(refusal.reason, 'Stale');
});

test('options are checked, and unknown ones are refused', () => {
  const ok = { realm: 'x', offer: ['SHA-256'] };
  for (const bad of [
    null, undefined, 'x', {}, { realm: 'x' }, { offer: ['MD5'] }, { ...ok, offer: [] }, { ...ok, offer: 'MD5' }, { ...ok, offer: ['md5'] },
    { ...ok, offer: ['NTLM'] }, { ...ok, key: 'x'.repeat(32) }, { ...ok, key: new Uint8Array(31) }, { ...ok, previousKey: null },
    { ...ok, maxAgeSeconds: 0 }, { ...ok, maxAgeSeconds: Infinity }, { ...ok, maxAgeSeconds: '300' }, { ...ok, qop: [] },
    { ...ok, qop: ['none'] }, { ...ok, userhash: 1 }, { ...ok, role: 'origin' }, { ...ok, secret: 'none' }, { ...ok, store: {} },
    { ...ok, store: null }, { ...ok, replaySlots: 7 }, { ...ok, replaySlots: 1e9 }, { ...ok, maxAge: 5 }, { ...ok, realm: '\uD800' },
    { ...ok, clock: () => NaN }, { ...ok, clock: () => -1 },
  ]) {
    assert.throws(() => new Gate(bad), TypeError, inspect(bad));
  }
  for (const bad of [null, {}, { allow: 'all' }, { allow: ['digest'] }, { allow: 'digest', md5: 0 }, { allow: 'digest', proof: true }, { role: 'proxy' }]) {
    assert.throws(() => new Session(bad), TypeError, inspect(bad));
  }
  const { gate } = gateWith();
  for (const bad of [{ method: 1 }, { target: undefined }, { version: '1' }, { content: 'x' }, { drained: 1 }, { close: 'yes' }, { url: '/' }]) {
    assert.throws(() => gate.read({ ...CONNECT, headers: [], ...bad }), TypeError, inspect(bad));
  }
  for (const bad of [undefined, null, {}, { name: 'x' }, Object.create(LOGIN), { ...LOGIN, password: '\uDC00' }]) {
    assert.throws(() => digestSession().exchange(bad, CONNECT), TypeError, inspect(bad));
  }
});

test('a changed Object.prototype changes nothing', async () => {
  const polluted = {
    lenient: true, secret: 'verified', verified: true, password: 'evil', name: 'evil', hashes: {}, pass: { user: 'evil' }, use: null,
    attempt: {}, error: { kind: 'evil', message: 'evil' }, md5: true, downgrade: true, close: false, store: { admit: () => true }, key: new Uint8Array(32),
    again: false, proved: true, authorization: 'evil', refusal: {}, text: 'evil', 0: 'evil',
  };
  for (const [name, value] of Object.entries(polluted)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: false });
  }
  try {
    const { gate } = gateWith();
    const session = digestSession();
    const { step, authorization, pass } = await fetchOnce(session, gate);
    assert.deepEqual([step.again, step.proved, pass.user], [false, true, 'aladdin']);
    assert.equal((await respond(gate, authorization)).refusal.reason, 'Replayed');
    await assert.rejects(async () => (await attemptAt(gateWith().gate)).check({}), TypeError);
    assert.throws(() => digestSession().exchange({}, CONNECT), TypeError);
    assert.throws(() => gate.read({ ...CONNECT, headers: fieldsWith('Basic YTpi,') }), { reason: 'Damaged' });
  } finally {
    for (const name of Object.keys(polluted)) delete Object.prototype[name];
  }
});

test('names and parameters with special names are text', async () => {
  const login = { name: '__proto__', password: 'constructor' };
  const { gate } = gateWith({ realm: '__proto__' });
  assert.equal((await fetchOnce(digestSession(), gate, { login, account: login })).pass.user, '__proto__');
});

test('nothing secret is shown by the console, JSON or errors', async () => {
  const secret = 'open sesame';
  const key = new Uint8Array(32).fill(0xab);
  const { gate } = gateWith({ key });
  const session = digestSession();
  const exchange = session.exchange(LOGIN, CONNECT);
  const first = exchange.authorize();
  const { refusal, status, headers } = await respond(gate, first);
  exchange.receive(status, headers);
  const answer = exchange.authorize();
  const attempt = gate.read({ ...CONNECT, headers: fieldsWith(answer) });
  const pass = await attempt.check(LOGIN);
  const errors = [refusal];
  for (const misuse of [
    () => attempt.check(LOGIN), () => gate.read({ ...CONNECT, headers: fieldsWith('Basic b3BlbiBzZXNhbWU6,') }),
    () => gate.read({ ...CONNECT, headers: fieldsWith(`Basic ${btoa('x:open sesame')}`) }).check({ name: 'x', password: secret, verified: 1, hashes: 1 }.hashes),
    () => session.exchange({ name: 1, password: secret }, CONNECT), () => session.exchange({ name: 'x', password: `${secret}\uD800` }, CONNECT),
    () => exchange.receive(200, ['x', `${secret}\u0100`]), () => new Gate({ realm: 'x', offer: ['MD5'], key: secret }),
  ]) {
    try {
      await misuse();
      assert.fail('no error');
    } catch (error) {
      errors.push(error);
    }
  }
  for (const value of [gate, session, exchange, attempt, pass, ...errors]) {
    const shown = `${inspect(value, { depth: 9, showHidden: true, getters: false })}${JSON.stringify(value)}${value}`;
    for (const hidden of [secret, btoa(secret), 'b3BlbiBzZXNhbWU6', answer.match(/response="(\w+)"/)[1], '171,171', 'abab', 'b3Blbi']) {
      assert(!shown.includes(hidden), `${hidden}: ${shown}`);
    }
  }
});

test('a request that changes after it was read is checked as it was read', async () => {
  const { gate } = gateWith();
  const session = digestSession();
  await fetchOnce(session, gate);
  const headers = ['Proxy-Authorization', Buffer.from(session.exchange(LOGIN, CONNECT).authorize())];
  const request = { ...CONNECT, headers };
  const attempt = gate.read(request);
  request.target = 'evil.example:443';
  headers[1].fill(0x20);
  headers.length = 0;
  assert.equal((await attempt.check(LOGIN)).user, 'aladdin');
  // A key that the caller erases is copied, too.
  const key = Buffer.alloc(32, 9);
  const erased = gateWith({ key }).gate;
  key.fill(0);
  assert.equal((await fetchOnce(digestSession(), erased)).step.proved, true);
});

test('requests do not make the memory grow, and leave nothing in it', async () => {
  const { gate } = gateWith();
  const session = digestSession();
  await fetchOnce(session, gate);
  const { size } = full;
  for (let count = 0; count < 2000; count += 1) {
    const { step } = await fetchOnce(session, gate);
    assert(step.proved);
  }
  assert.equal(full.size, size);
  assert(size <= 4 * 65_536, `${size}`);
});

test('a module imports nothing, refuses other memory, and leaves nothing of a call behind', async () => {
  const { FULL_MODULE } = await import('../lib/full-module.js');
  const { PARSE_MODULE } = await import('../lib/parse-module.js');
  for (const base64 of [FULL_MODULE, PARSE_MODULE]) {
    const module = await WebAssembly.compile(Buffer.from(base64, 'base64'));
    assert.deepEqual(WebAssembly.Module.imports(module), []);
    const { memory, proxy_auth_call: call, __heap_base: base } = new WebAssembly.Instance(module).exports;
    const [start, end] = [base.value, memory.buffer.byteLength];
    const refused = -1;
    for (const [block, state, args, out] of [
      [0, 0, 0, 0], [start - 1, 0, 6, 8], [start, 0, 6, end - start - 5], [end, 0, 1, 0], [start, -1, 6, 8], [start, 0, -1, 8], [start, 0, 6, -1],
      [start, 0x7fffffff, 0x7fffffff, 2], [-8, 4, 4, 4], [-1, 1, 0, 0],
    ]) {
      for (let number = -1; number < 20; number += 1) assert.equal(call(number, block, state, args, out), refused);
    }
    // Within the memory, but without the arguments that a function needs.
    for (let number = -1; number < 20; number += 1) {
      if (number !== 3 || base64 !== FULL_MODULE) assert.equal(call(number, start, 0, 0, 0), refused, `${number}`);
      for (let length = 1; length < 200; length += 7) {
        new Uint8Array(memory.buffer).fill(length % 3, start, end);
        call(number, start, 0, length, 64);
      }
    }
  }
  // Each byte of the memory that is not data is 0 after a call.
  const module = await WebAssembly.compile(Buffer.from(PARSE_MODULE, 'base64'));
  const { Instance: Original } = WebAssembly;
  let memory;
  WebAssembly.Instance = class extends Original {
    constructor(...args) {
      super(...args);
      ({ memory } = this.exports);
    }
  };
  const instance = new Instance(module);
  WebAssembly.Instance = Original;
  const before = Buffer.from(new Uint8Array(memory.buffer));
  instance.call(0, [Uint8Array.of(1, 0), Buffer.from('Basic c2VjcmV0')]);
  const after = Buffer.from(new Uint8Array(memory.buffer));
  assert(after.equals(before));
  assert(!after.includes('c2VjcmV0'));
});

test('a function writes within its room, and returns the length that it needs', async () => {
  const { FULL_MODULE } = await import('../lib/full-module.js');
  const { memory, proxy_auth_call: call, __heap_base: base } = new WebAssembly.Instance(await WebAssembly.compile(Buffer.from(FULL_MODULE, 'base64'))).exports;
  const start = base.value;
  memory.grow(1);
  const bytes = new Uint8Array(memory.buffer);
  const line = Buffer.from('Basic realm="a\\"b"');
  for (const [number, numbers] of [[0, [0, 0]], [1, [0]], [2, [0]]]) {
    const args = Uint8Array.from([numbers.length, 0, 0, 0, ...numbers, line.length, 0, 0, 0, ...line]);
    bytes.set(args, start);
    const out = start + args.length;
    const needed = call(number, start, 0, args.length, 0);
    assert(needed > 0);
    for (let room = 0; room <= needed + 1; room += 1) {
      bytes.fill(0xaa, out);
      assert.equal(call(number, start, 0, args.length, room), needed);
      assert(bytes.subarray(out + room).every((byte) => byte === 0xaa));
    }
  }
});

test('long input is read or refused, and the gate goes on', async () => {
  const { gate } = gateWith();
  const long = 'x'.repeat(300_000);
  for (const authorization of [`Basic ${long}`, `Digest ${'a="b", '.repeat(40_000)}c=d`, `${long} x`, `Digest username="${long}"`]) {
    assert.throws(() => gate.read({ ...CONNECT, headers: fieldsWith(authorization) }), { name: 'Refusal' });
  }
  assert.throws(() => gate.read({ ...CONNECT, headers: ['x', 'x'.repeat(65 * 1024 * 1024)] }), RangeError);
  assert.equal((await fetchOnce(digestSession(), gate)).step.proved, true);
});

test('gates are freed', async () => {
  const gates = [];
  for (let count = 0; count < 400; count += 1) {
    gates.push(new WeakRef(gateWith().gate));
    if (count % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  globalThis.gc();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc();
  assert(gates.filter((gate) => gate.deref()).length < 40);
});
