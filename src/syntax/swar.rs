//! Skips long runs in words of eight bytes ("SIMD within a register").
//!
//! A function `stops_...` examines all bytes of a word at once. It sets the top bit of each byte that ends the run, and perhaps
//! of others. The table of classes then decides, so a false alarm only costs time. A missed byte would be a bug.

/// `true` if words are worthwhile. 32-bit processors have no such registers, and little memory for code.
const WORDS: bool = cfg!(any(target_pointer_width = "64", target_family = "wasm"));

/// `true` on targets with much memory for code and the stack.
pub(crate) const IS_LARGE: bool = cfg!(target_pointer_width = "64");

/// Returns the rest of `bytes` from the first byte that `stops` finds, or less than a word.
#[inline]
pub(super) fn skip(bytes: &[u8], stops: impl Fn(u64) -> u64) -> &[u8] {
    if !WORDS {
        return bytes;
    }
    let stops = |word: &[u8; 8]| stops(u64::from_le_bytes(*word)) & TOP;
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk() {
        let found = stops(word);
        if found != 0 {
            return from_stop(rest, found);
        }
        rest = after;
        // Most runs that are longer than a word are much longer.
        if bytes.len().wrapping_sub(rest.len()) == 8 {
            rest = skip_pairs(rest, stops);
        }
    }
    rest
}

/// Returns the rest of `bytes` from the first pair of words in which `stops` finds a byte. The compiler turns a pair into one
/// word of twice the size.
#[inline]
fn skip_pairs(bytes: &[u8], stops: impl Fn(&[u8; 8]) -> u64) -> &[u8] {
    let mut rest = bytes;
    while let Some((words, after)) = rest.split_first_chunk::<16>() {
        let (words, _) = words.as_chunks();
        if words.iter().fold(0, |found, word| found | stops(word)) != 0 {
            break;
        }
        rest = after;
    }
    rest
}

/// Returns the rest of `bytes` from the first byte whose top bit is set in `found`.
#[inline]
fn from_stop(bytes: &[u8], found: u64) -> &[u8] {
    bytes.get(found.trailing_zeros() as usize / 8..).unwrap_or_default()
}

/// Returns the rest of `bytes` after as many groups of four quoted-pairs as there are.
#[inline]
pub(super) fn skip_quoted_pairs(bytes: &[u8]) -> &[u8] {
    const FIRST_OF_PAIR: u64 = u64::from_le_bytes([0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0]);
    if !WORDS {
        return bytes;
    }
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*word);
        let others = (word ^ splat(b'\\')) & FIRST_OF_PAIR;
        if others | stops_text(word) & TOP != 0 {
            break;
        }
        rest = after;
    }
    rest
}

/// Finds bytes that are not `qdtext`, and HTAB.
pub(super) const fn stops_qdtext(word: u64) -> u64 {
    // The XOR swaps 0x20 and DQUOTE (0x22), so one comparison finds DQUOTE and the bytes below 0x20.
    let control_or_dquote = below(word ^ splat(b' ' ^ b'"'), b' ' + 1);
    !word & (control_or_dquote | below(word ^ splat(b'\\'), 1) | del(word))
}

/// Finds control characters, including HTAB.
pub(super) const fn stops_text(word: u64) -> u64 {
    !word & (below(word, b' ') | del(word))
}

/// Finds control characters and colons.
pub(super) const fn stops_user_id(word: u64) -> u64 {
    stops_text(word) | !word & below(word ^ splat(b':'), 1)
}

/// Finds bytes that are not in a `token68` before its "=" signs, and "~", which is rare.
pub(super) const fn stops_token68(word: u64) -> u64 {
    let low = word & !TOP;
    let lower_case = low | splat(b' ');
    let alpha = at_least(lower_case, b'a') & !at_least(lower_case, b'z' + 1);
    let digit_or_sign = at_least(low, b'+') & !at_least(low, b'9' + 1) & is_not(low, b',');
    word | !(alpha | digit_or_sign) & is_not(low, b'_')
}

const TOP: u64 = splat(0x80);

const fn splat(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Finds bytes below `limit`, some of 0x80 and above, and perhaps some that follow one of them.
const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(splat(limit))
}

/// Finds DEL, some bytes of 0x80 and above, and perhaps some that follow one of them.
const fn del(word: u64) -> u64 {
    word.wrapping_add(splat(1))
}

/// Finds bytes of at least `byte`. All bytes must be below 0x80.
const fn at_least(low: u64, byte: u8) -> u64 {
    low.wrapping_add(splat(0x80 - byte))
}

/// Finds bytes other than `byte`. All bytes must be below 0x80.
const fn is_not(low: u64, byte: u8) -> u64 {
    (low ^ splat(byte)).wrapping_add(splat(0x7F))
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use super::super::Class;

    #[test]
    fn words_and_table_agree_on_every_byte_in_every_place() {
        for class in [
            Class::Token68,
            Class::Qdtext,
            Class::Text,
            Class::Password,
            Class::UserId,
        ] {
            for byte in 0..=u8::MAX {
                for place in 0..115 {
                    let mut bytes = [b'a'; 115];
                    bytes[place] = byte;
                    let expected = if class.contains(byte) { bytes.len() } else { place };
                    assert_eq!(class.long_run(&bytes), expected, "{class:?}, {byte:#04x} at {place}");
                }
            }
        }
    }

    #[test]
    fn words_stop_at_rare_bytes_only_by_mistake() {
        for byte in 0..=u8::MAX {
            let left = |stops: fn(u64) -> u64| super::skip(&[byte; 24], stops).len();
            let stopped = |class: Class, rare: u8| if class.contains(byte) && byte != rare { 0 } else { 24 };
            assert_eq!(left(super::stops_token68), stopped(Class::Token68, b'~'), "{byte:#04x}");
            assert_eq!(left(super::stops_qdtext), stopped(Class::Qdtext, b'\t'), "{byte:#04x}");
            assert_eq!(left(super::stops_text), stopped(Class::Text, b'\t'), "{byte:#04x}");
            assert_eq!(left(super::stops_user_id), stopped(Class::UserId, b'\t'), "{byte:#04x}");
        }
    }

    #[test]
    fn two_words_are_skipped_unless_a_byte_stops_the_run() {
        assert_eq!(super::skip_pairs(&[0; 40], |_| 0).len(), 8);
        assert_eq!(super::skip_pairs(&[0; 40], |_| super::TOP).len(), 40);
    }

    #[test]
    fn only_quoted_pairs_are_skipped() {
        for byte in 0..=u8::MAX {
            for place in 0..16 {
                let mut bytes = *br#"\"\"\"\"\"\"\"\""#;
                bytes[place] = byte;
                let is_pair = if place % 2 == 0 {
                    byte == b'\\'
                } else {
                    Class::Text.contains(byte)
                };
                let left = super::skip_quoted_pairs(&bytes).len();
                // The table decides about HTAB.
                if is_pair && byte != b'\t' {
                    assert_eq!(left, 0, "{byte:#04x} at {place}");
                } else {
                    assert_eq!(left, 16 - place / 8 * 8, "{byte:#04x} at {place}");
                }
            }
        }
    }
}
