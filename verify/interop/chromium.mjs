// Loads a page twice through a proxy with headless Chromium. Prints the status code and the title or the error, each
// time.
//
// node chromium.mjs PLAYWRIGHT PROXY_PORT USER PASSWORD URL
//
// Without a USER, it is asked for no password. The host of the proxy is 127.0.0.1, or that in the environment variable PROXY_HOST.

import { createRequire } from 'node:module';

const [playwright, port, username, password, url] = process.argv.slice(2);
const { chromium } = createRequire(import.meta.url)(playwright);

const host = process.env.PROXY_HOST ?? '127.0.0.1';
const login = username ? { username, password } : {};
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-component-update', '--disable-background-networking'],
  // Without the bypass list, Chromium uses no proxy for loopback addresses.
  proxy: { server: `http://${host}:${port}`, ...login, bypass: '<-loopback>' },
});
try {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  let status = 'no response';
  page.on('response', (response) => {
    if (response.request().isNavigationRequest()) status = response.status();
  });
  const load = () => page.goto(url, { timeout: 30_000 }).then(
    () => page.title(),
    (error) => error.message.match(/net::\w+/)?.[0] ?? error.message,
  );
  // The second request contains credentials from the start, with the known nonce.
  for (let time = 0; time < 2; time += 1) {
    const said = await load();
    console.log(`${status} ${said}`);
  }
} finally {
  await browser.close();
}
