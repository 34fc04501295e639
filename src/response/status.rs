//! The status codes of authentication.

use core::fmt;

/// A status code of authentication and its reason phrase.
///
/// The type `StatusCode` of the crate `http` needs `std`. This type exists for targets without `std` or an allocator. With the
/// feature `http`, it converts into the type of that crate.
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
    /// 400: the credentials are malformed, which Bearer reports in this way
    /// ([RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
    pub const BAD_REQUEST: Self = Self::new(400, "Bad Request");
    /// 401: the client must authenticate itself to use this resource
    /// ([RFC 9110, section 15.5.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2)).
    pub const UNAUTHORIZED: Self = Self::new(401, "Unauthorized");
    /// 403: the credentials are not sufficient, which Bearer reports in this way
    /// ([RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
    pub const FORBIDDEN: Self = Self::new(403, "Forbidden");
    /// 407: the client must authenticate itself to use this proxy
    /// ([RFC 9110, section 15.5.8](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8)).
    ///
    /// A proxy that sends it must also send Proxy-Authenticate with at least one challenge.
    /// [`ChallengeResponse`](crate::ChallengeResponse) writes both.
    pub const PROXY_AUTHENTICATION_REQUIRED: Self = Self::new(407, "Proxy Authentication Required");

    const fn new(code: u16, reason_phrase: &'static str) -> Self {
        Self { code, reason_phrase }
    }

    /// Returns the code, which has three digits.
    #[must_use]
    pub const fn as_u16(self) -> u16 {
        self.code
    }

    /// Returns the phrase that explains the code to people. Programs ignore it.
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
    /// Writes the code and the phrase, as in a status line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.reason_phrase)
    }
}
