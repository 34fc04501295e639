//! `credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]` (RFC 9110, 11.4).

use core::fmt;

use super::body::{Auth, Body, scheme_and_body};
use super::lines::parse_only_line;
use super::mode::Mode;
use super::param::AuthParam;
use super::param_value::ParamValue;
use super::params::{Params, Source};
use super::scheme::Scheme;
use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::error::{ParseError, SchemeError};
use crate::syntax::{Cursor, Token, Token68};

/// Credentials, the value of Proxy-Authorization: a scheme, optionally followed by a token68 or parameters.
///
/// `credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
/// ([RFC 9110, section 11.4](https://www.rfc-editor.org/rfc/rfc9110#section-11.4)). The field is not a list, so
/// `Basic YTpi,` is an error. Credentials are either [parsed](Self::parse), and then point into the field value, or
/// constructed. Both kinds can be read and written.
///
/// `Debug` writes `[redacted]` for credentials and their values. It writes the scheme only if [`Scheme`] has a name for it.
/// `Display` writes the credentials.
///
/// # Examples
/// ```
/// use proxy_auth::{Credentials, Scheme};
///
/// let credentials = Credentials::parse("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")?;
/// assert_eq!(credentials.scheme(), Scheme::Basic);
/// assert_eq!(credentials.token68().unwrap().to_str(), "YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// assert_eq!(format!("{credentials:?}"), "Credentials(Basic [redacted])");
/// # Ok::<(), proxy_auth::ParseError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Credentials<'a>(Auth<'a>);

impl<'a> Credentials<'a> {
    parse_only_line!("Proxy-Authorization");

    fn read(value: &'a [u8], lenient: bool) -> Result<Self, ParseError> {
        let mode = Mode { lenient, list: false };
        Auth::read(&mut Cursor::field_value(value), mode)
            .map(Self)
            .map_err(|expected| ParseError::new(expected, 0, 0..value.len()))
    }

    scheme_and_body!("credentials");

    /// Returns the parameters, in order.
    #[inline]
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        self.0.params(true)
    }

    /// Returns the parameters, if these are credentials of `scheme`.
    pub(crate) fn params_of(&self, scheme: Scheme<'_>) -> Result<Params<'a>, SchemeError> {
        scheme.must_be(self.0.scheme)?;
        Ok(self.params())
    }

    /// Returns the token68, if these are credentials of `scheme`.
    pub(crate) fn token68_of(&self, scheme: Scheme<'_>) -> Result<Token68<'a>, SchemeError> {
        scheme.must_be(self.0.scheme)?;
        self.token68().ok_or(SchemeError::MissingToken68)
    }
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        self.0.encode_to(out);
    }
}

impl_encode!(Credentials);

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An unregistered name may be a key whose sender forgot to write a scheme before it.
        match self.scheme() {
            Scheme::Other(_) => f.write_str("Credentials([redacted])"),
            scheme => write!(f, "Credentials({scheme} [redacted])"),
        }
    }
}
