//! Field names and field lines.

use core::fmt;

use crate::error::{InvalidInput, Rule};
use crate::syntax::{Class, Cursor, Token};

/// The name of a field of HTTP authentication, in the spelling of RFC 9110 and in lower case, as HTTP/2 and HTTP/3 require.
///
/// Proxies and their clients use the fields whose names start with `Proxy-`. The fields of origin servers have the same grammar
/// ([RFC 9110, sections 11.6 and 11.7](https://www.rfc-editor.org/rfc/rfc9110#section-11.6)), so this crate parses and writes
/// their values, too.
///
/// # Examples
/// ```
/// use proxy_auth::FieldName;
///
/// assert_eq!(FieldName::PROXY_AUTHENTICATE.as_str(), "Proxy-Authenticate");
/// assert_eq!(FieldName::PROXY_AUTHENTICATE.lower_case(), "proxy-authenticate");
/// assert!(FieldName::PROXY_AUTHENTICATE.is("PROXY-authenticate"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FieldName {
    wire: &'static str,
    lower_case: &'static str,
}

impl FieldName {
    /// The challenges of a proxy ([RFC 9110, section 11.7.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.1)).
    pub const PROXY_AUTHENTICATE: Self = Self::new("Proxy-Authenticate", "proxy-authenticate");
    /// The credentials for a proxy ([RFC 9110, section 11.7.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.2)).
    ///
    /// The next proxy consumes the field, and does not forward it.
    pub const PROXY_AUTHORIZATION: Self = Self::new("Proxy-Authorization", "proxy-authorization");
    /// Parameters that a proxy sends after it accepted credentials
    /// ([RFC 9110, section 11.7.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.3)).
    pub const PROXY_AUTHENTICATION_INFO: Self = Self::new("Proxy-Authentication-Info", "proxy-authentication-info");
    /// The challenges of an origin server ([RFC 9110, section 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).
    pub const WWW_AUTHENTICATE: Self = Self::new("WWW-Authenticate", "www-authenticate");
    /// The credentials for an origin server ([RFC 9110, section 11.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2)).
    pub const AUTHORIZATION: Self = Self::new("Authorization", "authorization");
    /// Parameters that an origin server sends after it accepted credentials
    /// ([RFC 9110, section 11.6.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.3)).
    pub const AUTHENTICATION_INFO: Self = Self::new("Authentication-Info", "authentication-info");

    const fn new(wire: &'static str, lower_case: &'static str) -> Self {
        Self { wire, lower_case }
    }

    /// Returns the name as RFC 9110 spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.wire
    }

    /// Returns the name in lower case.
    #[must_use]
    pub const fn lower_case(self) -> &'static str {
        self.lower_case
    }

    /// Compares this name with `name`, ignoring case.
    #[must_use]
    pub fn is<N: AsRef<[u8]> + ?Sized>(self, name: &N) -> bool {
        name.as_ref().eq_ignore_ascii_case(self.wire.as_bytes())
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wire)
    }
}

/// A further field line for a [`ChallengeResponse`](crate::ChallengeResponse): a name and a value.
///
/// The value may be a secret, as in Set-Cookie, so `Debug` writes `[redacted]` for it.
///
/// # Examples
/// ```
/// use proxy_auth::{FieldLine, Rule};
///
/// assert!(FieldLine::new("Content-Type", "text/html").is_ok());
/// let error = FieldLine::new("X-Note", "a\r\nSet-Cookie: b=c").unwrap_err();
/// assert_eq!((error.rule(), error.offset()), (Rule::FieldValue, 1));
/// assert_eq!(FieldLine::new("content-length", "7").unwrap_err().rule(), Rule::FieldName);
/// ```
#[derive(Clone, Copy)]
pub struct FieldLine<'a> {
    name: Token<'a>,
    value: &'a [u8],
}

/// Fields that the message writes itself, and Transfer-Encoding, which would contradict them.
const RESERVED: [&str; 6] = [
    "Proxy-Authenticate",
    "WWW-Authenticate",
    "Date",
    "Connection",
    "Content-Length",
    "Transfer-Encoding",
];

impl<'a> FieldLine<'a> {
    /// Creates a field line.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if
    /// - `name` is not a token;
    /// - `name` is Proxy-Authenticate, WWW-Authenticate, Date, Connection or Content-Length, which the message writes itself, or
    ///   Transfer-Encoding, which would contradict it;
    /// - `value` contains a control character other than HTAB, or starts or ends with white space
    ///   ([RFC 9110, section 5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5)).
    pub fn new<V: AsRef<[u8]> + ?Sized>(name: &'a str, value: &'a V) -> Result<Self, InvalidInput> {
        let value = value.as_ref();
        let name = Token::new(name)?;
        if RESERVED.iter().any(|reserved| name.is(reserved)) {
            return Err(InvalidInput::new(Rule::FieldName, 0));
        }
        check_value(value)?;
        Ok(Self { name, value })
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name.to_str()
    }

    /// Returns the value.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }
}

impl fmt::Debug for FieldLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: [redacted]", self.name)
    }
}

/// Checks that `value` is a field value (RFC 9110, 5.5).
pub(crate) fn check_value(value: &[u8]) -> Result<(), InvalidInput> {
    Class::Text.check(value, Rule::FieldValue)?;
    let trimmed = Cursor::field_value(value);
    match (trimmed.offset(), trimmed.rest().len()) {
        (0, len) if len == value.len() => Ok(()),
        (0, len) => Err(InvalidInput::new(Rule::FieldValue, len)),
        _ => Err(InvalidInput::new(Rule::FieldValue, 0)),
    }
}
