// The instance of the full module, and what it does without a state.

import { fromBase64, utf8 } from './bytes.js';
import { InvalidInput, NothingFits } from './errors.js';
import { fieldsOf, lineBytes } from './fields.js';
import { FULL_MODULE } from './full-module.js';
import { Instance, parseResult } from './instance.js';

export const full = new Instance(await WebAssembly.compile(fromBase64(FULL_MODULE)));

/** The sizes of the states. */
export const SIZES = run(3, []);

/** Calls a function, and returns its parsed result. */
export function run(number, parts, state) {
  return parseResult(full.call(number, parts, state));
}

/** Returns a result, or throws the error in it. */
export function resultOf(result, ErrorType = InvalidInput) {
  if (!result.error) return result;
  throw result.error.kind === 'InvalidInput' ? new InvalidInput(result.error) : new ErrorType(result.error);
}

const STRONGEST_FIRST = ['Digest', 'Bearer', 'Basic'];

/** Chooses the challenge to answer: one for the first possible candidate, which is a scheme or an algorithm of Digest. */
export function choose(lines, candidates = STRONGEST_FIRST) {
  const names = candidates.map((name) => utf8(name, 'candidate'));
  if (names.length > 16) throw new TypeError('candidates: expected at most 16');
  const chosen = resultOf(run(2, [Uint8Array.of(names.length), ...names, ...lineBytes(lines)]), NothingFits);
  return { ...chosen };
}

export const { inspect, parseChallenges, parseCredentials, parseAuthenticationInfo, challengeResponse } = fieldsOf(full);
