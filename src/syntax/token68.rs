//! `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="` (RFC 9110, 11.2).

use core::fmt;

use super::base64::{self, Alphabet};
use super::{Class, Cursor};
use crate::error::{Base64Error, InvalidInput, Rule};

/// A token68: the base64 (or similar) text that some schemes use instead of parameters.
///
/// `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
/// ([RFC 9110, section 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)). A `Token68` cannot hold anything
/// else, so it can be written anywhere. It is not decoded.
///
/// It is often a secret, so `Debug` shows only its length.
///
/// # Examples
/// ```
/// use proxy_auth::Token68;
///
/// let token68 = Token68::new("YWxhZGRpbjpvcGVuIHNlc2FtZQ==")?;
/// assert_eq!(token68.to_str(), "YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// assert_eq!(format!("{token68:?}"), "Token68([redacted; 28 bytes])");
/// assert_eq!(Token68::new("a=b").unwrap_err().offset(), 2);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy)]
pub struct Token68<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Token68<'a> {
    /// Creates a token68 from text.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] with the offset of the first byte that breaks the rule.
    pub fn new<T: AsRef<[u8]> + ?Sized>(token68: &'a T) -> Result<Self, InvalidInput> {
        let mut cursor = Cursor::new(token68.as_ref());
        match Self::read(&mut cursor) {
            Some(token68) if cursor.at_end() => Ok(token68),
            _ => Err(InvalidInput::new(Rule::Token68, cursor.offset())),
        }
    }

    /// Parses the token68 at `cursor`, if there is one.
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Option<Self> {
        let start = *cursor;
        if cursor.skip_long(Class::Token68).is_empty() {
            return None;
        }
        while cursor.skip_byte(b'=') {}
        Some(Self {
            bytes: start.until(*cursor),
            offset: start.offset(),
        })
    }

    /// Checks that the token68 ends like the name of a parameter and "=".
    pub(crate) fn is_name_without_value(&self) -> bool {
        self.bytes.ends_with(b"=") && !self.is_padded_twice()
    }

    /// Checks that the token68 ends with two or more "=".
    pub(crate) fn is_padded_twice(&self) -> bool {
        self.bytes.ends_with(b"==")
    }

    /// Returns the offset of the token68 in the field value that it was read from, in bytes, or 0 if it was
    /// constructed.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the bytes of the token68.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Decodes base64 to the start of `buffer`, and returns the decoded bytes.
    ///
    /// Accepts only base64 as defined in [RFC 4648, section 4](https://www.rfc-editor.org/rfc/rfc4648#section-4), with
    /// padding. The rest of `buffer` may be overwritten, too.
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::{Base64Error, Token68};
    ///
    /// let mut buffer = [0; 8];
    /// assert_eq!(Token68::new("YTpi")?.decode_base64(&mut buffer)?, b"a:b");
    /// let error = Token68::new("YTp-").unwrap().decode_base64(&mut buffer).unwrap_err();
    /// assert_eq!(error, Base64Error::Invalid { offset: 3 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns [`Base64Error`] if the base64 is not well formed, or `buffer` is too small. On error, the contents of
    /// `buffer` are unspecified.
    pub fn decode_base64<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Base64Error> {
        base64::decode(self.bytes, self.offset, Alphabet::Standard, buffer)
    }

    /// Decodes base64 like [`decode_base64`](Self::decode_base64), but also accepts base64 without padding, and base64 whose unused
    /// bits are not zero.
    ///
    /// # Errors
    /// See [`decode_base64`](Self::decode_base64).
    pub fn decode_base64_lenient<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Base64Error> {
        base64::decode(self.bytes, self.offset, Alphabet::StandardLenient, buffer)
    }

    /// Returns the text of the token68, in time linear in its length. [`as_bytes`](Self::as_bytes) takes constant time.
    #[must_use]
    pub fn to_str(&self) -> &'a str {
        // Every byte of a token68 is ASCII.
        core::str::from_utf8(self.bytes).unwrap_or_default()
    }
}

impl fmt::Debug for Token68<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token68([redacted; {} bytes])", self.bytes.len())
    }
}
