//! The conversation with a proxy about one request.

use http::{HeaderMap, HeaderValue, StatusCode};
use proxy_auth::{ConnectionSession, HandshakeStep, Login, Pending, Request, Step, ToHeaderValue, Turn};
use tokio::task::spawn_blocking;

use super::error::{Error, ErrorKind};
use super::proxy::{Authentication, Proxy, ProxySession, Sessions, User, lock};
use super::tokens::TokenContext;
use crate::BoxError;

/// One request, which may be sent several times.
pub(super) struct Exchange<'r> {
    proxy: &'r Proxy,
    purpose: Purpose,
    request: Request<'r>,
    state: State,
}

enum State {
    None,
    Session(Turn),
    Tokens(Handshake),
}

/// A handshake of Negotiate or NTLM, on one connection.
struct Handshake {
    session: ConnectionSession,
    context: Option<Box<dyn TokenContext>>,
    /// The credentials for the next request until its response, and whether they are the first of the handshake.
    next: Option<(HeaderValue, bool)>,
}

/// The session that a request belongs to.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Tunnel,
    Forward,
}

impl Purpose {
    fn session(self, sessions: &mut Sessions) -> &mut ProxySession {
        match self {
            Self::Tunnel => &mut sessions.tunnels,
            Self::Forward => &mut sessions.forwarded,
        }
    }
}

/// The next step after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The response is that to the request.
    Done,
    /// Send the request again.
    Again {
        /// `true` if the proxy closes the connection.
        needs_new_connection: bool,
    },
}

impl<'r> Exchange<'r> {
    pub(super) fn new(purpose: Purpose, proxy: &'r Proxy, method: &'r str, target: &'r str) -> Result<Self, Error> {
        let request =
            Request::new(method, target).map_err(|error| Error::from_source(ErrorKind::InvalidTarget, error))?;
        let state = match &proxy.shared.authentication {
            Authentication::None => State::None,
            Authentication::Session(_) => State::Session(Turn::FIRST),
            Authentication::Tokens(provider) => {
                let session = ConnectionSession::new(provider.mechanism());
                State::Tokens(Handshake {
                    session: if provider.requires_proof() {
                        session.with_proof_required()
                    } else {
                        session
                    },
                    context: None,
                    next: None,
                })
            }
        };
        Ok(Self {
            proxy,
            purpose,
            request,
            state,
        })
    }

    /// Returns the value of Proxy-Authorization for the request, and the token for its response.
    pub(super) fn authorize(&mut self) -> Result<(Option<HeaderValue>, Option<Pending>), Error> {
        match (&mut self.state, &self.proxy.shared.authentication) {
            (State::Session(turn), Authentication::Session(user)) => {
                let mut random = [0; 16];
                getrandom::fill(&mut random).map_err(|error| Error::from_source(ErrorKind::Random, error))?;
                let User {
                    sessions,
                    name,
                    password,
                } = &mut *lock(user);
                let login = Login { name, password };
                let session = self.purpose.session(sessions);
                let (authorization, pending) = session.authorize(*turn, &login, &self.request, random)?;
                let value = authorization.map(|authorization| authorization.to_header_value());
                let value = value.transpose();
                Ok((
                    value.map_err(|error| Error::from_source(ErrorKind::Send, error))?,
                    Some(pending),
                ))
            }
            (State::Tokens(handshake), _) => Ok((handshake.next.as_ref().map(|(value, _)| value.clone()), None)),
            _ => Ok((None, None)),
        }
    }

    /// Returns `true` if the request may be sent on another connection than the one before.
    pub(super) fn is_movable(&self) -> bool {
        match &self.state {
            State::None | State::Session(_) => true,
            State::Tokens(handshake) => handshake.next.as_ref().is_none_or(|(_, is_first)| *is_first),
        }
    }

    /// Returns the next step after a response.
    pub(super) async fn receive(
        &mut self,
        pending: Option<Pending>,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Next, Error> {
        let next = match (&mut self.state, pending) {
            (State::Session(turn), Some(pending)) => {
                let Authentication::Session(user) = &self.proxy.shared.authentication else {
                    return Err(ErrorKind::NoLogin.into());
                };
                let step = self
                    .purpose
                    .session(&mut lock(user).sessions)
                    .receive(pending, status.as_u16(), headers);
                match step {
                    Step::Done { .. } => Ok(Next::Done),
                    Step::Again(next) => {
                        *turn = next;
                        Ok(Next::Again {
                            needs_new_connection: false,
                        })
                    }
                    Step::NewConnection(next) => {
                        *turn = next;
                        Ok(Next::Again {
                            needs_new_connection: true,
                        })
                    }
                    Step::GiveUp(reason) => Err(reason.into()),
                }
            }
            (State::Tokens(handshake), _) => handshake.receive(self.proxy, status, headers).await,
            _ if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED => Err(ErrorKind::NoLogin.into()),
            _ => Ok(Next::Done),
        };
        next.map_err(|error| error.with_response(status, headers))
    }
}

impl Handshake {
    async fn receive(&mut self, proxy: &Proxy, status: StatusCode, headers: &HeaderMap) -> Result<Next, Error> {
        let Authentication::Tokens(provider) = &proxy.shared.authentication else {
            return Err(ErrorKind::NoLogin.into());
        };
        self.next = None;
        // A token is shorter than the head that holds it.
        let mut scratch = vec![0; proxy.max_head];
        match self.session.receive(status.as_u16(), headers, &mut scratch) {
            HandshakeStep::Done => Ok(Next::Done),
            HandshakeStep::GiveUp(reason) => Err(reason.into()),
            HandshakeStep::Verify(last) => {
                let (mut context, token) = (self.context.take().ok_or(ErrorKind::Tokens)?, last.token().to_vec());
                blocking(move || context.verify(&token)).await?;
                last.accept();
                Ok(Next::Done)
            }
            HandshakeStep::Again(request) => {
                let (provider, context) = (provider.clone(), self.context.take());
                let received = request.received().map(<[u8]>::to_vec);
                let host = proxy.uri().host().unwrap_or_default().to_owned();
                let is_first = received.is_none();
                let (context, token) = blocking(move || {
                    let mut context = match context {
                        Some(context) if received.is_some() => context,
                        _ => provider.start(&host)?,
                    };
                    let token = context.step(received.as_deref())?;
                    Ok((context, token))
                })
                .await?;
                self.context = Some(context);
                let needs_new_connection = request.needs_new_connection();
                let credentials = request.answer(&token).map_err(proxy_auth::GiveUp::from)?;
                let value = credentials.to_header_value();
                let value = value.map_err(|error| Error::from_source(ErrorKind::Send, error))?;
                self.next = Some((value, is_first));
                Ok(Next::Again { needs_new_connection })
            }
        }
    }
}

/// Calls the library on a thread for blocking calls.
async fn blocking<T: Send + 'static>(call: impl FnOnce() -> Result<T, BoxError> + Send + 'static) -> Result<T, Error> {
    let called = spawn_blocking(call).await.map_err(BoxError::from);
    called
        .and_then(|result| result)
        .map_err(|error| Error::from_source(ErrorKind::Tokens, error))
}
