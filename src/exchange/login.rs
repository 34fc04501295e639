//! The name and the password of a user.

use crate::redact::redact;

/// The name and the password of a user. `Debug` writes `[redacted]`.
///
/// Both are text in UTF-8. Unicode normalization (RFC 7616, section 4, RFC 7617, section 2.1) is up to the caller.
///
/// # Examples
/// ```
/// use proxy_auth::Login;
///
/// let login = Login { name: "aladdin", password: "open sesame" };
/// assert_eq!(format!("{login:?}"), "Login([redacted])");
/// ```
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The user's name.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
}

redact!(Login<'_>);
