//! Remembers used answers of Digest in memory that all workers share.
//!
//! Envoy's shared data never expires, so there is a fixed number of slots. They are divided into sets, and each set is one value. A
//! nonce belongs to one set. A slot remembers the greatest used count of a nonce, and which of the 63 counts before it were used. If
//! all slots of a set hold nonces that are still valid, an answer with another nonce is refused as stale, and the next nonce of the
//! client belongs to another set. No nonce displaces another one.

use std::time::Duration;

use proxy_auth::{NonceUse, ReplayStore};

/// The number of slots in a set.
pub const SET: u32 = 8;
/// The number of attempts to write a set that other workers write, too.
const MAX_ATTEMPTS: usize = 64;
/// The time by which one worker's clock may be behind another's, in milliseconds.
const MAX_LATE: u64 = 5_000;
/// The length of a slot in bytes.
const SLOT: usize = 36;

/// Values that all workers share, with compare-and-swap.
pub trait Shared {
    /// Returns a value and its version.
    fn get(&self, key: &str) -> Option<(Vec<u8>, u32)>;

    /// Sets a value if its version is the given one, or `None` and there is no value. Returns `false` otherwise.
    fn set(&self, key: &str, value: &[u8], version: Option<u32>) -> bool;
}

/// Returns the value of `key`, which the first caller of all workers makes.
pub fn get_or_make<const N: usize>(
    shared: &impl Shared,
    key: &str,
    mut new: impl FnMut() -> Option<[u8; N]>,
) -> Option<[u8; N]> {
    for _ in 0..MAX_ATTEMPTS {
        if let Some((value, _)) = shared.get(key) {
            return value.try_into().ok();
        }
        let made = new()?;
        if shared.set(key, &made, None) {
            return Some(made);
        }
    }
    None
}

/// The store of used answers.
#[derive(Debug)]
pub struct Replays<'a, S> {
    /// The values.
    pub shared: &'a S,
    /// The start of the keys of all sets.
    pub prefix: &'a str,
    /// The number of slots.
    pub slots: u32,
}

impl<S: Shared> ReplayStore for Replays<'_, S> {
    fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        let (nonce, count) = (nonce_use.nonce(), nonce_use.count());
        let now = millis(nonce_use.now());
        let until = millis(nonce_use.now().saturating_add(nonce_use.lifetime()));
        let sets = u64::from(self.slots.div_ceil(SET)).max(1);
        let key = format!("{}/{}", self.prefix, spread(&nonce) % sets);
        for _ in 0..MAX_ATTEMPTS {
            let (mut set, version) = match self.shared.get(&key) {
                Some((value, version)) => match Set::read(&value) {
                    Some(set) => (set, Some(version)),
                    None => return false,
                },
                None => (Set::default(), None),
            };
            if !set.record(&nonce, count, until, now) {
                return false;
            }
            if self.shared.set(&key, &set.to_bytes(), version) {
                return true;
            }
        }
        false
    }
}

/// Distributes nonces over sets.
fn spread(nonce: &[u8; 16]) -> u64 {
    nonce.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    }) >> 20
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The nonces of a set.
#[derive(Default)]
struct Set {
    /// The latest time of a call, in milliseconds.
    latest: u64,
    slots: Vec<Slot>,
}

/// A nonce in use.
struct Slot {
    nonce: [u8; 16],
    /// The last millisecond in which the nonce may be valid.
    until: u64,
    greatest: u32,
    /// Bit `i` is set if the count `greatest - i` was used.
    used: u64,
}

impl Set {
    fn read(value: &[u8]) -> Option<Self> {
        let (latest, slots) = value.split_first_chunk()?;
        let slots = slots.chunks(SLOT).map(Slot::read).collect::<Option<_>>()?;
        Some(Self {
            latest: u64::from_le_bytes(*latest),
            slots,
        })
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.latest.to_le_bytes().to_vec();
        for slot in &self.slots {
            bytes.extend(slot.nonce);
            bytes.extend(slot.until.to_le_bytes());
            bytes.extend(slot.greatest.to_le_bytes());
            bytes.extend(slot.used.to_le_bytes());
        }
        bytes
    }

    /// Records a use. Returns `false` if there was the same use before, or may have been.
    fn record(&mut self, nonce: &[u8; 16], count: u32, until: u64, now: u64) -> bool {
        // If the clock was set back, nonces that it made forgotten could be used again.
        if now.saturating_add(MAX_LATE) < self.latest {
            return false;
        }
        self.latest = self.latest.max(now);
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.nonce == *nonce) {
            return slot.record(count);
        }
        // A late call forgets nothing that it could still accept.
        self.slots.retain(|slot| slot.until >= now);
        if self.slots.len() >= SET as usize {
            return false;
        }
        self.slots.push(Slot {
            nonce: *nonce,
            until,
            greatest: count,
            used: 1,
        });
        true
    }
}

impl Slot {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (nonce, rest) = bytes.split_first_chunk()?;
        let (until, rest) = rest.split_first_chunk()?;
        let (greatest, rest) = rest.split_first_chunk()?;
        Some(Self {
            nonce: *nonce,
            until: u64::from_le_bytes(*until),
            greatest: u32::from_le_bytes(*greatest),
            used: u64::from_le_bytes(rest.try_into().ok()?),
        })
    }

    fn record(&mut self, count: u32) -> bool {
        if let Some(ahead) = count.checked_sub(self.greatest).filter(|&ahead| ahead > 0) {
            self.used = self.used.checked_shl(ahead).unwrap_or(0) | 1;
            self.greatest = count;
            return true;
        }
        let Some(bit) = 1_u64.checked_shl(self.greatest - count) else {
            return false;
        };
        let is_new = self.used & bit == 0;
        self.used |= bit;
        is_new
    }
}
