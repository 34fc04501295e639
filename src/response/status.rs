//! The status code 407.

use core::fmt;

/// A status code and its reason phrase.
///
/// # Examples
/// ```
/// use proxy_auth::StatusCode;
///
/// let status = StatusCode::PROXY_AUTHENTICATION_REQUIRED;
/// assert_eq!(status, 407);
/// assert_eq!(status.to_string(), "407 Proxy Authentication Required");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct StatusCode {
    code: u16,
    reason_phrase: &'static str,
}

impl StatusCode {
    /// 400: the credentials are malformed, which Bearer reports in this way (RFC 6750, section 3.1).
    pub const BAD_REQUEST: Self = Self::new(400, "Bad Request");
    /// 401: the client must authenticate itself to use this resource
    /// ([RFC 9110, section 15.5.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2)).
    pub const UNAUTHORIZED: Self = Self::new(401, "Unauthorized");
    /// 403: the credentials are not sufficient, which Bearer reports in this way (RFC 6750, section 3.1).
    pub const FORBIDDEN: Self = Self::new(403, "Forbidden");
    /// 407: the client must authenticate itself to use this proxy.
    ///
    /// A proxy that sends it must send Proxy-Authenticate with at least one challenge, which
    /// [`ProxyAuthenticationRequired`](crate::ProxyAuthenticationRequired) sees to
    /// ([RFC 9110, section 15.5.8](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8)).
    pub const PROXY_AUTHENTICATION_REQUIRED: Self = Self::new(407, "Proxy Authentication Required");

    const fn new(code: u16, reason_phrase: &'static str) -> Self {
        Self { code, reason_phrase }
    }

    /// The code, of three digits.
    #[must_use]
    pub const fn as_u16(self) -> u16 {
        self.code
    }

    /// The phrase that explains the code to people; it has no meaning for machines.
    #[must_use]
    pub const fn reason_phrase(self) -> &'static str {
        self.reason_phrase
    }
}

impl PartialEq<u16> for StatusCode {
    fn eq(&self, code: &u16) -> bool {
        self.code == *code
    }
}

impl fmt::Display for StatusCode {
    /// Writes the code and the phrase as a status line holds them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.reason_phrase)
    }
}
