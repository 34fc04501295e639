//! `credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]` (RFC 9110, 11.4).

use core::fmt;

use crate::auth::{Auth, Body};
use crate::encode::{EncodeTo, Encoder, display_encoded};
use crate::error::ParseError;
use crate::field::only_line;
use crate::param::{AuthParam, ParamValue, Params, Source};
use crate::rules::Rules;
use crate::scheme::Scheme;
use crate::syntax::{Cursor, Token};
use crate::token68::Token68;

/// Credentials, the value of Proxy-Authorization: a scheme, and a token68 or parameters, or nothing.
///
/// `credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
/// ([RFC 9110, section 11.4](https://www.rfc-editor.org/rfc/rfc9110#section-11.4)). They are one and no list:
/// `Basic YTpi,` is an error. They point into the field value they are [parsed](Self::parse) from; or they are
/// constructed. Either can be read and written.
///
/// `Debug` of them, and of their values, says `[redacted]`, and the scheme if it is one that has a name here; `Display`
/// writes them.
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
    /// Reads the value of Proxy-Authorization, strictly.
    ///
    /// # Errors
    /// [`ParseError`] where the value breaks the grammar.
    pub fn parse<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Result<Self, ParseError> {
        Self::read(value.as_ref(), false)
    }

    /// Reads the value of Proxy-Authorization with the tolerances of [`Challenges::lenient`](crate::Challenges::lenient).
    ///
    /// # Errors
    /// [`ParseError`] where the value breaks what is left of the grammar.
    pub fn parse_lenient<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Result<Self, ParseError> {
        Self::read(value.as_ref(), true)
    }

    /// Reads the values of all field lines of that name, strictly: `None` when there are none.
    ///
    /// # Errors
    /// [`ParseError`] where the value breaks the grammar, or because there is a second field line: the field is no list, so
    /// its lines cannot be combined ([RFC 9110, section 5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)), and to
    /// choose among them would let two parties choose differently.
    pub fn from_fields<V>(values: impl IntoIterator<Item = &'a V>) -> Result<Option<Self>, ParseError>
    where
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        only_line(values)?.map(Self::parse).transpose()
    }

    /// Reads the values of all field lines of that name as [`parse_lenient`](Self::parse_lenient) does; returns `None` if
    /// there are none.
    ///
    /// # Errors
    /// As of [`from_fields`](Self::from_fields): a second field line is an error here, too.
    pub fn from_fields_lenient<V>(values: impl IntoIterator<Item = &'a V>) -> Result<Option<Self>, ParseError>
    where
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        only_line(values)?.map(Self::parse_lenient).transpose()
    }

    fn read(value: &'a [u8], lenient: bool) -> Result<Self, ParseError> {
        let rules = Rules { lenient, list: false };
        Auth::read(Cursor::field_value(value), rules)
            .map(|(auth, _)| Self(auth))
            .map_err(|expected| ParseError::new(expected, 0, 0..value.len()))
    }

    /// Credentials of the scheme alone.
    #[must_use]
    pub const fn new(scheme: Scheme<'a>) -> Self {
        Self(Auth::new(scheme, Body::EMPTY))
    }

    /// Credentials of a scheme and a token68.
    #[must_use]
    pub const fn with_token68(scheme: Scheme<'a>, token68: Token68<'a>) -> Self {
        Self(Auth::new(scheme, Body::Token68(token68)))
    }

    /// Credentials of a scheme and parameters, possibly none.
    #[must_use]
    pub const fn with_params(scheme: Scheme<'a>, params: &'a [AuthParam<'a>]) -> Self {
        Self(Auth::new(scheme, Body::Params(Source::Built(params))))
    }

    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme<'a> {
        Scheme::from(self.0.scheme)
    }

    /// The scheme's name as it is spelled here.
    #[must_use]
    pub const fn scheme_name(&self) -> Token<'a> {
        self.0.scheme
    }

    /// The token68, if that is what follows the scheme.
    #[inline]
    #[must_use]
    pub fn token68(&self) -> Option<Token68<'a>> {
        self.0.token68()
    }

    /// The parameters, in order.
    #[inline]
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        self.0.params(true)
    }

    /// The value of the first parameter of that name. Names compare without case.
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
        // A name that nobody registered may be a key that somebody forgot to put a scheme before.
        match self.scheme() {
            Scheme::Other(_) => f.write_str("Credentials([redacted])"),
            scheme => write!(f, "Credentials({scheme} [redacted])"),
        }
    }
}
