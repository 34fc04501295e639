// Both sides of an exchange.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { GiveUp, InvalidInput, Refusal, Session, parseAuthenticationInfo, parseChallenges, parseCredentials } from '../index.js';
import { CONNECT, LOGIN, digestSession, fetchOnce, fieldsWith, gateWith, respond } from './support.mjs';

const refused = (reason) => (error) => error instanceof Refusal && error.reason === reason;

for (const algorithm of ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess']) {
  test(`Digest with ${algorithm} passes, and both sides prove the password`, async () => {
    const { gate } = gateWith({ offer: [algorithm] });
    const session = digestSession({ requireProof: true });
    const { reasons, step, authorization, pass } = await fetchOnce(session, gate);
    assert.deepEqual(reasons, ['Missing']);
    assert.deepEqual(step, { again: false, newConnection: false, proved: true });
    assert.match(authorization, new RegExp(`^Digest .*algorithm=${algorithm},.* nc=00000001$`));
    assert.deepEqual([pass.user, pass.scheme], ['aladdin', 'Digest']);
    // The nonce is used again.
    const next = await fetchOnce(session, gate);
    assert.deepEqual(next.reasons, []);
    assert.match(next.authorization, /nc=00000002$/);
  });
}

test('Basic passes, and nothing proves the password', async () => {
  const { gate } = gateWith({ offer: ['Basic'] });
  const { reasons, step, authorization } = await fetchOnce(new Session({ allow: 'basic' }), gate);
  assert.deepEqual(reasons, ['Missing']);
  assert.equal(step.proved, false);
  assert.equal(authorization, 'Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==');
});

test('names, passwords and realms are text in UTF-8', async () => {
  const login = { name: 'jäsøn', password: 'пароль' };
  for (const offer of [['SHA-256'], ['Basic']]) {
    const { gate } = gateWith({ offer, realm: 'Gäste' });
    const { pass } = await fetchOnce(new Session({ allow: 'digest-or-basic' }), gate, { login, account: login });
    assert.equal(pass.user, 'jäsøn');
  }
  // Some clients send ISO-8859-1.
  const { gate } = gateWith({ offer: ['Basic'] });
  const attempt = gate.read({ ...CONNECT, headers: fieldsWith(`Basic ${Buffer.from('jäs:ö', 'latin1').toString('base64')}`) });
  assert.equal(attempt.name, 'jäs');
  assert.equal((await attempt.check({ name: 'jäs', password: 'ö' })).user, 'jäs');
});

test('bytes that are not UTF-8 are sent back as they came', async () => {
  const exchange = digestSession().exchange(LOGIN, CONNECT);
  exchange.authorize();
  exchange.receive(407, ['Proxy-Authenticate', 'Digest realm="\xE4", nonce="\xFF", opaque="\xC3\xE9", qop="auth"']);
  const credentials = parseCredentials(exchange.authorize());
  assert.deepEqual(['realm', 'nonce', 'opaque'].map((name) => credentials.param(name)), ['\xE4', '\xFF', '\xC3\xE9']);

  const { gate } = gateWith({ offer: ['MD5'] });
  const { refusal } = await respond(gate, null);
  const nonce = parseChallenges(refusal.headers[1])[0].param('nonce');
  const md5 = (...parts) => createHash('md5').update(Buffer.from(parts.join(':'), 'latin1')).digest('hex');
  const response = md5(md5('aladdin', 'apps', LOGIN.password), nonce, '00000001', '\xE9', 'auth', md5('CONNECT', CONNECT.target));
  const answer = `Digest username="aladdin", realm="apps", nonce="${nonce}", uri="${CONNECT.target}", response="${response}", nc=00000001, cnonce="\xE9", qop=auth`;
  const { pass } = await respond(gate, answer);
  assert.equal(parseAuthenticationInfo(pass.info).param('cnonce'), '\xE9');
});

test('a replay is refused as stale, and a new answer passes', async () => {
  const { gate } = gateWith();
  const session = digestSession();
  const { authorization } = await fetchOnce(session, gate);
  const { refusal } = await respond(gate, authorization);
  assert.deepEqual([refusal.reason, refusal.isStale, refusal.isGuess, refusal.status], ['Replayed', true, false, 407]);
  assert.match(refusal.headers[1], /stale=true/);
  assert.deepEqual((await fetchOnce(session, gate)).reasons, []);
});

test('two checks of the same answer at once pass once', async () => {
  const { gate } = gateWith();
  const session = digestSession();
  await fetchOnce(session, gate);
  const exchange = session.exchange(LOGIN, CONNECT);
  const authorization = exchange.authorize();
  const attempts = [1, 2, 3].map(() => gate.read({ ...CONNECT, headers: fieldsWith(authorization) }));
  const results = await Promise.allSettled(attempts.map((attempt) => attempt.checkAsync(LOGIN)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  assert(results.filter(({ status }) => status === 'rejected').every(({ reason }) => refused('Replayed')(reason)));
});

test('an old nonce is stale, and the client answers the new one', async () => {
  const { gate, clock } = gateWith({ maxAgeSeconds: 60 });
  const session = digestSession();
  await fetchOnce(session, gate);
  clock.now += 61_000;
  const { reasons, authorization } = await fetchOnce(session, gate);
  assert.deepEqual(reasons, ['Stale']);
  assert.match(authorization, /nc=00000001$/);
});

test('nonces of the previous key are accepted', async () => {
  const [key, previousKey] = [7, 8].map((byte) => new Uint8Array(32).fill(byte));
  const before = gateWith({ key: previousKey });
  const session = digestSession();
  await fetchOnce(session, before.gate);
  const admit = () => true;
  const after = gateWith({ key, previousKey, store: { admit } });
  after.clock.now += 100;
  assert.deepEqual((await fetchOnce(session, after.gate)).reasons, []);
  assert.deepEqual((await fetchOnce(session, gateWith({ store: { admit } }).gate)).reasons, ['Stale']);
});

test('every reason of a refusal', async () => {
  const { gate } = gateWith();
  const session = digestSession();
  await fetchOnce(session, gate);
  const answer = () => session.exchange(LOGIN, CONNECT).authorize();
  const read = (authorization, more = {}) => gate.read({ ...CONNECT, headers: fieldsWith(authorization), ...more });
  const check = (account, authorization = answer()) => read(authorization).check(account);

  for (const [reason, authorization, more] of [
    ['Missing', null],
    ['Damaged', 'Basic YTpi,'],
    ['Damaged', '\xFF'],
    ['Invalid', 'Basic YWFh'],
    ['Invalid', 'Digest username=x'],
    ['TooLong', `Basic ${Buffer.from(`${'x'.repeat(5000)}:y`).toString('base64')}`],
    ['NotOffered', 'Bearer abc'],
    ['NotOffered', answer().replace('SHA-256', 'SHA-512-256')],
    ['OtherRealm', answer().replace('realm="apps"', 'realm="x"')],
    ['OtherTarget', answer(), { target: 'example.org:443' }],
  ]) {
    assert.throws(() => read(authorization, more), refused(reason), reason);
  }
  assert.throws(() => check(null), refused('UnknownUser'));
  assert.throws(() => check(undefined), refused('UnknownUser'));
  assert.throws(() => check({ ...LOGIN, name: 'Mufasa' }), refused('OtherUser'));
  assert.throws(() => check({ ...LOGIN, password: 'x' }), refused('Wrong'));
  assert.throws(() => check(LOGIN, answer().replace(/nonce="0/, 'nonce="1')), refused('Wrong'));
  assert.throws(() => check(null, 'Basic YTpi'), (error) => error.isGuess && refused('UnknownUser')(error));

  assert.throws(() => read('Basic YTpi,'), ({ offset, expected, message }) =>
    offset === 10 && expected === 'the end' && message === 'damaged credentials: expected the end at byte 10');
  assert.throws(() => read('Digest username=x'), ({ expected }) => expected === 'the parameter "realm"');

  // Two field lines.
  const headers = [...fieldsWith(answer()), 'PROXY-authorization', answer()];
  assert.throws(() => gate.read({ ...CONNECT, headers }), refused('Damaged'));
});

test('auth-int signs the content', async () => {
  const { gate } = gateWith({ offer: ['SHA-256'], qop: ['auth-int'] });
  const content = new TextEncoder().encode('a=b');
  const request = { method: 'POST', target: 'http://example.com/', content };
  const { reasons, authorization } = await fetchOnce(digestSession(), gate, { request });
  assert.deepEqual(reasons, ['Missing']);
  const other = { ...request, content: new Uint8Array(3), headers: fieldsWith(authorization) };
  assert.throws(() => gate.read(other).check(LOGIN), refused('Wrong'));
  const unknown = { method: 'POST', target: request.target, headers: fieldsWith(authorization) };
  assert.throws(() => gate.read(unknown), refused('UnknownContent'));
});

test('accounts may have hashes, one for each algorithm', async () => {
  const a1 = `${LOGIN.name}:apps:${LOGIN.password}`;
  const hashes = Object.fromEntries([['SHA-256', 'sha256'], ['MD5', 'md5']].map(([name, hash]) => [name, createHash(hash).update(a1).digest('hex')]));
  const account = { name: LOGIN.name, hashes };
  for (const [offer, allow] of [[['SHA-256', 'MD5'], 'digest'], [['MD5'], 'digest'], [['Basic'], 'basic']]) {
    const { gate } = gateWith({ offer, secret: 'hashes' });
    assert.deepEqual((await fetchOnce(new Session({ allow }), gate, { account })).reasons, ['Missing']);
    assert.equal((await respond(gate, `Basic ${btoa('aladdin:x')}`, { account })).refusal.reason, offer[0] === 'Basic' ? 'Wrong' : 'NotOffered');
  }
  const { gate } = gateWith({ offer: ['SHA-512-256', 'Basic'], secret: 'hashes' });
  await assert.rejects(fetchOnce(digestSession(), gate, { account }), ({ name, reason }) => name === 'GiveUp' && reason === 'Refused');
  const attempt = () => gate.read({ ...CONNECT, headers: fieldsWith('Basic YTpi') });
  assert.throws(() => attempt().check({ name: 'a', hashes: { MD5: 'xyz' } }), ({ name, offset }) => name === 'InvalidInput' && offset === 0);
  assert.throws(() => attempt().check({ name: 'a', hashes: { md5: 'x' } }), TypeError);
  assert.throws(() => attempt().check({ name: 'a', hashes: {} }), refused('Unverifiable'));
});

test('a verdict of the caller passes Basic and Bearer, and never Digest', async () => {
  const { gate } = gateWith({ offer: ['SHA-256', 'Basic', 'Bearer'], secret: 'verified', scope: 'proxy' });
  const read = (authorization) => gate.read({ ...CONNECT, headers: fieldsWith(authorization) });
  const basic = read('Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  assert.deepEqual([basic.name, basic.password, basic.token], ['aladdin', 'open sesame', null]);
  assert.equal((await basic.check({ name: 'aladdin', verified: true })).user, 'aladdin');
  const bearer = read('Bearer abc');
  assert.deepEqual([bearer.name, bearer.password, bearer.token, bearer.scheme], [null, null, 'abc', 'Bearer']);
  assert.equal((await bearer.check({ name: 'build server', verified: true })).user, 'build server');
  assert.throws(() => read('Bearer abc').check(null), ({ status, headers }) =>
    status === 407 && headers.some((value) => value.includes('error="invalid_token"')));
  const scope = read('Bearer abc').refuseScope();
  assert.deepEqual([scope.reason, scope.status], ['InsufficientScope', 403]);
  assert(scope.headers.some((value) => value === 'Bearer realm="apps", scope="proxy", error="insufficient_scope"'));
  for (const verified of [false, 1, undefined]) {
    assert.throws(() => read('Bearer abc').check({ name: 'x', verified }), TypeError);
  }
  await assert.rejects(fetchOnce(digestSession(), gate, { account: { name: 'aladdin', verified: true } }), GiveUp);
});

test('only the gate that verifies passwords itself hides them', () => {
  const { gate } = gateWith();
  assert.equal(gate.read({ ...CONNECT, headers: fieldsWith('Basic YTpi') }).password, null);
});

test('names can be hashed', async () => {
  const { gate } = gateWith({ offer: ['SHA-256'], userhash: true });
  const session = digestSession();
  const exchange = session.exchange(LOGIN, CONNECT);
  exchange.authorize();
  const { status, headers } = await respond(gate, null);
  exchange.receive(status, headers);
  const attempt = gate.read({ ...CONNECT, headers: fieldsWith(exchange.authorize()) });
  assert.deepEqual([attempt.name, attempt.userhash], [null, createHash('sha256').update('aladdin:apps').digest('hex')]);
  assert.equal((await attempt.check(LOGIN)).user, 'aladdin');
});

test('an origin server sends 401, and its own fields', async () => {
  const { gate } = gateWith({ role: 'server' });
  const session = digestSession({ role: 'server' });
  const request = { method: 'GET', target: '/' };
  const exchange = session.exchange(LOGIN, request);
  exchange.authorize();
  assert.throws(() => gate.read({ ...request, headers: [] }), (refusal) => {
    assert.deepEqual([refusal.status, refusal.headers[0]], [401, 'WWW-Authenticate']);
    assert.equal(exchange.receive(refusal.status, refusal.headers).again, true);
    return true;
  });
  const pass = await gate.read({ ...request, headers: ['authorization', exchange.authorize()] }).check(LOGIN);
  assert.equal(exchange.receive(200, [['Authentication-Info', pass.info]]).proved, true);
});

test('the response of a refusal ends the message', () => {
  const { gate } = gateWith({ offer: ['Basic'] });
  const refusal = (request) => {
    try {
      return assert.fail(gate.read(request));
    } catch (error) {
      return error;
    }
  };
  const headers = ['Host', 'x'];
  assert.equal(refusal({ ...CONNECT, headers }).response, [
    'HTTP/1.1 407 Proxy Authentication Required',
    'Proxy-Authenticate: Basic realm="apps", charset="UTF-8"',
    'Content-Length: 0', '', '',
  ].join('\r\n'));
  assert.equal(refusal({ ...CONNECT, headers }).closes, false);
  assert.equal(refusal({ ...CONNECT, headers, close: true }).closes, true);
  assert.deepEqual(refusal({ ...CONNECT, headers, version: '1.0' }).headers.slice(2, 4), ['Connection', 'close']);
  const post = { method: 'POST', target: 'http://x/', headers: ['Content-Length', '3'] };
  assert.deepEqual([{}, { drained: true }, { content: new Uint8Array(3) }].map((more) => refusal({ ...post, ...more }).closes), [true, false, false]);
  assert.equal(refusal({ ...post, version: '2' }).closes, false);
});

test('field lines may be a flat list, pairs, a Map or Headers, as strings or bytes', async () => {
  const { gate } = gateWith({ offer: ['Basic'] });
  const value = 'Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==';
  const name = 'Proxy-Authorization';
  for (const headers of [
    [name, value], [Buffer.from(name), Buffer.from(value)], [[name, value]], [[name, [value]]], new Map([[name, value]]),
    Object.entries({ [name]: [value] }),
  ]) {
    assert.equal((await gate.read({ ...CONNECT, headers }).check(LOGIN)).user, 'aladdin');
  }
  // Those of fetch refuse the name, but not that of an origin server.
  const server = gateWith({ offer: ['Basic'], role: 'server' }).gate;
  assert.equal((await server.read({ ...CONNECT, headers: new Headers({ authorization: value }) }).check(LOGIN)).user, 'aladdin');
  for (const headers of [{ [name]: value }, 'x', null, undefined, [name], [[name]], [[name, value, value]], [1, 2], [name, 1], new Map([[name, 1]])]) {
    assert.throws(() => gate.read({ ...CONNECT, headers }), TypeError);
  }
  assert.throws(() => gate.read({ ...CONNECT, headers: [[name, [value, value]]] }), refused('Damaged'));
});

test('every reason to give up', async () => {
  const give = (options, headers, status = 407) => {
    const exchange = new Session(options).exchange(LOGIN, CONNECT);
    exchange.authorize();
    try {
      return exchange.receive(status, headers);
    } catch (error) {
      assert(error instanceof GiveUp, error);
      assert.throws(() => exchange.authorize(), TypeError);
      return error.reason;
    }
  };
  const challenge = (value) => ['Proxy-Authenticate', value];
  const digest = 'Digest realm="a", nonce="b", qop="auth"';
  assert.equal(give({ allow: 'digest' }, challenge('Basic realm=x')), 'NothingFits');
  assert.equal(give({ allow: 'digest', md5: false }, challenge(digest)), 'NothingFits');
  assert.equal(give({ allow: 'digest-or-basic' }, challenge('Digest realm=x, Basic realm=x')), 'Unusable');
  assert.equal(give({ allow: 'digest-or-basic' }, challenge('@, Basic realm=x')), 'Damaged');
  assert.equal(give({ allow: 'digest', requireProof: true }, [], 200), 'Unproved');
  assert.equal(give({ allow: 'digest', requireProof: true }, challenge('Digest realm="a", nonce="b", qop="auth-int"')), 'Unprovable');
  assert.equal(give({ allow: 'digest' }, challenge(`Digest realm="a", nonce="${'b'.repeat(3000)}", qop="auth"`)), 'BufferTooSmall');
  assert.deepEqual(give({ allow: 'digest-or-basic', downgrade: true }, challenge('@, Basic realm=x')), { again: true, newConnection: false, proved: false });
  assert.deepEqual(give({ allow: 'digest' }, [...challenge(digest), 'Connection', 'close']), { again: true, newConnection: true, proved: false });

  const { gate } = gateWith();
  const session = digestSession();
  await assert.rejects(fetchOnce(session, gate, { login: { ...LOGIN, password: 'x' } }), ({ reason }) => reason === 'Refused');
  await assert.rejects(fetchOnce(session, gate), ({ reason }) => reason === 'Refused');
  session.forgetLogin();
  assert.equal((await fetchOnce(session, gate)).step.proved, true);

  const exchange = session.exchange(LOGIN, CONNECT);
  exchange.authorize();
  assert.throws(() => exchange.receive(200, ['Proxy-Authentication-Info', `rspauth="${'0'.repeat(64)}"`]), ({ reason }) => reason === 'Forged');

  const weaker = new Session({ allow: 'digest-or-basic' });
  await fetchOnce(weaker, gate);
  const next = weaker.exchange(LOGIN, CONNECT);
  next.authorize();
  assert.throws(() => next.receive(407, ['Proxy-Authenticate', 'Digest realm="apps", nonce="x", qop="auth", stale=true']), ({ reason }) => reason === 'Downgraded');

  const stale = (nonce) => challenge(`Digest realm="a", nonce="${nonce}", qop="auth", stale=true`);
  const rounds = digestSession().exchange(LOGIN, CONNECT);
  for (const nonce of ['a', 'b']) {
    rounds.authorize();
    assert.equal(rounds.receive(407, stale(nonce)).again, true);
  }
  rounds.authorize();
  assert.throws(() => rounds.receive(407, stale('c')), ({ reason }) => reason === 'TooManyRounds');

  const invalid = new Session({ allow: 'basic' });
  const first = invalid.exchange({ name: 'a:b', password: 'x' }, CONNECT);
  first.authorize();
  first.receive(407, challenge('Basic realm=x'));
  assert.throws(() => first.authorize(), ({ reason, offset, expected }) => reason === 'InvalidLogin' && offset === 1 && expected === 'user-id');
});

test('requests of one session may overlap', async () => {
  const { gate } = gateWith();
  const session = digestSession();
  const results = await Promise.all(Array.from({ length: 20 }, () => fetchOnce(session, gate)));
  assert(results.every(({ step }) => step.proved));
  const counts = results.map(({ authorization }) => authorization.match(/nonce="(.*?)".* nc=(.*)$/).slice(1).join());
  assert.equal(new Set(counts).size, 20);
});

test('a request without a response is sent again with another count', async () => {
  const { gate } = gateWith();
  const session = digestSession();
  await fetchOnce(session, gate);
  const exchange = session.exchange(LOGIN, CONNECT);
  const [lost, sent] = [exchange.authorize(), exchange.authorize()];
  assert.notEqual(lost, sent);
  const { status, headers } = await respond(gate, sent);
  assert.equal(exchange.receive(status, headers).proved, true);
});

test('a store of the caller records each use, and decides', async () => {
  const uses = new Map();
  const store = {
    async admit({ key, now, lifetime }) {
      assert.match(key, /^[0-9a-f]{40}$/);
      assert(lifetime > 0 && lifetime <= 306_000 && now > 1_445_412_480_000);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (uses.has(key)) return false;
      uses.set(key, now + lifetime);
      return true;
    },
  };
  const { gate } = gateWith({ store });
  const { authorization } = await fetchOnce(digestSession(), gate);
  assert.equal(uses.size, 1);
  // Nothing passes before the store has answered.
  const attempt = gate.read({ ...CONNECT, headers: fieldsWith(authorization) });
  assert.throws(() => attempt.check(LOGIN), /checkAsync is needed/);
  await assert.rejects(attempt.checkAsync(LOGIN), refused('Replayed'));
  assert.equal((await respond(gate, authorization)).refusal.reason, 'Replayed');

  for (const verdict of [undefined, null, 1, 'true', {}]) {
    const { gate: other } = gateWith({ store: { admit: () => verdict } });
    await assert.rejects(fetchOnce(digestSession(), other), ({ name }) => name === 'GiveUp');
  }
  const failing = gateWith({ store: { admit: () => Promise.reject(new Error('no connection')) } }).gate;
  await assert.rejects(fetchOnce(digestSession(), failing), /no connection/);
});

test('no name, password or realm adds a line to a message', () => {
  for (const evil of ['a\r\nX: y', 'a\ny', 'a\0', 'a\x7F', 'a\u0085b', 'a"\\, b="c']) {
    for (const [allow, challenge] of [['basic', 'Basic realm=x'], ['digest', 'Digest realm="x", nonce="y", qop="auth"'],
      ['digest', 'Digest realm="x", nonce="y", qop="auth", charset=UTF-8'], ['digest', 'Digest realm="x", nonce="y", qop="auth", userhash=true']]) {
      for (const login of [{ ...LOGIN, name: evil }, { ...LOGIN, password: evil }]) {
        const exchange = new Session({ allow }).exchange(login, CONNECT);
        exchange.authorize();
        exchange.receive(407, ['Proxy-Authenticate', challenge]);
        try {
          const value = exchange.authorize();
          assert.match(value, /^[\t\x20-\x7E\x80-\xFF]+$/);
          const { params } = parseCredentials(value);
          assert(!params.some(([name]) => name === 'b'), value);
        } catch (error) {
          assert.equal(error.reason, 'InvalidLogin');
        }
      }
    }
    try {
      gateWith({ realm: evil, offer: ['SHA-256', 'Basic', 'Bearer'] }).gate.read({ ...CONNECT, headers: [] });
      assert.fail('no refusal');
    } catch (error) {
      if (error.name === 'InvalidInput') continue;
      assert.equal(error.response.split(/[\r\n]+/).length, 6);
      assert.equal(parseChallenges(error.headers.filter((_, index) => index === 1))[0].param('realm'), Buffer.from(evil).toString('latin1'));
    }
  }
});

test('text that cannot be sent is refused with its offset', () => {
  for (const realm of ['a\r\nX: y', 'a\0']) {
    assert.throws(() => gateWith({ realm }), (error) => error instanceof InvalidInput && error.offset === 1 && error.expected === 'quoted-string');
  }
  assert.throws(() => gateWith({ scope: 'a"b' }), (error) => error instanceof InvalidInput && error.offset === 1);
  const { gate } = gateWith();
  assert.throws(() => gate.read({ method: 'GET', target: '/\r\n', headers: [] }), ({ name, offset }) => name === 'InvalidInput' && offset === 1);
  assert.throws(() => gate.read({ method: 'GET', target: '/\xFF', headers: [] }), ({ name, offset, expected }) =>
    name === 'InvalidInput' && offset === 1 && expected === 'UTF-8');
  assert.throws(() => digestSession().exchange(LOGIN, { method: 'GET', target: '/\r\n' }).authorize(), InvalidInput);
});
