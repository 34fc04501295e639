//! A user as the proxy knows them.

use core::fmt;

use super::PasswordHash;

/// A user as the proxy looked them up: their name, and the hash of their password.
///
/// [`Verifier::verify`](super::Verifier::verify) compares the credentials with both, so a proof for one user is never taken
/// for that of another, whatever name stands in the credentials. `Debug` says `[redacted]`.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub(super) name: &'a [u8],
    pub(super) password: &'a PasswordHash,
}

impl<'a> Account<'a> {
    /// Creates the account of the user with this name and this hash, as the proxy stores them.
    #[must_use]
    pub fn new<N: AsRef<[u8]> + ?Sized>(name: &'a N, password: &'a PasswordHash) -> Self {
        Self {
            name: name.as_ref(),
            password,
        }
    }
}

impl fmt::Debug for Account<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account([redacted])")
    }
}
