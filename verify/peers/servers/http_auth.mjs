// node http_auth.mjs MODULES SCHEME USERS: a proxy with the package http-auth. Prints its port.

import { createRequire } from 'node:module';
import http from 'node:http';
import net from 'node:net';

const [modules, scheme, file] = process.argv.slice(2);
const auth = createRequire(`${modules}/`)('http-auth');
const check = scheme === 'basic'
  ? auth.basic({ realm: 'peers', file, proxy: true })
  : auth.digest({ realm: 'peers', file, proxy: true });

const server = http.createServer(check.check((request, response) => {
  const { hostname, port, pathname, search } = new URL(request.url);
  const headers = { ...request.headers };
  delete headers['proxy-authorization'];
  const forwarded = http.request({ hostname, port, method: request.method, path: pathname + search, headers, agent: false });
  forwarded.on('response', (from) => {
    response.writeHead(from.statusCode, from.headers);
    from.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  request.pipe(forwarded);
}));
server.on('connect', (request, socket) => {
  // It writes the 407 to a response.
  const response = new http.ServerResponse(request);
  response.assignSocket(socket);
  // Nothing reads another request from this socket.
  response.setHeader('Connection', 'close');
  response.on('finish', () => socket.end());
  check.check(() => {
    response.removeAllListeners('finish');
    response.detachSocket(socket);
    const [hostname, port] = request.url.split(':');
    const origin = net.connect(port, hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(origin).pipe(socket);
    });
    origin.on('error', () => socket.destroy());
    socket.on('error', () => origin.destroy());
  })(request, response);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
