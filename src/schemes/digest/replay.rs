//! Which counts of a nonce were used (RFC 7616, 3.4, `nc`, and 5.12).

use core::fmt;

use heapless::Vec;

use super::Credentials;
use super::nonce::Stamp;

/// Remembers for `N` nonces which counts were used, so that no answer is accepted twice.
///
/// Of each nonce it knows the greatest count, and of the 64 before it which were used: requests may overtake each other by
/// that much. When there is no room for a further nonce, the oldest makes room, and answers with that one, or with an older one
/// that is not remembered, are refused from then on: treat them as [stale](super::Verdict::Stale).
///
/// A nonce takes 32 bytes, and to find it time linear in `N`.
#[derive(Clone)]
pub struct ReplayWindow<const N: usize> {
    nonces: Vec<Counts, N>,
    /// The newest nonce that made room.
    forgotten: Option<Stamp>,
}

/// What is known of a nonce.
#[derive(Clone)]
struct Counts {
    stamp: Stamp,
    greatest: u32,
    /// Bit `i` says whether `greatest - i` was used.
    used: u64,
}

impl<const N: usize> ReplayWindow<N> {
    /// A window in which no nonce was used.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            nonces: Vec::new(),
            forgotten: None,
        }
    }

    /// Whether these credentials were not used before; they are from now on.
    ///
    /// Ask it for credentials that were accepted only: those that anybody can make up would push others out.
    #[must_use]
    pub fn admit(&mut self, credentials: &Credentials<'_>) -> bool {
        let (Some(stamp), Some(nc)) = (Stamp::read(credentials.nonce()), credentials.nc()) else {
            return false;
        };
        if let Some(counts) = self.nonces.iter_mut().find(|counts| counts.stamp == stamp) {
            return counts.admit(nc);
        }
        if self.forgotten.is_some_and(|forgotten| stamp <= forgotten) {
            return false;
        }
        let counts = Counts {
            stamp,
            greatest: nc,
            used: 1,
        };
        match self.nonces.push(counts) {
            Ok(()) => true,
            Err(counts) => self.replace_oldest(counts),
        }
    }

    /// Remembers a nonce in place of the oldest, if it is newer.
    fn replace_oldest(&mut self, counts: Counts) -> bool {
        match self.nonces.iter_mut().min_by_key(|counts| counts.stamp) {
            Some(oldest) if oldest.stamp < counts.stamp => {
                self.forgotten = Some(oldest.stamp);
                *oldest = counts;
                true
            }
            _ => false,
        }
    }
}

impl<const N: usize> Default for ReplayWindow<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl Counts {
    fn admit(&mut self, nc: u32) -> bool {
        let (ahead, behind) = (nc.saturating_sub(self.greatest), self.greatest.saturating_sub(nc));
        if ahead > 0 {
            self.used = self.used.checked_shl(ahead).unwrap_or(0) | 1;
            self.greatest = nc;
            return true;
        }
        let Some(bit) = 1_u64.checked_shl(behind) else {
            return false;
        };
        let unused = self.used & bit == 0;
        self.used |= bit;
        unused
    }
}

impl<const N: usize> fmt::Debug for ReplayWindow<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayWindow")
            .field("nonces", &self.nonces.len())
            .field("capacity", &N)
            .finish_non_exhaustive()
    }
}
