// A request of a client, as arguments.

import { copyOf, latin1, number, utf8 } from './bytes.js';
import { fieldLines } from './headers.js';
import { flag, options } from './options.js';

const VERSIONS = new Map([['0.9', 10], ['1.0', 10], ['1.1', 11], ['2', 20], ['2.0', 20], ['3', 20], ['3.0', 20]]);
const NO_CONTENT = new Uint8Array(0);

/** A request that a proxy has received. It is copied, so that it cannot change between its reading and its check. */
export class IncomingRequest {
  #flags;
  #parts;
  #lines;

  constructor(given) {
    const request = options(given, ['method', 'target', 'headers', 'version', 'content', 'drained', 'close'], 'request');
    const version = VERSIONS.get(request.version ?? '1.1');
    if (!version) throw new TypeError('version: expected "0.9", "1.0", "1.1", "2" or "3"');
    const bits = [flag(request.drained, false, 'drained'), flag(request.close, false, 'close'), request.content !== undefined];
    this.#flags = Uint8Array.of(version, ...bits.map(Number));
    this.#parts = requestParts(request, (target) => latin1(target, 'target'));
    this.#lines = fieldLines(request.headers).map(copyOf);
  }

  /** Returns the arguments, with others before the field lines. */
  parts(now, ...others) {
    const unique = crypto.getRandomValues(new Uint8Array(8));
    return [this.#flags, number(now), unique, ...this.#parts, ...others, ...this.#lines];
  }
}

/** Returns the arguments for a request that a client sends. */
export function outgoingParts(given) {
  const request = options(given, ['method', 'target', 'content'], 'request');
  const parts = requestParts(request, (target) => utf8(target, 'target'));
  return [Uint8Array.of(Number(request.content !== undefined)), parts];
}

function requestParts({ method, target, content = NO_CONTENT }, encode) {
  if (!(content instanceof Uint8Array)) throw new TypeError('content: expected a Uint8Array');
  return [latin1(method, 'method'), encode(target), content].map(copyOf);
}
