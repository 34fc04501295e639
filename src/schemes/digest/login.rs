//! The name and the password of a user.

use super::Username;
use crate::redact::redact;

/// The name and the password of a user.
///
/// `Debug` writes `[redacted]`.
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Login, Username};
///
/// let login = Login::new(Username::new("aladdin")?, "open sesame");
/// assert_eq!(format!("{login:?}"), "Login([redacted])");
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy)]
pub struct Login<'a> {
    pub(super) username: Username<'a>,
    pub(super) password: &'a [u8],
}

impl<'a> Login<'a> {
    /// Creates a login from a name and a password. The password may be any bytes.
    #[must_use]
    pub fn new<P: AsRef<[u8]> + ?Sized>(username: Username<'a>, password: &'a P) -> Self {
        Self {
            username,
            password: password.as_ref(),
        }
    }
}

redact!(Login<'_>);
