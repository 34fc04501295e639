//! `token = 1*tchar` (RFC 9110, 5.6.2).

use core::fmt;

use super::{Class, Cursor};
use crate::error::{InvalidInput, Rule};

/// A token: the name of a scheme or a parameter, or a value that needs no quotes.
///
/// `token = 1*tchar` ([RFC 9110, section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)).
/// A `Token` cannot hold anything else, so it can be written anywhere. `==` ignores the case of ASCII letters.
///
/// # Examples
/// ```
/// use proxy_auth::{Token, token};
///
/// const STALE: Token = token!("stale");
/// assert_eq!(STALE, Token::new("Stale")?);
/// assert_eq!(Token::new("no space").unwrap_err().offset(), 2);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy)]
pub struct Token<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Token<'a> {
    /// Creates a token from text. For literals, use [`token!`](crate::token).
    ///
    /// # Errors
    /// Returns [`InvalidInput`] with the offset of the first byte that is not a `tchar`, or 0 if `token` is empty.
    pub const fn new(token: &'a str) -> Result<Self, InvalidInput> {
        let token = token.as_bytes();
        let mut rest = token;
        while let [byte, tail @ ..] = rest {
            if !Class::Tchar.contains(*byte) {
                break;
            }
            rest = tail;
        }
        if rest.is_empty() && !token.is_empty() {
            Ok(Self::at(token, 0))
        } else {
            Err(InvalidInput::new(Rule::Token, token.len().saturating_sub(rest.len())))
        }
    }

    /// Parses the token at `cursor`, if there is one.
    #[inline]
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Option<Self> {
        let offset = cursor.offset();
        match cursor.skip(Class::Tchar) {
            [] => None,
            token => Some(Self::at(token, offset)),
        }
    }

    const fn at(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    /// Returns the token as it is spelled, in time linear in its length. [`as_bytes`](Self::as_bytes) takes constant time.
    #[must_use]
    pub fn to_str(&self) -> &'a str {
        // Every tchar is ASCII.
        core::str::from_utf8(self.bytes).unwrap_or_default()
    }

    /// Returns the offset of the token in the field value that it was read from, in bytes, or 0 if it was constructed.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the bytes of the token as it is spelled.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Compares the token with `name`, ignoring the case of ASCII letters.
    #[inline]
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        *self == Token::at(name.as_bytes(), 0)
    }
}

impl PartialEq for Token<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let first = |token: &Self| token.bytes.first().map(|byte| byte | 0x20);
        // Usually, either these differ or the tokens are identical.
        self.bytes.len() == other.bytes.len()
            && first(self) == first(other)
            && (self.bytes == other.bytes || same_but_for_case(self.bytes, other.bytes))
    }
}

#[inline(never)]
fn same_but_for_case(token: &[u8], other: &[u8]) -> bool {
    token.eq_ignore_ascii_case(other)
}

impl Eq for Token<'_> {}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.to_str())
    }
}

impl fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.to_str(), f)
    }
}

/// Creates a [`Token`] from a literal, which is checked at compile time.
///
/// # Examples
/// ```
/// # use proxy_auth::token;
/// assert_eq!(token!("realm").to_str(), "realm");
/// ```
/// ```compile_fail
/// # use proxy_auth::token;
/// token!("no token");
/// ```
#[macro_export]
macro_rules! token {
    ($literal:literal) => {
        const {
            match $crate::Token::new($literal) {
                Ok(token) => token,
                Err(_) => panic!("not a token (RFC 9110, section 5.6.2)"),
            }
        }
    };
}
