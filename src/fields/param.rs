//! `auth-param = token BWS "=" BWS ( token / quoted-string )` (RFC 9110, 11.2), and lists of them.

use super::param_name;
use super::param_value::ParamValue;
use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::error::Expected;
use crate::syntax::{Cursor, Token};

/// A parameter: a name and a value.
///
/// `auth-param = token BWS "=" BWS ( token / quoted-string )`
/// ([RFC 9110, section 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)).
///
/// # Examples
/// ```
/// use proxy_auth::{AuthParam, ParamValue, token};
///
/// let param = AuthParam::new(token!("title"), ParamValue::quoted("Login to \"apps\"")?);
/// assert_eq!(param.to_string(), r#"title="Login to \"apps\"""#);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AuthParam<'a> {
    name: Token<'a>,
    value: ParamValue<'a>,
}

impl<'a> AuthParam<'a> {
    /// Creates a parameter with the given name and value.
    #[must_use]
    pub const fn new(name: Token<'a>, value: ParamValue<'a>) -> Self {
        Self { name, value }
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> Token<'a> {
        self.name
    }

    /// Returns the value.
    #[must_use]
    pub const fn value(&self) -> ParamValue<'a> {
        self.value
    }

    /// Marks the value as one that `Debug` hides, if `is_secret` is `true`.
    pub(super) const fn secret_if(self, is_secret: bool) -> Self {
        let value = self.value.secret_if(is_secret);
        Self { value, ..self }
    }

    /// Reads the parameter that must stand at `cursor`.
    #[expect(clippy::inline_always, reason = "a loop keeps its cursor in registers")]
    #[inline(always)]
    pub(crate) fn read(cursor: Cursor<'a>, lenient: bool) -> Result<(Self, Cursor<'a>), Expected> {
        let (name, cursor) = param_name::read(cursor)?;
        let (value, cursor) = ParamValue::read(cursor, lenient)?;
        Ok((Self { name, value }, cursor))
    }
}

impl EncodeTo for AuthParam<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.put(self.name.as_bytes());
        out.put_byte(b'=');
        self.value.encode_to(out);
    }
}

impl_encode!(AuthParam);

impl Encoder<'_> {
    /// Writes a parameter.
    pub(crate) fn param(&mut self, param: AuthParam<'_>) {
        self.param_with(param.name(), |out| param.value().encode_to(out));
    }

    /// Writes a parameter whose value is a quoted-string.
    pub(crate) fn quoted(&mut self, name: Token<'_>, value: ParamValue<'_>) {
        self.param_with(name, |out| value.encode_quoted(out));
    }

    /// Writes a parameter whose value is a quoted-string, if there is a value.
    pub(crate) fn quoted_if(&mut self, name: Token<'_>, value: Option<ParamValue<'_>>) {
        if let Some(value) = value {
            self.quoted(name, value);
        }
    }

    /// Writes a parameter whose value is a token, if there is a value.
    pub(crate) fn token_if(&mut self, name: Token<'_>, value: Option<Token<'_>>) {
        if let Some(value) = value {
            self.param_with(name, |out| out.put(value.as_bytes()));
        }
    }
}
