//! `Proxy-Authentication-Info = #auth-param` (RFC 9110, 11.7.3).

use core::fmt;

use super::lines::parse_only_line;
use super::mode::Mode;
use super::param::AuthParam;
use super::param_value::ParamValue;
use super::params::{Params, Source};
use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::error::ParseError;
use crate::syntax::Cursor;

/// The value of Proxy-Authentication-Info: parameters that a proxy sends after it accepted credentials.
///
/// `Proxy-Authentication-Info = #auth-param`
/// ([RFC 9110, section 11.7.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.3)). The scheme of the credentials
/// determines their meaning. An empty value holds no parameters.
///
/// The values may prove that the proxy knows a password, so `Debug` writes `[redacted]` for them. `Display` writes the values.
///
/// # Examples
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
    /// Creates a value from parameters.
    #[must_use]
    pub const fn new(params: &'a [AuthParam<'a>]) -> Self {
        Self(Params::new(params))
    }

    parse_only_line!("Proxy-Authentication-Info");

    fn read(value: &'a [u8], lenient: bool) -> Result<Self, ParseError> {
        let mode = Mode { lenient, list: false };
        Source::read(Cursor::field_value(value), mode)
            .map(|(source, _)| Self(Params::read(source, lenient, true)))
            .map_err(|expected| ParseError::new(expected, 0, 0..value.len()))
    }

    /// Returns the parameters, in order.
    #[must_use]
    pub const fn params(&self) -> Params<'a> {
        self.0.secret()
    }

    /// Returns the value of the first parameter with the given name. Names compare without case.
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

impl_encode!(AuthenticationInfo);

impl fmt::Debug for AuthenticationInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthenticationInfo").field(&self.params()).finish()
    }
}
