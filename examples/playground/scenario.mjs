// A whole exchange between a client and a proxy, one message after the other. Both sides are real; only the wire and the clock
// are played.

import { Gate, ProxyAuthError, Refusal, Session } from '../../adapters/js/index.js';

/**
 * Yields the steps of an exchange: messages with a title and a note, and verdicts without a message. The settings are the offer,
 * the name, the passwords of both sides, what the client allows, the method and the target.
 */
export async function* scenario(settings) {
  const { offer, name, stored, password, allow, requireProof, method, target } = settings;
  let now = Date.now();
  const gate = new Gate({ realm: 'playground', offer, clock: () => now });
  const session = new Session({ allow, requireProof });
  const login = { name, password };
  const accounts = new Map([[name, stored]]);

  /** Lets the proxy check a request, and returns its response and the reason of a refusal. */
  function proxy(authorization) {
    now += 40;
    try {
      const attempt = gate.read({ method, target, headers: headersOf(authorization) });
      const known = accounts.get(attempt.name);
      const pass = attempt.check(known === undefined ? null : { name: attempt.name, password: known });
      const info = pass.info === null ? [] : ['Proxy-Authentication-Info', pass.info];
      return { status: 200, headers: [...info, ...(method === 'CONNECT' ? [] : ['Content-Length', '0'])], user: pass.user };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, headers: error.headers, message: error.response, refusal: error };
    }
  }

  const headersOf = (authorization) => [
    'Host', hostOf(method, target),
    ...(authorization === null ? [] : ['Proxy-Authorization', authorization]),
  ];
  const requestOf = (authorization) => message(`${method} ${target} HTTP/1.1`, headersOf(authorization));
  const responseOf = ({ headers, message: whole }) => whole ?? message('HTTP/1.1 200 OK', headers);

  /** Plays one request until it passes. Returns the authorization that passed, or null if the client gave up. */
  async function* request(first) {
    const exchange = session.exchange(login, { method, target });
    for (let title = first; ; title = 'The client answers the challenge') {
      const authorization = exchange.authorize();
      yield toProxy(title, noteOf(authorization), requestOf(authorization));
      const response = proxy(authorization);
      const { status, headers, refusal, user } = response;
      const passed = refusal ? null : `The proxy lets ${user} pass`;
      yield toClient(passed ?? refusedTitle(refusal), refusal ? refusedNote(refusal) : passedNote(authorization), responseOf(response));
      const { again, proved } = exchange.receive(status, headers);
      if (!again) {
        yield verdict(proved ? 'right' : 'plain', proved
          ? 'The client has checked rspauth: the proxy knows the password, too.'
          : 'Nothing proves that the proxy knows the password.');
        return authorization;
      }
    }
  }

  try {
    const passed = yield* request('The client sends a request');
    if (passed === null) return;

    const replay = toProxy('An eavesdropper replays the request', 'The same bytes once more, on another connection.', requestOf(passed));
    yield { ...replay, way: 'eavesdropper → proxy' };
    const replayed = proxy(passed);
    const answer = toClient(
      replayed.refusal ? 'The proxy refuses the replay' : 'The proxy lets the eavesdropper pass',
      replayed.refusal
        ? 'It has recorded the nonce and its count. An honest client would answer the new nonce, without asking its user.'
        : 'Basic cannot tell a replay from a request. Whoever reads the connection can read the password, too.',
      responseOf(replayed));
    yield { ...answer, way: 'proxy → eavesdropper' };
    yield verdict(replayed.refusal ? 'right' : 'wrong', replayed.refusal
      ? `Refused: ${replayed.refusal.message}.`
      : 'Use Basic only over TLS.');

    yield* request('The client sends its next request');
    if (!passed.startsWith('Digest')) return;

    now += 301_000;
    yield verdict('plain', 'Five minutes pass. The nonce is too old now.');
    yield* request('The client sends another request');
  } catch (error) {
    if (!(error instanceof ProxyAuthError)) throw error;
    yield verdict('wrong', `The client gives up: ${error.message}.`);
  }
}

const toProxy = (title, note, bytes) => ({ kind: 'request', way: 'client → proxy', title, note, bytes });
const toClient = (title, note, bytes) => ({ kind: 'response', way: 'proxy → client', title, note, bytes });
const verdict = (kind, title) => ({ kind, title, note: null, bytes: null });

function message(start, headers) {
  const lines = [start];
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Returns the value of Host. */
function hostOf(method, target) {
  if (method === 'CONNECT') return target;
  return URL.canParse(target) ? new URL(target).host : '';
}

function noteOf(authorization) {
  if (authorization === null) return 'It does not know the proxy yet, so it sends no credentials.';
  if (authorization.startsWith('Basic')) return 'Base64 hides nothing: it holds the name and the password.';
  const [, count] = authorization.match(/nc=0*([0-9a-f]+)/) ?? [];
  return count === '1'
    ? 'The response is a hash of the password, the nonce, the method and the target. The password stays with the client.'
    : `The nonce is used again, with the next count (${parseInt(count, 16)}). That saves a round trip.`;
}

function refusedTitle({ reason, isStale }) {
  if (reason === 'Missing') return 'The proxy asks for credentials';
  return isStale ? 'The proxy asks for an answer to a new nonce' : 'The proxy refuses the credentials';
}

function refusedNote({ reason, isStale, message: why }) {
  if (reason === 'Missing') return 'One challenge for each offer. All of them share one nonce.';
  return isStale ? `stale=true: the password was right, but not the nonce (${why}).` : `The reason is for the log alone: ${why}.`;
}

const passedNote = (authorization) => (authorization?.startsWith('Digest')
  ? 'rspauth proves that the proxy knows the password, too.'
  : 'Nothing in this response depends on the password.');
