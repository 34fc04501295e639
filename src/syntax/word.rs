//! Eight bytes at a time, for runs that may be long.
//!
//! What stops a run is found in all bytes of a word at once: the top bit of a byte in the result says that it is, or may be,
//! such a byte. From there on the table tells: here, only nothing may be missed.

/// What is left of `bytes` from the first that `stops` finds, or from where less than a word is left.
#[inline]
pub(super) fn skip(bytes: &[u8], stops: impl Fn(u64) -> u64) -> &[u8] {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk() {
        let stops = stops(u64::from_le_bytes(*word)) & TOP;
        if stops != 0 {
            let bytes = stops.trailing_zeros() / 8;
            return rest.get(bytes as usize..).unwrap_or_default();
        }
        rest = after;
    }
    rest
}

/// Finds what is no `qdtext`, and HTAB.
pub(super) const fn stops_qdtext(word: u64) -> u64 {
    // With 0x20 and DQUOTE, 0x22, in each other's place, one comparison finds DQUOTE and what is below 0x20.
    let control_or_dquote = below(word ^ splat(b' ' ^ b'"'), b' ' + 1);
    !word & (control_or_dquote | below(word ^ splat(b'\\'), 1) | del(word))
}

/// Finds control characters: what field values do not consist of, and HTAB.
pub(super) const fn stops_text(word: u64) -> u64 {
    !word & (below(word, b' ') | del(word))
}

/// Finds what a `token68` does not consist of before its "=" signs, and "~", which is rare.
pub(super) const fn stops_token68(word: u64) -> u64 {
    let low = word & !TOP;
    let lower_case = low | splat(b' ');
    let alpha = at_least(lower_case, b'a') & !at_least(lower_case, b'z' + 1);
    let digit_or_sign = at_least(low, b'+') & !at_least(low, b'9' + 1) & is_not(low, b',');
    word | !(alpha | digit_or_sign) & is_not(low, b'_')
}

/// Finds what `stops_token68` does, and "/", of which no `token` consists.
pub(super) const fn stops_tchar_and_token68(word: u64) -> u64 {
    stops_token68(word) | !is_not(word & !TOP, b'/')
}

const TOP: u64 = splat(0x80);

const fn splat(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Bytes below `limit`, some of 0x80 and above, and perhaps some that follow one of them.
const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(splat(limit))
}

/// DEL, some bytes of 0x80 and above, and perhaps some that follow one of them.
const fn del(word: u64) -> u64 {
    word.wrapping_add(splat(1))
}

/// Of bytes below 0x80, those that are `byte` at least.
const fn at_least(low: u64, byte: u8) -> u64 {
    low + splat(0x80 - byte)
}

/// Of bytes below 0x80, those that are not `byte`.
const fn is_not(low: u64, byte: u8) -> u64 {
    (low ^ splat(byte)) + splat(0x7F)
}

#[cfg(test)]
mod tests {
    use super::super::Class;

    #[test]
    #[expect(clippy::indexing_slicing, reason = "a test may panic")]
    fn words_and_table_agree_on_every_byte_in_every_place() {
        for class in [
            Class::Token68,
            Class::TcharAndToken68,
            Class::Qdtext,
            Class::Text,
            Class::Password,
        ] {
            for byte in 0..=u8::MAX {
                for place in 0..17 {
                    let mut bytes = [b'a'; 17];
                    bytes[place] = byte;
                    let expected = if class.contains(byte) { bytes.len() } else { place };
                    assert_eq!(
                        bytes.len() - class.skip_long(&bytes).len(),
                        expected,
                        "{class:?}, {byte:#04x} at {place}"
                    );
                }
            }
        }
    }
}
