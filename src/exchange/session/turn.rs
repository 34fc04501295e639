//! The turns of one request.

/// The number of nonces in a row that may be refused as stale while other requests use them, too. If only one request used a
/// nonce, the number is 1.
#[cfg(feature = "digest")]
const MAX_RENEWALS: u8 = 8;

/// A turn of one request: [`FIRST`](Self::FIRST) when it is sent for the first time, then that in [`Step::Again`](crate::Step::Again).
///
/// It counts the nonces of this request that were refused as stale, so that the turns end whatever the peer responds: see
/// [`Session`](crate::Session#overlapping-requests). Start each request with `FIRST`, because the stale nonces of one request do
/// not count against another. If there is no response, send the request again in the same turn. A loop that always starts with
/// `FIRST` ends, too, but only after 64 stale nonces.
///
/// A request is not authorized without its turn:
///
/// ```compile_fail,E0061
/// # use proxy_auth::{GiveUp, Login, Pending, Request, Session};
/// # fn send(session: &mut Session<512>, login: &Login<'_>, request: &Request<'_>) -> Result<Pending, GiveUp> {
/// let (authorization, pending) = session.authorize(login, request, [7; 16])?;
/// # Ok(pending)
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Turn {
    /// The number of nonces of this request that replaced a stale one, while the peer accepted no answer.
    #[cfg(feature = "digest")]
    renewals: u8,
    /// The number of answers that the peer had accepted at the last renewal.
    #[cfg(feature = "digest")]
    accepted: u32,
}

impl Turn {
    /// The first turn of a request.
    pub const FIRST: Self = Self {
        #[cfg(feature = "digest")]
        renewals: 0,
        #[cfg(feature = "digest")]
        accepted: 0,
    };

    /// Returns the next turn after a stale nonce; `None` if that is one too many. `is_shared` says that other requests used the
    /// nonce, too. They may have made it stale.
    #[cfg(feature = "digest")]
    pub(super) fn renewed(self, accepted: u32, is_shared: bool) -> Option<Self> {
        let renewals = if self.accepted == accepted { self.renewals } else { 0 };
        let max = if is_shared { MAX_RENEWALS } else { 1 };
        (renewals < max).then(|| Self {
            renewals: renewals.saturating_add(1),
            accepted,
        })
    }
}
