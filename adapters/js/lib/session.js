// The client's side.

import { utf8 } from './bytes.js';
import { GiveUp } from './errors.js';
import { resultOf, run, SIZES } from './full.js';
import { fieldLines } from './headers.js';
import { flag, oneOf, options, own } from './options.js';
import { outgoingParts } from './request.js';

const ALLOWED = ['digest', 'digest-or-basic', 'basic'];

/** Only this file creates exchanges. */
const OWN = Symbol('own');

/** Answers the challenges of one peer for one user. */
export class Session {
  #state;
  #first;

  constructor(given) {
    const it = options(given, ['allow', 'md5', 'rfc2069', 'downgrade', 'requireProof', 'role'], 'Session');
    const allow = oneOf(ALLOWED, it.allow, 'allow');
    const policy = Uint8Array.of(
      ALLOWED.indexOf(allow),
      Number(flag(it.md5, true, 'md5')),
      Number(flag(it.rfc2069, false, 'rfc2069')),
      Number(flag(it.downgrade, false, 'downgrade')),
      Number(flag(it.requireProof, false, 'requireProof')),
      Number(oneOf(['proxy', 'server'], it.role ?? 'proxy', 'role') === 'server'),
    );
    const state = new Uint8Array(SIZES.session + SIZES.exchange);
    run(4, [policy], state);
    this.#state = state.slice(0, SIZES.session);
    this.#first = state.slice(SIZES.session);
  }

  /** Starts a request. */
  exchange(login, request) {
    const name = utf8(own(login, 'name'), 'name');
    const password = utf8(own(login, 'password'), 'password');
    const [hasContent, parts] = outgoingParts(request);
    const call = (code, state, ...args) => this.#call(code, state, args);
    return new Exchange(OWN, { hasContent, login: [name, password], parts }, this.#first.slice(), call);
  }

  /** Forgets that the peer refused the login, and the hash of the password. */
  forgetLogin() {
    this.#call(7, this.#first.slice(), []);
  }

  /** Calls a function with the state of this session and that of an exchange. */
  #call(code, exchange, args) {
    const state = new Uint8Array(SIZES.session + SIZES.exchange);
    state.set(this.#state);
    state.set(exchange, SIZES.session);
    const result = run(code, args, state);
    this.#state.set(state.subarray(0, SIZES.session));
    exchange.set(state.subarray(SIZES.session));
    state.fill(0);
    return result;
  }
}

/** One request, which is sent until the peer lets it pass. */
export class Exchange {
  #sent;
  #state;
  #call;
  #isSent = false;
  #isOver = false;

  constructor(key, sent, state, call) {
    if (key !== OWN) throw new TypeError('Exchange: only Session.exchange creates one');
    this.#sent = sent;
    this.#state = state;
    this.#call = call;
  }

  /** Returns the value of Proxy-Authorization to send once, or null if there is none to send. */
  authorize() {
    if (this.#isOver) throw new TypeError('Exchange: it is over');
    const { hasContent, login, parts } = this.#sent;
    const random = crypto.getRandomValues(new Uint8Array(16));
    const result = this.#call(5, this.#state, hasContent, random, ...login, ...parts);
    const { authorization } = this.#checked(result);
    this.#isSent = true;
    return authorization;
  }

  /** Returns the next step after the response. */
  receive(status, headers) {
    if (!this.#isSent) throw new TypeError('Exchange: there is no request whose response was not received yet');
    if (!Number.isInteger(status) || status < 200 || status > 999) throw new TypeError('status: expected 200 to 999');
    const lines = fieldLines(headers);
    this.#isSent = false;
    const result = this.#call(6, this.#state, Uint8Array.of(status & 0xff, status >> 8), ...lines);
    const { again, newConnection, proved } = this.#checked(result);
    if (!again) this.#end();
    return { again, newConnection, proved };
  }

  #checked(result) {
    if (Object.hasOwn(result, 'error')) this.#end();
    return resultOf(result, GiveUp);
  }

  #end() {
    this.#isOver = true;
    this.#sent = null;
  }
}
