//! The kinds of secrets that a proxy stores for its users.

use crate::redact::redact;
use crate::schemes::basic::{self, is_equal, is_latin1_of};
#[cfg(feature = "digest")]
use crate::schemes::digest::{Algorithm, PasswordHash};

/// A kind of secret in an [`Account`](crate::Account): [`Password`], `digest::PasswordHash`, `&[digest::PasswordHash]` or
/// [`Verified`], or a reference to one.
///
/// If there is no account, the kind determines the work that is done instead, so that response time doesn't reveal whether the user
/// exists. This trait is sealed.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{Account, Attempt, Refusal, Secret, Ticket};
///
/// /// Checks an attempt with accounts that have any kind of secret.
/// fn check<'a, S: Secret + Copy>(
///     attempt: Attempt<'a, &str>,
///     accounts: &[(&'a str, S)],
///     now: Duration,
/// ) -> Result<Ticket<'a>, Refusal> {
///     let account = accounts.iter().find(|(name, _)| attempt.name() == Some(*name));
///     attempt.check(account.map(|(name, secret)| Account::new(*name, *secret)), now)
/// }
/// # use proxy_auth::{Gate, Password, Request};
/// # let gate = Gate::new("apps")?.with_basic();
/// # let request = Request::new("CONNECT", "example.com:443")?;
/// # let mut scratch = [0; 64];
/// # let attempt = gate.read(&request, [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")], &mut scratch)?;
/// # assert!(check(attempt, &[("aladdin", Password::new("open sesame"))], Duration::ZERO).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Secret: Check {}

/// Checks credentials. This trait cannot be named outside the crate, which seals [`Secret`].
pub trait Check {
    /// `true` for a verdict that the caller reached itself.
    #[doc(hidden)]
    const IS_VERDICT: bool = false;

    /// Checks the password of Basic. `this` is `None` for nobody, which takes as long. Returns `None` if the secret cannot verify a
    /// password.
    #[doc(hidden)]
    fn check_basic(this: Option<&Self>, candidate: &Candidate<'_>) -> Option<bool>;

    /// Returns the hash that verifies an answer of Digest. Returns any hash of the same cost for `None`, the secret of nobody, and
    /// `None` if the secret cannot verify the answer.
    #[cfg(feature = "digest")]
    #[doc(hidden)]
    fn password_hash(this: Option<&Self>, user: &HashedUser<'_>) -> Option<PasswordHash>;
}

/// The credentials of Basic, and the user of the account.
#[expect(missing_debug_implementations, reason = "it cannot be named outside the crate")]
pub struct Candidate<'a> {
    pub(super) credentials: basic::Credentials<'a>,
    /// The algorithm is that whose hash is preferred.
    #[cfg(feature = "digest")]
    pub(super) user: HashedUser<'a>,
}

/// The user of an account, and the algorithm of the hash of the password.
#[cfg(feature = "digest")]
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it cannot be named outside the crate")]
pub struct HashedUser<'a> {
    /// The name in the account.
    pub(super) name: &'a [u8],
    pub(super) realm: &'a [u8],
    pub(super) algorithm: Algorithm,
}

/// The password of a user, for a proxy that stores passwords in readable form. `Debug` writes `[redacted]`.
///
/// It verifies Basic and every algorithm of Digest. Basic is accepted in UTF-8 and in ISO-8859-1, because Python's requests, urllib3
/// and aiohttp send the latter, regardless of the charset in the challenge.
///
/// # Examples
/// ```
/// use proxy_auth::Password;
///
/// assert_eq!(format!("{:?}", Password::new("open sesame")), "Password([redacted])");
/// ```
#[derive(Clone, Copy)]
pub struct Password<'a>(&'a [u8]);

impl<'a> Password<'a> {
    /// Creates a secret from a password in UTF-8, or from the bytes that clients send.
    #[must_use]
    pub fn new<P: AsRef<[u8]> + ?Sized>(password: &'a P) -> Self {
        Self(password.as_ref())
    }
}

redact!(Password<'_>);

impl Secret for Password<'_> {}

impl Check for Password<'_> {
    fn check_basic(this: Option<&Self>, candidate: &Candidate<'_>) -> Option<bool> {
        let expected = this.map_or(&b""[..], |password| password.0);
        let sent = candidate.credentials.password();
        let mut is_equal = is_equal(sent, expected.iter().copied().map(u32::from));
        if !sent.is_ascii() {
            let text = core::str::from_utf8(expected).unwrap_or_default();
            is_equal |= is_latin1_of(sent, text);
        }
        Some(is_equal.into())
    }

    #[cfg(feature = "digest")]
    fn password_hash(this: Option<&Self>, user: &HashedUser<'_>) -> Option<PasswordHash> {
        let password = this.map_or(&b""[..], |password| password.0);
        Some(PasswordHash::of_user(user.algorithm, user.name, password, user.realm))
    }
}

#[cfg(feature = "digest")]
impl Secret for PasswordHash {}

#[cfg(feature = "digest")]
impl Check for PasswordHash {
    fn check_basic(this: Option<&Self>, candidate: &Candidate<'_>) -> Option<bool> {
        let HashedUser { name, realm, algorithm } = candidate.user;
        let nobody = Self::of_nobody(algorithm);
        let stored = this.unwrap_or(&nobody);
        // A client that sends ISO-8859-1 means the text that was hashed in UTF-8.
        let password = candidate.credentials.password();
        let is_utf8 = core::str::from_utf8(password).is_ok();
        let mut is_right = false;
        // With each hash function, because nobody knows which one an account that does not exist would have.
        for algorithm in [Algorithm::Md5, Algorithm::Sha256, Algorithm::Sha512_256] {
            is_right |= stored.is_of(algorithm, name, password, realm);
            is_right |= !is_utf8 && stored.is_of_latin1(algorithm, name, password, realm);
        }
        Some(is_right)
    }

    fn password_hash(this: Option<&Self>, user: &HashedUser<'_>) -> Option<PasswordHash> {
        match this {
            Some(hash) => hash.is_for(user.algorithm).then(|| hash.clone()),
            None => Some(Self::of_nobody(user.algorithm)),
        }
    }
}

/// The hashes of a password, one for each algorithm that the proxy offers.
///
/// Basic is checked with the hash of the first algorithm that the gate offers, if there is one, otherwise with the first hash.
#[cfg(feature = "digest")]
impl Secret for [PasswordHash] {}

#[cfg(feature = "digest")]
impl Check for [PasswordHash] {
    fn check_basic(this: Option<&Self>, candidate: &Candidate<'_>) -> Option<bool> {
        let stored = this.and_then(|hashes| {
            let preferred = hashes.iter().find(|hash| hash.is_for(candidate.user.algorithm));
            preferred.or(hashes.first())
        });
        // An account without a hash takes as long as one with a hash.
        let is_right = PasswordHash::check_basic(stored, candidate);
        let is_verifiable = this.is_none_or(|hashes| !hashes.is_empty());
        is_right.filter(|_| is_verifiable)
    }

    fn password_hash(this: Option<&Self>, user: &HashedUser<'_>) -> Option<PasswordHash> {
        match this {
            Some(hashes) => hashes.iter().find(|hash| hash.is_for(user.algorithm)).cloned(),
            None => Some(PasswordHash::of_nobody(user.algorithm)),
        }
    }
}

impl<S: Secret + ?Sized> Secret for &S {}

impl<S: Check + ?Sized> Check for &S {
    const IS_VERDICT: bool = S::IS_VERDICT;

    fn check_basic(this: Option<&Self>, candidate: &Candidate<'_>) -> Option<bool> {
        S::check_basic(this.copied(), candidate)
    }

    #[cfg(feature = "digest")]
    fn password_hash(this: Option<&Self>, user: &HashedUser<'_>) -> Option<PasswordHash> {
        S::password_hash(this.copied(), user)
    }
}

/// The verdict that the caller itself has verified the credentials: the password of Basic with bcrypt or LDAP, the signature of a
/// token, or credentials of its own scheme.
///
/// An answer of Digest is refused with it, since only the gate can verify one.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{Account, Gate, Reason, Request, Verified};
/// # fn bcrypt_verify(password: &[u8], hash: &str) -> bool { password == b"open sesame" && hash.starts_with("$2y$") }
///
/// let gate = Gate::new("apps")?.with_basic();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let fields = [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")];
/// let mut scratch = [0; 512];
/// let attempt = gate.read(&request, fields, &mut scratch)?;
///
/// // Hash for unknown users, too, so that response time doesn't reveal whether the user exists.
/// let (user, hash) = ("aladdin", "$2y$10$...");
/// let is_right = attempt.password().is_some_and(|password| bcrypt_verify(password, hash));
/// let account = (is_right && attempt.name() == Some(user)).then_some(Account::new(user, Verified));
/// let pass = attempt.check(account, Duration::ZERO)?.redeem(&mut ())?;
/// assert_eq!(pass.user(), b"aladdin");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified;

impl Secret for Verified {}

impl Check for Verified {
    const IS_VERDICT: bool = true;

    fn check_basic(this: Option<&Self>, _: &Candidate<'_>) -> Option<bool> {
        Some(this.is_some())
    }

    #[cfg(feature = "digest")]
    fn password_hash(this: Option<&Self>, user: &HashedUser<'_>) -> Option<PasswordHash> {
        match this {
            Some(Self) => None,
            None => Some(PasswordHash::of_nobody(user.algorithm)),
        }
    }
}
