// Reads objects of the caller. A property counts only if it is the object's own, so that a changed `Object.prototype` adds
// nothing.

import { copyOf } from './bytes.js';

/** Returns an own property of an object. */
export function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns the options of the given names, and refuses others. */
export function options(given, names, what) {
  if (given === null || typeof given !== 'object') throw new TypeError(`${what}: expected an object`);
  const known = Object.create(null);
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw new TypeError(`${what}: unknown option ${JSON.stringify(name)}`);
    known[name] = given[name];
  }
  return known;
}

/** Returns a value that is one of a list. */
export function oneOf(values, value, what) {
  if (!values.includes(value)) throw new TypeError(`${what}: expected ${values.map((it) => JSON.stringify(it)).join(' or ')}`);
  return value;
}

/** Returns a value that is true or false. */
export function flag(value, byDefault, what) {
  return oneOf([true, false], value ?? byDefault, what);
}

/** Returns the bytes of a key. */
export function keyBytes(value, what) {
  if (!(value instanceof Uint8Array) || value.length !== 32) throw new TypeError(`${what}: expected a Uint8Array of 32 bytes`);
  return copyOf(value);
}

/** Returns the time of a clock, in milliseconds since the Unix epoch. */
export function time(clock) {
  const now = Math.floor(clock());
  if (!Number.isSafeInteger(now) || now < 0) throw new TypeError('clock: expected milliseconds');
  return now;
}
