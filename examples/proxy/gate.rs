//! Who may pass: challenges, credentials, and what is said to those who passed. All of it is the crate's work.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use proxy_auth::digest::{Algorithm, Info, PasswordHash, ReplayWindow, Request, Username, Verdict, Verifier};
use proxy_auth::{
    Credentials, EncodeChallenge, FieldName, InvalidInput, ProxyAuthenticationRequired, Scheme, SchemeError, basic,
    digest,
};

use crate::head::Head;

const REALM: &str = "proxy-auth example";

/// Which schemes are on offer.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Offer {
    Basic,
    Digest,
    Both,
}

/// Decides about requests.
pub(crate) struct Gate {
    offer: Offer,
    user: String,
    password: String,
    password_hash: PasswordHash,
    verifier: Verifier<'static>,
    /// Of so many nonces at a time it is known which answers were used.
    replay_window: Mutex<ReplayWindow<1024>>,
    /// Nonces are made of the seconds since then. They need not outlive the process: its key does not.
    started: Instant,
    nonces: AtomicU64,
}

/// A request that may pass.
pub(crate) struct Pass {
    pub(crate) scheme: Scheme<'static>,
    /// The value of Proxy-Authentication-Info, if there is something to say.
    pub(crate) info: Option<String>,
}

/// A request that may not.
pub(crate) struct Refusal {
    pub(crate) reason: &'static str,
    /// The answer was right but for its nonce.
    stale: bool,
}

impl From<SchemeError> for Refusal {
    fn from(_: SchemeError) -> Self {
        wrong("credentials that break the rules of their scheme")
    }
}

impl Gate {
    /// A gate for one user. `max_age` is how many seconds a nonce is good for.
    ///
    /// `key` is what nonces are made with: 32 bytes from the system's random source. Proxies that stand in for each other
    /// share it, and then they count from a common point in time, too, and remember answers together.
    pub(crate) fn new(
        offer: Offer,
        user: String,
        password: String,
        key: &[u8; 32],
        max_age: u64,
    ) -> Result<Self, InvalidInput> {
        // What Basic cannot carry could never pass. Digest could, but it is the same user.
        basic::Credentials::new(&user, &password)?;
        Ok(Self {
            offer,
            password_hash: PasswordHash::new(Algorithm::Sha256, Username::new(&user), REALM, &password),
            user,
            password,
            verifier: Verifier::new(REALM, key, max_age)?.with_algorithm(Algorithm::Sha256),
            replay_window: Mutex::new(ReplayWindow::new()),
            started: Instant::now(),
            nonces: AtomicU64::new(0),
        })
    }

    /// Whether the request may pass.
    pub(crate) fn check(&self, method: &str, target: &str, head: &Head) -> Result<Pass, Refusal> {
        let field_lines = head.values(FieldName::PROXY_AUTHORIZATION.as_str());
        let credentials = Credentials::from_fields(field_lines)
            .map_err(|_| wrong("unreadable credentials"))?
            .ok_or(wrong("no credentials"))?;
        match credentials.scheme() {
            Scheme::Basic if self.offer != Offer::Digest => self.check_basic(&credentials),
            Scheme::Digest if self.offer != Offer::Basic => {
                let request = Request::new(method, target).map_err(|_| wrong("unreadable target"))?;
                self.check_digest(&digest::Credentials::read(&credentials)?, &request)
            }
            _ => Err(wrong("a scheme that was not offered")),
        }
    }

    fn check_basic(&self, credentials: &Credentials<'_>) -> Result<Pass, Refusal> {
        let mut buffer = [0; 512];
        if !basic::Credentials::decode(credentials, &mut buffer)?.verify(&self.user, &self.password) {
            return Err(wrong("wrong user or password"));
        }
        Ok(Pass {
            scheme: Scheme::Basic,
            info: None,
        })
    }

    fn check_digest(&self, credentials: &digest::Credentials<'_>, request: &Request<'_>) -> Result<Pass, Refusal> {
        // The proof is computed for a user who is not known, too, so that the time does not tell.
        let verdict = self
            .verifier
            .verify(credentials, &self.password_hash, request, self.now());
        let known = credentials.username() == *self.user.as_str();
        match verdict {
            Verdict::Accepted if known && self.is_first_use(credentials) => {}
            Verdict::Accepted if known => return Err(stale("an answer that was used before")),
            Verdict::Stale if known => return Err(stale("a nonce that is too old, or not ours")),
            _ => return Err(wrong("wrong user, password or target")),
        }
        // With qop=auth the proof does not cover the content, which has not come yet.
        let rspauth = self.password_hash.rspauth(credentials, b"");
        let info = Info::new().with_rspauth(rspauth.as_bytes(), credentials);
        Ok(Pass {
            scheme: Scheme::Digest,
            info: info.ok().map(|info| info.to_string()),
        })
    }

    fn is_first_use(&self, credentials: &digest::Credentials<'_>) -> bool {
        let replay_window = self.replay_window.lock();
        replay_window.is_ok_and(|mut replay_window| replay_window.admit(credentials))
    }

    /// The 407 for a request that may not pass. The strongest challenge comes first: some clients take the first they know.
    pub(crate) fn refuse(&self, refusal: &Refusal, close: bool) -> Result<String, InvalidInput> {
        let basic = basic::Challenge::new(REALM)?.utf8();
        let unique = self.nonces.fetch_add(1, Ordering::Relaxed);
        let nonce = self.verifier.nonce(self.now(), unique);
        let digest = self.verifier.challenge(&nonce).utf8();
        let digest = if refusal.stale { digest.stale() } else { digest };
        let (first, more): (&dyn EncodeChallenge, &[&dyn EncodeChallenge]) = match self.offer {
            Offer::Basic => (&basic, &[]),
            Offer::Digest => (&digest, &[]),
            Offer::Both => (&digest, &[&basic]),
        };
        let response = ProxyAuthenticationRequired::new(first).and(more);
        let response = if close { response.close() } else { response };
        let mut message = vec![0; response.encoded_len()];
        let _ = response.encode(&mut message);
        Ok(String::from_utf8_lossy(&message).into_owned())
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_secs()
    }
}

const fn wrong(reason: &'static str) -> Refusal {
    Refusal { reason, stale: false }
}

const fn stale(reason: &'static str) -> Refusal {
    Refusal { reason, stale: true }
}
