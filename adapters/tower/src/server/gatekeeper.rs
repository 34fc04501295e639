//! Decides which requests may pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use http::request::Parts;
use http::{HeaderValue, Response, Version};
use proxy_auth::{Attempt, ConnectionStep, Gate, Pass, Refusal, Request, ToHeaderValue};

use super::connection::{Connection, TokenAcceptor, accept};
use super::store::Store;
use super::user::AuthenticatedUser;
use super::users::{StoredSecret, Users};
use crate::BoxError;

/// The gate, and its state, which all connections share.
pub(super) struct Gatekeeper<U> {
    pub(super) gate: Arc<Gate<String>>,
    pub(super) users: Arc<U>,
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) nonces: Arc<AtomicU64>,
    pub(super) acceptor: Option<Arc<dyn TokenAcceptor>>,
}

impl<U> Clone for Gatekeeper<U> {
    fn clone(&self) -> Self {
        Self {
            gate: Arc::clone(&self.gate),
            users: Arc::clone(&self.users),
            store: self.store.clone(),
            clock: self.clock,
            nonces: Arc::clone(&self.nonces),
            acceptor: self.acceptor.clone(),
        }
    }
}

/// The time since the Unix epoch.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    /// It is never set back. For nonces that only this process accepts.
    Steady(Duration, Instant),
    /// The clock of the system. For nonces that other processes accept, too.
    System,
}

impl Clock {
    pub(super) fn steady() -> Self {
        Self::Steady(Self::System.now(), Instant::now())
    }

    pub(super) fn now(self) -> Duration {
        match self {
            Self::Steady(start, instant) => start.saturating_add(instant.elapsed()),
            Self::System => SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default(),
        }
    }
}

/// The reason for which a request was refused, in the extensions of the response, for logs and rate limits. It holds no secret.
#[derive(Clone, Debug)]
pub struct Refused(pub(super) Refusal);

impl Refused {
    /// Returns the refusal. Count those for which [`Refusal::is_guess`] returns `true`, by client address.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.0
    }
}

/// A request that may pass.
pub(super) struct Passed {
    pub(super) user: AuthenticatedUser,
    pub(super) info: Option<HeaderValue>,
    /// The last token of Negotiate or NTLM.
    pub(super) last_token: Option<HeaderValue>,
}

impl Passed {
    pub(super) fn new(pass: &Pass<'_>) -> Self {
        Self {
            user: AuthenticatedUser {
                name: String::from_utf8_lossy(pass.user()).into_owned(),
                scheme: pass.scheme().to_string(),
            },
            info: pass.info().and_then(|info| info.to_header_value().ok()),
            last_token: None,
        }
    }
}

/// A request that does not pass.
pub(super) enum Denied {
    Refusal(Refusal),
    /// The next token of Negotiate or NTLM.
    Continue(Response<Vec<u8>>),
    /// The users cannot be asked.
    Unavailable(BoxError),
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl<U: Users> Gatekeeper<U> {
    /// Checks a request, whose content is read after a refusal if `is_drained` is `true`.
    pub(super) async fn check(&self, head: &Parts, is_drained: bool) -> Result<Passed, Denied> {
        let target = head.uri.to_string();
        let request = Request::new(head.method.as_str(), &target).map_err(|error| Denied::Unavailable(error.into()))?;
        let request = request.with_version(head.version.into());
        let request = if is_drained {
            request.with_drained_content()
        } else {
            request
        };

        // Neither a name nor a password nor a token is longer than the field value.
        let values = head.headers.get_all(self.gate.role().authorization().as_str());
        let mut scratch = vec![0; values.iter().map(HeaderValue::len).max().unwrap_or(0)];
        // The requests of HTTP/2 share a connection, so nothing can authenticate it.
        let connection = self.acceptor.as_ref().and(head.extensions.get::<Connection>());
        let Some(connection) = connection.filter(|_| head.version < Version::HTTP_2) else {
            let attempt = self.gate.read(&request, &head.headers, &mut scratch)?;
            return self.check_attempt(attempt).await;
        };
        let mut state = connection.0.lock().await;
        let (gate, context) = state.parts();
        match gate.read(&self.gate, &request, &head.headers, &mut scratch)? {
            ConnectionStep::Pass(pass) => Ok(Passed::new(&pass)),
            ConnectionStep::Attempt(attempt) => self.check_attempt(attempt).await,
            ConnectionStep::Token(round) => accept(round, context, self.acceptor.as_ref()).await,
        }
    }

    async fn check_attempt(&self, attempt: Attempt<'_, String>) -> Result<Passed, Denied> {
        let found = self.users.find(&attempt).await.map_err(Denied::Unavailable)?;
        let account = found.as_ref();
        let account = account.map(|found| proxy_auth::Account::new(&found.name, found.secret.as_secret()));
        let ticket = attempt.check(account, self.clock.now())?;
        let pass = self.store.redeem(ticket).await?;
        Ok(Passed::new(&pass))
    }

    /// Creates the response to a refused request.
    pub(super) fn deny(&self, refusal: &Refusal) -> Result<Response<Vec<u8>>, http::Error> {
        let unique = self.nonces.fetch_add(1, Ordering::Relaxed);
        let denial = self.gate.deny(refusal, self.clock.now(), unique);
        denial.response().to_response()
    }
}
