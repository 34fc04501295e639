//! The credentials of a request, before they are verified.

use core::fmt;
use core::time::Duration;

use super::Gate;
use super::refusal::{Reason, Refusal};
use super::secret::{Candidate, Secret};
use super::ticket::{Pass, Ticket};
use crate::account::Account;
use crate::fields::{Credentials, Scheme};
use crate::request::Request;
use crate::response::End;
#[cfg(feature = "digest")]
use crate::schemes::digest::{self, Algorithm};
use crate::schemes::{basic, bearer};

/// An attempt to pass a [`Gate`]: credentials that are not verified yet.
///
/// Look up the account of the user that the client [claims](Self::claim) to be, then [`check`](Self::check). `Debug` shows no part of
/// the credentials but the scheme.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{Account, Gate, Password, Reason, Request, Scheme};
///
/// let gate = Gate::new("apps")?.with_basic();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let mut scratch = [0; 512];
/// let fields = [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")];
/// let attempt = gate.read(&request, fields, &mut scratch)?;
/// assert_eq!((attempt.scheme(), attempt.name()), (Scheme::Basic, Some("aladdin")));
///
/// // An account with another name never passes, even if the password is correct.
/// let account = Account::new("Mufasa", Password::new("open sesame"));
/// let refusal = attempt.check(Some(account), Duration::ZERO).unwrap_err();
/// assert_eq!(refusal.reason(), &Reason::OtherUser);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is verified yet"]
pub struct Attempt<'a, R> {
    #[cfg_attr(
        not(feature = "digest"),
        expect(dead_code, reason = "only Digest depends on the realm")
    )]
    pub(super) gate: &'a Gate<R>,
    #[cfg_attr(
        not(feature = "digest"),
        expect(dead_code, reason = "only Digest depends on the request")
    )]
    pub(super) request: Request<'a>,
    pub(super) sent: Sent<'a>,
    /// The end of the response to a refusal.
    pub(super) end: End,
}

/// The credentials.
#[cfg_attr(
    feature = "digest",
    expect(clippy::large_enum_variant, reason = "nothing here can allocate")
)]
pub(super) enum Sent<'a> {
    Basic(basic::Credentials<'a>),
    Bearer(bearer::Credentials<'a>),
    #[cfg(feature = "digest")]
    Digest {
        credentials: digest::Credentials<'a>,
        /// The name, or the digits of its hash.
        name: &'a [u8],
    },
    Other(Credentials<'a>),
}

/// The user that a client claims to be. Nothing is verified.
///
/// `Debug` writes `[redacted]`.
///
/// # Examples
/// ```
/// use proxy_auth::{Attempt, Claim};
///
/// /// Returns the key for the look-up in a database.
/// fn key(attempt: &Attempt<'_, &str>) -> Option<String> {
///     match attempt.claim() {
///         // Python's requests sends ISO-8859-1, where each byte is the code point of a character.
///         Claim::Name(name) => Some(match core::str::from_utf8(name) {
///             Ok(name) => name.to_owned(),
///             Err(_) => name.iter().copied().map(char::from).collect(),
///         }),
///         Claim::Token(token) => Some(format!("token:{token}")),
///         _ => None,
///     }
/// }
/// # use proxy_auth::{Gate, Request};
/// # let gate = Gate::new("apps")?.with_basic();
/// # let request = Request::new("CONNECT", "example.com:443")?;
/// # let mut scratch = [0; 64];
/// # let attempt = gate.read(&request, [("Proxy-Authorization", "Basic SuRz+G46")], &mut scratch)?;
/// # assert_eq!(key(&attempt).as_deref(), Some("Jäsøn"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Claim<'a> {
    /// A name, with Basic or Digest. It may be in any encoding.
    Name(&'a [u8]),
    /// The hash of a name, with Digest and `DigestOffer::with_userhash` (feature `digest`): hexadecimal digits in lower case. There are
    /// 32 of them for MD5 and 64 for the other algorithms, unless the client sent something else. `Attempt::algorithm` is the algorithm.
    Userhash(&'a [u8]),
    /// The token of Bearer.
    Token(&'a str),
    /// Credentials of the caller's own scheme; see [`Gate::with_challenge`].
    Other(Credentials<'a>),
}

impl fmt::Debug for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claim([redacted])")
    }
}

impl<'a, R: AsRef<str>> Attempt<'a, R> {
    /// Returns the scheme of the credentials.
    #[must_use]
    pub fn scheme(&self) -> Scheme<'a> {
        match &self.sent {
            Sent::Basic(_) => Scheme::Basic,
            Sent::Bearer(_) => Scheme::Bearer,
            #[cfg(feature = "digest")]
            Sent::Digest { .. } => Scheme::Digest,
            Sent::Other(credentials) => credentials.scheme(),
        }
    }

    /// Returns the user that the client claims to be.
    #[must_use]
    pub fn claim(&self) -> Claim<'a> {
        match &self.sent {
            Sent::Basic(credentials) => Claim::Name(credentials.user_id()),
            Sent::Bearer(credentials) => Claim::Token(credentials.token().to_str()),
            #[cfg(feature = "digest")]
            Sent::Digest { credentials, name } if credentials.is_userhash() => Claim::Userhash(name),
            #[cfg(feature = "digest")]
            Sent::Digest { name, .. } => Claim::Name(name),
            Sent::Other(credentials) => Claim::Other(*credentials),
        }
    }

    /// Returns the name of the user that the client claims to be. Returns `None` if the name is not UTF-8, if the client sent its
    /// hash, and for schemes without names: see [`claim`](Self::claim).
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        match self.claim() {
            Claim::Name(name) => core::str::from_utf8(name).ok(),
            _ => None,
        }
    }

    /// Returns the password of Basic, for a check that only the caller can make. If it is correct, pass an account with the secret
    /// [`Verified`](crate::Verified). Returns `None` for other schemes.
    #[must_use]
    pub fn password(&self) -> Option<&'a [u8]> {
        match &self.sent {
            Sent::Basic(credentials) => Some(credentials.password()),
            _ => None,
        }
    }

    /// Returns the algorithm of an answer of Digest, for a proxy that stores a hash for each algorithm (feature `digest`). Returns
    /// `None` for other schemes.
    #[cfg(feature = "digest")]
    #[must_use]
    pub fn algorithm(&self) -> Option<Algorithm> {
        match &self.sent {
            Sent::Digest { credentials, .. } => Some(credentials.algorithm()),
            _ => None,
        }
    }

    /// Verifies the credentials with the account that the caller found. `now` is the time since the Unix epoch, or since any other
    /// moment that all calls share. Read it immediately before this call, after the program has waited for the account or for content.
    /// With a time that is more than 5 seconds old, a full `digest::ReplayWindow` refuses new nonces.
    ///
    /// If there is no account, pass `None`, with the type of secret that other accounts have. This takes as long as an account with
    /// a wrong secret of the same kind, so that response time doesn't reveal whether the user exists.
    ///
    /// The credentials must name the user of the account, and prove that the client has the secret. A token of Bearer and the
    /// credentials of the caller's scheme name nobody. They pass only with an account whose secret is [`Verified`](crate::Verified).
    ///
    /// The time depends on the lengths of the account's name and secret only in steps of a block of the hash function: 64 bytes, or
    /// 128 with SHA-512-256. Proofs are compared in constant time.
    ///
    /// # Errors
    /// Returns a [`Refusal`] if there is no account, the credentials name another user, they prove nothing, or the nonce of an answer
    /// of Digest is too old.
    #[cfg_attr(
        not(feature = "digest"),
        expect(unused_variables, reason = "only a nonce depends on the time")
    )]
    #[expect(clippy::needless_pass_by_value, reason = "an account is for one check")]
    pub fn check<S: Secret>(self, account: Option<Account<'a, S>>, now: Duration) -> Result<Ticket<'a>, Refusal> {
        match &self.sent {
            Sent::Basic(credentials) => self.check_basic(credentials, account.as_ref()),
            Sent::Bearer(_) | Sent::Other(_) => self.check_verdict(account.as_ref()),
            #[cfg(feature = "digest")]
            Sent::Digest { credentials, name } => self.check_digest(credentials, name, account.as_ref(), now),
        }
        .map_err(|reason| self.refuse(reason))
    }

    /// Refuses a token that is valid but does not give access to this resource. With Bearer, the status code of the response is 403
    /// ([RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
    #[must_use]
    pub fn refuse_scope(self) -> Refusal {
        self.refuse(Reason::InsufficientScope)
    }

    fn refuse(&self, reason: Reason) -> Refusal {
        Refusal {
            is_bearer: matches!(self.sent, Sent::Bearer(_)),
            ..Refusal::new(reason, self.end)
        }
    }

    #[cfg_attr(
        not(feature = "digest"),
        expect(clippy::unused_self, reason = "only a hash depends on the realm")
    )]
    fn check_basic<S: Secret>(
        &self,
        credentials: &basic::Credentials<'a>,
        account: Option<&Account<'a, S>>,
    ) -> Result<Ticket<'a>, Reason> {
        let secret = account.map(|account| &account.secret);
        let name = account.map_or(credentials.user_id(), |account| account.name);
        let candidate = Candidate {
            credentials: *credentials,
            #[cfg(feature = "digest")]
            user: self.hashed_user(name, self.gate.first_algorithm()),
        };
        let is_right = S::check_basic(secret, &candidate);
        let is_named = credentials.is_named(name);
        if account.is_none() {
            Err(Reason::UnknownUser)
        } else if !S::IS_VERDICT && !is_named {
            Err(Reason::OtherUser)
        } else {
            match is_right {
                None => Err(Reason::Unverifiable),
                Some(false) => Err(Reason::Wrong),
                Some(true) => Ok(Ticket::redeemed(Pass::new(name, Scheme::Basic))),
            }
        }
    }

    fn check_verdict<S: Secret>(&self, account: Option<&Account<'a, S>>) -> Result<Ticket<'a>, Reason> {
        match account {
            None => Err(Reason::Wrong),
            Some(_) if !S::IS_VERDICT => Err(Reason::Unverifiable),
            Some(account) => Ok(Ticket::redeemed(Pass::new(account.name, self.scheme()))),
        }
    }
}

impl<R: AsRef<str>> fmt::Debug for Attempt<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attempt({} [redacted])", self.scheme())
    }
}
