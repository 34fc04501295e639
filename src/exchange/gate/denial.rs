//! The response to a refused request.

use core::fmt;

use super::Gate;
use super::offer::{Inner, Offer, OfferedChallenge};
use super::refusal::Refusal;
use crate::encode::EncodeChallenge;
use crate::error::InvalidInput;
use crate::fields::ParamValue;
use crate::response::{ChallengeResponse, Challenges, FieldName, StatusCode};
#[cfg(feature = "digest")]
use crate::schemes::digest::Nonce;
use crate::schemes::{basic, bearer, negotiate};

/// The response to a refused request: the status code, and a challenge for each offer of the [`Gate`].
///
/// Write it as a [message](Self::response) of HTTP/1.1, or write its [status code](Self::status) and its
/// [challenges](Self::challenges), each as a field line with the given [name](Self::name).
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{Gate, Request, Version};
///
/// let gate = Gate::new("apps")?.with_basic();
/// let request = Request::new("GET", "http://example.com/")?.with_version(Version::Http10);
/// let refusal = gate.read(&request, [("Host", "example.com")], &mut []).unwrap_err();
/// assert!(refusal.closes());
///
/// let denial = gate.deny(&refusal, Duration::ZERO, 1);
/// assert_eq!((denial.status().as_u16(), denial.name().as_str()), (407, "Proxy-Authenticate"));
/// assert_eq!(denial.challenges().count(), 1);
/// assert!(denial.response().encode_string::<256>()?.contains("\r\nConnection: close\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Denial<'a, R> {
    pub(super) gate: &'a Gate<R>,
    pub(super) refusal: &'a Refusal,
    pub(super) scope: Option<&'a str>,
    /// The nonce of all challenges of Digest, if there are any.
    #[cfg(feature = "digest")]
    pub(super) nonce: Option<Nonce>,
}

impl<'a, R: AsRef<str>> Denial<'a, R> {
    /// Sets the scope that a token needs, for the challenge of Bearer.
    ///
    /// # Errors
    /// See [`bearer::Challenge::with_scope`].
    pub fn with_scope(self, scope: &'a str) -> Result<Self, InvalidInput> {
        bearer::Challenge::new("")?.with_scope(scope)?;
        Ok(Self {
            scope: Some(scope),
            ..self
        })
    }

    /// Returns the status code: 407 or 401, or for Bearer, 400 or 403; see [`Refusal::status`].
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.refusal.status(self.gate.role())
    }

    /// Returns the name of the field lines of the challenges.
    #[must_use]
    pub const fn name(&self) -> FieldName {
        self.gate.role().authenticate()
    }

    /// Returns an iterator over the challenges, in the order of the offers. Write each to its own field line.
    ///
    /// Negotiate and NTLM are not offered over HTTP/2 and HTTP/3, where they authenticate nothing, unless nothing else is offered.
    pub fn challenges(&self) -> impl Iterator<Item = OfferedChallenge<'_>> {
        let fits = |offer: &Offer| !self.refusal.end.is_shared || !matches!(offer, Offer::Negotiate(_));
        // A 407 must have a challenge, even if no answer to it can pass.
        let has_fitting = self.gate.offers.iter().any(fits);
        let offers = self.gate.offers.iter().filter(move |offer| fits(offer) || !has_fitting);
        offers.filter_map(|offer| self.challenge(*offer))
    }

    fn challenge(&self, offer: Offer) -> Option<OfferedChallenge<'_>> {
        let realm = self.gate.realm_value();
        Some(OfferedChallenge(match offer {
            Offer::Basic => Inner::Basic(basic::Challenge::from_value(realm).with_utf8()),
            Offer::Bearer => Inner::Bearer(self.bearer_challenge(realm)?),
            #[cfg(feature = "digest")]
            Offer::Digest(algorithm) => {
                let (terms, nonce) = (self.gate.terms.as_ref()?, self.nonce.as_ref()?);
                let challenge = terms.challenge(realm, nonce, algorithm).with_utf8();
                let challenge = if terms.userhash {
                    challenge.with_userhash()
                } else {
                    challenge
                };
                let is_stale = self.refusal.is_stale();
                Inner::Digest(if is_stale { challenge.with_stale() } else { challenge })
            }
            Offer::Negotiate(mechanism) => Inner::Negotiate(negotiate::Challenge::new(mechanism)),
            Offer::Other => Inner::Other(self.gate.other?),
        }))
    }

    fn bearer_challenge<'c>(&'c self, realm: ParamValue<'c>) -> Option<bearer::Challenge<'c>> {
        let mut challenge = bearer::Challenge::from_value(realm);
        // No error occurs: the scope was checked, and the error is one of RFC 6750.
        if let Some(scope) = self.scope {
            challenge = challenge.with_scope(scope).ok()?;
        }
        match self.refusal.bearer_error() {
            Some(error) => challenge.with_error(error).ok(),
            None => Some(challenge),
        }
    }

    /// Returns the response as a message of HTTP/1.1. It closes the connection if the [refusal](Refusal::closes) says so, and has no
    /// content if it answers HEAD.
    #[must_use]
    pub fn response(&self) -> ChallengeResponse<'_>
    where
        R: Send + Sync,
    {
        ChallengeResponse::of_gate(self.status(), self.name(), self, self.refusal.end)
    }
}

impl<R: AsRef<str> + Send + Sync> Challenges for Denial<'_, R> {
    fn each(&self, visit: &mut dyn FnMut(&dyn EncodeChallenge)) {
        for challenge in self.challenges() {
            visit(&challenge);
        }
    }
}

impl<R: AsRef<str>> fmt::Debug for Denial<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Denial")
            .field("status", &self.status())
            .field("refusal", self.refusal)
            .finish_non_exhaustive()
    }
}
