//! Responses.

use proxy_auth::{Pending, Turn};

/// The response to a request that needs no more credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The proxy has proved that it knows the password.
    pub is_proved: bool,
    /// The number of times that the request was sent.
    pub rounds: u8,
    /// The content that follows on the connection.
    pub content: Content,
}

/// The content of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// This many bytes.
    Bytes(usize),
    /// In chunks, or until the connection closes. This client does not read it.
    Unbounded,
}

/// The next step after the head of a response.
#[derive(Debug)]
pub enum Next {
    /// The response was interim (status code 1xx). Read the head of another.
    Read(Pending),
    /// Send the request again, after this content.
    Again(Turn, Content),
    /// Send the request again, on another connection.
    NewConnection(Turn),
    /// Done.
    Done(Reply),
}
