// The parser, its views and its errors, with both modules.

import assert from 'node:assert/strict';
import { inspect as nodeInspect } from 'node:util';
import { test } from 'node:test';

import * as full from '../index.js';
import * as parseOnly from '../parse.js';

for (const [name, library] of [['full', full], ['parse', parseOnly]]) {
  const { parseChallenges, parseCredentials, parseAuthenticationInfo, challengeResponse, ParseError } = library;

  test(`${name}: challenges have schemes, token68s and parameters`, () => {
    const [negotiate, digest] = parseChallenges(['Negotiate abc=', 'Digest realm="a \\"b\\"", NONCE=x, nonce=y']);
    assert.deepEqual([negotiate.scheme, negotiate.token68, negotiate.params], ['Negotiate', 'abc=', []]);
    assert.deepEqual(digest.params, [['realm', 'a "b"'], ['NONCE', 'x'], ['nonce', 'y']]);
    assert.deepEqual([digest.param('Realm'), digest.param('nonce'), digest.param('qop')], ['a "b"', 'x', null]);
  });

  test(`${name}: an error has an offset, and what was expected`, () => {
    for (const [parse, value, offset, expected, kind, line] of [
      [parseChallenges, 'Basic realm="x" charset=UTF-8', 16, 'a comma or the end', 'ExpectedComma', 0],
      [parseChallenges, ['NTLM', 'Basic realm=@'], 12, 'a token or a quoted-string', 'ExpectedValue', 1],
      [parseCredentials, 'Basic YTpi,', 10, 'the end', 'ExpectedEnd', 0],
      [parseCredentials, ['Basic YTpi', 'Basic YTpi'], 0, 'one field line, not a second', 'RepeatedField', 1],
      [parseAuthenticationInfo, '@', 0, 'a parameter', 'ExpectedParam', 0],
    ]) {
      assert.throws(() => parse(value), (error) => {
        assert(error instanceof ParseError && error instanceof Error);
        assert.deepEqual([error.name, error.offset, error.expected, error.kind, error.line], ['ParseError', offset, expected, kind, line]);
        assert(error.message.startsWith(`expected ${expected} at byte ${offset}`), error.message);
        return true;
      });
    }
  });

  test(`${name}: lenient reading tolerates damage, and says so`, () => {
    const challenges = parseChallenges('Digest realm="a"b, @, Basic realm=x@y', { lenient: true });
    assert.deepEqual(challenges.map(({ scheme, damage }) => [scheme, damage]), [['Digest', 'expected a comma or the end'], ['Basic', null]]);
    assert.equal(parseCredentials('Basic  YTpi', { lenient: true }).token68, 'YTpi');
    assert.throws(() => parseCredentials('@', { lenient: true }), ParseError);
    assert.equal(parseCredentials([]), null);
  });

  test(`${name}: credentials and parameters do not appear in the console`, () => {
    const shown = [
      parseCredentials('Basic c2VjcmV0'), parseAuthenticationInfo('rspauth="c2VjcmV0"'), parseChallenges('A c2VjcmV0'),
    ].map((value) => nodeInspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value));
    assert(!shown.join().includes('c2VjcmV0'), shown.join());
    assert.throws(() => parseCredentials('Basic c2VjcmV0 x'), (error) => !nodeInspect(error, { showHidden: true }).includes('c2VjcmV0'));
  });

  test(`${name}: only strings of bytes and bytes are read`, () => {
    assert.deepEqual(parseChallenges(new TextEncoder().encode('A')).map(({ scheme }) => scheme), ['A']);
    for (const value of [null, undefined, 1, {}, [1], [null]]) assert.throws(() => parseChallenges(value), TypeError);
    assert.throws(() => parseChallenges('A b="\u0100"'), ({ name: errorName, offset }) => errorName === 'TypeError' && offset === 5);
    assert.throws(() => parseChallenges('A', { lenien: true }), /unknown option "lenien"/);
    assert.throws(() => parseChallenges('A', { lenient: 1 }), TypeError);
    assert.throws(() => parseChallenges('A', true), TypeError);
  });

  test(`${name}: the 407 is written with the challenges`, () => {
    const bytes = challengeResponse('Basic realm="\xC3\xA9"');
    assert.equal(Buffer.from(bytes).toString(), 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="é"\r\nContent-Length: 0\r\n\r\n');
    assert.equal(challengeResponse('@'), null);
  });
}

test('choose takes the strongest possible challenge, and reports one that it passed over', () => {
  const { choose, NothingFits } = full;
  const lines = ['Basic realm=x, Digest realm="a", nonce=b, qop=auth, algorithm=SHA-256', 'Digest realm="c", nonce=d, qop=auth'];
  assert.deepEqual(choose(lines), { scheme: 'Digest', realm: 'a', algorithm: 'SHA-256', passedOver: null });
  assert.deepEqual(choose(lines, ['MD5', 'Basic']), { scheme: 'Digest', realm: 'c', algorithm: 'MD5', passedOver: null });
  assert.deepEqual(choose(lines, ['Basic']), { scheme: 'Basic', realm: 'x', algorithm: null, passedOver: null });
  assert.equal(choose('Digest nonce="\x01", Basic realm=x').passedOver, 'Digest: expected no control character in a quoted-string at byte 14');
  assert.throws(() => choose('NTLM, Digest realm=x, nonce=y'), (error) => {
    assert(error instanceof NothingFits);
    assert.deepEqual([error.name, error.expected], ['NothingFits', 'the parameter "qop"']);
    return true;
  });
  assert.throws(() => choose(lines, ['a b']), full.InvalidInput);
  assert.throws(() => choose(lines, Array(17).fill('Basic')), TypeError);
});

test('byte strings are text in UTF-8, or in ISO-8859-1', () => {
  assert.deepEqual(['\xC3\xA9', '\xE9', '\xEF\xBB\xBFa'].map(full.toText), ['é', 'é', '\uFEFFa']);
});
