//! The permission for a request to pass, before and after it is redeemed.

use core::fmt;

#[cfg(feature = "digest")]
use super::confirmation::Confirmation;
use super::refusal::{Reason, Refusal};
use super::store::{AsyncReplayStore, NonceUse, ReplayStore};
use crate::fields::Scheme;
use crate::response::End;
#[cfg(feature = "digest")]
use crate::schemes::digest::{self, A1, Qop};

/// Verified credentials, which a store must record before the request may pass.
///
/// An answer of Digest can be used once, so only a [`ReplayStore`] turns its ticket into a [`Pass`]. A ticket of another scheme does
/// not need the store. `Debug` shows no secret.
///
/// # Examples
/// ```
/// use std::sync::Mutex;
/// use proxy_auth::{Pass, Refusal, ReplayStore, Ticket};
///
/// /// Locks the store for the shortest time.
/// fn redeem<'a>(ticket: Ticket<'a>, store: &Mutex<impl ReplayStore>) -> Result<Pass<'a>, Refusal> {
///     ticket.redeem(&mut *store.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
/// }
/// # use core::time::Duration;
/// # use proxy_auth::{Account, Gate, Password, Request};
/// # let gate = Gate::new("apps")?.with_basic();
/// # let request = Request::new("CONNECT", "example.com:443")?;
/// # let mut scratch = [0; 64];
/// # let attempt = gate.read(&request, [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")], &mut scratch)?;
/// # let ticket = attempt.check(Some(Account::new("aladdin", Password::new("open sesame"))), Duration::ZERO)?;
/// # assert_eq!(redeem(ticket, &Mutex::new(()))?.user(), b"aladdin");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A ticket is redeemed once:
///
/// ```compile_fail,E0382
/// # use proxy_auth::{ReplayStore, Ticket};
/// fn twice(ticket: Ticket<'_>, store: &mut impl ReplayStore) {
///     ticket.redeem(store);
///     ticket.redeem(store);
/// }
/// ```
///
/// Only a store opens it:
///
/// ```compile_fail,E0616
/// # use proxy_auth::{Pass, Ticket};
/// fn open(ticket: Ticket<'_>) -> Pass<'_> {
///     ticket.pass
/// }
/// ```
///
/// It is not a pass:
///
/// ```compile_fail,E0308
/// # use proxy_auth::{Account, Attempt, Pass, Refusal, Secret};
/// fn check<'a, S: Secret>(attempt: Attempt<'a, &str>, account: Option<Account<'a, S>>) -> Result<Pass<'a>, Refusal> {
///     Ok(attempt.check(account, core::time::Duration::ZERO)?)
/// }
/// ```
#[must_use = "the request may pass only with the pass"]
pub struct Ticket<'a> {
    pass: Pass<'a>,
    /// The use of a nonce that must be recorded, and the end of the response if it cannot be.
    to_record: Option<(NonceUse, End)>,
}

impl<'a> Ticket<'a> {
    /// Creates a ticket of a scheme without replays.
    pub(super) const fn redeemed(pass: Pass<'a>) -> Self {
        Self { pass, to_record: None }
    }

    #[cfg(feature = "digest")]
    pub(super) const fn to_redeem(pass: Pass<'a>, nonce_use: NonceUse, end: End) -> Self {
        let to_record = Some((nonce_use, end));
        Self { pass, to_record }
    }

    /// Records the answer in a store of this process. If the store is behind a lock, hold the lock for this call alone.
    ///
    /// # Errors
    /// Returns a [`Refusal`] if the store refuses the answer. The client then answers again without asking its user.
    pub fn redeem(self, store: &mut (impl ReplayStore + ?Sized)) -> Result<Pass<'a>, Refusal> {
        match self.to_record {
            Some((nonce_use, end)) if !store.admit(&nonce_use) => Err(Refusal::new(Reason::Replayed, end)),
            _ => Ok(self.pass),
        }
    }

    /// Records the answer in a store that is asked over a network.
    ///
    /// # Errors
    /// Returns a [`Refusal`] if the store refuses the answer. The client then answers again without asking its user.
    pub async fn redeem_async(self, store: &mut (impl AsyncReplayStore + ?Sized)) -> Result<Pass<'a>, Refusal> {
        match self.to_record {
            Some((nonce_use, end)) if !store.admit(&nonce_use).await => Err(Refusal::new(Reason::Replayed, end)),
            _ => Ok(self.pass),
        }
    }
}

impl fmt::Debug for Ticket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({} [redacted])", self.pass.scheme)
    }
}

/// The permission for a request to pass.
///
/// Remove the credentials before the request is forwarded. With Digest, add `info` to its response. It borrows from the account, the
/// scratch memory and the field lines of the request. `Debug` shows no secret.
///
/// # Examples
/// ```
/// use proxy_auth::Pass;
///
/// /// Returns a line for the log. The name is that of the account, but escape it.
/// fn logged(pass: &Pass<'_>) -> String {
///     format!("{} user={:?}", pass.scheme(), String::from_utf8_lossy(pass.user()))
/// }
/// # use core::time::Duration;
/// # use proxy_auth::{Account, Gate, Password, Request};
/// # let gate = Gate::new("apps")?.with_basic();
/// # let request = Request::new("CONNECT", "example.com:443")?;
/// # let mut scratch = [0; 64];
/// # let attempt = gate.read(&request, [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")], &mut scratch)?;
/// # let account = Account::new("aladdin", Password::new("open sesame"));
/// # assert_eq!(logged(&attempt.check(Some(account), Duration::ZERO)?.redeem(&mut ())?), "Basic user=\"aladdin\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "it names the user"]
pub struct Pass<'a> {
    user: &'a [u8],
    scheme: Scheme<'a>,
    #[cfg(feature = "digest")]
    proof: Option<(A1, digest::Credentials<'a>)>,
}

impl<'a> Pass<'a> {
    pub(super) const fn new(user: &'a [u8], scheme: Scheme<'a>) -> Self {
        Self {
            user,
            scheme,
            #[cfg(feature = "digest")]
            proof: None,
        }
    }

    #[cfg(feature = "digest")]
    pub(super) const fn with_proof(user: &'a [u8], a1: A1, credentials: &digest::Credentials<'a>) -> Self {
        Self {
            user,
            scheme: Scheme::Digest,
            proof: Some((a1, *credentials)),
        }
    }

    /// Returns the name in the account, in the proxy's spelling, not in the client's.
    #[must_use]
    pub const fn user(&self) -> &'a [u8] {
        self.user
    }

    /// Returns the scheme of the credentials.
    #[must_use]
    pub const fn scheme(&self) -> Scheme<'a> {
        self.scheme
    }
}

#[cfg(feature = "digest")]
impl Pass<'_> {
    /// Returns the value of [`Role::authentication_info`](crate::Role::authentication_info) for the response. It proves that the
    /// proxy knows the password, too (feature `digest`). Returns `None` if the scheme is not Digest, or with `qop=auth-int`, whose
    /// proof depends on the content of the response: see [`info_for`](Self::info_for).
    ///
    /// It points into the field lines of the request, so write it before they change.
    #[must_use]
    pub fn info(&self) -> Option<Confirmation<'_>> {
        self.info_for(b"")
            .filter(|info| info.credentials.qop() != Some(Qop::AuthInt))
    }

    /// Returns a proof like [`info`](Self::info), for a response with the given content, which `qop=auth-int` protects (feature
    /// `digest`). Returns `None` if the scheme is not Digest.
    #[must_use]
    pub fn info_for(&self, content: &[u8]) -> Option<Confirmation<'_>> {
        self.proof.as_ref().map(|(a1, credentials)| Confirmation {
            rspauth: a1.rspauth(credentials, content).to_hex(),
            credentials,
            nextnonce: None,
        })
    }
}

impl fmt::Debug for Pass<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pass({} [redacted])", self.scheme)
    }
}
