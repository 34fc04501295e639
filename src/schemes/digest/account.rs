//! The account that a proxy stores for a user.

use super::PasswordHash;
use crate::redact::redact;

/// The account that the proxy found for a user: the name and the hash of the password.
///
/// [`Verifier::verify`](super::Verifier::verify) compares the credentials with both. A proof for one user is therefore never
/// accepted for another user, regardless of the name in the credentials. `Debug` writes `[redacted]`.
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Account, Algorithm, PasswordHash};
///
/// // From the proxy's database of users.
/// let (name, digits) = ("Mufasa", "939e7578ed9e3c518a452acee763bce9");
/// let hash = PasswordHash::from_hex(Algorithm::Md5, digits)?;
/// let account = Account::new(name, &hash);
/// assert_eq!(format!("{account:?}"), "Account([redacted])");
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub(super) name: &'a [u8],
    pub(super) password: &'a PasswordHash,
}

impl<'a> Account<'a> {
    /// Creates an account from the name and the hash that the proxy stores.
    #[must_use]
    pub fn new<N: AsRef<[u8]> + ?Sized>(name: &'a N, password: &'a PasswordHash) -> Self {
        Self {
            name: name.as_ref(),
            password,
        }
    }
}

redact!(Account<'_>);
