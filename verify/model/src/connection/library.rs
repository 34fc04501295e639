//! A mechanism for Negotiate that stands for Kerberos: its proofs are bound to a user, a connection and a nonce of the proxy.
//!
//! Nobody makes a proof of another user, so the attacker only sends again what it has seen.

use crate::setup::User;

/// The first token of a client.
const HELLO: &str = "hello";

fn proof(user: User, connection: usize, nonce: u32) -> String {
    format!("proof {} {connection} {nonce}", user.name())
}

fn last(user: User, connection: usize, nonce: u32) -> String {
    format!("last {} {connection} {nonce}", user.name())
}

/// The library of the proxy, for one connection.
pub(super) struct Acceptor {
    connection: usize,
    nonces: u32,
    /// The nonce of the exchange that has started.
    context: Option<u32>,
}

pub(super) enum Verdict {
    Continue(String),
    /// The user, and the last token.
    Accepted(User, String),
    Refused,
}

impl Acceptor {
    pub(super) const fn new(connection: usize) -> Self {
        Self {
            connection,
            nonces: 0,
            context: None,
        }
    }

    pub(super) fn accept(&mut self, is_first: bool, token: &[u8]) -> Verdict {
        match (is_first, self.context.take()) {
            (true, _) if token == HELLO.as_bytes() => {
                self.nonces += 1;
                self.context = Some(self.nonces);
                Verdict::Continue(format!("nonce {} {}", self.connection, self.nonces))
            }
            (false, Some(nonce)) => {
                let user = User::ALL
                    .into_iter()
                    .find(|user| token == proof(*user, self.connection, nonce).as_bytes());
                user.map_or(Verdict::Refused, |user| {
                    Verdict::Accepted(user, last(user, self.connection, nonce))
                })
            }
            _ => Verdict::Refused,
        }
    }
}

/// The library of a client, for one connection.
pub(super) struct Initiator {
    user: User,
    connection: usize,
    nonce: Option<u32>,
}

impl Initiator {
    pub(super) const fn new(user: User, connection: usize) -> Self {
        Self {
            user,
            connection,
            nonce: None,
        }
    }

    /// Returns the next token, or `None` if the token of the proxy is wrong.
    pub(super) fn step(&mut self, received: Option<&[u8]>) -> Option<String> {
        let Some(received) = received else {
            self.nonce = None;
            return Some(HELLO.into());
        };
        let of_connection = format!("nonce {} ", self.connection);
        let nonce = std::str::from_utf8(received).ok()?.strip_prefix(&of_connection)?;
        let nonce = nonce.parse().ok().filter(|_| self.nonce.is_none())?;
        self.nonce = Some(nonce);
        Some(proof(self.user, self.connection, nonce))
    }

    /// Checks the last token of the proxy.
    pub(super) fn finish(&self, token: &[u8]) -> bool {
        self.nonce
            .is_some_and(|nonce| token == last(self.user, self.connection, nonce).as_bytes())
    }
}
