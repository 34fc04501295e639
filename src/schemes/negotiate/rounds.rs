//! The rounds of an exchange, on the proxy's side (RFC 4559, 4 and 5).

use super::{Credentials, Mechanism};
use crate::error::SchemeError;
use crate::schemes::Base64;

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
    /// Drop the library's context, if there is one, and answer with a 407 and [`Challenge::new`](super::Challenge::new).
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
