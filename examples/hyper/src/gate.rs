//! Who may pass: challenges, credentials, and what is said to those who passed. All of it is the crate's work.

use std::error::Error;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use hyper::http;
use hyper::{HeaderMap, Method, Response, Uri, header::HeaderValue};
use proxy_auth::digest::{Algorithm, Info, PasswordHash, ReplayWindow, Request, Username, Verdict, Verifier};
use proxy_auth::{
    Credentials, Encode, EncodeChallenge, FieldName, InvalidInput, ProxyAuthenticationRequired, Scheme, basic, digest,
};

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
    basic: basic::Challenge<'static>,
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

/// Why a request may not pass.
pub(crate) enum Refusal {
    /// There are no credentials, or they are damaged, or wrong.
    Wrong,
    /// They are right but for their nonce. The client answers again without asking its user.
    Stale,
}

impl Gate {
    /// A gate for one user. Nonces are made with `key`, 32 bytes from the system's random source, and are good for `max_age`
    /// seconds.
    pub(crate) fn new(
        offer: Offer,
        user: String,
        password: String,
        key: &[u8; 32],
        max_age: u64,
    ) -> Result<Self, InvalidInput> {
        Ok(Self {
            offer,
            basic: basic::Challenge::new(REALM)?.utf8(),
            password_hash: PasswordHash::new(Algorithm::Sha256, Username::new(&user).unwrap(), REALM, &password),
            user,
            password,
            verifier: Verifier::new(REALM, key, max_age)?.with_algorithm(Algorithm::Sha256),
            replay_window: Mutex::new(ReplayWindow::new()),
            started: Instant::now(),
            nonces: AtomicU64::new(0),
        })
    }

    /// Whether a request may pass, and then the value of Proxy-Authentication-Info, if there is something to say.
    pub(crate) fn check(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Option<HeaderValue>, Refusal> {
        let credentials = Credentials::from_headers(headers, FieldName::PROXY_AUTHORIZATION)?;
        let credentials = credentials.ok_or(Refusal::Wrong)?;
        match credentials.scheme() {
            Scheme::Basic if self.offer != Offer::Digest => {
                let mut buffer = [0; 512];
                let basic = basic::Credentials::decode(&credentials, &mut buffer)?;
                if !basic.verify(&self.user, &self.password) {
                    return Err(Refusal::Wrong);
                }
                Ok(None)
            }
            Scheme::Digest if self.offer != Offer::Basic => {
                let credentials = digest::Credentials::read(&credentials)?;
                // As it stands in the request line, but that hyper puts "/" for an empty path.
                let target = uri.to_string();
                self.check_digest(&credentials, &Request::new(method.as_str(), &target)?)
            }
            _ => Err(Refusal::Wrong),
        }
    }

    fn check_digest(
        &self,
        credentials: &digest::Credentials<'_>,
        request: &Request<'_>,
    ) -> Result<Option<HeaderValue>, Refusal> {
        // The proof is computed for a user who is not known, too, so that the time does not tell.
        let verdict = self
            .verifier
            .verify(credentials, &self.password_hash, request, self.now());
        let is_known = credentials.username() == *self.user.as_str();
        match verdict {
            Verdict::Accepted if is_known && self.is_first_use(credentials) => {}
            Verdict::Accepted | Verdict::Stale if is_known => return Err(Refusal::Stale),
            _ => return Err(Refusal::Wrong),
        }
        // With qop=auth the proof does not cover the content, which has not come yet.
        let rspauth = self.password_hash.rspauth(credentials, b"");
        let info = Info::new().with_rspauth(rspauth.as_bytes(), credentials)?;
        Ok(Some(info.to_header_value()?))
    }

    fn is_first_use(&self, credentials: &digest::Credentials<'_>) -> bool {
        let replay_window = self.replay_window.lock();
        replay_window.is_ok_and(|mut replay_window| replay_window.admit(credentials))
    }

    /// The 407 for a request that may not pass. The strongest challenge comes first: some clients take the first they know.
    pub(crate) fn refuse(&self, refusal: &Refusal) -> Result<Response<Vec<u8>>, http::Error> {
        let unique = self.nonces.fetch_add(1, Ordering::Relaxed);
        let nonce = self.verifier.nonce(self.now(), unique);
        let digest = self.verifier.challenge(&nonce).utf8();
        let digest = match refusal {
            Refusal::Stale => digest.stale(),
            Refusal::Wrong => digest,
        };
        let (first, more): (&dyn EncodeChallenge, &[&dyn EncodeChallenge]) = match self.offer {
            Offer::Basic => (&self.basic, &[]),
            Offer::Digest => (&digest, &[]),
            Offer::Both => (&digest, &[&self.basic]),
        };
        ProxyAuthenticationRequired::new(first).and(more).to_response()
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_secs()
    }
}

/// What cannot be read is wrong.
impl<E: Error> From<E> for Refusal {
    fn from(_: E) -> Self {
        Self::Wrong
    }
}
