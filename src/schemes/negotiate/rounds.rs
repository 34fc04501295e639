//! The rounds of an exchange, on both sides (RFC 4559, 4 and 5).

use super::{Challenge, Credentials, Mechanism};
use crate::error::SchemeError;
use crate::schemes::Base64;

/// A client's side of the exchange on one connection.
#[derive(Clone, Debug)]
pub struct Client {
    mechanism: Mechanism,
    /// Whether a token was asked for.
    started: bool,
}

/// What a client is to do about a challenge.
#[derive(Clone, Copy, Debug)]
pub enum ClientStep<'a> {
    /// Have the library start, and send its first token.
    Start,
    /// Hand this token to the library, and send the one that it makes.
    Continue(Base64<'a>),
    /// The proxy refused what was sent. Nothing but a new exchange, with other credentials, can help.
    Refused,
}

impl Client {
    /// An exchange that is not begun.
    #[must_use]
    pub const fn new(mechanism: Mechanism) -> Self {
        Self {
            mechanism,
            started: false,
        }
    }

    /// What to do about the challenge of a 407.
    ///
    /// # Errors
    /// [`SchemeError::WrongScheme`] when it is of the other scheme.
    pub fn challenge<'a>(&mut self, challenge: &Challenge<'a>) -> Result<ClientStep<'a>, SchemeError> {
        same(self.mechanism, challenge.mechanism())?;
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

    /// The token, if any, that the library is to be handed at last: that of a response which grants the request, and
    /// which may have a challenge or none. With it the library knows the proxy too.
    ///
    /// The exchange is over: a further challenge on this connection starts another, and is no refusal.
    ///
    /// # Errors
    /// [`SchemeError::WrongScheme`] when it is of the other scheme; the exchange goes on then.
    pub fn granted<'a>(&mut self, challenge: Option<&Challenge<'a>>) -> Result<Option<Base64<'a>>, SchemeError> {
        if let Some(challenge) = challenge {
            same(self.mechanism, challenge.mechanism())?;
        }
        self.started = false;
        Ok(challenge.and_then(Challenge::token))
    }
}

/// A proxy's side of the exchange on one connection.
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

/// What a proxy is to do about a request.
#[derive(Clone, Copy, Debug)]
pub enum VerifierStep<'a> {
    /// Answer with a 407 and [`Challenge::new`], after dropping what the library began.
    Ask,
    /// Hand this token to the library, which has not begun: the first of an exchange.
    Accept(Base64<'a>),
    /// Hand this token to the library, which asked for it.
    Continue(Base64<'a>),
    /// Grant the request: the connection is authenticated.
    Granted,
}

impl Verifier {
    /// An exchange that is not begun.
    #[must_use]
    pub const fn new(mechanism: Mechanism) -> Self {
        Self {
            mechanism,
            state: State::Asking,
        }
    }

    /// What to do about a request with these credentials, or without.
    ///
    /// Once the exchange is [done](Self::done), requests without credentials are granted; those with a token begin anew.
    ///
    /// # Errors
    /// [`SchemeError::WrongScheme`] when they are of the other scheme.
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
        same(self.mechanism, credentials.mechanism())?;
        let step = match self.state {
            State::Started => VerifierStep::Continue(credentials.token()),
            State::Asking | State::Done => VerifierStep::Accept(credentials.token()),
        };
        self.state = State::Started;
        Ok(step)
    }

    /// The library accepted the client: the connection is authenticated.
    pub fn done(&mut self) {
        self.state = State::Done;
    }

    /// The library refused the client: the exchange may begin anew.
    pub fn refuse(&mut self) {
        self.state = State::Asking;
    }

    /// Whether the connection is authenticated.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }
}

fn same(mechanism: Mechanism, other: Mechanism) -> Result<(), SchemeError> {
    if mechanism == other {
        Ok(())
    } else {
        Err(SchemeError::WrongScheme)
    }
}
