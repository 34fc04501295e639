//! The account that a proxy stores for a user.

use core::fmt;

/// The account that the proxy found for a user: the name and the secret.
///
/// The name comes from the proxy's own records, never from the request. Credentials are accepted only for this name, so a proof of
/// one user never passes for another user. `S` is the kind of secret: a [`Password`](crate::Password), a
/// [`&digest::PasswordHash`](crate::digest) or several of them, or [`Verified`](crate::Verified). `Debug` writes `[redacted]`.
///
/// # Examples
/// ```
/// use proxy_auth::{Account, Password};
///
/// let account = Account::new("Mufasa", Password::new("Circle Of Life"));
/// assert_eq!(format!("{account:?}"), "Account([redacted])");
/// ```
#[derive(Clone, Copy)]
pub struct Account<'a, S> {
    pub(crate) name: &'a [u8],
    pub(crate) secret: S,
}

impl<'a, S> Account<'a, S> {
    /// Creates an account from the name and the secret that the proxy stores.
    #[must_use]
    pub fn new<N: AsRef<[u8]> + ?Sized>(name: &'a N, secret: S) -> Self {
        Self {
            name: name.as_ref(),
            secret,
        }
    }
}

impl<S> fmt::Debug for Account<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account([redacted])")
    }
}
