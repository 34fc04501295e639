//! The writing side: one trait, the encoder it writes to, and where the separators go.

use core::fmt;
use core::mem;

use crate::error::{BufferTooSmall, StringError};
use crate::rfc4648::{self, Alphabet};
use crate::scheme::Scheme;
use crate::syntax::Token;
use crate::token68::Token68;

/// Something that can be written: a challenge, credentials, parameters, a message.
///
/// What can be written at all is decided when a value is constructed, so that writing fails only for want of room.
/// Every implementor in this crate implements [`Display`](fmt::Display) too, so `write!` takes it to any sink (only a
/// [`ParamValue`](crate::ParamValue) displays what it means, not how it is written); bytes that
/// are not UTF-8, which only a value that was read can hold, become U+FFFD there, and stay what they are here.
///
/// A scheme of one's own is read and written as those of this crate are:
///
/// ```
/// use proxy_auth::{
///     Challenge, Challenges, Encode, EncodeChallenge, Encoder, ParamValue, Params, ProxyAuthenticationRequired, Scheme,
///     SchemeError, token,
/// };
///
/// /// The challenge of a scheme that counts requests.
/// #[derive(Debug, PartialEq)]
/// struct Tally<'a> {
///     limit: ParamValue<'a>,
///     unit: Option<ParamValue<'a>>,
///     others: Params<'a>,
/// }
///
/// const TALLY: Scheme = Scheme::Other(token!("Tally"));
/// const KNOWN: [&str; 2] = ["limit", "unit"];
///
/// impl<'a> Tally<'a> {
///     fn read(challenge: &Challenge<'a>) -> Result<Self, SchemeError> {
///         if challenge.scheme() != TALLY {
///             return Err(SchemeError::WrongScheme);
///         }
///         let [limit, unit] = challenge.params().once(KNOWN)?;
///         Ok(Self {
///             limit: limit.ok_or(SchemeError::Missing { param: "limit" })?,
///             unit,
///             others: challenge.params().without(&KNOWN),
///         })
///     }
/// }
///
/// impl Encode for Tally<'_> {
///     fn encode_to(&self, out: &mut Encoder<'_>) {
///         out.scheme(TALLY);
///         out.param_if(token!("limit"), Some(self.limit));
///         out.param_if(token!("unit"), self.unit);
///         self.others.encode_to(out);
///     }
/// }
/// impl EncodeChallenge for Tally<'_> {} // so that a 407 can carry it
///
/// let value = "Tally limit=7, colour=red";
/// let tally = Tally::read(&Challenges::new(value).next().unwrap()?)?;
/// assert_eq!(tally.encode(&mut [0; 32])?, value.as_bytes());
/// let response = ProxyAuthenticationRequired::new(&tally).to_string();
/// assert!(response.contains("Proxy-Authenticate: Tally limit=7, colour=red\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Encode {
    /// Writes the whole of this to `out`.
    fn encode_to(&self, out: &mut Encoder<'_>);

    /// How many bytes [`encode`](Self::encode) writes.
    fn encoded_len(&self) -> usize {
        let mut out = Encoder::new(Sink::Buffer(&mut []));
        self.encode_to(&mut out);
        out.len
    }

    /// Writes this to the start of `buffer`, and returns what was written.
    ///
    /// # Errors
    /// [`BufferTooSmall`], which says how much is needed, when it does not fit. The contents of `buffer` are of no use
    /// then.
    fn encode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let mut out = Encoder::new(Sink::Buffer(buffer));
        self.encode_to(&mut out);
        let needed = out.len;
        buffer.get(..needed).ok_or(BufferTooSmall { needed })
    }

    /// Writes this to a [`heapless::String`] of `N` bytes.
    ///
    /// # Errors
    /// [`StringError::TooLong`] when it does not fit, [`StringError::NotUtf8`] when it was read from bytes that are not UTF-8.
    fn encode_string<const N: usize>(&self) -> Result<heapless::String<N>, StringError>
    where
        Self: Sized,
    {
        let mut bytes = heapless::Vec::<u8, N>::new();
        let _ = bytes.resize_default(N);
        let len = self.encode(&mut bytes)?.len();
        bytes.truncate(len);
        heapless::String::from_utf8(bytes).map_err(StringError::from)
    }

    /// Writes this to a field value of the crate `http` (feature `http`).
    ///
    /// It is marked sensitive, so that its `Debug` does not show it, and HTTP/2 does not put it into tables: it may be
    /// credentials. The challenges of [`ProxyAuthenticationRequired::to_response`](crate::ProxyAuthenticationRequired::to_response)
    /// are not.
    ///
    /// ```
    /// use http::{Request, header};
    /// use proxy_auth::{Encode, basic};
    ///
    /// let mut request = Request::get("http://example.com/").body(())?;
    /// let credentials = basic::Credentials::new("aladdin", "open sesame")?;
    /// request.headers_mut().insert(header::PROXY_AUTHORIZATION, credentials.to_header_value()?);
    /// assert_eq!(request.headers()[header::PROXY_AUTHORIZATION], "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    /// assert!(!format!("{request:?}").contains("Basic"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`http::header::InvalidHeaderValue`] for a whole message, which is no field value, and for nothing else.
    #[cfg(feature = "http")]
    fn to_header_value(&self) -> Result<http::HeaderValue, http::header::InvalidHeaderValue> {
        let mut value = crate::http::header_value(self)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// Implements [`Display`](fmt::Display) for types with one lifetime that implement [`Encode`].
macro_rules! display_encoded {
    ($($type:ident),+) => {$(
        impl core::fmt::Display for $type<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::Encoder::display(self, f)
            }
        }
    )+};
}
pub(crate) use display_encoded;

/// What a 407 can carry: that which [encodes](Encode) as one challenge, with its scheme first.
pub trait EncodeChallenge: Encode {}

/// Where [`Encode`] writes to.
///
/// It puts the separators between what it is given: first a [`scheme`](Self::scheme), then nothing, one
/// [`token68`](Self::token68), or any number of [`param`](Self::param)s. It takes nothing that holds CR, LF or NUL.
pub struct Encoder<'w> {
    sink: Sink<'w>,
    /// How many bytes were written, whether there was room for them or not.
    len: usize,
    /// What stands before the next parameter.
    separator: &'static [u8],
}

enum Sink<'w> {
    /// What is left of a buffer.
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

    /// Implements [`Display`](fmt::Display) for what can be written.
    ///
    /// # Errors
    /// Those of `f`.
    pub fn display(value: &(impl Encode + ?Sized), f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Encoder::new(Sink::Text(f, Ok(())));
        value.encode_to(&mut out);
        match out.sink {
            Sink::Text(_, result) => result,
            Sink::Buffer(_) => Ok(()),
        }
    }

    /// Writes the name of the scheme, which comes first.
    pub fn scheme(&mut self, scheme: Scheme<'_>) {
        self.put(scheme.token().as_bytes());
        self.separator = b" ";
    }

    /// Writes a token68, which comes after the scheme in place of parameters.
    pub fn token68(&mut self, token68: Token68<'_>) {
        self.token68_with(|out| out.put(token68.as_bytes()));
    }

    /// Writes a token68 that `write` writes.
    pub(crate) fn token68_with(&mut self, write: impl FnOnce(&mut Self)) {
        self.put(self.separator);
        write(self);
    }

    /// Writes the base64 (RFC 4648, section 4, with padding) of `pieces` one after another, as a token68.
    pub fn base64(&mut self, pieces: &[&[u8]]) {
        self.token68_with(|out| rfc4648::encode(pieces, Alphabet::Standard, |piece| out.put(piece)));
    }

    /// Writes a parameter whose value `write` writes, as a token or a quoted-string.
    pub(crate) fn param_with(&mut self, name: Token<'_>, write: impl FnOnce(&mut Self)) {
        self.put(self.separator);
        self.separator = b", ";
        self.put(name.as_bytes());
        self.put(b"=");
        write(self);
    }

    /// Writes a parameter whose value is a number, if there is one.
    pub(crate) fn number_if(&mut self, name: Token<'_>, number: Option<u64>) {
        if let Some(number) = number {
            self.param_with(name, |out| out.decimal(number));
        }
    }

    /// Writes a number in decimal digits.
    pub(crate) fn decimal(&mut self, mut number: u64) {
        let mut digits = [b'0'; 20];
        let mut used = 0;
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
            used += 1;
            if number == 0 {
                break;
            }
        }
        self.put(digits.get(digits.len() - used..).unwrap_or_default());
    }

    /// Writes bytes of which the caller knows that they fit in with the syntax.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.len += bytes.len();
        match &mut self.sink {
            Sink::Buffer(buffer) => {
                // Without room, an empty buffer is left, which takes no smaller piece either.
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

impl fmt::Debug for Encoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}
