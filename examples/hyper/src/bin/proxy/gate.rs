//! Authenticates requests with `proxy-auth`: decides which may pass, and answers those that may not.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use hyper::header::{HeaderMap, HeaderValue};
use hyper::{Response, http};
use proxy_auth::digest::{Algorithm, ReplayWindow, Slot};
use proxy_auth::{Account, Attempt, Claim, DigestOffer, Gate, Password, Refusal, Request, ToHeaderValue};

use crate::users::Users;

/// The number of nonces whose used answers are remembered at a time.
const SLOTS: usize = 4096;

/// A challenge that the proxy can offer.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Offer {
    /// Digest with SHA-256
    #[value(name = "sha-256")]
    Sha256,
    /// Digest with SHA-512/256, which browsers do not know
    #[value(name = "sha-512-256")]
    Sha512,
    /// Digest with MD5
    Md5,
    /// Basic; anyone on the network path can read the password
    Basic,
}

impl Offer {
    /// Adds this challenge to those of the gate. All challenges of Digest must have the same key and lifetime.
    pub(crate) fn add_to<O>(
        self,
        gate: Gate<&'static str, O>,
        key: &[u8; 32],
        max_age: Duration,
    ) -> Gate<&'static str> {
        let digest = |algorithm| DigestOffer::new(key, [algorithm]).with_max_age(max_age);
        match self {
            Self::Sha256 => gate.with_digest(&digest(Algorithm::Sha256)),
            Self::Sha512 => gate.with_digest(&digest(Algorithm::Sha512_256)),
            Self::Md5 => gate.with_digest(&digest(Algorithm::Md5)),
            Self::Basic => gate.with_basic(),
        }
    }
}

/// The gate, and its state: the users, the answers that were used, and the clock and the counter for nonces.
pub(crate) struct Gatekeeper {
    gate: Gate<&'static str>,
    users: Users,
    replay_window: Mutex<ReplayWindow<Vec<Slot>>>,
    /// Nonces need not outlive the process, because its key does not. So its clock can start with it.
    started: Instant,
    nonces: AtomicU64,
}

/// The result for a request that may pass. It does not borrow the request, which is forwarded.
pub(crate) struct Passed {
    pub(crate) scheme: String,
    pub(crate) user: String,
    /// The value of Proxy-Authentication-Info, which proves that the proxy knows the password, too.
    pub(crate) info: Option<HeaderValue>,
}

impl Gatekeeper {
    pub(crate) fn new(gate: Gate<&'static str>, users: Users) -> Self {
        let replay_window = gate.replay_window(vec![Slot::EMPTY; SLOTS], Duration::ZERO);
        Self {
            gate,
            users,
            replay_window: Mutex::new(replay_window),
            started: Instant::now(),
            nonces: AtomicU64::new(0),
        }
    }

    /// Returns the time. The window is older than the first nonce.
    fn now(&self) -> Duration {
        Duration::from_millis(1) + self.started.elapsed()
    }

    /// Checks whether a request may pass.
    pub(crate) fn check(&self, request: &Request<'_>, headers: &HeaderMap) -> Result<Passed, Refusal> {
        let mut scratch = [0; 512];
        let attempt = self.gate.read(request, headers, &mut scratch)?;
        let user = name(&attempt).and_then(|name| self.users.get_key_value(name.as_ref()));
        let account = user.map(|(name, password)| Account::new(name, Password::new(password)));
        let ticket = attempt.check(account, self.now())?;
        let pass = {
            let mut replay_window = self.replay_window.lock().unwrap_or_else(PoisonError::into_inner);
            ticket.redeem(&mut *replay_window)?
        };
        Ok(Passed {
            scheme: pass.scheme().to_string(),
            user: String::from_utf8_lossy(pass.user()).into_owned(),
            info: pass.info().and_then(|info| info.to_header_value().ok()),
        })
    }

    /// Creates the 407 for a refused request.
    pub(crate) fn deny(&self, refusal: &Refusal) -> Result<Response<Vec<u8>>, http::Error> {
        let unique = self.nonces.fetch_add(1, Ordering::Relaxed);
        let denial = self.gate.deny(refusal, self.now(), unique);
        denial.response().to_response()
    }
}

/// Returns the name that the client claims to have, in UTF-8. Python's requests, pip, libsoup and Qt send ISO-8859-1 with Basic.
fn name<'a>(attempt: &Attempt<'a, &str>) -> Option<Cow<'a, str>> {
    let Claim::Name(name) = attempt.claim() else {
        return None;
    };
    Some(match std::str::from_utf8(name) {
        Ok(name) => name.into(),
        Err(_) => name.iter().copied().map(char::from).collect::<String>().into(),
    })
}
