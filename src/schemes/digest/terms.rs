//! The terms on which a proxy accepts answers.

use core::time::Duration;

use super::compute::userhash_of;
use super::nonce::{Nonce, Nonces};
use super::target::{Binding, is_for};
use super::{Algorithm, Challenge, Credentials, Qop, QopOptions};
use crate::fields::ParamValue;
use crate::request::Request;

/// The terms that the challenges of a proxy share, whatever their algorithm.
#[derive(Clone)]
pub(crate) struct Terms {
    pub(crate) nonces: Nonces,
    /// Recognizes nonces that were issued with the previous key.
    pub(crate) previous: Option<Nonces>,
    pub(crate) max_age: Duration,
    pub(crate) qop: QopOptions,
    pub(crate) binding: Binding,
    pub(crate) userhash: bool,
}

/// The reason why credentials are not an answer to a challenge for a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Realm,
    Qop,
    Target,
    /// The credentials sign the content, which the caller did not set.
    Content,
}

impl Terms {
    pub(crate) const fn new(nonces: Nonces, max_age: Duration) -> Self {
        Self {
            nonces,
            previous: None,
            max_age,
            qop: QopOptions::AUTH,
            binding: Binding::Path,
            userhash: false,
        }
    }

    /// Creates a challenge with this nonce.
    pub(crate) fn challenge<'n>(&self, realm: ParamValue<'n>, nonce: &'n Nonce, algorithm: Algorithm) -> Challenge<'n> {
        Challenge::from_values(realm, ParamValue::text(nonce.as_ref()))
            .with_algorithm(algorithm)
            .with_qop(self.qop)
    }

    /// Checks that the credentials answer a challenge for `realm`, for this request. Checks neither the algorithm nor the proof.
    pub(crate) fn match_request(
        &self,
        credentials: &Credentials<'_>,
        realm: ParamValue<'_>,
        request: &Request<'_>,
    ) -> Result<(), Mismatch> {
        if credentials.realm() != realm {
            Err(Mismatch::Realm)
        } else if !credentials.qop().is_some_and(|qop| self.qop.has(qop)) {
            Err(Mismatch::Qop)
        } else if !is_for(request, credentials.uri(), self.binding) {
            Err(Mismatch::Target)
        } else if credentials.qop() == Some(Qop::AuthInt) && !request.has_content_set() {
            Err(Mismatch::Content)
        } else {
            Ok(())
        }
    }

    /// Checks that the nonce is genuine, and not too old.
    pub(crate) fn is_fresh(&self, credentials: &Credentials<'_>, now: Duration) -> bool {
        let age = |nonces: &Nonces| nonces.age(credentials.nonce(), now);
        let age = age(&self.nonces).or_else(|| self.previous.as_ref().and_then(age));
        age.is_some_and(|age| age <= self.max_age)
    }
}

/// Checks that the credentials name this user, by name or by its hash.
pub(crate) fn is_named(credentials: &Credentials<'_>, name: &[u8], realm: ParamValue<'_>) -> bool {
    if credentials.is_userhash() {
        let userhash = userhash_of(credentials.algorithm(), name.iter().copied(), realm);
        credentials.username() == *userhash.as_bytes()
    } else {
        credentials.username() == *name
    }
}
