// The field lines of a message.

import { latin1 } from './bytes.js';

/**
 * Returns names and values by turns, as bytes. Field lines are a flat list, such as `rawHeaders` of Node.js, or pairs, such as
 * `Headers` or a Map; the value of a pair may be a list.
 */
export function fieldLines(headers) {
  if (typeof headers !== 'object' || headers === null || typeof headers[Symbol.iterator] !== 'function') {
    throw new TypeError('headers: expected rawHeaders, pairs, a Map or Headers; an object hides repeated fields');
  }
  const items = [...headers];
  const isFlat = typeof items[0] === 'string' || items[0] instanceof Uint8Array;
  if (isFlat && items.length % 2 > 0) throw new TypeError('headers: expected a value for each name');
  const strings = isFlat ? items : items.flatMap(pair);
  return strings.map((string) => latin1(string, 'headers'));
}

function pair(item) {
  if (!Array.isArray(item) || item.length !== 2) throw new TypeError('headers: expected pairs of a name and a value');
  const [name, value] = item;
  return Array.isArray(value) ? value.flatMap((one) => [name, one]) : [name, value];
}
