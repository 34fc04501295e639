//! Writes values, and places the separators between their parts.

use core::fmt;
use core::mem;
use core::time::Duration;

use crate::error::{BufferTooSmall, StringError};
use crate::syntax::base64::{self, Alphabet};
use crate::syntax::{IS_LARGE, Token, Token68};

/// A value that can be written as a field value or as part of one: a challenge, credentials, parameters.
///
/// Contents are checked when a value is constructed, so writing fails only if the buffer is too small.
///
/// Every implementor also implements [`Display`](fmt::Display), so `write!` can write it to any [`fmt::Write`]. `Display` of a
/// [`ParamValue`](crate::ParamValue) writes its meaning, without quotes and escapes.
///
/// ```
/// use proxy_auth::{Encode, basic};
///
/// let challenge = basic::Challenge::new("apps")?;
/// let mut buffer = [0; 32];
/// assert_eq!(challenge.encode(&mut buffer)?, br#"Basic realm="apps""#);
/// assert_eq!(challenge.encode_string::<32>()?, r#"Basic realm="apps""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Values can contain bytes that are not UTF-8. [`encode`](Self::encode) writes these bytes unchanged. `Display` writes U+FFFD
/// in their place, so the lengths can differ.
///
/// This trait is sealed, so everything that is written follows the grammar. To write a scheme of your own, build a
/// [`Challenge`](crate::Challenge) or [`Credentials`](crate::Credentials), as the
/// [guide](crate::_documentation::own_scheme) shows.
///
/// ```compile_fail
/// struct Own;
/// impl proxy_auth::Encode for Own {}
/// ```
pub trait Encode: EncodeTo {
    /// Returns the number of bytes that [`encode`](Self::encode) writes, or `usize::MAX` if no buffer can hold them.
    fn encoded_len(&self) -> usize {
        len(self)
    }

    /// Writes this to the start of `buffer`, and returns the written bytes.
    ///
    /// # Errors
    /// Returns [`BufferTooSmall`], which holds the needed length, if the value does not fit. On error, the contents of
    /// `buffer` are unspecified.
    fn encode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        to_buffer(self, buffer)
    }

    /// Writes this to a [`heapless::String`] of `N` bytes.
    ///
    /// # Errors
    /// Returns [`StringError::TooLong`] if the value does not fit, or [`StringError::NotUtf8`] if it is not UTF-8.
    fn encode_string<const N: usize>(&self) -> Result<heapless::String<N>, StringError>
    where
        Self: Sized,
    {
        to_string(self)
    }
}

/// A challenge that a 407 can carry. It [encodes](Encode) as one challenge, which starts with the scheme.
///
/// Implementors are `Send` and `Sync`, so a 407 can be held across an await point. The trait is sealed, like [`Encode`].
///
/// # Examples
/// ```
/// use proxy_auth::{EncodeChallenge, ChallengeResponse, basic, negotiate};
///
/// let negotiate = negotiate::Challenge::new(negotiate::Mechanism::Negotiate);
/// let basic = basic::Challenge::new("apps")?;
/// let more: [&dyn EncodeChallenge; 1] = [&basic];
/// let response = ChallengeResponse::new(&negotiate).with_more_challenges(&more);
/// assert!(response.encode_string::<256>()?.contains("Basic realm"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait EncodeChallenge: Encode + Send + Sync {}

/// Writes a value. This trait cannot be named outside the crate, which seals [`Encode`].
pub trait EncodeTo {
    /// Writes the whole value to `out`.
    fn encode_to(&self, out: &mut Encoder<'_>);
}

/// Implements [`Encode`] and [`Display`](fmt::Display) for types with one lifetime that implement [`EncodeTo`].
macro_rules! impl_encode {
    ($($type:ident),+) => {$(
        impl $crate::Encode for $type<'_> {}

        impl core::fmt::Display for $type<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::encode::display(self, f)
            }
        }
    )+};
}
pub(crate) use impl_encode;

/// Returns the number of bytes that `value` writes.
pub(crate) fn len(value: &(impl EncodeTo + ?Sized)) -> usize {
    let mut out = Encoder::new(Sink::Buffer(&mut []));
    value.encode_to(&mut out);
    out.len
}

/// Writes `value` to the start of `buffer`, and returns the written bytes.
pub(crate) fn to_buffer<'b>(
    value: &(impl EncodeTo + ?Sized),
    buffer: &'b mut [u8],
) -> Result<&'b [u8], BufferTooSmall> {
    let mut out = Encoder::new(Sink::Buffer(buffer));
    value.encode_to(&mut out);
    let needed = out.len;
    buffer.get(..needed).ok_or(BufferTooSmall { needed })
}

/// Writes `value` to a string of `N` bytes.
pub(crate) fn to_string<const N: usize>(value: &impl EncodeTo) -> Result<heapless::String<N>, StringError> {
    let mut bytes = heapless::Vec::<u8, N>::new();
    let _ = bytes.resize_default(N);
    let len = to_buffer(value, &mut bytes)?.len();
    bytes.truncate(len);
    heapless::String::from_utf8(bytes).map_err(StringError::from)
}

/// The length of text that is written at once. Usual values are shorter.
const AT_ONCE: usize = 512;

/// Writes `value` as text, with U+FFFD in place of bytes that are not UTF-8.
pub(crate) fn display(value: &impl EncodeTo, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // Small devices have no room for the buffer.
    let result = if IS_LARGE { display_at_once(value, f) } else { None };
    result.unwrap_or_else(|| display_piecewise(value, f))
}

/// Writes `value` as text at once. Returns `None` if it is too long or not UTF-8.
fn display_at_once(value: &impl EncodeTo, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
    let mut buffer = [0; AT_ONCE];
    let written = to_buffer(value, &mut buffer).ok();
    let text = written.and_then(|bytes| core::str::from_utf8(bytes).ok());
    let result = text.map(|text| f.write_str(text));
    #[cfg(feature = "zeroize")]
    zeroize::Zeroize::zeroize(&mut buffer);
    result
}

/// Writes `value` as text, one piece after the other.
#[inline(never)]
fn display_piecewise(value: &impl EncodeTo, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = Encoder::new(Sink::Text(f, Ok(())));
    value.encode_to(&mut out);
    match out.sink {
        Sink::Text(_, result) => result,
        Sink::Buffer(_) => Ok(()),
    }
}

/// The sink that [`EncodeTo`] writes to.
///
/// It writes the separators. A [`scheme`](Self::scheme) comes first, then nothing, one [`token68`](Self::token68), or any
/// number of [`param`](Self::param)s.
#[expect(missing_debug_implementations, reason = "it cannot be named outside the crate")]
pub struct Encoder<'w> {
    sink: Sink<'w>,
    /// The number of bytes written so far, including bytes without room in the buffer. It saturates at `usize::MAX`, which is
    /// more than any buffer can hold.
    len: usize,
    /// The separator before the next parameter.
    separator: &'static [u8],
}

enum Sink<'w> {
    /// The rest of a buffer.
    Buffer(&'w mut [u8]),
    Text(&'w mut dyn fmt::Write, fmt::Result),
}

impl<'w> Encoder<'w> {
    fn new(sink: Sink<'w>) -> Self {
        Self {
            sink,
            len: 0,
            separator: b"",
        }
    }

    /// Writes the name of the scheme. It must come first.
    pub(crate) fn scheme(&mut self, scheme: Token<'_>) {
        self.put(scheme.as_bytes());
        self.separator = b" ";
    }

    /// Writes a token68, which follows the scheme instead of parameters.
    pub(crate) fn token68(&mut self, token68: Token68<'_>) {
        self.token68_with(|out| out.put(token68.as_bytes()));
    }

    /// Writes a token68 by calling `write`.
    pub(crate) fn token68_with(&mut self, write: impl FnOnce(&mut Self)) {
        self.put(self.separator);
        write(self);
    }

    /// Writes the base64 (RFC 4648, section 4, with padding) of the concatenated `pieces`, as a token68.
    pub(crate) fn base64(&mut self, pieces: &[&[u8]]) {
        self.token68_with(|out| base64::encode(pieces, Alphabet::Standard, |piece| out.put(piece)));
    }

    /// Writes a parameter. `write` writes its value, as a token or a quoted-string.
    pub(crate) fn param_with(&mut self, name: Token<'_>, write: impl FnOnce(&mut Self)) {
        for byte in self.separator {
            self.put_byte(*byte);
        }
        self.separator = b", ";
        self.put(name.as_bytes());
        self.put_byte(b'=');
        write(self);
    }

    /// Writes a parameter whose value is a number of whole seconds, if there is a value.
    pub(crate) fn seconds_if(&mut self, name: Token<'_>, duration: Option<Duration>) {
        if let Some(duration) = duration {
            self.param_with(name, |out| out.decimal(duration.as_secs()));
        }
    }

    /// Writes a number in decimal digits.
    pub(crate) fn decimal(&mut self, mut number: u64) {
        let mut digits = [b'0'; 20];
        let mut start = digits.len();
        for digit in digits.iter_mut().rev() {
            *digit |= u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
            start = start.saturating_sub(1);
            if number == 0 {
                break;
            }
        }
        self.put(digits.get(start..).unwrap_or_default());
    }

    /// Writes one byte of ASCII. This is faster than [`put`](Self::put).
    pub(crate) fn put_byte(&mut self, byte: u8) {
        self.len = self.len.saturating_add(1);
        match &mut self.sink {
            Sink::Buffer(buffer) => {
                if let [first, rest @ ..] = mem::take(buffer) {
                    *first = byte;
                    *buffer = rest;
                }
            }
            Sink::Text(out, result) => {
                if result.is_ok() {
                    *result = out.write_char(byte.into());
                }
            }
        }
    }

    /// Writes bytes. The caller ensures that they follow the syntax.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.len = self.len.saturating_add(bytes.len());
        match &mut self.sink {
            Sink::Buffer(buffer) => {
                // If there is no room, the buffer becomes empty, so that no later, smaller piece is written either.
                if let Some((head, tail)) = mem::take(buffer).split_at_mut_checked(bytes.len()) {
                    head.copy_from_slice(bytes);
                    *buffer = tail;
                }
            }
            Sink::Text(out, result) => {
                for chunk in bytes.utf8_chunks() {
                    if result.is_ok() {
                        *result = out.write_str(chunk.valid());
                    }
                    if result.is_ok() && !chunk.invalid().is_empty() {
                        *result = out.write_char(char::REPLACEMENT_CHARACTER);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EncodeTo, Encoder, len, to_buffer};
    use crate::error::BufferTooSmall;

    /// Writes more bytes than `usize` can count. With 32 bits, 65,536 parameters of 64 KiB do so, too.
    struct Endless;

    impl EncodeTo for Endless {
        fn encode_to(&self, out: &mut Encoder<'_>) {
            out.len = usize::MAX - 1;
            out.put(b"abc");
            out.put(b"def");
        }
    }

    #[test]
    fn a_length_that_cannot_be_counted_fits_in_no_buffer() {
        let needed = usize::MAX;
        assert_eq!(len(&Endless), needed);
        assert_eq!(to_buffer(&Endless, &mut [0; 16]), Err(BufferTooSmall { needed }));
    }
}
