// A proxy and a client without a network.

import { Gate, Session } from '../index.js';

export const LOGIN = { name: 'aladdin', password: 'open sesame' };
export const CONNECT = { method: 'CONNECT', target: 'example.com:443' };

/** Creates a gate with a clock that each call advances. */
export function gateWith(options = {}) {
  const clock = { now: 1_445_412_480_000 };
  const gate = new Gate({ realm: 'apps', offer: ['SHA-256', 'MD5', 'Basic'], clock: () => (clock.now += 1), ...options });
  return { gate, clock };
}

/** Returns the fields of a request with these credentials. */
export const fieldsWith = (authorization) => (authorization === null ? ['Host', 'x'] : ['Host', 'x', 'Proxy-Authorization', authorization]);

/** Returns the response of a proxy to a request. */
export async function respond(gate, authorization, { account = LOGIN, request = CONNECT } = {}) {
  try {
    const pass = await gate.read({ ...request, headers: fieldsWith(authorization) }).checkAsync(account);
    return { status: 200, headers: pass.info === null ? [] : ['Proxy-Authentication-Info', pass.info], pass };
  } catch (error) {
    if (error.name !== 'Refusal') throw error;
    return { status: error.status, headers: error.headers, refusal: error };
  }
}

/** Sends a request until it passes. Returns the reasons of refusals, the last step and the last credentials. */
export async function fetchOnce(session, gate, { login = LOGIN, request = CONNECT, ...options } = {}) {
  const exchange = session.exchange(login, request);
  const reasons = [];
  for (;;) {
    const authorization = exchange.authorize();
    const { status, headers, refusal, pass } = await respond(gate, authorization, { request, ...options });
    if (refusal) reasons.push(refusal.reason);
    const step = exchange.receive(status, headers);
    if (!step.again) return { reasons, step, authorization, pass };
  }
}

export const digestSession = (options = {}) => new Session({ allow: 'digest', ...options });
