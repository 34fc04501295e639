//! The accounts of users.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::hash::BuildHasher;

use proxy_auth::digest::PasswordHash;
use proxy_auth::{Attempt, Claim, Password, Secret, Verified};

use crate::BoxError;

/// Looks accounts up, in a map, a file or a database.
///
/// A `HashMap` of names and passwords is the simplest. The secret of an account can be a [`StoredPassword`], a
/// [`PasswordHash`] or several for Digest, or [`Verified`], if [`find`](Self::find) itself verified the password of Basic, or a token.
///
/// # Examples
/// ```
/// use proxy_auth_tower::BoxError;
/// use proxy_auth_tower::server::{Account, Attempt, StoredPassword, Users, claimed_name};
/// # struct Database;
/// # impl Database { async fn password(&self, _: &str) -> Result<Option<String>, BoxError> { Ok(None) } }
///
/// struct InDatabase(Database);
///
/// impl Users for InDatabase {
///     type Secret = StoredPassword;
///
///     async fn find(&self, attempt: &Attempt<'_, String>) -> Result<Option<Account<StoredPassword>>, BoxError> {
///         let Some(name) = claimed_name(attempt) else { return Ok(None) };
///         let password = self.0.password(&name).await?;
///         Ok(password.map(|password| Account::new(name, StoredPassword::new(password))))
///     }
/// }
/// ```
pub trait Users: Send + Sync + 'static {
    /// The kind of secret that the accounts have.
    type Secret: StoredSecret;

    /// Finds the account of the user that a client claims to be. Nothing is verified yet.
    ///
    /// Return `None` for an unknown user; do not check the password, except for [`Verified`].
    ///
    /// # Errors
    /// The response to any error has status code 503. The request does not pass.
    fn find(
        &self,
        attempt: &Attempt<'_, String>,
    ) -> impl Future<Output = Result<Option<Account<Self::Secret>>, BoxError>> + Send;
}

/// The account of a user: the name and the secret.
///
/// Only credentials for this name pass. `Debug` does not show the secret.
#[derive(Clone)]
pub struct Account<S> {
    pub(super) name: String,
    pub(super) secret: S,
}

impl<S> Account<S> {
    /// Creates an account from the name and the secret that are stored.
    pub fn new(name: impl Into<String>, secret: S) -> Self {
        Self {
            name: name.into(),
            secret,
        }
    }
}

impl<S> fmt::Debug for Account<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A secret of an [`Account`].
pub trait StoredSecret: Send + Sync + 'static {
    /// The secret for [`Attempt::check`].
    type Borrowed<'a>: Secret + Send
    where
        Self: 'a;

    /// Returns the secret for [`Attempt::check`].
    fn as_secret(&self) -> Self::Borrowed<'_>;
}

/// A password in readable form. `Debug` writes `[redacted]`.
#[derive(Clone)]
pub struct StoredPassword(String);

impl StoredPassword {
    /// Creates a secret from a password.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }
}

impl fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredPassword([redacted])")
    }
}

impl StoredSecret for StoredPassword {
    type Borrowed<'a> = Password<'a>;

    fn as_secret(&self) -> Password<'_> {
        Password::new(&self.0)
    }
}

impl StoredSecret for PasswordHash {
    type Borrowed<'a> = &'a PasswordHash;

    fn as_secret(&self) -> &PasswordHash {
        self
    }
}

impl StoredSecret for Vec<PasswordHash> {
    type Borrowed<'a> = &'a [PasswordHash];

    fn as_secret(&self) -> &[PasswordHash] {
        self
    }
}

impl StoredSecret for Verified {
    type Borrowed<'a> = Verified;

    fn as_secret(&self) -> Verified {
        *self
    }
}

/// Returns the name that a client claims to have, in UTF-8. Names in ISO-8859-1, which Python's requests and others send with Basic, are
/// converted. Returns `None` if the client sent a token or the hash of a name.
#[must_use]
pub fn claimed_name<'a>(attempt: &Attempt<'a, String>) -> Option<Cow<'a, str>> {
    let Claim::Name(name) = attempt.claim() else {
        return None;
    };
    Some(match std::str::from_utf8(name) {
        Ok(name) => name.into(),
        Err(_) => name.iter().copied().map(char::from).collect::<String>().into(),
    })
}

impl<H: BuildHasher + Send + Sync + 'static> Users for HashMap<String, StoredPassword, H> {
    type Secret = StoredPassword;

    async fn find(&self, attempt: &Attempt<'_, String>) -> Result<Option<Account<StoredPassword>>, BoxError> {
        let found = claimed_name(attempt).and_then(|name| self.get_key_value(name.as_ref()));
        Ok(found.map(|(name, password)| Account::new(name.as_str(), password.clone())))
    }
}
