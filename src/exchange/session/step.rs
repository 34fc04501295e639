//! The outcome of a response.

use core::error::Error;
use core::fmt;

use super::turn::Turn;
use crate::error::{Base64Error, BufferTooSmall, InvalidInput, ParseError, SchemeError};
use crate::select::{NothingFits, PassedOver};

/// The outcome of a response, and the next step of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub enum Step {
    /// Send the request again, with the credentials that [`Session::authorize`](crate::Session::authorize) returns for this turn.
    Again(Turn),
    /// Like [`Again`](Self::Again), but on a new connection, since the peer closes this one.
    NewConnection(Turn),
    /// The response is that to the request: the peer asks for no more credentials.
    Done {
        /// `true` if the response proves that the peer knows the password, too. It is never `true` without `qop=auth`.
        proved: bool,
    },
    /// Sending the request again is of no use, or dangerous.
    GiveUp(GiveUp),
}

/// The reason why a [`Session`](crate::Session) or a [`ConnectionSession`](crate::ConnectionSession) does not answer, or does not trust a
/// response.
///
/// It holds no secret, and no part of a field value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum GiveUp {
    /// The peer refused the credentials: the name or the password is wrong, or the token.
    ///
    /// A [`Session`](crate::Session) sends nothing more for this login, until [`forget_login`](crate::Session::forget_login). A
    /// [`ConnectionSession`](crate::ConnectionSession) sends nothing more: create another one for other credentials.
    Refused,
    /// The request was sent by another session. Nothing has changed in this one.
    OtherSession,
    /// The peer refused one nonce after another as stale, or asked for more than
    /// [`MAX_ROUNDS`](crate::negotiate::MAX_ROUNDS) tokens.
    ///
    /// A [`Session`](crate::Session) has forgotten the challenge, and starts again.
    TooManyRounds,
    /// None of the challenges may be answered: the policy or the mechanism does not include them, or they are unusable. No credentials
    /// were refused, so another scheme may be tried.
    NothingFits(NothingFits),
    /// The challenges are weaker than those that the peer has shown before. An attacker may have removed the stronger ones.
    Downgraded,
    /// A challenge that cannot be used may be the strongest. An attacker may have damaged it.
    Unusable(SchemeError),
    /// Like [`Unusable`](Self::Unusable), for a challenge that breaks the grammar at its scheme.
    Damaged(ParseError),
    /// The proof in the response is wrong: the peer does not know the password, or somebody changed the response.
    Forged,
    /// A proof is required, but the response contains none; or the caller did not [accept](crate::LastToken::accept) the last token.
    Unproved,
    /// A proof is required, but the response to an answer to this challenge cannot contain one: it is Digest without `qop=auth`, or NTLM.
    Unprovable,
    /// The memory of a [`Session`](crate::Session) is too small for the challenge or for the user's name, or the memory that was
    /// passed to [`ConnectionSession::receive`](crate::ConnectionSession::receive) for the token.
    ///
    /// The length that a [`Session`](crate::Session) needs does not include a name that it has not seen yet.
    BufferTooSmall(BufferTooSmall),
    /// The peer closes the connection during a handshake of Negotiate or NTLM. It cannot go on: start again on a new connection,
    /// with a new [`ConnectionSession`](crate::ConnectionSession).
    ConnectionCloses,
    /// A challenge of Negotiate or NTLM has a token, although the client has sent none.
    UnexpectedToken,
    /// The token of a challenge of Negotiate or NTLM is not base64.
    InvalidToken {
        /// The offset of the first invalid byte, from the start of the field value.
        offset: usize,
    },
    /// The scheme of the challenge cannot carry the name or the password.
    InvalidLogin(InvalidInput),
}

impl From<NothingFits> for GiveUp {
    fn from(reason: NothingFits) -> Self {
        Self::NothingFits(reason)
    }
}

impl From<&PassedOver<'_>> for GiveUp {
    fn from(reason: &PassedOver<'_>) -> Self {
        match reason {
            PassedOver::Unusable { error, .. } => Self::Unusable(*error),
            PassedOver::Damaged(error) => Self::Damaged(error.clone()),
        }
    }
}

impl From<BufferTooSmall> for GiveUp {
    fn from(error: BufferTooSmall) -> Self {
        Self::BufferTooSmall(error)
    }
}

impl From<Base64Error> for GiveUp {
    fn from(error: Base64Error) -> Self {
        match error {
            Base64Error::Invalid { offset } => Self::InvalidToken { offset },
            Base64Error::BufferTooSmall(error) => Self::BufferTooSmall(error),
        }
    }
}

impl From<InvalidInput> for GiveUp {
    fn from(error: InvalidInput) -> Self {
        Self::InvalidLogin(error)
    }
}

impl fmt::Display for GiveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("the peer refused the credentials"),
            Self::OtherSession => f.write_str("another session has sent the request"),
            Self::TooManyRounds => f.write_str("the peer asks for credentials again and again"),
            Self::NothingFits(reason) => fmt::Display::fmt(reason, f),
            Self::Downgraded => f.write_str("the challenges are weaker than before"),
            Self::Unusable(error) => write!(f, "a challenge that may be the strongest is unusable: {error}"),
            Self::Damaged(error) => write!(f, "a challenge that may be the strongest is damaged: {error}"),
            Self::Forged => f.write_str("the proof in the response is wrong"),
            Self::Unproved => f.write_str("the response contains no proof"),
            Self::Unprovable => f.write_str("no response to an answer to this challenge can contain a proof"),
            Self::BufferTooSmall(error) => fmt::Display::fmt(error, f),
            Self::ConnectionCloses => f.write_str("the peer closes the connection during the handshake"),
            Self::UnexpectedToken => f.write_str("the challenge has a token, but none was sent before"),
            Self::InvalidToken { offset } => {
                write!(f, "the token is invalid: {}", Base64Error::Invalid { offset: *offset })
            }
            Self::InvalidLogin(error) => write!(f, "the name or the password cannot be sent: {error}"),
        }
    }
}

impl Error for GiveUp {}
