//! Bytes that are written in base64 (RFC 4648).

use core::fmt;

use crate::encode::Encoder;
use crate::error::{BufferTooSmall, SchemeError};
use crate::param::ParamValue;
use crate::rfc4648::{Alphabet, decode, decoded_len, encode};
use crate::syntax::Token;
use crate::token68::Token68;

/// Bytes that are written in base64: those to be written, or what was read and is not decoded yet.
///
/// Which alphabet they have, the scheme says. They often are a secret: `Debug` says `[redacted]`.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    form: Form<'a>,
    alphabet: Alphabet,
}

#[derive(Clone, Copy)]
enum Form<'a> {
    /// What was read at that offset.
    Base64(&'a [u8], usize),
    /// What is to be written.
    Bytes(&'a [u8]),
}

impl<'a> Data<'a> {
    pub(crate) const fn bytes(bytes: &'a [u8], alphabet: Alphabet) -> Self {
        Self {
            form: Form::Bytes(bytes),
            alphabet,
        }
    }

    pub(crate) const fn token68(token68: Token68<'a>) -> Self {
        Self {
            form: Form::Base64(token68.as_bytes(), token68.offset()),
            alphabet: Alphabet::Standard,
        }
    }

    /// The value of the parameter `name`: in either alphabet, nothing or a token68.
    pub(crate) fn param(name: &'static str, value: ParamValue<'a>, alphabet: Alphabet) -> Result<Self, SchemeError> {
        match value.as_bytes() {
            Some(base64) if base64.is_empty() || Token68::new(base64).is_ok() => Ok(Self {
                form: Form::Base64(base64, value.raw_offset()),
                alphabet,
            }),
            _ => Err(value.invalid(name)),
        }
    }

    /// Returns how many bytes [`decode`](Self::decode) writes, and so how large its buffer must be.
    ///
    /// Of base64 that is not well formed, this is at most three quarters of the length.
    ///
    /// ```
    /// use proxy_auth::{Challenges, negotiate};
    ///
    /// let challenge = Challenges::new("Negotiate YTpi").next().unwrap()?;
    /// let token = negotiate::Challenge::read(&challenge)?.token().unwrap();
    /// assert_eq!(token.decoded_len(), 3);
    /// assert_eq!(token.decode(&mut [0; 3])?, b"a:b");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn decoded_len(&self) -> usize {
        match self.form {
            Form::Base64(base64, _) => decoded_len(base64),
            Form::Bytes(bytes) => bytes.len(),
        }
    }

    /// Copies the bytes to the start of `buffer`, and returns the copy. [`decoded_len`](Self::decoded_len) bytes are enough.
    /// What stood in `buffer` behind the copy may be overwritten.
    ///
    /// # Errors
    /// [`SchemeError::InvalidBase64`], or [`SchemeError::BufferTooSmall`] with the length that is needed. The contents of
    /// `buffer` are of no use then.
    pub fn decode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], SchemeError> {
        match self.form {
            Form::Base64(base64, offset) => decode(base64, offset, self.alphabet, buffer),
            Form::Bytes(bytes) => {
                let needed = bytes.len();
                let copy = buffer.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
                copy.copy_from_slice(bytes);
                Ok(copy)
            }
        }
    }

    /// Writes the base64 and nothing else.
    pub(crate) fn encode_to(&self, out: &mut Encoder<'_>) {
        match self.form {
            Form::Base64(base64, _) => out.put(base64),
            Form::Bytes(bytes) => encode(&[bytes], self.alphabet, |piece| out.put(piece)),
        }
    }
}

impl fmt::Debug for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Data([redacted])")
    }
}

impl Encoder<'_> {
    /// Writes a parameter whose value is base64, in quotes since "=" is no `tchar`, if there is one.
    pub(crate) fn data_if(&mut self, name: Token<'_>, data: Option<Data<'_>>) {
        if let Some(data) = data {
            self.param_with(name, |out| {
                out.put(b"\"");
                data.encode_to(out);
                out.put(b"\"");
            });
        }
    }
}
