// Converts between strings and bytes.

/**
 * Returns the bytes of a byte string, in which each character is one byte. Node.js and browsers hold header values in
 * this form. Bytes are returned as they are.
 */
export function latin1(value, what) {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'string') throw new TypeError(`${what}: expected a string or a Uint8Array`);
  const bytes = new Uint8Array(value.length);
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code > 0xff) throw misplaced(`${what}: expected characters up to U+00FF, each of which is a byte`, at);
    bytes[at] = code;
  }
  return bytes;
}

/** Returns the bytes of a text in UTF-8. */
export function utf8(text, what) {
  if (typeof text !== 'string') throw new TypeError(`${what}: expected a string`);
  // An encoder replaces them, so that texts that differ would be equal.
  const lone = text.search(/\p{Surrogate}/u);
  if (lone >= 0) throw misplaced(`${what}: expected no lone surrogate`, lone);
  return new TextEncoder().encode(text);
}

function misplaced(message, offset) {
  return Object.assign(new TypeError(`${message}, at character ${offset}`), { offset });
}

/** Returns the text of a byte string: UTF-8 if it is valid, otherwise ISO-8859-1, which some clients send. */
export function toText(byteString) {
  const bytes = latin1(byteString, 'byte string');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}

/** Returns a copy. A Buffer has a method `slice` that does not copy. */
export function copyOf(bytes) {
  return new Uint8Array(bytes);
}

/** Returns the eight bytes of a number, in little-endian order. */
export function number(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

/** Concatenates byte strings, each after its length. */
export function frame(parts) {
  const framed = new Uint8Array(parts.reduce((length, part) => length + 4 + part.length, 0));
  const view = new DataView(framed.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    framed.set(part, at + 4);
    at += 4 + part.length;
  }
  return framed;
}

/** Returns the bytes of base64. */
export function fromBase64(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
