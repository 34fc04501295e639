//! `Proxy-Authentication-Info = #auth-param` (RFC 9110, 11.7.3).

use core::fmt;

use crate::encode::{EncodeTo, Encoder, display_encoded};
use crate::error::ParseError;
use crate::field::only_line;
use crate::param::{AuthParam, ParamValue, Params, Source};
use crate::rules::Rules;
use crate::syntax::Cursor;

/// The value of Proxy-Authentication-Info: parameters, which a proxy sends once credentials were accepted.
///
/// `Proxy-Authentication-Info = #auth-param`
/// ([RFC 9110, section 11.7.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.3)). What they mean, the scheme of the
/// credentials says.
///
/// They may prove that the proxy knows a password: `Debug` says `[redacted]` for their values, `Display` writes them.
///
/// ```
/// use proxy_auth::{AuthenticationInfo, AuthParam, ParamValue, token};
///
/// let info = AuthenticationInfo::parse(r#"nextnonce="abc", qop=auth"#)?;
/// assert_eq!(info.param("nextnonce").unwrap(), "abc");
///
/// let params = [AuthParam::new(token!("nextnonce"), ParamValue::quoted("def")?)];
/// assert_eq!(AuthenticationInfo::new(&params).to_string(), r#"nextnonce="def""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct AuthenticationInfo<'a>(Params<'a>);

impl<'a> AuthenticationInfo<'a> {
    /// Parameters to be written.
    #[must_use]
    pub const fn new(params: &'a [AuthParam<'a>]) -> Self {
        Self(Params::new(params))
    }

    /// Reads the value of Proxy-Authentication-Info, strictly. An empty value holds no parameters.
    ///
    /// # Errors
    /// [`ParseError`] where the value breaks the grammar.
    pub fn parse<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Result<Self, ParseError> {
        Self::read(value.as_ref(), false)
    }

    /// Reads the value of Proxy-Authentication-Info with those tolerances of
    /// [`Challenges::lenient`](crate::Challenges::lenient) that concern values.
    ///
    /// # Errors
    /// [`ParseError`] where the value breaks what is left of the grammar.
    pub fn parse_lenient<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Result<Self, ParseError> {
        Self::read(value.as_ref(), true)
    }

    /// Reads the values of all field lines of that name, strictly: `None` when there are none.
    ///
    /// # Errors
    /// [`ParseError`] where the value breaks the grammar, or because there is a second field line: the two could
    /// not be joined without a copy.
    pub fn from_fields<V>(values: impl IntoIterator<Item = &'a V>) -> Result<Option<Self>, ParseError>
    where
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        only_line(values)?.map(Self::parse).transpose()
    }

    fn read(value: &'a [u8], lenient: bool) -> Result<Self, ParseError> {
        let rules = Rules { lenient, list: false };
        Source::read(Cursor::field_value(value), rules)
            .map(|(source, _)| Self(Params::read(source, lenient, true)))
            .map_err(|expected| ParseError::new(expected, 0, 0..value.len()))
    }

    /// The parameters, in order.
    #[must_use]
    pub const fn params(&self) -> Params<'a> {
        self.0.secret()
    }

    /// The value of the first parameter of that name. Names compare without case.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<ParamValue<'a>> {
        self.params().get(name)
    }
}

impl PartialEq for AuthenticationInfo<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.params() == other.params()
    }
}

impl EncodeTo for AuthenticationInfo<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        self.params().encode_to(out);
    }
}

display_encoded!(AuthenticationInfo);

impl fmt::Debug for AuthenticationInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthenticationInfo").field(&self.params()).finish()
    }
}
