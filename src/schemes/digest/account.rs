//! The account of a user, which the proxy stores.

use super::PasswordHash;
use crate::redact::redact;

/// The account that the proxy found for a user: the name and the hash of the password.
///
/// [`Verifier::verify`](super::Verifier::verify) compares the credentials with both. A proof for one user is therefore never
/// accepted for another user, regardless of the name in the credentials. `Debug` writes `[redacted]`.
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
