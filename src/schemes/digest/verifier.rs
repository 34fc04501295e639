//! Issues challenges and verifies answers, on the proxy's side.

use core::fmt;
use core::time::Duration;

use super::compute::PasswordHash;
use super::nonce::{Nonce, Nonces};
use super::target::Binding;
use super::terms::{Terms, is_named};
use super::{Algorithm, Challenge, Credentials, QopOptions};
use crate::account::Account;
use crate::error::InvalidInput;
use crate::fields::ParamValue;
use crate::request::Request;

/// Challenges clients, and verifies their answers.
///
/// This is a primitive. Prefer [`Gate`](crate::Gate).
///
/// It stores nothing about clients. If the verdict is [`Verdict::Accepted`], pass the credentials to
/// [`ReplayWindow::admit`](super::ReplayWindow::admit), so that an answer cannot be used twice.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{Credentials, digest};
/// use proxy_auth::digest::{
///     Account, Algorithm, Client, Login, PasswordHash, ReplayWindow, Request, Slot, Username, Verdict, Verifier,
/// };
///
/// let verifier = Verifier::new("apps", b"32 bytes from a random source   ", Duration::from_secs(300))?;
/// let (started, now) = (Duration::from_secs(1_445_412_480), Duration::from_secs(1_445_412_540));
/// let mut window = ReplayWindow::new(&verifier, [Slot::EMPTY; 64], started);
/// let login = Login::new(Username::new("aladdin")?, "open sesame");
/// let stored = PasswordHash::new(Algorithm::Sha256, login, "apps");
///
/// // The proxy asks,
/// let nonce = verifier.nonce(now, 1);
/// let challenge = verifier.challenge(&nonce);
///
/// // the client answers,
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let mut client = Client::new(&challenge, login, "0a4f113b")?;
/// let field_value = client.answer(request).to_string();
///
/// // and the proxy looks the user up, and verifies.
/// let credentials = Credentials::parse(&field_value)?;
/// let credentials = digest::Credentials::read(&credentials)?;
/// let account = (credentials.username() == *"aladdin").then_some(Account::new("aladdin", &stored));
/// assert_eq!(verifier.verify(&credentials, account, &request, now), Verdict::Accepted);
/// assert!(window.admit(&credentials, now));
/// assert!(!window.admit(&credentials, now)); // the same answer again
///
/// // Later, the answer is correct except for its nonce.
/// let later = now + Duration::from_secs(301);
/// assert_eq!(verifier.verify(&credentials, account, &request, later), Verdict::Stale);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verifier<'a> {
    realm: ParamValue<'a>,
    algorithm: Algorithm,
    terms: Terms,
}

/// The outcome of verifying a client's credentials.
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Challenge, Verdict};
///
/// /// Returns the challenge for the next 407, if one is needed.
/// fn next_challenge(verdict: Verdict, challenge: Challenge<'_>) -> Option<Challenge<'_>> {
///     match verdict {
///         Verdict::Accepted => None,
///         Verdict::Stale => Some(challenge.with_stale()),
///         Verdict::Wrong => Some(challenge),
///     }
/// }
/// # let challenge = Challenge::new("apps", "dcd98b7102dd2f0e")?;
/// # assert!(next_challenge(Verdict::Stale, challenge).unwrap().is_stale());
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub enum Verdict {
    /// The client knows the password of the account.
    Accepted,
    /// The client knows the password of the account, but its nonce is too old or was not issued by this verifier. Send a
    /// [stale](Challenge::with_stale) challenge: the client then answers again without asking its user.
    Stale,
    /// There is no account, the client does not know its password, or the answer is for another user, realm, algorithm, quality of
    /// protection or target.
    Wrong,
}

impl<'a> Verifier<'a> {
    /// Creates a verifier for `realm`, with SHA-256 and `qop="auth"`.
    ///
    /// It issues nonces with the secret `key` (see [`Nonces::new`]). A nonce is valid for `max_age`.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `realm` contains a control character other than HTAB.
    pub fn new(realm: &'a str, key: &[u8; 32], max_age: Duration) -> Result<Self, InvalidInput> {
        Ok(Self {
            realm: ParamValue::quoted(realm)?,
            algorithm: Algorithm::Sha256,
            terms: Terms::new(Nonces::new(key, realm), max_age),
        })
    }

    /// Sets the algorithm.
    #[must_use]
    pub fn with_algorithm(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// Sets the qualities of protection. Answers without `qop`, in the form of RFC 2069, are never accepted.
    #[must_use]
    pub fn with_qop(mut self, qop: QopOptions) -> Self {
        self.terms.qop = qop;
        self
    }

    /// Requires that clients sign the target exactly as it stands in the request line.
    ///
    /// By default, the path and query of the target are enough, since curl, Firefox and other browsers sign only these when they
    /// send a URI to a proxy. An empty path counts as "/", or as "*" for OPTIONS
    /// ([RFC 9112, section 3.2.4](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.4)). Such an answer is valid for the same
    /// path on any host. The target of CONNECT has no path, so it must always be signed exactly.
    #[must_use]
    pub fn with_exact_target(mut self) -> Self {
        self.terms.binding = Binding::Exact;
        self
    }

    /// Returns the realm.
    #[must_use]
    pub const fn realm(&self) -> ParamValue<'a> {
        self.realm
    }

    /// Returns the algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the qualities of protection.
    #[must_use]
    pub const fn qop(&self) -> QopOptions {
        self.terms.qop
    }

    /// Returns how long a nonce is valid.
    #[must_use]
    pub const fn max_age(&self) -> Duration {
        self.terms.max_age
    }

    /// Issues a nonce at `now`; see [`Nonces::issue`].
    #[must_use]
    pub fn nonce(&self, now: Duration, unique: u64) -> Nonce {
        self.terms.nonces.issue(now, unique)
    }

    /// Creates a challenge with this nonce.
    #[must_use]
    pub fn challenge<'n>(&self, nonce: &'n Nonce) -> Challenge<'n>
    where
        'a: 'n,
    {
        self.terms.challenge(self.realm, nonce, self.algorithm)
    }

    /// Verifies the credentials of `request` at `now`. `account` is the account that the proxy found for the credentials.
    ///
    /// The credentials must name the user of the account, and prove that the client knows the password. If there is no such user,
    /// pass `None`. The verdict is then always [`Verdict::Wrong`], after the same time as for a wrong password, so that response
    /// time doesn't reveal whether the user exists. If the client sends a hashed name, the time depends on the length of the
    /// account's name, in steps of a block of the hash function (64 bytes, or 128 with SHA-512-256). The proof is compared in
    /// constant time.
    pub fn verify(
        &self,
        credentials: &Credentials<'_>,
        account: Option<Account<'_, &PasswordHash>>,
        request: &Request<'_>,
        now: Duration,
    ) -> Verdict {
        let nobody = PasswordHash::of_nobody(self.algorithm);
        // A hash of another algorithm cannot verify the proof, and would take another time.
        let account = account.filter(|account| account.secret.is_for(self.algorithm));
        let (name, password) = account.map_or((&b""[..], &nobody), |account| (account.name, account.secret));
        let is_named = is_named(credentials, name, self.realm);
        let is_match = credentials.algorithm() == self.algorithm
            && self.terms.match_request(credentials, self.realm, request).is_ok();
        let is_proved = password
            .a1_for(credentials)
            .response(credentials, request)
            .is(credentials.response());
        let is_fresh = self.terms.is_fresh(credentials, now);
        match (account.is_some() && is_named && is_match && is_proved, is_fresh) {
            (false, _) => Verdict::Wrong,
            (true, true) => Verdict::Accepted,
            (true, false) => Verdict::Stale,
        }
    }
}

impl fmt::Debug for Verifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("realm", &self.realm)
            .field("max_age_seconds", &self.terms.max_age.as_secs())
            .field("algorithm", &self.algorithm)
            .field("qop", &self.terms.qop)
            .finish_non_exhaustive()
    }
}
