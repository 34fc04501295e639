// node undici_get.mjs MODULES PORT USER PASSWORD PAUSE METHOD URL...: Basic in advance with ProxyAgent.

import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';

const [modules, port, user, password, pause, method, ...urls] = process.argv.slice(2);
const { ProxyAgent, request } = createRequire(`${modules}/`)('undici');

const token = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const dispatcher = new ProxyAgent({ uri: `http://127.0.0.1:${port}`, token, requestTls: { rejectUnauthorized: false } });
for (const url of urls) {
  const body = method === 'POST' ? Buffer.alloc(65536) : undefined;
  const response = await request(url, { dispatcher, method, body });
  await response.body.dump();
  await setTimeout(1000 * pause);
}
await dispatcher.close();
