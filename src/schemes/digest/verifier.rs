//! The proxy's side: challenges, and what to make of an answer.

use core::fmt;

use super::compute::PasswordHash;
use super::nonce::{Nonce, Nonces};
use super::request::Request;
use super::{Algorithm, Challenge, Credentials, QopOptions};
use crate::error::InvalidInput;
use crate::param::ParamValue;

/// Challenges clients, and verifies what they answer.
///
/// Nothing is stored about a client. So that an answer cannot be used twice, hand what is [`Verdict::Accepted`] to a
/// [`ReplayWindow`](super::ReplayWindow).
///
/// ```
/// use proxy_auth::{Credentials, digest};
/// use proxy_auth::digest::{Algorithm, Client, PasswordHash, ReplayWindow, Request, Username, Verdict, Verifier};
///
/// let verifier = Verifier::new("apps", b"32 bytes from a random source   ", 300)?.with_algorithm(Algorithm::Sha256);
/// let mut replay_window = ReplayWindow::<1024>::new();
/// let stored = PasswordHash::new(Algorithm::Sha256, Username::new("aladdin"), "apps", "open sesame");
///
/// // The proxy asks,
/// let nonce = verifier.nonce(1_445_412_480, 1);
/// let challenge = verifier.challenge(&nonce);
///
/// // the client answers,
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let mut client = Client::new(&challenge, Username::new("aladdin"), "open sesame", "0a4f113b")?;
/// let field_value = client.answer(request).to_string();
///
/// // and the proxy verifies.
/// let credentials = Credentials::parse(&field_value)?;
/// let credentials = digest::Credentials::read(&credentials)?;
/// assert_eq!(verifier.verify(&credentials, &stored, &request, 1_445_412_490), Verdict::Accepted);
/// assert!(replay_window.admit(&credentials));
/// assert!(!replay_window.admit(&credentials)); // the same answer again
///
/// // Later, the answer is right but for its nonce.
/// assert_eq!(verifier.verify(&credentials, &stored, &request, 1_445_413_000), Verdict::Stale);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verifier<'a> {
    realm: ParamValue<'a>,
    nonces: Nonces,
    max_age: u64,
    algorithm: Algorithm,
    qop: QopOptions,
}

/// What to make of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub enum Verdict {
    /// The client knows the password.
    Accepted,
    /// The client knows the password, but its nonce is too old or not one of ours: send a challenge that says
    /// [stale](Challenge::stale), and it answers anew without asking its user.
    Stale,
    /// The client does not know the password, or answers for another realm, algorithm, protection or target.
    Wrong,
}

impl<'a> Verifier<'a> {
    /// A verifier for that realm, with SHA-256 and `qop="auth"`, of which the nonces are made with the secret `key`
    /// (see [`Nonces::new`]) and are good for `max_age` seconds.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry `realm`.
    pub fn new(realm: &'a str, key: &[u8], max_age: u64) -> Result<Self, InvalidInput> {
        Ok(Self {
            realm: ParamValue::quoted(realm)?,
            nonces: Nonces::new(key, realm),
            max_age,
            algorithm: Algorithm::Sha256,
            qop: QopOptions::AUTH,
        })
    }

    /// The same verifier for that algorithm.
    #[must_use]
    pub fn with_algorithm(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// The same verifier for these qualities of protection. Answers without any, in the form of RFC 2069, it never accepts.
    #[must_use]
    pub fn with_qop(self, qop: QopOptions) -> Self {
        Self { qop, ..self }
    }

    /// A nonce that is made at `now`, in seconds since any fixed point in time; see [`Nonces::issue`].
    #[must_use]
    pub fn nonce(&self, now: u64, unique: u64) -> Nonce {
        self.nonces.issue(now, unique)
    }

    /// A challenge with that nonce.
    #[must_use]
    pub fn challenge<'n>(&self, nonce: &'n Nonce) -> Challenge<'n>
    where
        'a: 'n,
    {
        Challenge::from_values(self.realm, ParamValue::text(nonce.as_ref()))
            .with_algorithm(self.algorithm)
            .with_qop(self.qop)
    }

    /// What to make of `credentials` for `request`, if the password of their user is that of `password`, and it is `now`.
    ///
    /// The proof is compared in a time that does not depend on it. For a user that is not known, verify with the hash of
    /// any password, so that the time does not tell.
    pub fn verify(
        &self,
        credentials: &Credentials<'_>,
        password: &PasswordHash,
        request: &Request<'_>,
        now: u64,
    ) -> Verdict {
        let asked_so = credentials.realm() == self.realm
            && credentials.algorithm() == self.algorithm
            && credentials.qop().is_some_and(|qop| self.qop.has(qop))
            && password.is_for(self.algorithm)
            && request.is_for(credentials.uri());
        let proved = password.response(credentials, request).is(credentials.response());
        let age = self.nonces.age(credentials.nonce(), now);
        match (asked_so && proved, age) {
            (false, _) => Verdict::Wrong,
            (true, Some(age)) if age <= self.max_age => Verdict::Accepted,
            (true, _) => Verdict::Stale,
        }
    }
}

impl fmt::Debug for Verifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("realm", &self.realm)
            .field("max_age", &self.max_age)
            .field("algorithm", &self.algorithm)
            .field("qop", &self.qop)
            .finish_non_exhaustive()
    }
}
