// A forward proxy with Node's `http`, for GET and the like and for CONNECT: Digest and Basic, replay protection,
// Proxy-Authentication-Info.
//
//     node proxy.mjs --port 3128 --user aladdin --password 'open sesame'
//     curl --proxy-digest --proxy-user 'aladdin:open sesame' --proxy http://127.0.0.1:3128 http://example.com/

import http from 'node:http';
import net from 'node:net';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Gate, Refusal } from 'proxy-auth';

/** Fields that concern one connection, or this proxy alone (RFC 9110, 7.6.1 and 11.7). */
const HOP_BY_HOP = [
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authentication-info', 'proxy-authorization', 'proxy-connection', 'te',
  'trailer', 'upgrade',
];

/** Creates a proxy. `findAccount` returns the account with a name, or null. */
export function createProxy({ gate, findAccount, log = () => {} }) {
  /** Returns the pass of a request, or throws a refusal. */
  async function check(request, more = {}) {
    const { method, url: target, rawHeaders: headers, httpVersion: version, socket } = request;
    try {
      const attempt = gate.read({ method, target, headers, version, ...more });
      return attempt.check(await findAccount(attempt.name));
    } catch (error) {
      // Count those with `isGuess` for each address, and slow the client down.
      const what = error instanceof Refusal ? `${error.reason}${error.isGuess ? ' (a guess)' : ''}` : error.message;
      log(`${socket.remoteAddress} ${what}`);
      throw error;
    }
  }

  async function forward(request, response) {
    let pass;
    try {
      pass = await check(request);
    } catch (error) {
      if (error instanceof Refusal) response.writeHead(error.status, error.headers).end();
      else fail(response, error.name === 'InvalidInput' ? 400 : 500);
      return;
    }
    if (request.expectsContinue) response.writeContinue();
    const target = URL.canParse(request.url) ? new URL(request.url) : null;
    if (target?.protocol !== 'http:') return fail(response, 400);
    const { hostname, port, pathname, search, host } = target;
    const upstream = http.request({
      // Brackets are part of a URL, but not of an address.
      host: hostname.replace(/^\[|\]$/g, ''), port, method: request.method, path: pathname + search,
      headers: [...endToEnd(request.rawHeaders, ['host']), 'Host', host],
    });
    upstream.on('response', (answer) => {
      const info = pass.info === null ? [] : ['Proxy-Authentication-Info', pass.info];
      // Node.js chooses the coding for the client's version of HTTP.
      response.writeHead(answer.statusCode, [...endToEnd(answer.rawHeaders, ['transfer-encoding']), ...info]);
      pipeline(answer, response, () => {});
    });
    upstream.on('error', () => (response.headersSent ? response.destroy() : fail(response, 502)));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  async function tunnel(request, client, head) {
    client.on('error', () => client.destroy());
    let pass;
    try {
      // After CONNECT, Node.js does not read further requests on this connection.
      pass = await check(request, { close: true });
    } catch (error) {
      const bad = `HTTP/1.1 ${error.name === 'InvalidInput' ? '400 Bad Request' : '500 Internal Server Error'}\r\nConnection: close\r\n\r\n`;
      client.end(error instanceof Refusal ? error.response : bad, 'latin1');
      return;
    }
    const [, host, port] = request.url.match(/^\[?([^[\]]+?)\]?:(\d+)$/) ?? [];
    if (host === undefined || port > 65_535) return client.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    const upstream = net.connect({ host, port });
    let isOpen = false;
    upstream.on('connect', () => {
      isOpen = true;
      const info = pass.info === null ? '' : `Proxy-Authentication-Info: ${pass.info}\r\n`;
      client.write(`HTTP/1.1 200 OK\r\n${info}\r\n`, 'latin1');
      upstream.write(head);
      pipeline(client, upstream, client, () => {});
    });
    upstream.on('error', () => {
      if (isOpen) client.destroy();
      else client.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n');
    });
    client.on('close', () => upstream.destroy());
  }

  const server = http.createServer(forward);
  server.on('checkContinue', (request, response) => {
    request.expectsContinue = true;
    forward(request, response);
  });
  server.on('connect', tunnel);
  return server;
}

function fail(response, status) {
  response.writeHead(status, ['Connection', 'close', 'Content-Length', '0']).end();
}

/** Returns the fields that may be forwarded, without more that are named. */
function endToEnd(rawHeaders, more = []) {
  const dropped = new Set([...HOP_BY_HOP, ...more]);
  const lines = [];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push([rawHeaders[at], rawHeaders[at + 1]]);
  for (const [name, value] of lines) {
    if (name.toLowerCase() === 'connection') value.split(',').forEach((option) => dropped.add(option.trim().toLowerCase()));
  }
  return lines.filter(([name]) => !dropped.has(name.toLowerCase())).flat();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const string = (byDefault) => ({ type: 'string', default: byDefault });
  const { values } = parseArgs({
    options: {
      port: string('3128'), user: string('aladdin'), password: string('open sesame'), offer: string('SHA-256,MD5,Basic'),
      'max-age': string('300'),
    },
  });
  const accounts = new Map([[values.user, { name: values.user, password: values.password }]]);
  const gate = new Gate({ realm: 'example', offer: values.offer.split(','), maxAgeSeconds: Number(values['max-age']) });
  const proxy = createProxy({ gate, findAccount: (name) => accounts.get(name), log: console.error });
  proxy.listen(Number(values.port), '127.0.0.1', () => console.log(`listening on 127.0.0.1:${proxy.address().port}`));
}
