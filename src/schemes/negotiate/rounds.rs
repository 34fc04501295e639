//! The rounds of an exchange, on both sides (RFC 4559, 4 and 5).

use super::{Challenge, Credentials, Mechanism};
use crate::error::SchemeError;
use crate::schemes::Base64;

/// The client's side of an exchange on one connection.
///
/// See the [module documentation](super) for an example.
#[derive(Clone, Debug)]
pub struct Client {
    mechanism: Mechanism,
    /// `true` after the first challenge of an exchange.
    started: bool,
}

/// The next step of a [`Client`] after a challenge.
///
/// See the [module documentation](super) for an example.
#[derive(Clone, Copy, Debug)]
pub enum ClientStep<'a> {
    /// Let the library start, and send its first token.
    Start,
    /// Pass this token to the library, and send the token that it returns.
    Continue(Base64<'a>),
    /// The proxy refused the last token. Only a new exchange with other credentials can succeed.
    Refused,
}

impl Client {
    /// Creates a client whose exchange has not started.
    #[must_use]
    pub const fn new(mechanism: Mechanism) -> Self {
        Self {
            mechanism,
            started: false,
        }
    }

    /// Returns the next step after the challenge of a 407.
    ///
    /// # Errors
    /// Returns [`SchemeError::WrongScheme`] if the challenge belongs to the other scheme.
    pub fn challenge<'a>(&mut self, challenge: &Challenge<'a>) -> Result<ClientStep<'a>, SchemeError> {
        must_match(self.mechanism, challenge.mechanism())?;
        let started = self.started;
        self.started = true;
        Ok(match challenge.token() {
            Some(token) => ClientStep::Continue(token),
            None if started => {
                self.started = false;
                ClientStep::Refused
            }
            None => ClientStep::Start,
        })
    }

    /// Ends the exchange, and returns the last token for the library, if there is one.
    ///
    /// Call this for the response that grants the request, with its challenge if it has one. The token lets the library
    /// authenticate the proxy. A later challenge on this connection starts a new exchange; it is not a refusal.
    ///
    /// # Errors
    /// Returns [`SchemeError::WrongScheme`] if the challenge belongs to the other scheme. The exchange then continues.
    pub fn granted<'a>(&mut self, challenge: Option<&Challenge<'a>>) -> Result<Option<Base64<'a>>, SchemeError> {
        if let Some(challenge) = challenge {
            must_match(self.mechanism, challenge.mechanism())?;
        }
        self.started = false;
        Ok(challenge.and_then(Challenge::token))
    }
}

/// The proxy's side of an exchange on one connection.
///
/// See the [module documentation](super) for an example.
#[derive(Clone, Debug)]
pub struct Verifier {
    mechanism: Mechanism,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Asking,
    Started,
    Done,
}

/// The next step of a [`Verifier`] after a request.
///
/// See the [module documentation](super) for an example.
#[derive(Clone, Copy, Debug)]
pub enum VerifierStep<'a> {
    /// Drop the library's context, if there is one, and answer with a 407 and [`Challenge::new`].
    Ask,
    /// Pass this token, the first of an exchange, to a new context of the library.
    Accept(Base64<'a>),
    /// Pass this token to the library, which asked for it.
    Continue(Base64<'a>),
    /// Grant the request. The connection is authenticated.
    Granted,
}

impl Verifier {
    /// Creates a verifier whose exchange has not started.
    #[must_use]
    pub const fn new(mechanism: Mechanism) -> Self {
        Self {
            mechanism,
            state: State::Asking,
        }
    }

    /// Returns the next step after a request with these credentials, or without credentials.
    ///
    /// Once the exchange is [done](Self::done), a request without credentials is granted, and a token starts a new exchange.
    ///
    /// # Errors
    /// Returns [`SchemeError::WrongScheme`] if the credentials belong to the other scheme.
    pub fn request<'a>(&mut self, credentials: Option<&Credentials<'a>>) -> Result<VerifierStep<'a>, SchemeError> {
        let Some(credentials) = credentials else {
            return Ok(match self.state {
                State::Done => VerifierStep::Granted,
                State::Asking | State::Started => {
                    self.state = State::Asking;
                    VerifierStep::Ask
                }
            });
        };
        must_match(self.mechanism, credentials.mechanism())?;
        let step = match self.state {
            State::Started => VerifierStep::Continue(credentials.token()),
            State::Asking | State::Done => VerifierStep::Accept(credentials.token()),
        };
        self.state = State::Started;
        Ok(step)
    }

    /// Records that the library accepted the client. The connection is then authenticated.
    pub fn done(&mut self) {
        self.state = State::Done;
    }

    /// Records that the library refused the client. The next token starts a new exchange.
    pub fn refuse(&mut self) {
        self.state = State::Asking;
    }

    /// Returns `true` if the connection is authenticated.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }
}

fn must_match(mechanism: Mechanism, other: Mechanism) -> Result<(), SchemeError> {
    if mechanism == other {
        Ok(())
    } else {
        Err(SchemeError::WrongScheme)
    }
}
