// The proxy's side.

import { latin1, number, toText, utf8 } from './bytes.js';
import { Refusal } from './errors.js';
import { resultOf, run, SIZES } from './full.js';
import { flag, keyBytes, oneOf, options, own, time } from './options.js';
import { IncomingRequest } from './request.js';
import { ReplayWindow } from './window.js';

const ALGORITHM_NAMES = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'];
const OFFER_NAMES = [...ALGORITHM_NAMES, 'Basic', 'Bearer'];
const SECRET_KINDS = ['password', 'hashes', 'verified'];
const QOP_BITS = { auth: 1, 'auth-int': 2 };
const GATE_OPTIONS = [
  'realm', 'offer', 'secret', 'key', 'previousKey', 'maxAgeSeconds', 'qop', 'userhash', 'exactTarget', 'scope', 'role', 'store',
  'replaySlots', 'clock',
];
const NOTHING = new Uint8Array(0);

/** Only this file creates attempts and passes. */
const PRIVATE = Symbol('private');

/** Decides which requests may pass a proxy, or an origin server. */
export class Gate {
  #config;
  #kind;
  #clock;
  #store;

  constructor(given) {
    const it = options(given, GATE_OPTIONS, 'Gate');
    const kind = oneOf(SECRET_KINDS, it.secret ?? 'password', 'secret');
    this.#kind = kind;
    this.#clock = it.clock ?? (() => Date.now());
    const offers = offerCodes(it.offer);
    const hasDigest = offers.some((code) => code < ALGORITHM_NAMES.length);
    const maxAge = it.maxAgeSeconds ?? 300;
    if (!Number.isInteger(maxAge) || maxAge < 1 || maxAge > 86_400) throw new TypeError('maxAgeSeconds: expected 1 to 86400');
    const settings = Uint8Array.of(
      Number(oneOf(['proxy', 'server'], it.role ?? 'proxy', 'role') === 'server'),
      SECRET_KINDS.indexOf(kind),
      Number(flag(it.userhash, false, 'userhash')),
      Number(flag(it.exactTarget, false, 'exactTarget')),
      qopBits(it.qop ?? ['auth']),
    );
    this.#config = [
      settings,
      offers,
      keyBytes(it.key ?? crypto.getRandomValues(new Uint8Array(32)), 'key'),
      it.previousKey === undefined ? NOTHING : keyBytes(it.previousKey, 'previousKey'),
      number(maxAge * 1000),
      utf8(it.realm, 'realm'),
      utf8(it.scope ?? '', 'scope'),
    ];
    resultOf(run(8, this.#config));
    this.#store = hasDigest ? this.#createStore(it) : null;
  }

  #createStore({ store, replaySlots }) {
    if (store === undefined) {
      const window = new ReplayWindow(this.#config, replaySlots ?? 4096, time(this.#clock));
      return { isShared: false, admit: ({ bytes }) => window.admit(bytes) };
    }
    if (typeof store?.admit !== 'function') throw new TypeError('store: expected an object with the method admit');
    return { isShared: true, admit: ({ key, now, lifetime }) => store.admit({ key, now, lifetime }) };
  }

  /** Reads the credentials of a request. Throws a refusal if there are none, or they cannot be for this request. */
  read(request) {
    const incoming = new IncomingRequest(request);
    const call = (code, state, ...parts) => {
      const now = time(this.#clock);
      return { now, ...resultOf(run(code, [...this.#config, ...incoming.parts(now, ...parts)], state)) };
    };
    const read = call(9);
    if (Object.hasOwn(read, 'attempt')) return new Attempt(PRIVATE, read.attempt, this.#kind, call, this.#store);
    throw new Refusal(read.refusal);
  }
}

/** Credentials that are not verified yet. */
export class Attempt {
  #read;
  #kind;
  #call;
  #store;

  constructor(key, read, kind, call, store) {
    if (key !== PRIVATE) throw new TypeError('Attempt: only Gate.read creates one');
    this.#read = read;
    this.#kind = kind;
    this.#call = call;
    this.#store = store;
  }

  get scheme() {
    return this.#read.scheme;
  }

  /** The algorithm of an answer of Digest, or null. */
  get algorithm() {
    return this.#read.algorithm;
  }

  /** The name that the client claims, or null. */
  get name() {
    return this.#read.claim === 'name' ? toText(this.#read.text) : null;
  }

  /** The hash of the name that the client claims, or null. */
  get userhash() {
    return this.#read.claim === 'userhash' ? this.#read.text : null;
  }

  /** The token of Bearer, or null. */
  get token() {
    return this.#read.claim === 'token' ? this.#read.text : null;
  }

  /** The password of Basic, if the caller verifies it itself, or null. */
  get password() {
    return this.#read.password === null ? null : toText(this.#read.password);
  }

  /** Checks the credentials with the account that was found, or with null. Returns the pass, or throws a refusal. */
  check(account) {
    if (this.#store?.isShared) throw new TypeError('Attempt: the store of this gate answers later, so checkAsync is needed');
    const checked = this.#verify(account);
    return checked.passIf(checked.nonceUse === null || this.#store.admit(checked.nonceUse));
  }

  /** Checks like `check`, with a store that is asked over a network. */
  async checkAsync(account) {
    const checked = this.#verify(account);
    return checked.passIf(checked.nonceUse === null || (await this.#store.admit(checked.nonceUse)));
  }

  /** Verifies the credentials. The result holds the use of a nonce to record, and makes the pass if it was new. */
  #verify(account) {
    const found = accountParts(this.#kind, account);
    const call = this.#use();
    const bytes = new Uint8Array(SIZES.use);
    const checked = call(10, bytes, Uint8Array.of(found.isPresent, 0), ...found.parts);
    if (!Object.hasOwn(checked, 'pass')) throw new Refusal(checked.refusal);
    const { pass, use, now } = checked;
    return {
      nonceUse: use && { bytes, key: hex(use.key), now, lifetime: use.lifetime },
      passIf(isNew) {
        if (isNew === true) return new Pass(PRIVATE, pass);
        throw new Refusal(call(10, new Uint8Array(SIZES.use), Uint8Array.of(found.isPresent, 1), ...found.parts).refusal);
      },
    };
  }

  /** Returns the refusal of a valid token that does not give access. */
  refuseScope() {
    return new Refusal(this.#use()(11).refusal);
  }

  #use() {
    const call = this.#call;
    if (call === null) throw new TypeError('Attempt: it was checked already');
    this.#call = null;
    return call;
  }
}

/** The permission for a request to pass. */
export class Pass {
  #pass;

  constructor(key, pass) {
    if (key !== PRIVATE) throw new TypeError('Pass: only Attempt.check creates one');
    this.#pass = pass;
  }

  /** The name in the account. */
  get user() {
    return toText(this.#pass.user);
  }

  get scheme() {
    return this.#pass.scheme;
  }

  /** The value of Proxy-Authentication-Info, or null. */
  get info() {
    return this.#pass.info;
  }
}

function offerCodes(offer) {
  if (!Array.isArray(offer) || offer.length === 0) throw new TypeError('offer: expected a list that is not empty');
  return Uint8Array.from(offer, (name) => OFFER_NAMES.indexOf(oneOf(OFFER_NAMES, name, 'offer')));
}

function qopBits(qop) {
  if (!Array.isArray(qop) || qop.length === 0) throw new TypeError('qop: expected a list that is not empty');
  return qop.reduce((bits, name) => bits | QOP_BITS[oneOf(['auth', 'auth-int'], name, 'qop')], 0);
}

/** Returns the arguments for an account, or for nobody. */
function accountParts(kind, account) {
  if (account === null || account === undefined) return { isPresent: 0, parts: [NOTHING, NOTHING, NOTHING] };
  if (typeof account !== 'object') throw new TypeError('account: expected an object, or null for nobody');
  const name = utf8(own(account, 'name'), 'name of the account');
  const secret = own(account, kind);
  switch (kind) {
    case 'password':
      return { isPresent: 1, parts: [name, utf8(secret, 'password of the account'), NOTHING] };
    case 'hashes': {
      if (secret === null || typeof secret !== 'object') throw new TypeError('hashes of the account: expected an object');
      const names = Object.keys(secret);
      const codes = names.map((algorithm) => ALGORITHM_NAMES.indexOf(oneOf(ALGORITHM_NAMES, algorithm, 'algorithm')));
      const digits = names.map((algorithm) => latin1(secret[algorithm], 'hash of the account'));
      return { isPresent: 1, parts: [name, NOTHING, Uint8Array.from(codes), ...digits] };
    }
    default:
      if (secret !== true) throw new TypeError('verified: expected true; pass null if the credentials are wrong');
      return { isPresent: 1, parts: [name, NOTHING, NOTHING] };
  }
}

function hex(byteString) {
  return Array.from(byteString, (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
