//! `credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]` (RFC 9110, 11.4).

use core::fmt;

use super::body::{Auth, Body};
use super::lines::only_line;
use super::mode::Mode;
use super::param::AuthParam;
use super::param_value::ParamValue;
use super::params::{Params, Source};
use super::scheme::Scheme;
use crate::encode::{EncodeTo, Encoder, display_encoded};
use crate::error::ParseError;
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
/// ```
/// use proxy_auth::{Credentials, Scheme};
///
/// let credentials = Credentials::parse("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")?;
/// assert_eq!(credentials.scheme(), Scheme::Basic);
/// assert_eq!(credentials.token68().unwrap().as_str(), "YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// assert_eq!(format!("{credentials:?}"), "Credentials(Basic [redacted])");
/// # Ok::<(), proxy_auth::ParseError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Credentials<'a>(Auth<'a>);

impl<'a> Credentials<'a> {
    /// Parses the value of Proxy-Authorization, strictly.
    ///
    /// # Errors
    /// [`ParseError`] if the value breaks the grammar.
    pub fn parse<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Result<Self, ParseError> {
        Self::read(value.as_ref(), false)
    }

    /// Parses the value of Proxy-Authorization with the tolerances of [`Challenges::lenient`](crate::Challenges::lenient).
    ///
    /// # Errors
    /// [`ParseError`] if the value deviates from the grammar in any other way.
    pub fn parse_lenient<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Result<Self, ParseError> {
        Self::read(value.as_ref(), true)
    }

    /// Parses the values of all field lines with one name, strictly. Returns `None` if there are none.
    ///
    /// # Errors
    /// [`ParseError`] if the value breaks the grammar, or if there is a second field line. The field is not a list, so its lines
    /// cannot be combined ([RFC 9110, section 5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)), and two parties could
    /// choose different lines.
    pub fn from_fields<V>(values: impl IntoIterator<Item = &'a V>) -> Result<Option<Self>, ParseError>
    where
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        only_line(values)?.map(Self::parse).transpose()
    }

    /// Parses the values of all field lines with one name like [`parse_lenient`](Self::parse_lenient). Returns `None` if there
    /// are none.
    ///
    /// # Errors
    /// [`ParseError`] if `parse_lenient` returns one, or if there is a second field line, as for
    /// [`from_fields`](Self::from_fields).
    pub fn from_fields_lenient<V>(values: impl IntoIterator<Item = &'a V>) -> Result<Option<Self>, ParseError>
    where
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        only_line(values)?.map(Self::parse_lenient).transpose()
    }

    fn read(value: &'a [u8], lenient: bool) -> Result<Self, ParseError> {
        let mode = Mode { lenient, list: false };
        Auth::read(Cursor::field_value(value), mode)
            .map(|(auth, _)| Self(auth))
            .map_err(|expected| ParseError::new(expected, 0, 0..value.len()))
    }

    /// Creates credentials with only a scheme.
    #[must_use]
    pub const fn new(scheme: Scheme<'a>) -> Self {
        Self(Auth::new(scheme, Body::EMPTY))
    }

    /// Creates credentials with a scheme and a token68.
    #[must_use]
    pub const fn with_token68(scheme: Scheme<'a>, token68: Token68<'a>) -> Self {
        Self(Auth::new(scheme, Body::Token68(token68)))
    }

    /// Creates credentials with a scheme and parameters. `params` may be empty.
    #[must_use]
    pub const fn with_params(scheme: Scheme<'a>, params: &'a [AuthParam<'a>]) -> Self {
        Self(Auth::new(scheme, Body::Params(Source::Built(params))))
    }

    /// Returns the scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme<'a> {
        Scheme::from(self.0.scheme)
    }

    /// Returns the scheme's name as it is spelled here.
    #[must_use]
    pub const fn scheme_name(&self) -> Token<'a> {
        self.0.scheme
    }

    /// Returns the token68, if one follows the scheme.
    #[inline]
    #[must_use]
    pub fn token68(&self) -> Option<Token68<'a>> {
        self.0.token68()
    }

    /// Returns the parameters, in order.
    #[inline]
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        self.0.params(true)
    }

    /// Returns the value of the first parameter with the given name. Names compare without case.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<ParamValue<'a>> {
        self.params().get(name)
    }
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        self.0.encode_to(out);
    }
}

display_encoded!(Credentials);

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An unregistered name may be a key whose sender forgot to write a scheme before it.
        match self.scheme() {
            Scheme::Other(_) => f.write_str("Credentials([redacted])"),
            scheme => write!(f, "Credentials({scheme} [redacted])"),
        }
    }
}
