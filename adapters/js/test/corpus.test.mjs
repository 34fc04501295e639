// Reads every case of the corpus, with both modules. The environment variable CORPUS is the path of the cases, whose format
// tests/corpus/README.md describes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import * as full from '../index.js';
import * as parseOnly from '../parse.js';

const cases = readFileSync(process.env.CORPUS, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))
  .map((it) => ({ ...it, value: latin1(it.raw) }));

/** Returns the bytes of a text in which each character is one byte. */
function latin1(text) {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function text(bytes) {
  return Buffer.from(bytes).toString('latin1');
}

/** Converts the result of strict reading to the form of the corpus. */
function tree(field, elements) {
  if (elements.some((element) => element.error)) return { must_fail: true };
  const trees = elements.map(({ scheme, token68, params }) => ({
    scheme: scheme?.text,
    token68: token68?.text ?? null,
    params: params.map(({ name, value }) => [name.text, value.text]),
  }));
  return { tree: field === 'proxy-authentication-info' ? trees.flatMap(({ params }) => params) : trees };
}

/** Converts the result of lenient reading to the form of the corpus. */
function lenientTree(field, elements) {
  return elements.flatMap((element) => {
    if (element.error) return { err: element.offset };
    const { tree: read } = tree(field, [element]);
    if (field === 'proxy-authentication-info') return read;
    return read.map((challenge) => ({ ...challenge, damage: element.damage ? element.offset : null }));
  });
}

/** Checks that each part is at its position, and each error within the value. */
function checkPositions(elements, bytes) {
  const written = ({ at: [start, end] }) => text(bytes.slice(start, end));
  for (const element of elements) {
    if (element.error) {
      const [start, end] = element.skipped;
      assert(start <= element.offset && element.offset <= end && end <= bytes.length);
      continue;
    }
    if (element.damage) assert(element.scheme.at[1] <= element.offset && element.offset <= bytes.length);
    for (const part of [element.scheme, element.token68]) {
      if (part) assert.equal(written(part), part.text);
    }
    for (const { name, value, quoted } of element.params) {
      assert.equal(written(name), name.text);
      if (!written(value).startsWith('"')) {
        assert.equal(written(value), value.text);
        continue;
      }
      assert(quoted);
      const [, inner, quote] = written(value).match(/^"((?:\\[^]|[^"\\])*)("?)$/);
      assert.equal(inner.replace(/\\([^])/g, '$1'), value.text);
      if (!quote) assert.equal(value.at[1], text(bytes).trimEnd().length);
    }
  }
}

/** Returns the values of Proxy-Authenticate in a response. */
function challengesOf(response) {
  const [head, rest] = text(response).split('\r\n\r\n');
  const [status, ...fields] = head.split('\r\n');
  assert.equal(status, 'HTTP/1.1 407 Proxy Authentication Required');
  assert.equal(fields.pop(), 'Content-Length: 0');
  assert.equal(rest, '');
  return fields.map((line) => latin1(line.replace(/^Proxy-Authenticate: /, '')));
}

for (const [name, library] of [['full', full], ['parse', parseOnly]]) {
  test(`the module "${name}" reads every case as the corpus demands`, () => {
    assert.equal(cases.length, 318);
    for (const it of cases) {
      try {
        check(library, it);
      } catch (error) {
        error.message = `${it.id} ${JSON.stringify(it.raw)}: ${error.message}`;
        throw error;
      }
    }
  });
}

function check(library, { field, value, tree: expectedTree, must_fail, lenient: expected }) {
  const elements = library.inspect(field, [value]);
  assert.deepEqual(tree(field, elements), must_fail ? { must_fail } : { tree: expectedTree });
  checkPositions(elements, value);

  // Lenient reading ends, and reads valid values like strict reading.
  const lenient = library.inspect(field, [value], { lenient: true });
  checkPositions(lenient, value);
  if (!must_fail) assert.deepEqual(lenient, elements);
  if (expected) assert.deepEqual(lenientTree(field, lenient), expected);

  // The 407 carries everything that was read strictly or leniently.
  if (field !== 'proxy-authenticate') return;
  checkCarried(library, library.challengeResponse([value]), must_fail ? [] : elements);
  checkCarried(library, library.challengeResponse([value], { lenient: true }), lenient.filter((element) => !element.error));
}

function checkCarried(library, response, elements) {
  if (elements.length === 0) return assert.equal(response, null);
  const again = library.inspect('proxy-authenticate', challengesOf(response));
  assert.deepEqual(tree('proxy-authenticate', again), tree('proxy-authenticate', elements));
}

test('several field lines are one list of challenges, and positions are relative to the line', () => {
  const lines = ['Negotiate', '', 'NTLM, Basic realm="\xE9"'].map(latin1);
  const positions = full.inspect('proxy-authenticate', lines).map(({ line, scheme }) => [line, ...scheme.at]);
  assert.deepEqual(positions, [[0, 0, 9], [2, 0, 4], [2, 6, 11]]);
  assert.equal(challengesOf(full.challengeResponse(lines)).length, 3);

  const [, error] = full.inspect('proxy-authenticate', ['A', 'B c d'].map(latin1));
  assert.deepEqual([error.line, error.offset, error.kind], [1, 4, 'ExpectedComma']);
  const info = full.inspect('proxy-authentication-info', ['a=b', '@', 'c=d'].map(latin1));
  assert.deepEqual(info.map(({ line, error }) => [line, Boolean(error)]), [[0, false], [1, true], [2, false]]);
});

test('a second line of credentials is refused', () => {
  for (const lenient of [false, true]) {
    const [error, ...more] = full.inspect('proxy-authorization', ['Basic YTpi', 'Basic YTpi'].map(latin1), { lenient });
    assert.deepEqual([error.kind, error.line, more], ['RepeatedField', 1, []]);
  }
});

test('the host makes room for long values', () => {
  const params = 'b=c, '.repeat(50_000).slice(0, -2);
  const lines = [latin1(`A ${params}`)];
  assert.equal(full.inspect('proxy-authenticate', lines)[0].params.length, 50_000);
  assert.deepEqual(challengesOf(full.challengeResponse(lines)), lines);
});

test('a response carries up to 64 challenges', () => {
  assert.equal(challengesOf(full.challengeResponse([latin1('A,'.repeat(64))])).length, 64);
  assert.equal(full.challengeResponse([latin1('A,'.repeat(65))]), null);
});
