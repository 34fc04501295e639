//! Byte classes, each beside its ABNF.

use super::swar;
use crate::error::{InvalidInput, Rule};

/// A set of bytes that a rule of the grammar allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// What a `token` consists of.
    Tchar,
    /// What a `token68` consists of, before its "=" signs.
    Token68,
    /// What both of them consist of.
    TcharAndToken68,
    /// What stands in a `quoted-string` as it is.
    Qdtext,
    /// What a `quoted-pair` or a field value can carry.
    Text,
    /// What lenient reading takes for a value without quotes.
    Unquoted,
    /// What the values of OAuth consist of.
    Nqschar,
    /// What a password of Basic consists of.
    Password,
    /// What a user-id of Basic consists of.
    UserId,
}

impl Class {
    /// Checks that `byte` is in this class.
    #[expect(clippy::indexing_slicing, reason = "every u8 is an index of the table")]
    pub(crate) const fn contains(self, byte: u8) -> bool {
        TABLE[byte as usize] & self.bits() == self.bits()
    }

    /// How many bytes at the start of `bytes` are in this class.
    #[inline]
    pub(crate) fn run(self, bytes: &[u8]) -> usize {
        bytes
            .iter()
            .position(|&byte| !self.contains(byte))
            .unwrap_or(bytes.len())
    }

    /// What is left of `bytes` from the first that is not in this class.
    #[inline]
    pub(crate) fn skip(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.run(bytes)..).unwrap_or_default()
    }

    /// As [`run`](Self::run), and fast where many bytes are in this class.
    #[inline]
    pub(crate) fn long_run(self, bytes: &[u8]) -> usize {
        let rest = match self {
            Self::Token68 => swar::skip(bytes, swar::stops_token68),
            Self::Qdtext => swar::skip(bytes, swar::stops_qdtext),
            Self::Text | Self::Password => swar::skip(bytes, swar::stops_text),
            Self::Tchar | Self::TcharAndToken68 | Self::Unquoted | Self::Nqschar | Self::UserId => bytes,
        };
        // `rest` is a suffix of `bytes`, so this does not wrap.
        bytes.len().wrapping_sub(rest.len()).wrapping_add(self.run(rest))
    }

    /// Checks that every byte is in this class.
    pub(crate) fn check(self, bytes: &[u8], rule: Rule) -> Result<(), InvalidInput> {
        match self.long_run(bytes) {
            run if run == bytes.len() => Ok(()),
            run => Err(InvalidInput::new(rule, run)),
        }
    }

    const fn bits(self) -> u8 {
        match self {
            Self::Tchar => 1,
            Self::Token68 => 1 << 1,
            Self::TcharAndToken68 => Self::Tchar.bits() | Self::Token68.bits(),
            Self::Qdtext => 1 << 2,
            Self::Text => 1 << 3,
            Self::Unquoted => 1 << 4,
            Self::Nqschar => 1 << 5,
            Self::Password => 1 << 6,
            Self::UserId => 1 << 7,
        }
    }
}

/// The classes of each byte, one bit a class.
#[expect(clippy::indexing_slicing, reason = "runs when it is compiled")]
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
            | bit_if(nqschar(byte), Class::Nqschar)
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

// VCHAR / obs-text without the comma: no rule of an RFC, but the second tolerance of lenient reading.
const fn unquoted(byte: u8) -> bool {
    !byte.is_ascii_control() && byte != b' ' && byte != b','
}

// NQSCHAR = %x20-21 / %x23-5B / %x5D-7E (RFC 6749, A)
const fn nqschar(byte: u8) -> bool {
    qdtext(byte) && byte.is_ascii() && byte != b'\t'
}

// Anything but control characters, of which HTAB is one (RFC 7617, 2)
const fn password(byte: u8) -> bool {
    !byte.is_ascii_control()
}

// Anything but control characters and the colon (RFC 7617, 2)
const fn user_id(byte: u8) -> bool {
    password(byte) && byte != b':'
}
