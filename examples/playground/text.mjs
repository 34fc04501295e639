// Converts between bytes and text.

/** Encodes each row of the typed text as a field line. */
export function lines(typed) {
  return typed === '' ? [] : typed.split('\n').map((row) => new TextEncoder().encode(row));
}

/** Decodes the characters of a field line, each with the offsets of its start and end. */
export function characters(line) {
  let end = 0;
  return Array.from(decode(line), (char) => {
    const start = end;
    end += utf8Length(char.codePointAt(0));
    return { char, start, end };
  });
}

function utf8Length(codePoint) {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** Decodes a string in which each character is a byte. */
export function textOfBytes(bytes) {
  return decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

function decode(bytes) {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Characters without a glyph, and white space that looks like a space. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/u;

/** Returns the escaped form of a character, or null if it needs none. */
export function escaped(char) {
  if (!UNSEEN.test(char)) return null;
  const digits = char.codePointAt(0).toString(16).toUpperCase();
  return char.codePointAt(0) < 0x80 ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`;
}

/** Formats a number and its noun, such as "1 challenge" and "2 challenges". */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
