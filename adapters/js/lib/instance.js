// Calls a WebAssembly module. `src/lib.rs` describes the memory of a call.

import { frame } from './bytes.js';

const PAGE_SIZE = 65_536;
/** The stack, which is at the start of the memory. */
const STACK_SIZE = 65_536;
const REFUSED = 0xffff_ffff;
/** The most bytes of one call, with its result. */
const MOST_BYTES = 64 * 1024 * 1024;
/** The room for a result, enough for most. */
const ROOM = 16 * 1024;
const NO_STATE = new Uint8Array(0);

/**
 * An instance of a module. Nothing stays in its memory after a call, neither arguments nor results nor what the stack held,
 * unless a number of kept bytes is given: the state is then in the memory, and never copied.
 */
export class Instance {
  #module;
  #kept;
  #exports;
  #start;

  constructor(module, kept = null) {
    this.#module = module;
    this.#kept = kept;
    this.#instantiate();
  }

  #instantiate() {
    this.#exports = new WebAssembly.Instance(this.#module).exports;
    this.#start = Math.ceil(this.#exports.__heap_base.value / 16) * 16;
    if (this.#kept !== null) this.#grow(this.#kept);
  }

  #replace() {
    if (this.#kept === null) this.#instantiate();
    else this.#exports = null;
  }

  /** Returns another instance of the module, with kept bytes. */
  withKept(kept) {
    return new Instance(this.#module, kept);
  }

  /** The size of the memory. */
  get size() {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Calls a function and returns the bytes of its result. The new state replaces the contents of `state`. */
  call(number, parts, state = NO_STATE) {
    const args = frame(parts);
    let room = ROOM;
    for (;;) {
      const result = this.#once(number, args, state, room);
      if (result instanceof Uint8Array) return result;
      room = result;
    }
  }

  /** Calls a function and returns its number. */
  callForNumber(number, parts) {
    return this.#once(number, frame(parts), NO_STATE, 0, true);
  }

  /** Returns the result, or the room that it needs. The state is unchanged in this case. */
  #once(number, args, state, room, isNumber = false) {
    const stateLength = this.#kept ?? state.length;
    const length = stateLength + args.length + room;
    this.#grow(length);
    const { memory, proxy_auth_call } = this.#exports;
    const start = this.#start;
    const argsAt = start + stateLength;
    const outAt = argsAt + args.length;
    try {
      const before = new Uint8Array(memory.buffer);
      before.set(state, start);
      before.set(args, argsAt);
      const returned = proxy_auth_call(number, start, stateLength, args.length, room) >>> 0;
      if (returned === REFUSED) throw new TypeError('proxy-auth: the module refused the arguments');
      if (isNumber || returned > room) return returned;
      if (this.#kept === null) state.set(before.subarray(start, argsAt));
      return before.slice(outAt, outAt + returned);
    } catch (error) {
      // After a trap, the stack pointer is wrong. A kept state may be damaged, so that nothing passes any more.
      if (error instanceof WebAssembly.RuntimeError) this.#replace();
      throw error;
    } finally {
      const after = new Uint8Array(memory.buffer);
      after.fill(0, 0, STACK_SIZE);
      after.fill(0, this.#kept === null ? start : argsAt, start + length);
    }
  }

  #grow(length) {
    if (length > MOST_BYTES) throw new RangeError('proxy-auth: the input is too long');
    const { memory } = this.#exports;
    const missing = this.#start + length - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_SIZE));
  }
}

/** Parses a result. Its objects have no prototype, so that a changed `Object.prototype` adds nothing to them. */
export function parseResult(bytes) {
  if (bytes.length === 0) return null;
  return JSON.parse(new TextDecoder().decode(bytes), (_, value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.setPrototypeOf(value, null) : value);
}
