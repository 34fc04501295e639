//! `auth-param = token BWS "=" BWS ( token / quoted-string )` (RFC 9110, 11.2), and lists of them.

use crate::encode::{EncodeTo, Encoder, display_encoded};
use crate::error::{Expected, ParseErrorKind};
use crate::syntax::{Cursor, Token};

mod list;
mod value;

pub(crate) use list::Source;
pub use list::{Params, ParamsIter};
pub use value::ParamValue;

/// A parameter: a name and a value.
///
/// `auth-param = token BWS "=" BWS ( token / quoted-string )`
/// ([RFC 9110, section 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)).
///
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

    /// Reads the parameter that must stand at `cursor`.
    #[inline]
    pub(crate) fn read(cursor: Cursor<'a>, lenient: bool) -> Result<(Self, Cursor<'a>), Expected> {
        let (name, cursor) = Self::read_name(cursor)?;
        let (value, cursor) = ParamValue::read(cursor, lenient)?;
        Ok((Self { name, value }, cursor))
    }

    /// Reads the name of a parameter and the "=" after it, up to the value.
    #[inline]
    pub(crate) fn read_name(mut cursor: Cursor<'a>) -> Result<(Token<'a>, Cursor<'a>), Expected> {
        let name = Token::read(&mut cursor).ok_or(cursor.error(ParseErrorKind::ExpectedParam))?;
        if !cursor.skip_byte(b'=') {
            cursor.skip_ows();
            if !cursor.skip_byte(b'=') {
                return Err(cursor.error(ParseErrorKind::ExpectedEquals));
            }
        }
        cursor.skip_ows();
        Ok((name, cursor))
    }

    /// Checks that a name and "=" stand at `cursor`, which start a parameter.
    pub(crate) fn follows(cursor: Cursor<'a>) -> bool {
        Self::read_name(cursor).is_ok()
    }
}

impl EncodeTo for AuthParam<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.put(self.name.as_bytes());
        out.put(b"=");
        self.value.encode_to(out);
    }
}

display_encoded!(AuthParam);

impl Encoder<'_> {
    /// Writes a parameter.
    pub(crate) fn param(&mut self, param: AuthParam<'_>) {
        self.param_with(param.name(), |out| param.value().encode_to(out));
    }

    /// Writes a parameter with the given value, if there is a value.
    pub(crate) fn param_if(&mut self, name: Token<'_>, value: Option<ParamValue<'_>>) {
        if let Some(value) = value {
            self.param(AuthParam::new(name, value));
        }
    }
}
