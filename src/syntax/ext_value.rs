//! `ext-value = charset "'" [ language ] "'" value-chars` (RFC 8187, 3.2.1), with the charset UTF-8.

use core::iter::FusedIterator;

use super::Class;
use super::hex::{from_hex, is_hex, to_hex};

/// An iterator over the decoded value-chars of an ext-value.
#[derive(Clone)]
pub(crate) struct PercentDecoded<'a> {
    rest: &'a [u8],
}

impl<'a> PercentDecoded<'a> {
    /// Parses an ext-value. Returns `None` if it breaks the grammar, or has another charset.
    pub(crate) fn read(ext_value: &'a [u8]) -> Option<Self> {
        let mut parts = ext_value.splitn(3, |&byte| byte == b'\'');
        let (charset, language, value_chars) = (parts.next()?, parts.next()?, parts.next()?);
        let mut parts = value_chars.split(|&byte| byte == b'%');
        let follows_rule = parts.next()?.iter().copied().all(is_attr_char)
            && parts.all(|part| {
                part.split_at_checked(2)
                    .is_some_and(|(digits, chars)| is_hex(digits) && chars.iter().copied().all(is_attr_char))
            });
        let is_language = language.iter().copied().all(may_be_in_language);
        (charset.eq_ignore_ascii_case(b"UTF-8") && is_language && follows_rule).then_some(Self { rest: value_chars })
    }
}

impl Iterator for PercentDecoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = match self.rest {
            [b'%', high, low, rest @ ..] => {
                let [byte] = from_hex(&[*high, *low])?;
                (byte, rest)
            }
            [byte, rest @ ..] => (*byte, rest),
            [] => return None,
        };
        self.rest = rest;
        Some(byte)
    }
}

impl FusedIterator for PercentDecoded<'_> {}

/// Calls `put` with the pieces of the ext-value for `text`.
pub(crate) fn percent_encode(text: &str, mut put: impl FnMut(&[u8])) {
    put(b"UTF-8''");
    for byte in text.bytes() {
        if is_attr_char(byte) {
            put(&[byte]);
        } else {
            let [high, low] = to_hex(byte).map(|digit| digit.to_ascii_uppercase());
            put(&[b'%', high, low]);
        }
    }
}

// attr-char = ALPHA / DIGIT / "!" / "#" / "$" / "&" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~": a tchar, but not
// "*", "'" or "%" (RFC 8187, 3.2.1)
const fn is_attr_char(byte: u8) -> bool {
    Class::Tchar.contains(byte) && !matches!(byte, b'*' | b'\'' | b'%')
}

// Subtags of letters and digits, with "-" between them (RFC 5646, 2.1). They are not checked to be a language.
const fn may_be_in_language(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
