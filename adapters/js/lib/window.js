// The store of used answers of one process.

import { full, SIZES } from './full.js';
import { number } from './bytes.js';

/** Remembers used answers, in an instance of its own, which is freed with it. */
export class ReplayWindow {
  #instance;

  constructor(config, slots, now) {
    if (!Number.isInteger(slots) || slots < 8 || slots > 1_000_000) throw new TypeError('replaySlots: expected 8 to 1000000');
    this.#instance = full.withKept(SIZES.window + SIZES.slot * slots);
    this.#instance.callForNumber(12, [...config, number(now)]);
  }

  /** Records the use of a nonce, and returns false if it was recorded before. */
  admit(nonceUse) {
    return this.#instance.callForNumber(13, [nonceUse]) === 1;
  }
}
