// Types into the page at the URL in the environment variable PAGE, and checks its contents.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, afterEach, before, beforeEach, test } from 'node:test';

const { PAGE, PLAYWRIGHT } = process.env;
const { chromium } = createRequire(import.meta.url)(PLAYWRIGHT);

let browser;
let page;
let complaints;
let requests;

before(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-component-update', '--disable-background-networking'],
  });
});
after(() => browser.close());

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1200, height: 900 }, reducedMotion: 'reduce' });
  complaints = [];
  requests = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url().split('#')[0]));
  await open('');
});
afterEach(() => page.close());

async function open(fragment) {
  await page.goto('about:blank');
  await page.goto(PAGE + fragment);
  await page.waitForSelector('article');
}

const type = (value) => page.fill('#value', value);
const field = (name) => page.check(`input[value=${name}]`);
/** Returns the texts of the elements, without those that screen readers skip. */
const texts = (selector) =>
  page.$$eval(selector, (elements) =>
    elements.map((element) => {
      const copy = element.cloneNode(true);
      copy.querySelectorAll('[aria-hidden]').forEach((hidden) => hidden.remove());
      return copy.textContent;
    }));
const hash = () => page.evaluate(() => location.hash);
const fragment = async () => Object.fromEntries(new URLSearchParams((await hash()).slice(1)));

/** Returns the positions of the carets and of the characters of the lines: the middle and the lower edge of each. */
const positions = (article) =>
  page.$eval(article, (element) => {
    const middle = ({ left, right, bottom }) => ({ x: (left + right) / 2, bottom });
    const carets = [...element.querySelectorAll('.caret')].map((caret) => middle(caret.getBoundingClientRect()));
    const lines = [...element.querySelectorAll('.line code')].map((code) => {
      const characters = [];
      const nodes = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
      for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
        if (node.parentElement.closest('.caret')) continue;
        let at = 0;
        for (const char of node.data) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, (at += char.length));
          characters.push({ char, ...middle(range.getBoundingClientRect()) });
        }
      }
      return characters;
    });
    return { carets, lines };
  });

test('the tree shows challenges and parameters', async () => {
  await type('Negotiate abc=, Basic realm="a \\"b\\"", charset=UTF-8');
  for (const article of ['#strict', '#lenient']) {
    assert.deepEqual(await texts(`${article} .tree > li > strong`), ['Negotiate', 'Basic']);
    assert.deepEqual(await texts(`${article} .tree ul > li`), [
      'token68abc=bytes 10–13',
      'realma "b"quoted, bytes 28–36',
      'charsetUTF-8token, bytes 47–51',
    ]);
    assert.deepEqual(await texts(`${article} .badge`), ['2 challenges']);
    assert.deepEqual(await texts(`${article} .message`), []);
  }
  assert.equal(await page.textContent('#size'), '52 bytes in 1 field line');
});

test('the 407 carries each challenge in a line of its own', async () => {
  await type('Negotiate\nNTLM,  Basic  realm =x');
  const response = [
    'HTTP/1.1 407 Proxy Authentication Required',
    'Proxy-Authenticate: Negotiate',
    'Proxy-Authenticate: NTLM',
    'Proxy-Authenticate: Basic realm=x',
    'Content-Length: 0',
    '',
    '',
  ].join('\n');
  assert.deepEqual(await texts('article pre'), [response, response]);
});

for (const [value, line, index, offset, width = 1200] of [
  ['Basic realm="x" charset=UTF-8', 0, 16, 16],
  ['Basic realm="für Gäste 🔑, 日本" charset=UTF-8', 0, 30, 39],
  ['Negotiate\nNTLM, é', 1, 6, 6],
  ['Basic realm="שלום" x', 0, 19, 23],
  [`Basic realm="${'ä'.repeat(200)}" x`, 0, 215, 415, 360],
]) {
  test(`the caret is under byte ${offset} of ${value}`, async () => {
    await page.setViewportSize({ width, height: 900 });
    await type(value);
    const { carets, lines } = await positions('#strict');
    const { char, x, bottom } = lines[line][index];
    assert.equal(char, [...value.split('\n')[line]][index]);
    assert.equal(carets.length, 1);
    assert(Math.abs(carets[0].x - x) < 1, `${carets[0].x} ${x}`);
    assert.equal(await page.getAttribute('#value', 'aria-invalid'), 'true');
    assert(carets[0].bottom > bottom && carets[0].bottom < bottom + 30);
    const [message] = await texts('#strict .message');
    assert.match(message, new RegExp(`^expected .* at byte ${offset}( of line ${line + 1})?$`));
  });
}

test('the caret is after the end if something is missing there', async () => {
  await type('Basic realm="x');
  const { carets, lines: [characters] } = await positions('#strict');
  assert(carets[0].x > characters[13].x);
  assert.deepEqual(await texts('#strict .message'), ['expected a closing quote at byte 14']);
});

test('lenient reading continues after an error of strict reading', async () => {
  await type('Digest realm="a"b, @, Basic realm=x@y');
  assert.deepEqual(await texts('.badge'), ['1 error', '2 challenges, 2 errors']);
  assert.deepEqual(await texts('#strict .tree > li'), ['errorbytes 0–36 skipped']);
  assert.deepEqual(await texts('#strict p.none'), ['None: the value is in error.']);
  assert.deepEqual(await texts('#lenient .message'), [
    'expected a comma or the end at byte 16',
    'expected an authentication scheme at byte 19',
  ]);
  assert.deepEqual(await texts('#lenient .tree ul > li'), [
    'realmaquoted, bytes 13–15',
    'damagedbyte 16',
    'realmx@yneither token nor quoted, bytes 34–36',
  ]);
  assert.match((await texts('#lenient pre'))[0], /\nProxy-Authenticate: Basic realm="x@y"\n/);
});

test('each field has its grammar', async () => {
  await field('proxy-authorization');
  await type('Basic YTpi,');
  assert.deepEqual(await texts('#strict .message'), ['expected the end at byte 10']);
  assert.deepEqual(await texts('article pre, article h3'), []);
  await field('proxy-authentication-info');
  await type('a=b\n@');
  assert.deepEqual(await texts('#strict .badge'), ['1 parameter, 1 error']);
  assert.deepEqual(await texts('#strict .message'), ['expected a parameter at byte 0 of line 2']);
});

test('typed HTML is shown as text', async () => {
  const html = '<img src=x onerror=document.title=1><b>&amp;';
  await type(`Basic realm="${html}", ${html}`);
  assert.match((await texts('#strict .line code'))[0], /<img src=x onerror=document.title=1><b>&amp;.*<b>&amp;$/);
  await type(`Basic realm="${html}"`);
  assert.deepEqual(await texts('#strict .tree .value'), [html]);
  assert((await texts('#strict pre'))[0].includes(html));
  assert.equal(await page.$$eval('img, b', (found) => found.length), 0);
  assert.equal(await page.title(), 'proxy-auth playground');
});

test('invisible and bidirectional characters are escaped', async () => {
  await type('Basic realm="a\u202Eb\u00A0\tc"');
  assert.deepEqual(await texts('#strict .tree .value'), ['a\\u{202E}b\\u{A0}\\x09c']);
});

test('nothing leaves the page', async () => {
  await type('Basic realm="x"');
  const sent = await page.evaluate(() => fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused'));
  assert.equal(sent, 'refused');
  assert(complaints.some((complaint) => complaint.includes('Content Security Policy')), complaints.join());
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "changed"';
    document.body.append(script);
  });
  assert.equal(await page.title(), 'proxy-auth playground');
  assert.deepEqual([...new Set(requests)].filter((url) => url.startsWith('http') && !url.endsWith(':9/')), []);
});

test('the link contains the value, and restores it', async () => {
  await type('Basic realm="é & #",\nNTLM');
  assert.equal((await fragment()).value, 'Basic realm="é & #",\nNTLM');
  await open(await hash());
  assert.equal(await page.inputValue('#value'), 'Basic realm="é & #",\nNTLM');
  assert.deepEqual(await texts('#strict .badge'), ['2 challenges']);
});

test('the link contains credentials only on request', async () => {
  await field('proxy-authorization');
  await type('Basic c2VjcmV0OnNlY3JldA==');
  assert.deepEqual(await fragment(), { field: 'proxy-authorization' });
  await page.check('#keep');
  assert.equal((await fragment()).value, 'Basic c2VjcmV0OnNlY3JldA==');
  const kept = await hash();
  await page.uncheck('#keep');
  assert.deepEqual(await fragment(), { field: 'proxy-authorization' });

  // After following such a link, and after a change to another field, the link does not contain them either.
  await open(kept);
  assert.equal(await page.inputValue('#value'), 'Basic c2VjcmV0OnNlY3JldA==');
  assert.deepEqual(await fragment(), { field: 'proxy-authorization' });
  await field('proxy-authenticate');
  assert(!(await hash()).includes('c2VjcmV0'));
});

test('examples are links', async () => {
  await page.click('text=Missing comma');
  await page.waitForSelector('#strict .message');
  assert.equal((await fragment()).value, await page.inputValue('#value'));
  for (const name of ['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info']) {
    await field(name);
    for (const link of await page.$$('#examples a')) {
      await link.evaluate((element) => element.isConnected && element.click());
    }
  }
});

test('the page works without a mouse, and announces its results', async () => {
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.$eval('input:checked', (input) => input.value), 'proxy-authorization');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'value');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Basic realm=@');
  await page.waitForFunction(() => document.getElementById('status').textContent.includes('byte 12'));
  assert.equal(
    await page.textContent('#status'),
    'Strict: 1 error: expected a token or a quoted-string at byte 12. Lenient: 1 challenge.',
  );
});

const titles = () => texts('.step h3');
const openExchange = () => page.click('#tab-exchange');

/** Plays all steps, and returns their titles. */
async function play() {
  await page.click('#all');
  await page.waitForFunction(() => document.getElementById('step-status').textContent === 'The exchange is over.');
  return titles();
}

test('an exchange is played step by step', async () => {
  await openExchange();
  assert.deepEqual(await titles(), []);
  await page.click('#next');
  await page.click('#next');
  assert.deepEqual(await titles(), ['The client sends a request', 'The proxy asks for credentials']);
  const bytes = async (index) => (await texts('.step pre'))[index].split('\n');
  assert.deepEqual(await bytes(0), ['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443', '', '']);
  assert.equal((await bytes(1))[0], 'HTTP/1.1 407 Proxy Authentication Required');
  await play();
  assert.match((await bytes(2))[2], /^Proxy-Authorization: Digest username="aladdin", .* nc=00000001$/);
  assert.match((await bytes(3))[1], /^Proxy-Authentication-Info: rspauth="/);
  assert.match((await bytes(5))[1], /stale=true/);
  assert.deepEqual((await texts('.way')).slice(3, 6), ['proxy → client', 'eavesdropper → proxy', 'proxy → eavesdropper']);
  assert.match((await bytes(6))[2], /nc=00000002$/);
  assert.deepEqual(await titles(), [
    'The client sends a request',
    'The proxy asks for credentials',
    'The client answers the challenge',
    'The proxy lets aladdin pass',
    'The client has checked rspauth: the proxy knows the password, too.',
    'An eavesdropper replays the request',
    'The proxy refuses the replay',
    'Refused: an answer that was used before.',
    'The client sends its next request',
    'The proxy lets aladdin pass',
    'The client has checked rspauth: the proxy knows the password, too.',
    'Five minutes pass. The nonce is too old now.',
    'The client sends another request',
    'The proxy asks for an answer to a new nonce',
    'The client answers the challenge',
    'The proxy lets aladdin pass',
    'The client has checked rspauth: the proxy knows the password, too.',
  ]);
  await page.click('#again');
  assert.deepEqual(await titles(), []);
  assert.deepEqual(complaints, []);
});

test('the settings change the exchange', async () => {
  await openExchange();
  await page.fill('[name=password]', 'open barley');
  assert.equal((await play()).at(-1), 'The client gives up: the peer refused the credentials.');

  await page.fill('[name=password]', 'open sesame');
  await page.selectOption('[name=allow]', 'basic');
  const basic = await play();
  assert(basic.includes('The proxy lets the eavesdropper pass'));
  assert(basic.includes('Nothing proves that the proxy knows the password.'));
  assert((await texts('.step pre')).some((bytes) => bytes.includes('Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==')));

  // The proxy offers Basic alone, to a client that allows only Digest.
  await page.selectOption('[name=allow]', 'digest');
  await page.locator('[value="SHA-256"]').uncheck({ force: true });
  assert.match((await play()).at(-1), /^The client gives up: no challenge to answer/);

  await page.locator('[value=Basic]').uncheck({ force: true });
  assert.deepEqual(await texts('#setup-error'), ['The proxy must offer a scheme.']);
  assert(await page.isDisabled('#next'));

  await page.locator('[value="MD5"]').check({ force: true });
  await page.selectOption('[name=method]', 'GET');
  assert.equal(await page.inputValue('[name=target]'), 'http://example.com/');
  assert((await play()).includes('The proxy refuses the replay'));
  assert.match((await texts('.step pre'))[2], /^GET http:\/\/example\.com\/ HTTP\/1\.1\nHost: example\.com\n.*algorithm=MD5/);
  assert.deepEqual(complaints, []);
});

test('no setting breaks the page, and none is in the link', async () => {
  await openExchange();
  for (const [name, value] of [
    ['name', ''], ['name', 'a:b'], ['name', '<img src=x onerror=document.title=1>'], ['name', '__proto__'], ['name', 'é\u202E'],
    ['password', ''], ['password', '\uD800'], ['target', ''], ['target', 'http://[/ x'], ['target', 'é'],
  ]) {
    await page.fill(`[name=${name}]`, value);
    await page.click('#all');
    await page.waitForFunction(() => document.getElementById('next').disabled);
    await page.fill('[name=name]', 'aladdin');
    await page.fill('[name=password]', 'open sesame');
  }
  assert.equal(await hash(), '#tab=exchange');
  assert.equal(await page.title(), 'proxy-auth playground');
  assert.deepEqual(complaints, []);
});

test('the tabs work without a mouse', async () => {
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.name);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'tab-fields');
  for (const [key, id] of [['ArrowRight', 'tab-exchange'], ['ArrowRight', 'tab-fields'], ['ArrowLeft', 'tab-exchange'],
    ['Home', 'tab-fields'], ['End', 'tab-exchange']]) {
    await page.keyboard.press(key);
    assert.equal(await focused(), id);
    assert.deepEqual(await page.$$eval('[role=tabpanel]:not([hidden])', (panels) => panels.map((it) => it.getAttribute('aria-labelledby'))), [id]);
    assert.equal(await page.getAttribute(`#${id}`, 'aria-selected'), 'true');
  }
  const order = [];
  for (let count = 0; count < 13; count += 1) {
    await page.keyboard.press('Tab');
    order.push(await focused());
    const style = () => page.evaluate(() => {
      const { activeElement } = document;
      const shown = activeElement.matches('.choices input') ? activeElement.nextElementSibling : activeElement;
      return getComputedStyle(shown).outlineStyle;
    });
    assert.notEqual(await style(), 'none', order.at(-1));
  }
  assert.deepEqual(order, ['offer', 'offer', 'offer', 'offer', 'name', 'stored', 'password', 'allow', 'method', 'target', 'proof', 'next', 'all']);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('step-status').textContent === 'The exchange is over.');
  assert.equal(await focused(), 'again');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'next');
});

test('the page fits a telephone, with a light and a dark color scheme', async () => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.setViewportSize({ width: 360, height: 700 });
  await type(`Basic realm="${'x'.repeat(300)}", ${'y'.repeat(100)}=z, Bearer ${'z'.repeat(300)}`);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(await width(), 360);
  await openExchange();
  await page.fill('[name=name]', 'x'.repeat(300));
  await play();
  assert.equal(await width(), 360);
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.notEqual(await background(), light);
});

test('the console stays empty', async () => {
  for (const value of ['', '\n', ',', '@', 'A b', '\uD800', 'A,'.repeat(65), 'Basic realm="'.repeat(500)]) {
    await type(value);
    assert.equal((await texts('article')).length, 2, value);
  }
  assert.deepEqual(complaints, []);
});
