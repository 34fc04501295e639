//! A request that was sent, or is about to be.

use core::fmt;

#[cfg(feature = "digest")]
use super::digest::Proof;
use super::turn::Turn;

/// A request whose response has not arrived: what it was sent with, and the proof that its response must contain.
///
/// Pass it to [`Session::receive`](crate::Session::receive) with the response to this request and to no other. Drop it if there is no
/// response. Only the session that returned it receives it; another one gives up with
/// [`GiveUp::OtherSession`](crate::GiveUp::OtherSession). `Debug` shows no secret.
///
/// It cannot be copied, so a response is received once:
///
/// ```compile_fail,E0308
/// # use proxy_auth::Pending;
/// fn copy(pending: &Pending) -> Pending {
///     pending.clone()
/// }
/// ```
#[must_use = "the response to this request must be received"]
pub struct Pending {
    /// The mark of the session.
    pub(super) mark: [u8; 16],
    /// The state of the session when the request was sent.
    pub(super) generation: u32,
    pub(super) turn: Turn,
    pub(super) sent: Sent,
}

/// The credentials that a request was sent with.
pub(super) enum Sent {
    Nothing,
    Basic,
    /// An answer of Digest, and the proof in the response to it if it can be verified.
    #[cfg(feature = "digest")]
    Digest(Option<Proof>),
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.sent {
            Sent::Nothing => "Pending(without credentials)",
            Sent::Basic => "Pending(Basic)",
            #[cfg(feature = "digest")]
            Sent::Digest(_) => "Pending(Digest)",
        })
    }
}
