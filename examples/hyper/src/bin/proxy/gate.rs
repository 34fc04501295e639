//! Authenticates requests with `proxy-auth`: writes challenges, verifies credentials, and proves that the proxy knows the password.

use std::error::Error;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use hyper::header::{HeaderMap, HeaderValue};
use hyper::{Method, Response, Uri, http};
use proxy_auth::digest::{
    Account, Algorithm, Info, Login, PasswordHash, ReplayWindow, Request, Slot, Username, Verdict, Verifier,
};
use proxy_auth::{
    ChallengeResponse, Credentials, EncodeChallenge, FieldName, InvalidInput, Scheme, ToHeaderValue, basic, digest,
};

const REALM: &str = "proxy-auth example";
/// The number of nonces whose used answers are remembered at a time.
const SLOTS: usize = 4096;

/// A challenge that the proxy can offer.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Offer {
    /// Digest with SHA-256
    #[value(name = "sha-256")]
    Sha256,
    /// Digest with MD5
    Md5,
    /// Basic; anyone on the network path can read the password
    Basic,
}

/// Decides which requests may pass.
pub(crate) struct Gate {
    user: String,
    password: String,
    /// The offered challenges, in order.
    doors: Vec<Door>,
    /// Issues the nonces. All challenges of Digest share them.
    verifier: Verifier<'static>,
    replay_window: Mutex<ReplayWindow<Vec<Slot>>>,
    /// The start of the clock for nonces. Nonces need not outlive the process, because its key does not.
    started: Instant,
    nonces: AtomicU64,
}

/// An offered challenge, and the data to verify answers to it.
enum Door {
    Basic(basic::Challenge<'static>),
    Digest {
        verifier: Verifier<'static>,
        password_hash: PasswordHash,
    },
}

/// The permission for a request to pass.
pub(crate) struct Pass<'g> {
    pub(crate) scheme: &'static str,
    pub(crate) user: &'g str,
    /// The value of Proxy-Authentication-Info, which proves that the proxy knows the password, too.
    pub(crate) info: Option<HeaderValue>,
}

/// The refusal of a request.
pub(crate) struct Refusal {
    /// The reason for the log, which contains no data from the client.
    pub(crate) reason: &'static str,
    /// `true` if the credentials are correct except for their nonce. The client then answers again without asking its user.
    is_stale: bool,
}

impl Gate {
    /// Creates a gate for one user.
    ///
    /// `key` is 32 bytes from the system's random source, the key of the nonces. A nonce is valid for `max_age`.
    pub(crate) fn new(
        offer: &[Offer],
        user: String,
        password: String,
        key: &[u8; 32],
        max_age: Duration,
    ) -> Result<Self, InvalidInput> {
        // Basic allows fewer characters than Digest, and the user must be the same in both.
        basic::Credentials::new(&user, &password)?;
        let started = Instant::now();
        let verifier = Verifier::new(REALM, key, max_age)?;
        let digest = |algorithm| {
            Ok(Door::Digest {
                verifier: verifier.clone().with_algorithm(algorithm),
                password_hash: PasswordHash::new(algorithm, Login::new(Username::new(&user)?, &password), REALM),
            })
        };
        let doors = offer.iter().map(|offer| match offer {
            Offer::Sha256 => digest(Algorithm::Sha256),
            Offer::Md5 => digest(Algorithm::Md5),
            Offer::Basic => Ok(Door::Basic(basic::Challenge::new(REALM)?.with_utf8())),
        });
        Ok(Self {
            doors: doors.collect::<Result<_, _>>()?,
            user,
            password,
            replay_window: Mutex::new(ReplayWindow::new(
                &verifier,
                vec![Slot::EMPTY; SLOTS],
                started.elapsed(),
            )),
            verifier,
            started,
            nonces: AtomicU64::new(0),
        })
    }

    /// Checks whether a request may pass.
    pub(crate) fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Pass<'_>, Refusal> {
        let credentials = Credentials::from_headers(headers, FieldName::PROXY_AUTHORIZATION)?;
        let credentials = credentials.ok_or(wrong("no credentials"))?;
        match credentials.scheme() {
            Scheme::Basic => self.check_basic(&credentials),
            Scheme::Digest => {
                let credentials = digest::Credentials::read(&credentials)?;
                // The target of the request line, except that hyper replaces an empty path with "/".
                let target = uri.to_string();
                self.check_digest(&credentials, &Request::new(method.as_str(), &target)?)
            }
            _ => Err(NOT_OFFERED),
        }
    }

    fn check_basic(&self, credentials: &Credentials<'_>) -> Result<Pass<'_>, Refusal> {
        if !self.doors.iter().any(|door| matches!(door, Door::Basic(_))) {
            return Err(NOT_OFFERED);
        }
        let mut buffer = [0; 512];
        if !basic::Credentials::decode(credentials, &mut buffer)?.verify(&self.user, &self.password) {
            return Err(wrong("wrong user or password"));
        }
        Ok(self.pass("Basic", None))
    }

    fn check_digest(&self, credentials: &digest::Credentials<'_>, request: &Request<'_>) -> Result<Pass<'_>, Refusal> {
        let door = self.doors.iter().find_map(|door| match door {
            Door::Digest {
                verifier,
                password_hash,
            } if verifier.algorithm() == credentials.algorithm() => Some((verifier, password_hash)),
            _ => None,
        });
        let (verifier, password_hash) = door.ok_or(NOT_OFFERED)?;
        // Unknown users are verified, too, so that the response time does not reveal whether the user exists.
        let is_known = credentials.username() == *self.user.as_str();
        let account = is_known.then(|| Account::new(&self.user, password_hash));
        let now = self.started.elapsed();
        match verifier.verify(credentials, account, request, now) {
            Verdict::Accepted if self.is_first_use(credentials, now) => {}
            Verdict::Accepted => return Err(stale("an answer that was used before")),
            Verdict::Stale => return Err(stale("a nonce that is too old, or of another proxy")),
            Verdict::Wrong => return Err(wrong("wrong user, password or target")),
        }
        // With qop=auth, the proof does not cover the content, which has not arrived yet.
        let rspauth = password_hash.rspauth(credentials, b"");
        let info = Info::new().with_rspauth(rspauth.as_bytes(), credentials)?;
        Ok(self.pass("Digest", Some(info.to_header_value()?)))
    }

    fn is_first_use(&self, credentials: &digest::Credentials<'_>, now: Duration) -> bool {
        let replay_window = self.replay_window.lock();
        replay_window.is_ok_and(|mut replay_window| replay_window.admit(credentials, now))
    }

    fn pass(&self, scheme: &'static str, info: Option<HeaderValue>) -> Pass<'_> {
        Pass {
            scheme,
            user: &self.user,
            info,
        }
    }

    /// Writes the 407 for a refused request. All its challenges of Digest share a nonce.
    pub(crate) fn refuse(&self, refusal: &Refusal) -> Result<Response<Vec<u8>>, http::Error> {
        let unique = self.nonces.fetch_add(1, Ordering::Relaxed);
        let nonce = self.verifier.nonce(self.started.elapsed(), unique);
        let challenges = self.doors.iter().map(|door| match door {
            Door::Basic(challenge) => Box::new(*challenge) as Box<dyn EncodeChallenge>,
            Door::Digest { verifier, .. } => {
                let challenge = verifier.challenge(&nonce).with_utf8();
                Box::new(if refusal.is_stale {
                    challenge.with_stale()
                } else {
                    challenge
                })
            }
        });
        let challenges: Vec<_> = challenges.collect();
        let challenges: Vec<&dyn EncodeChallenge> = challenges.iter().map(|challenge| &**challenge).collect();
        let (first, more) = challenges.split_first().expect("a challenge is offered");
        ChallengeResponse::new(*first).with_more_challenges(more).to_response()
    }
}

const NOT_OFFERED: Refusal = wrong("a scheme or an algorithm that is not offered");

const fn wrong(reason: &'static str) -> Refusal {
    Refusal {
        reason,
        is_stale: false,
    }
}

const fn stale(reason: &'static str) -> Refusal {
    Refusal { reason, is_stale: true }
}

/// Refuses a request whose credentials or target cannot be read.
impl<E: Error> From<E> for Refusal {
    fn from(_: E) -> Self {
        wrong("unreadable credentials or target")
    }
}
