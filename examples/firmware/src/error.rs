//! The error of a request.

use proxy_auth::{BufferTooSmall, GiveUp, InvalidInput};

/// The reason why a request has no response. It contains no secret.
#[derive(Debug, PartialEq, Eq)]
pub enum Error<E> {
    /// The connection failed.
    Io(E),
    /// The peer closed the connection before the message was complete.
    Closed,
    /// A request or the head of a response does not fit into the buffer.
    TooLong,
    /// The response is not HTTP/1, or contains too many fields.
    Damaged,
    /// The target contains a character that is not allowed there.
    Target(InvalidInput),
    /// The session has no answer for the proxy.
    GiveUp(GiveUp),
}

impl<E> From<BufferTooSmall> for Error<E> {
    fn from(_: BufferTooSmall) -> Self {
        Self::TooLong
    }
}
