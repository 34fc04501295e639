//! Byte classes, each beside its ABNF.

use super::swar;
use crate::error::{InvalidInput, Rule};

/// A set of bytes that a rule of the grammar allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The characters of a `token`.
    Tchar,
    /// The characters of a `token68` before its "=" signs.
    Token68,
    /// The bytes of a `quoted-string` that are not escaped.
    Qdtext,
    /// The bytes of a `quoted-pair` after the backslash, and of a field value.
    Text,
    /// The bytes of a value without quotes in lenient reading.
    Unquoted,
    /// The bytes of a password.
    Password,
    /// The bytes of a user-id.
    UserId,
}

impl Class {
    /// Checks that `byte` is in this class.
    #[expect(clippy::indexing_slicing, reason = "every u8 is an index of the table")]
    pub(crate) const fn contains(self, byte: u8) -> bool {
        TABLE[byte as usize] & self.bits() == self.bits()
    }

    /// Returns the number of bytes at the start of `bytes` that are in this class.
    #[inline]
    pub(crate) fn run(self, bytes: &[u8]) -> usize {
        run(bytes, |byte| self.contains(byte))
    }

    /// Returns the length of the [run](Self::run), faster if the run is long.
    #[inline]
    pub(crate) fn long_run(self, bytes: &[u8]) -> usize {
        let rest = match self {
            Self::Token68 => swar::skip(bytes, swar::stops_token68),
            Self::Qdtext => swar::skip(bytes, swar::stops_qdtext),
            Self::Text | Self::Password => swar::skip(bytes, swar::stops_text),
            Self::UserId => swar::skip(bytes, swar::stops_user_id),
            Self::Tchar | Self::Unquoted => bytes,
        };
        // `rest` is a suffix of `bytes`, so this does not wrap.
        bytes.len().wrapping_sub(rest.len()).wrapping_add(self.run(rest))
    }

    /// Checks that every byte is in this class.
    pub(crate) fn check(self, bytes: &[u8], rule: Rule) -> Result<(), InvalidInput> {
        must_reach_end(self.long_run(bytes), bytes, rule)
    }

    const fn bits(self) -> u8 {
        match self {
            Self::Tchar => 1,
            Self::Token68 => 1 << 1,
            Self::Qdtext => 1 << 2,
            Self::Text => 1 << 3,
            Self::Unquoted => 1 << 4,
            Self::Password => 1 << 5,
            Self::UserId => 1 << 6,
        }
    }
}

/// Returns the number of bytes at the start of `bytes` for which `is_in` returns `true`.
#[inline]
pub(crate) fn run(bytes: &[u8], is_in: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| !is_in(byte)).unwrap_or(bytes.len())
}

/// Checks that `is_in` returns `true` for every byte.
pub(crate) fn check(bytes: &[u8], is_in: impl Fn(u8) -> bool, rule: Rule) -> Result<(), InvalidInput> {
    must_reach_end(run(bytes, is_in), bytes, rule)
}

const fn must_reach_end(run: usize, bytes: &[u8], rule: Rule) -> Result<(), InvalidInput> {
    if run == bytes.len() {
        Ok(())
    } else {
        Err(InvalidInput::new(rule, run))
    }
}

/// The classes of each byte, one bit for each class.
#[expect(clippy::indexing_slicing, reason = "it runs at compile time")]
static TABLE: [u8; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < table.len() {
        #[expect(clippy::cast_possible_truncation, reason = "index < 256")]
        let byte = index as u8;
        table[index] = bit_if(tchar(byte), Class::Tchar)
            | bit_if(token68(byte), Class::Token68)
            | bit_if(qdtext(byte), Class::Qdtext)
            | bit_if(text(byte), Class::Text)
            | bit_if(unquoted(byte), Class::Unquoted)
            | bit_if(password(byte), Class::Password)
            | bit_if(user_id(byte), Class::UserId);
        index += 1;
    }
    table
};

const fn bit_if(condition: bool, class: Class) -> u8 {
    if condition { class.bits() } else { 0 }
}

// tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
// (RFC 9110, 5.6.2)
const fn tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}

// ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" (RFC 9110, 11.2)
const fn token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
}

// qdtext = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text (RFC 9110, 5.6.4)
const fn qdtext(byte: u8) -> bool {
    text(byte) && byte != b'"' && byte != b'\\'
}

// HTAB / SP / VCHAR / obs-text ; obs-text = %x80-FF (RFC 9110, 5.5 and 5.6.4)
const fn text(byte: u8) -> bool {
    byte == b'\t' || !byte.is_ascii_control()
}

// VCHAR / obs-text, except for the comma. No RFC has this rule. It is the second tolerance of lenient reading.
const fn unquoted(byte: u8) -> bool {
    !byte.is_ascii_control() && byte != b' ' && byte != b','
}

// password = *( any byte except control characters ) (RFC 7617, 2)
const fn password(byte: u8) -> bool {
    !byte.is_ascii_control()
}

// user-id = *( any byte except control characters and ":" ) (RFC 7617, 2)
const fn user_id(byte: u8) -> bool {
    password(byte) && byte != b':'
}
