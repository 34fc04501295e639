//! `username` and `username*` (RFC 7616, 3.4).

use core::fmt;

use crate::encode::Encoder;
use crate::error::{BufferTooSmall, InvalidInput, Rule, SchemeError};
use crate::fields::ParamValue;
use crate::redact::redact;
use crate::schemes::user_id::check_user_id;
use crate::syntax::{PercentDecoded, Unescaped, is_text, percent_encode, write_lossy};
use crate::token;

/// A user's name, as the parameter `username` or as `username*`.
///
/// `username*` is an ext-value ([RFC 8187, section 3.2](https://www.rfc-editor.org/rfc/rfc8187#section-3.2)) in UTF-8,
/// such as `UTF-8''J%C3%A4s%C3%B8n%20Doe`, without control characters. `==` compares the names, regardless of the
/// parameter. `Debug` writes `[redacted]`; `Display` writes the name.
///
/// # Examples
/// ```
/// use proxy_auth::digest::Username;
///
/// assert!(!Username::new("Mufasa")?.is_extended());
/// assert!(Username::new("Jäsøn Doe")?.is_extended());
/// assert_eq!(Username::new("Jäsøn Doe")?, *"Jäsøn Doe");
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy)]
pub struct Username<'a>(Form<'a>);

#[derive(Clone, Copy)]
enum Form<'a> {
    /// The value of `username`.
    Plain(ParamValue<'a>),
    /// The value of `username*`.
    Extended(&'a [u8]),
    /// The unencoded value of `username*`.
    Text(&'a str),
}

impl<'a> Username<'a> {
    /// Creates a name that is written as `username` if it is ASCII, otherwise as `username*`.
    ///
    /// # Errors
    /// Returns [`InvalidInput`], with the offset, if `name` contains a control character or a colon. Digest hashes the
    /// name and the realm with a colon between them, so the user `a:r` of the realm `p` would have the same hash as the
    /// user `a` of the realm `r:p`.
    pub fn new(name: &'a str) -> Result<Self, InvalidInput> {
        let plain = Self::plain(name)?;
        // `read` refuses control characters beyond ASCII.
        match name.char_indices().find(|(_, char)| char.is_control()) {
            Some((offset, _)) => Err(InvalidInput::new(Rule::UserId, offset)),
            None if name.is_ascii() => Ok(plain),
            None => Ok(Self(Form::Text(name))),
        }
    }

    /// Creates a name that is written as `username` in any encoding, for peers that do not know `username*`. A hashed name is also
    /// written as `username`.
    ///
    /// # Errors
    /// Returns [`InvalidInput`], with the offset, if `name` contains an ASCII control character or a colon. The encoding is
    /// unknown, so other control characters are not found.
    pub fn plain<T: AsRef<[u8]> + ?Sized>(name: &'a T) -> Result<Self, InvalidInput> {
        let name = name.as_ref();
        check_user_id(name)?;
        Ok(Self(Form::Plain(ParamValue::text(name))))
    }

    /// Creates a name from bytes that were checked, such as the hexadecimal digits of a hashed name.
    #[cfg(feature = "digest")]
    pub(super) const fn from_checked(name: &'a [u8]) -> Self {
        Self(Form::Plain(ParamValue::text(name)))
    }

    /// Reads the two parameters. Exactly one must be present.
    pub(super) fn read(plain: Option<ParamValue<'a>>, extended: Option<ParamValue<'a>>) -> Result<Self, SchemeError> {
        match (plain, extended) {
            (Some(plain), None) => Ok(Self(Form::Plain(plain))),
            (None, Some(extended)) => match extended.to_bytes() {
                Some(ext_value) if PercentDecoded::read(ext_value).is_some_and(is_text) => {
                    Ok(Self(Form::Extended(ext_value)))
                }
                _ => Err(extended.invalid("username*")),
            },
            (Some(_), Some(extended)) => Err(SchemeError::Duplicate {
                param: "username",
                offset: extended.offset(),
            }),
            (None, None) => Err(SchemeError::Missing { param: "username" }),
        }
    }

    /// Returns `true` if the name is written as `username*`.
    #[must_use]
    pub const fn is_extended(&self) -> bool {
        !matches!(self.0, Form::Plain(_))
    }

    /// Returns an iterator over the bytes of the name. For `username*`, they are UTF-8.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + use<'a> {
        match self.0 {
            Form::Plain(value) => Bytes::Plain(value.unescaped()),
            Form::Extended(ext_value) => {
                PercentDecoded::read(ext_value).map_or(Bytes::Text("".bytes()), Bytes::Extended)
            }
            Form::Text(text) => Bytes::Text(text.bytes()),
        }
    }

    /// Copies the name to the start of `buffer`, and returns the copy.
    ///
    /// # Errors
    /// Returns [`BufferTooSmall`], which holds the needed length, if the name does not fit. On error, `buffer` is
    /// unchanged.
    pub fn copy_to<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        if let Form::Plain(value) = self.0 {
            return value.copy_to(buffer);
        }
        let needed = self.bytes().fold(0_usize, |count, _| count.saturating_add(1));
        let copy = buffer.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
        for (to, byte) in copy.iter_mut().zip(self.bytes()) {
            *to = byte;
        }
        Ok(copy)
    }

    pub(super) fn encode_to(&self, out: &mut Encoder<'_>) {
        match self.0 {
            Form::Plain(value) => out.quoted(token!("username"), value),
            Form::Extended(ext_value) => out.param_with(token!("username*"), |out| out.put(ext_value)),
            Form::Text(text) => out.param_with(token!("username*"), |out| percent_encode(text, |piece| out.put(piece))),
        }
    }
}

/// An iterator over the bytes of a name.
enum Bytes<'a> {
    Plain(Unescaped<'a>),
    Extended(PercentDecoded<'a>),
    Text(core::str::Bytes<'a>),
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        match self {
            Self::Plain(bytes) => bytes.next(),
            Self::Extended(bytes) => bytes.next(),
            Self::Text(bytes) => bytes.next(),
        }
    }
}

impl PartialEq for Username<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl PartialEq<[u8]> for Username<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        match self.0 {
            Form::Plain(value) => value == *other,
            Form::Extended(_) | Form::Text(_) => self.bytes().eq(other.iter().copied()),
        }
    }
}

impl PartialEq<str> for Username<'_> {
    fn eq(&self, other: &str) -> bool {
        self == other.as_bytes()
    }
}

impl fmt::Display for Username<'_> {
    /// Writes the name, with U+FFFD in place of bytes that are not UTF-8.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lossy(self.bytes(), f)
    }
}

redact!(Username<'_>);
