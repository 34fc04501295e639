//! Records the used counts of nonces (RFC 7616, 3.4, `nc`, and 5.12).

use core::fmt;
use core::time::Duration;

use super::nonce::{MAX_CLOCK_SKEW, Stamp, millis};
use super::{Credentials, Verifier};

/// The least time without a call in time after which the window takes the clock for set back. No attempt waits for this long
/// between its time and its call.
const MIN_LATE: Duration = Duration::from_secs(3600);

/// The number of slots in a set. A nonce can be in any slot of its set. The last set has up to twice as many.
const SET: usize = 8;

/// Remembers accepted answers, so that no answer is accepted twice
/// ([RFC 7616, section 5.12](https://www.rfc-editor.org/rfc/rfc7616#section-5.12)).
///
/// `S` is its memory: an array, a `Vec`, a boxed or a borrowed slice of [`Slot`]s. Each slot takes 40 bytes and remembers one
/// nonce: the greatest used count, and the used ones among the 63 counts before it. Up to 63 other requests can therefore
/// overtake a request.
///
/// [`Gate::replay_window`](crate::Gate::replay_window) creates one for a gate. A refused answer is correct except for its nonce: with
/// `stale=true` in the response, the client answers again without asking its user.
///
/// - **How many slots?** About twice the number of nonces that are in use within the lifetime of a nonce. The memory is divided
///   into sets of 8 slots, and each nonce belongs to one set, so the time of a look-up does not depend on the number of slots.
/// - **If a set is full,** a nonce that is too old makes room. If there is none, the oldest nonce of the user with the most nonces
///   in the set makes room. A user with many nonces thus displaces their own, not those of others. Answers with a displaced nonce
///   are refused from then on. So are answers of any user with a nonce of the same set that was issued no later and is not in a
///   slot.
/// - **If the proxy restarts,** nonces that were issued until the window was created are refused, even if the key is kept,
///   because their used counts are unknown. With a clock of whole seconds, they include those of the first second. If the clock was
///   set back in between, create a new key, too.
/// - **If a call is late,** so that its time is more than 5 seconds before the latest time, it displaces no nonce. With a new nonce
///   it is refused if the set is full.
/// - **If the clock is set back,** nonces that were issued more than 5 seconds after the current time are refused. All calls are
///   late at first. After an hour without a call in time, or the lifetime of a nonce if it is longer, the window takes the clock for
///   set back. From then on, future nonces make room for others if their set is full, so their answers may be accepted again when the
///   clock reaches their time. If the clock is set back to a time before the creation of the window, the window refuses everything
///   until it reaches that time. Create a new key and a new window instead, or use a clock that is never set.
/// - **Proxies that share a key** accept an answer once each, unless they also share a window.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::digest::{Algorithm, Slot};
/// use proxy_auth::{DigestOffer, Gate};
///
/// let digest = DigestOffer::new(b"32 bytes from a random source   ", [Algorithm::Sha256]);
/// let gate = Gate::new("apps")?.with_digest(&digest);
/// let started = Duration::from_secs(1_445_412_480);
/// let window = gate.replay_window(vec![Slot::EMPTY; 4096], started);
/// # let _ = window;
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
pub struct ReplayWindow<S> {
    slots: S,
    max_age: Duration,
    /// When the window was created, in milliseconds.
    created: u64,
    /// The latest time of a call, in milliseconds.
    latest: u64,
    /// The time of the first of the last calls that were all late, in milliseconds.
    late_since: Option<u64>,
}

/// The memory for one nonce in a [`ReplayWindow`].
///
/// # Examples
/// ```
/// use proxy_auth::digest::Slot;
///
/// let memory = [Slot::EMPTY; 64];
/// assert_eq!(size_of_val(&memory), 64 * 40);
/// ```
#[derive(Clone, Copy)]
pub struct Slot {
    stamp: Stamp,
    /// The greatest count that was used, or 0 if the slot is empty.
    greatest: u32,
    /// A fingerprint of the user's name.
    user: u32,
    /// Bit `i` is set if the count `greatest - i` was used.
    used: u64,
    /// Nonces issued before this time, in milliseconds, are refused if they are not in the set, because one of them was displaced.
    refused_before: u64,
}

/// The reason for which a slot may be used for another nonce. The first reason is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spare {
    Empty,
    Expired,
    /// The nonce was issued when the clock was ahead. Once its time comes, it could be used again.
    Future,
}

impl Slot {
    /// An empty slot.
    pub const EMPTY: Self = Self {
        stamp: Stamp::NEVER,
        greatest: 0,
        user: 0,
        used: 0,
        refused_before: 0,
    };

    const fn is_empty(&self) -> bool {
        self.greatest == 0
    }

    /// Returns the reason for which the slot may be used for another nonce, or `None` if its nonce can still be used. `last` is the
    /// latest time of issue of a nonce that can come now.
    fn spare(&self, now: Duration, last: u64, max_age: Duration) -> Option<Spare> {
        if self.is_empty() {
            Some(Spare::Empty)
        } else if self.stamp.made > last {
            Some(Spare::Future)
        } else {
            let is_expired = self.stamp.age(now).is_some_and(|age| age > max_age);
            is_expired.then_some(Spare::Expired)
        }
    }

    fn holds(&self, stamp: Stamp) -> bool {
        !self.is_empty() && self.stamp == stamp
    }

    /// Records a count of the nonce in this slot. Returns `false` if the count was used, or is too far behind the greatest count.
    fn record(&mut self, nc: u32) -> bool {
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

impl<S: AsMut<[Slot]>> ReplayWindow<S> {
    /// Creates an empty window at `now`, for the answers that `verifier` accepts.
    ///
    /// This is a primitive. Prefer [`Gate::replay_window`](crate::Gate::replay_window).
    ///
    /// The contents of `slots` are overwritten.
    #[must_use]
    pub fn new(verifier: &Verifier<'_>, slots: S, now: Duration) -> Self {
        Self::for_max_age(verifier.max_age(), slots, now)
    }

    /// Creates an empty window at `now`, for nonces of this lifetime.
    pub(crate) fn for_max_age(max_age: Duration, mut slots: S, now: Duration) -> Self {
        slots.as_mut().fill(Slot::EMPTY);
        Self {
            slots,
            max_age,
            created: millis(now),
            latest: millis(now),
            late_since: None,
        }
    }

    /// Checks that `now` is far behind the time of an earlier call. If all calls are, for longer than a nonce lives and an attempt
    /// waits, the clock was set back.
    fn is_late(&mut self, now: Duration) -> bool {
        let now = millis(now);
        if now.saturating_add(millis(MAX_CLOCK_SKEW)) < self.latest {
            let since = *self.late_since.get_or_insert(now);
            if now.saturating_sub(since) <= millis(self.max_age.max(MIN_LATE)) {
                return true;
            }
            self.latest = now;
        }
        self.latest = self.latest.max(now);
        self.late_since = None;
        false
    }

    /// Records these credentials as used. Returns `false` if they were used before, or may have been.
    ///
    /// This is a primitive. Prefer [`Gate`](crate::Gate).
    ///
    /// Call this only with credentials that were [accepted](super::Verdict::Accepted). Forged credentials would displace others.
    #[must_use]
    pub fn admit(&mut self, credentials: &Credentials<'_>, now: Duration) -> bool {
        NonceUse::read(credentials, credentials.username().bytes())
            .is_some_and(|nonce_use| self.record(&nonce_use, now))
    }

    /// Records a use of a nonce. Returns `false` if there was the same use before, or may have been.
    pub(crate) fn record(&mut self, nonce_use: &NonceUse, now: Duration) -> bool {
        let &NonceUse {
            stamp,
            number,
            nc,
            user,
        } = nonce_use;
        let is_late = self.is_late(now);
        let is_live = stamp.age(now).is_some_and(|age| age <= self.max_age);
        if !is_live || stamp.made <= self.created {
            return false;
        }
        let Some(set) = set(self.slots.as_mut(), number) else {
            return false;
        };
        if let Some(slot) = set.iter_mut().find(|slot| slot.holds(stamp)) {
            return slot.record(nc);
        }
        // Calls can overtake each other, so this depends on the latest one.
        let last = self.latest.saturating_add(millis(MAX_CLOCK_SKEW));
        for slot in set.iter_mut() {
            // If the clock was ahead, `refused_before` is too late.
            slot.refused_before = slot.refused_before.min(last.saturating_add(1));
        }
        if set.iter().any(|slot| stamp.made < slot.refused_before) {
            return false;
        }
        let spare = set
            .iter_mut()
            .filter_map(|slot| Some((slot.spare(now, last, self.max_age)?, slot)))
            .min_by_key(|(spare, _)| *spare);
        let (spare, slot) = match spare {
            Some((spare, slot)) => (Some(spare), slot),
            None if is_late => return false,
            None => match displaced(set, user).and_then(|stamp| set.iter_mut().find(|slot| slot.holds(stamp))) {
                Some(slot) => (None, slot),
                None => return false,
            },
        };
        let after_displaced = match spare {
            Some(Spare::Empty | Spare::Future) => 0,
            Some(Spare::Expired) | None => slot.stamp.made.saturating_add(1),
        };
        *slot = Slot {
            stamp,
            greatest: nc,
            user,
            used: 1,
            refused_before: slot.refused_before.max(after_displaced),
        };
        true
    }
}

/// Returns the set of slots for the nonce with this number.
fn set(slots: &mut [Slot], number: u64) -> Option<&mut [Slot]> {
    // The last set takes the slots that are left over.
    let sets = slots.len().checked_div(SET)?.max(1);
    let index = usize::try_from(number.checked_rem(u64::try_from(sets).ok()?)?).ok()?;
    let start = index.checked_mul(SET)?;
    let is_last = index.checked_add(1)? == sets;
    let set = slots.get_mut(start..)?;
    let len = if is_last { set.len() } else { SET };
    set.get_mut(..len)
}

/// Returns the nonce that makes room for a new nonce of `user`: the oldest nonce of the user with the most nonces. The new nonce
/// counts as one of `user`.
fn displaced(set: &[Slot], user: u32) -> Option<Stamp> {
    let count = |of: u32| {
        let all = set.iter().map(|slot| slot.user).chain([user]);
        let count = all.fold(0_usize, |count, other| count.saturating_add(usize::from(other == of)));
        (count, of == user)
    };
    let most = set.iter().map(|slot| count(slot.user)).max()?;
    let candidates = set.iter().filter(|slot| count(slot.user) == most);
    candidates.map(|slot| slot.stamp).min_by_key(|stamp| stamp.made)
}

/// One use of a nonce, which must not happen twice.
#[derive(Clone, Copy)]
pub(crate) struct NonceUse {
    pub(crate) stamp: Stamp,
    /// A number that is evenly distributed over nonces.
    number: u64,
    pub(crate) nc: u32,
    /// A fingerprint of the user's name.
    user: u32,
}

impl NonceUse {
    /// Reads the use of a nonce by the user with this name. Returns `None` if there is no count, or no nonce of this proxy.
    pub(crate) fn read(credentials: &Credentials<'_>, user: impl Iterator<Item = u8>) -> Option<Self> {
        // Without `qop`, the proof does not cover the count.
        let nc = credentials.qop().and(credentials.nc()).filter(|&nc| nc > 0)?;
        let (stamp, number) = Stamp::read(credentials.nonce())?;
        let user = fingerprint(user);
        Some(Self {
            stamp,
            number,
            nc,
            user,
        })
    }

    /// Returns the bytes of the stamp and of the count.
    pub(crate) fn key(&self) -> [u8; 20] {
        let mut key = [0; 20];
        for (to, byte) in key
            .iter_mut()
            .zip(self.stamp.bytes().into_iter().chain(self.nc.to_be_bytes()))
        {
            *to = byte;
        }
        key
    }
}

/// Computes the 32-bit FNV-1a hash of a name. Users whose names have the same hash count as one.
fn fingerprint(name: impl Iterator<Item = u8>) -> u32 {
    name.fold(0x811C_9DC5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

impl<S> fmt::Debug for ReplayWindow<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayWindow")
            .field("max_age_seconds", &self.max_age.as_secs())
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}
