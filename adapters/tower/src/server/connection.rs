//! Negotiate and NTLM, which authenticate a connection.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use proxy_auth::negotiate::{Challenge, Mechanism};
use proxy_auth::{ConnectionGate, Refusal, Round, ToHeaderValue};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use super::gatekeeper::{Denied, Passed};
use crate::BoxError;

/// The state of a connection from a client, for Negotiate and NTLM.
///
/// **Create one for each connection, and insert it in the extensions of each of its requests**, before they reach
/// [`ProxyAuth`](super::ProxyAuth). Clones belong to the same connection. Without it, or without a [`TokenAcceptor`], both schemes are
/// refused. If another proxy in front of this one shares its connections among its clients, do not use it.
///
/// # Examples
/// ```
/// use http::{Request, Response};
/// use proxy_auth_tower::server::{Connection, ProxyAuthLayer, Users};
/// use tower::{Layer, Service, service_fn};
/// # use std::convert::Infallible;
/// # async fn forward(_: Request<String>) -> Result<Response<String>, Infallible> { Ok(Response::default()) }
///
/// /// Returns the service for one connection.
/// fn service<U: Users>(layer: &ProxyAuthLayer<U>) -> impl Service<Request<String>> {
///     let (mut proxy, connection) = (layer.layer(service_fn(forward)), Connection::new());
///     service_fn(move |mut request: Request<String>| {
///         request.extensions_mut().insert(connection.clone());
///         proxy.call(request)
///     })
/// }
/// ```
#[derive(Clone)]
pub struct Connection(pub(super) Arc<Mutex<State>>);

pub(super) struct State {
    pub(super) gate: ConnectionGate<String>,
    context: Option<Box<dyn AcceptContext>>,
}

impl Connection {
    /// Creates the state of a new connection, which is not authenticated.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            gate: ConnectionGate::new(),
            context: None,
        })))
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

/// A library that accepts the tokens of Negotiate or NTLM, such as GSSAPI or SSPI.
///
/// The methods run on a thread for blocking calls.
pub trait TokenAcceptor: Send + Sync + 'static {
    /// Starts an exchange.
    ///
    /// # Errors
    /// The request is refused.
    fn start(&self, mechanism: Mechanism) -> Result<Box<dyn AcceptContext>, BoxError>;
}

/// One exchange of a [`TokenAcceptor`].
pub trait AcceptContext: Send + 'static {
    /// Accepts a token of the client.
    ///
    /// # Errors
    /// The client is refused.
    fn step(&mut self, token: &[u8]) -> Result<Accepted, BoxError>;
}

/// The outcome of a token.
pub enum Accepted {
    /// The exchange continues with this token.
    Continue(Vec<u8>),
    /// The client is this user.
    Done {
        /// The name of the user.
        user: String,
        /// A last token, with which the client authenticates the proxy.
        last: Option<Vec<u8>>,
    },
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Continue(_) => f.write_str("Continue([redacted])"),
            Self::Done { user, .. } => f.debug_struct("Done").field("user", user).finish_non_exhaustive(),
        }
    }
}

/// Lets the library accept a token.
pub(super) async fn accept(
    round: Round<'_, String>,
    context: &mut Option<Box<dyn AcceptContext>>,
    acceptor: Option<&Arc<dyn TokenAcceptor>>,
) -> Result<Passed, Denied> {
    let refuse = |refusal: Refusal| Denied::Refusal(refusal);
    let Some(acceptor) = acceptor.cloned() else {
        return Err(refuse(round.refuse()));
    };
    let (kept, is_first, token, mechanism) = (
        context.take(),
        round.is_first(),
        round.token().to_vec(),
        round.mechanism(),
    );
    let called = spawn_blocking(move || -> Result<_, BoxError> {
        let mut context = match kept {
            Some(context) if !is_first => context,
            _ => acceptor.start(mechanism)?,
        };
        let accepted = context.step(&token)?;
        Ok((context, accepted))
    });
    let Ok(Ok((kept, accepted))) = called.await else {
        return Err(refuse(round.refuse()));
    };
    match accepted {
        Accepted::Continue(token) => {
            *context = Some(kept);
            let continuation = round.proceed(&token).map_err(refuse)?;
            let response = continuation.response().to_response();
            Err(Denied::Continue(
                response.map_err(|error| Denied::Unavailable(error.into()))?,
            ))
        }
        Accepted::Done { user, last } => {
            let last = last.and_then(|token| challenge(mechanism, &token));
            let mut passed = Passed::new(&round.accept(user));
            passed.last_token = last;
            Ok(passed)
        }
    }
}

fn challenge(mechanism: Mechanism, token: &[u8]) -> Option<HeaderValue> {
    Challenge::from_token(mechanism, token).ok()?.to_header_value().ok()
}

impl State {
    /// Returns the two parts, which are used at the same time.
    pub(super) fn parts(&mut self) -> (&mut ConnectionGate<String>, &mut Option<Box<dyn AcceptContext>>) {
        (&mut self.gate, &mut self.context)
    }
}
