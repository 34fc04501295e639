// An agent for Node's `https` that opens tunnels through a proxy, and answers its challenges: one session for all requests, so that
// a nonce is used again, and the proof of the proxy is checked.
//
//     node agent.mjs 'http://aladdin:open%20sesame@127.0.0.1:3128' https://example.com/

import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

import { Session } from 'proxy-auth';

export class ProxyAgent extends https.Agent {
  #proxy;
  #login;
  #session;

  /** `proxy` is the URL of the proxy with the name and the password; `session` are the options of the session. */
  constructor(proxy, session, options) {
    super(options);
    const { protocol, username, password, hostname, port } = new URL(proxy);
    if (protocol !== 'http:') throw new TypeError('the URL of the proxy must start with http:');
    this.#proxy = { host: hostname.replace(/^\[|\]$/g, ''), port: port || 80 };
    this.#login = { name: decodeURIComponent(username), password: decodeURIComponent(password) };
    this.#session = new Session(session);
  }

  createConnection(options, callback) {
    this.#tunnel(options.host, options.port).then(
      (socket) => callback(null, tls.connect({ ...options, socket })),
      callback,
    );
  }

  /** Opens a tunnel. Throws `GiveUp` if the proxy refuses the login, or does not prove that it knows the password. */
  async #tunnel(host, port) {
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const exchange = this.#session.exchange(this.#login, { method: 'CONNECT', target });
    for (;;) {
      const { response, socket } = await connect(this.#proxy, target, exchange.authorize());
      let isOpen = false;
      try {
        const { again, proved } = exchange.receive(response.statusCode, response.rawHeaders);
        if (again) continue;
        if (response.statusCode !== 200) throw new Error(`the proxy answered ${response.statusCode}`);
        isOpen = true;
        this.emit('tunnel', { target, proved });
        return socket;
      } finally {
        // The content of a refusal is not read, so the next turn takes a new connection.
        if (!isOpen) socket.destroy();
      }
    }
  }
}

/** Sends CONNECT, and returns the response and the connection. */
function connect(proxy, target, authorization) {
  const headers = ['Host', target, ...(authorization === null ? [] : ['Proxy-Authorization', authorization])];
  return new Promise((resolve, reject) => {
    const request = http.request({ ...proxy, method: 'CONNECT', path: target, headers, agent: false });
    request.on('connect', (response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve({ response, socket });
    });
    request.on('error', reject);
    request.end();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [proxy, ...urls] = process.argv.slice(2);
  const agent = new ProxyAgent(proxy, { allow: 'digest' });
  agent.on('tunnel', ({ target, proved }) => console.error(`tunnel to ${target}, ${proved ? 'proved' : 'not proved'}`));
  for (const url of urls) {
    await new Promise((resolve, reject) => {
      https.get(url, { agent }, (response) => {
        console.error(response.statusCode);
        response.pipe(process.stdout, { end: false });
        response.on('end', resolve);
      }).on('error', reject);
    });
  }
}
