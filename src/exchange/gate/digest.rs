//! Digest at the gate (RFC 7616).

use core::time::Duration;

use super::Gate;
use super::attempt::{Attempt, Sent};
use super::offer::{DigestOffer, Offer};
use super::refusal::Reason;
use super::secret::{HashedUser, Secret};
use super::store::NonceUse;
use super::ticket::{Pass, Ticket};
use crate::account::Account;
use crate::fields::Credentials;
use crate::request::Request;
use crate::schemes::digest::{self, Algorithm, Mismatch, Nonce, PasswordHash, ReplayWindow, Slot, is_named};

impl<R: AsRef<str>, O> Gate<R, O> {
    /// Offers Digest, after the challenges that are offered already (feature `digest`).
    ///
    /// A second call adds its algorithms. Its key and its terms replace those of the first, so all challenges share them.
    #[must_use]
    pub fn with_digest(self, digest: &DigestOffer<'_>) -> Gate<R> {
        let terms = Some(digest.terms(&self.realm));
        let offers = digest.algorithms().iter().copied().map(Offer::Digest);
        Gate {
            terms,
            ..self.with_offers(offers)
        }
    }
}

impl<R: AsRef<str>> Gate<R> {
    /// Issues a nonce, for [`Confirmation::with_nextnonce`](crate::Confirmation::with_nextnonce) (feature `digest`). Returns `None`
    /// without an offer of Digest.
    ///
    /// See [`deny`](Self::deny) for `unique`.
    #[must_use]
    pub fn nonce(&self, now: Duration, unique: u64) -> Option<Nonce> {
        self.terms.as_ref().map(|terms| terms.nonces.issue(now, unique))
    }

    /// Creates an empty store at `now` for the answers that this gate accepts (feature `digest`). See [`ReplayWindow`] for the
    /// number of slots.
    ///
    /// Nonces that were issued at `now` or before are stale. So if the proxy restarts with the same key, no answer can be used again.
    #[must_use]
    pub fn replay_window<S: AsMut<[Slot]>>(&self, slots: S, now: Duration) -> ReplayWindow<S> {
        let max_age = self.terms.as_ref().map_or(Duration::ZERO, |terms| terms.max_age);
        ReplayWindow::for_max_age(max_age, slots, now)
    }

    /// Returns the first algorithm of the offer, which a check of Basic with a hash prefers.
    pub(super) fn first_algorithm(&self) -> Algorithm {
        let mut algorithms = self.offers.iter().filter_map(|offer| match offer {
            Offer::Digest(algorithm) => Some(*algorithm),
            _ => None,
        });
        algorithms.next().unwrap_or(Algorithm::Sha256)
    }

    /// Reads an answer to a challenge of this gate, for this request.
    pub(super) fn read_digest<'a>(
        &self,
        request: &Request<'_>,
        credentials: &Credentials<'a>,
        scratch: &'a mut [u8],
    ) -> Result<Sent<'a>, Reason> {
        let credentials = digest::Credentials::read(credentials)?;
        let terms = self.terms.as_ref().ok_or(Reason::NotOffered)?;
        let is_offered = self.offers.contains(&Offer::Digest(credentials.algorithm()));
        if !is_offered || credentials.is_userhash() && !terms.userhash {
            return Err(Reason::NotOffered);
        }
        match terms.match_request(&credentials, self.realm_value(), request) {
            Ok(()) => {}
            Err(Mismatch::Qop) => return Err(Reason::NotOffered),
            Err(Mismatch::Realm) => return Err(Reason::OtherRealm),
            Err(Mismatch::Target) => return Err(Reason::OtherTarget),
            Err(Mismatch::Content) => return Err(Reason::UnknownContent),
        }
        let username = credentials.username();
        let name = match username.copy_to(scratch) {
            Ok(name) => name.len(),
            Err(error) => return Err(Reason::TooLong { needed: error.needed }),
        };
        let name = scratch.get_mut(..name).unwrap_or_default();
        if credentials.is_userhash() {
            name.make_ascii_lowercase();
        }
        Ok(Sent::Digest { credentials, name })
    }
}

impl<'a, R: AsRef<str>> Attempt<'a, R> {
    pub(super) fn hashed_user(&self, name: &'a [u8], algorithm: Algorithm) -> HashedUser<'a> {
        let realm = self.gate.realm().as_bytes();
        HashedUser { name, realm, algorithm }
    }

    /// Verifies an answer. The work is the same whether or not there is an account.
    pub(super) fn check_digest<S: Secret>(
        &self,
        credentials: &digest::Credentials<'a>,
        claimed: &'a [u8],
        account: Option<&Account<'a, S>>,
        now: Duration,
    ) -> Result<Ticket<'a>, Reason> {
        let Some(terms) = &self.gate.terms else {
            return Err(Reason::NotOffered);
        };
        let secret = account.map(|account| &account.secret);
        let name = account.map_or(claimed, |account| account.name);
        let user = self.hashed_user(name, credentials.algorithm());
        let hash = S::password_hash(secret, &user);
        let is_verifiable = hash.is_some();
        let hash = hash.unwrap_or_else(|| PasswordHash::of_nobody(credentials.algorithm()));
        let a1 = hash.a1_for(credentials);
        let is_proved = a1.response(credentials, &self.request).is(credentials.response());
        let is_named = is_named(credentials, name, self.gate.realm_value());
        let is_fresh = terms.is_fresh(credentials, now);
        if account.is_none() {
            return Err(Reason::UnknownUser);
        } else if !is_verifiable {
            return Err(Reason::Unverifiable);
        } else if !is_named {
            return Err(Reason::OtherUser);
        } else if !is_proved {
            return Err(Reason::Wrong);
        } else if !is_fresh {
            return Err(Reason::Stale);
        }
        // A genuine nonce and a count, since `qop` is required.
        let nonce_use = NonceUse::read(credentials, name, now, terms.max_age).ok_or(Reason::Stale)?;
        let pass = Pass::with_proof(name, a1, credentials);
        Ok(Ticket::to_redeem(pass, nonce_use, self.end))
    }
}
