//! Bytes in base64 (RFC 4648).

use crate::encode::Encoder;
use crate::error::{Base64Error, BufferTooSmall, SchemeError};
use crate::fields::ParamValue;
use crate::redact::redact;
use crate::syntax::Token;
use crate::syntax::Token68;
use crate::syntax::base64::{Alphabet, decode, decoded_len, encode};

/// Bytes that are written in base64: either bytes to be encoded, or base64 that was read and is not decoded yet.
///
/// The scheme determines the alphabet ([RFC 4648, sections 4 and 5](https://www.rfc-editor.org/rfc/rfc4648#section-4)). The
/// bytes are often a secret, so `Debug` writes `[redacted]`.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, negotiate};
///
/// let challenge = Challenges::new("Negotiate YTpi").next().unwrap()?;
/// let token = negotiate::Challenge::read(&challenge)?.token().unwrap();
/// assert_eq!(token.decoded_len(), 3);
/// assert_eq!(token.decode(&mut [0; 3])?, b"a:b");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Base64<'a> {
    form: Form<'a>,
    alphabet: Alphabet,
}

#[derive(Clone, Copy)]
enum Form<'a> {
    /// Base64 that was read at the given offset.
    Encoded(&'a [u8], usize),
    /// Bytes to be encoded.
    Decoded(&'a [u8]),
}

impl<'a> Base64<'a> {
    pub(crate) const fn bytes(bytes: &'a [u8], alphabet: Alphabet) -> Self {
        Self {
            form: Form::Decoded(bytes),
            alphabet,
        }
    }

    pub(crate) const fn token68(token68: Token68<'a>) -> Self {
        Self {
            form: Form::Encoded(token68.as_bytes(), token68.offset()),
            alphabet: Alphabet::Standard,
        }
    }

    /// Reads the value of the parameter `name`. In either alphabet, it is empty or a token68.
    pub(crate) fn param(name: &'static str, value: ParamValue<'a>, alphabet: Alphabet) -> Result<Self, SchemeError> {
        match value.to_bytes() {
            Some(base64) if base64.is_empty() || Token68::new(base64).is_ok() => Ok(Self {
                form: Form::Encoded(base64, value.raw_offset()),
                alphabet,
            }),
            _ => Err(value.invalid(name)),
        }
    }

    /// Returns the number of bytes that [`decode`](Self::decode) writes, which is the necessary length of its buffer.
    ///
    /// If the base64 is not well formed, this is at most three quarters of its length.
    #[must_use]
    pub fn decoded_len(&self) -> usize {
        match self.form {
            Form::Encoded(base64, _) => decoded_len(base64),
            Form::Decoded(bytes) => bytes.len(),
        }
    }

    /// Decodes the bytes to the start of `buffer`, and returns them. [`decoded_len`](Self::decoded_len) bytes are enough.
    /// The rest of `buffer` may be overwritten, too.
    ///
    /// # Errors
    /// Returns [`Base64Error`] if the base64 is not well formed, or `buffer` is too small. On error, the contents of
    /// `buffer` are unspecified.
    pub fn decode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], Base64Error> {
        match self.form {
            Form::Encoded(base64, offset) => decode(base64, offset, self.alphabet, buffer),
            Form::Decoded(bytes) => {
                let needed = bytes.len();
                let copy = buffer.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
                copy.copy_from_slice(bytes);
                Ok(copy)
            }
        }
    }

    /// Writes the base64 alone.
    pub(crate) fn encode_to(&self, out: &mut Encoder<'_>) {
        match self.form {
            Form::Encoded(base64, _) => out.put(base64),
            Form::Decoded(bytes) => encode(&[bytes], self.alphabet, |piece| out.put(piece)),
        }
    }
}

redact!(Base64<'_>);

impl Encoder<'_> {
    /// Writes a parameter whose value is base64, if there is a value. It is quoted, since "=" is not a `tchar`.
    pub(crate) fn base64_if(&mut self, name: Token<'_>, base64: Option<Base64<'_>>) {
        if let Some(base64) = base64 {
            self.param_with(name, |out| {
                out.put_byte(b'"');
                base64.encode_to(out);
                out.put_byte(b'"');
            });
        }
    }
}
