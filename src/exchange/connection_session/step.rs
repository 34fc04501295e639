//! The outcome of a response on a connection that is being authenticated.

use core::fmt;

use super::{ConnectionSession, State};
use crate::error::InvalidInput;
use crate::exchange::session::GiveUp;
use crate::redact::redact;
use crate::schemes::negotiate::Credentials;

/// The outcome of a response, and the next step of the client. See [`ConnectionSession`] for an example.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub enum HandshakeStep<'a> {
    /// Let the library create a token, and send the request again with it.
    Again(TokenRequest<'a>),
    /// The response is that to the request, and has a last token of the peer. Let the library verify it before the response is used.
    Verify(LastToken<'a>),
    /// The response is that to the request: the peer asks for no token.
    Done,
    /// Sending the request again is of no use, or dangerous.
    GiveUp(GiveUp),
}

/// A request for a token of the library, from [`ConnectionSession::receive`]. If it is dropped, the handshake ends.
///
/// It takes one token:
///
/// ```compile_fail,E0382
/// # use proxy_auth::TokenRequest;
/// fn answer_twice(request: TokenRequest<'_>) {
///     let _ = request.answer(b"first");
///     let _ = request.answer(b"second");
/// }
/// ```
#[must_use = "the handshake ends without a token"]
pub struct TokenRequest<'a> {
    pub(super) session: &'a mut ConnectionSession,
    pub(super) received: Option<&'a [u8]>,
    /// The number of tokens that were sent before.
    pub(super) sent: u8,
    pub(super) closes: bool,
}

impl<'a> TokenRequest<'a> {
    /// Returns the token of the peer, for the library. Returns `None` if a handshake starts: the library then needs a new context.
    #[must_use]
    pub const fn received(&self) -> Option<&'a [u8]> {
        self.received
    }

    /// Returns `true` if the peer closes this connection. A handshake that starts can use a new one; the session then belongs to the
    /// new connection.
    #[must_use]
    pub const fn needs_new_connection(&self) -> bool {
        self.closes
    }

    /// Returns the credentials with a token of the library. Send the request again with them, on the connection of the session.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if the token is empty. The handshake then ends.
    pub fn answer(self, token: &[u8]) -> Result<Credentials<'_>, InvalidInput> {
        let credentials = Credentials::new(self.session.mechanism, token)?;
        self.session.state = State::Sent(self.sent.saturating_add(1));
        Ok(credentials)
    }
}

/// The last token of the peer, from [`ConnectionSession::receive`].
///
/// If it is dropped without [`accept`](Self::accept), no later response on this connection is [`Done`](HandshakeStep::Done) before
/// another handshake.
#[must_use = "the library must verify the token"]
pub struct LastToken<'a> {
    pub(super) session: &'a mut ConnectionSession,
    pub(super) token: &'a [u8],
}

impl<'a> LastToken<'a> {
    /// Returns the token, for the library.
    #[must_use]
    pub const fn token(&self) -> &'a [u8] {
        self.token
    }

    /// Records that the library verified the token. Call this only if the library returned no error.
    ///
    /// If you require a proof of the peer's identity, check also that the library reports mutual authentication, since it is an
    /// option of the library: `GSS_C_MUTUAL_FLAG` in GSSAPI, `ISC_RET_MUTUAL_AUTH` in SSPI.
    pub fn accept(self) {
        self.session.is_trusted = true;
    }
}

redact!(LastToken<'_>);

impl fmt::Debug for TokenRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("sent", &self.sent)
            .field("needs_new_connection", &self.closes)
            .finish_non_exhaustive()
    }
}
