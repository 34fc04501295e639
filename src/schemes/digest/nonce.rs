//! Nonces that need not be remembered: when they were made, and a keyed hash of that (RFC 7616, 3.3 and 5.4).

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::param::ParamValue;
use crate::syntax::{from_hex, to_hex};

/// Makes nonces, and knows those that it made.
///
/// There is no clock and no random source in here, and nothing is stored. `Debug` says `[redacted]`.
///
/// ```
/// use proxy_auth::{ParamValue, digest::Nonces};
///
/// let nonces = Nonces::new(b"32 bytes from a random source   ", "apps");
/// let nonce = nonces.issue(1_445_412_480, 1);
/// assert_eq!(nonce.as_str().len(), 64);
///
/// let value = ParamValue::quoted(nonce.as_str())?;
/// assert_eq!(nonces.age(value, 1_445_412_500), Some(20));
/// assert_eq!(Nonces::new(b"another", "apps").age(value, 1_445_412_500), None);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone)]
pub struct Nonces {
    /// The keyed hash, fed with the realm. It takes keys of any length, so there is one.
    mac: Option<Hmac<Sha256>>,
}

impl Nonces {
    /// Nonces for that realm, made with that secret: 32 bytes from a random source are what it should have. Proxies that
    /// share it know each other's nonces.
    #[must_use]
    pub fn new(key: &[u8], realm: &str) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).ok();
        if let Some(mac) = &mut mac {
            mac.update(realm.as_bytes());
        }
        Self { mac }
    }

    /// A nonce that is made at `now`, in seconds since any fixed point in time.
    ///
    /// `unique` is another for each nonce of a second: a counter, or a random number.
    #[must_use]
    pub fn issue(&self, now: u64, unique: u64) -> Nonce {
        let stamp = Stamp { made: now, unique };
        let bytes = stamp.bytes().into_iter().chain(self.tag(stamp).unwrap_or_default());
        let mut nonce = Nonce { digits: [0; 64] };
        for (to, digit) in nonce.digits.iter_mut().zip(bytes.flat_map(to_hex)) {
            *to = digit;
        }
        nonce
    }

    /// How many seconds ago a nonce was made, if it is one of these. One that will be made later is 0 seconds old.
    #[must_use]
    pub fn age(&self, nonce: ParamValue<'_>, now: u64) -> Option<u64> {
        let (stamp, tag) = read(nonce)?;
        let genuine: bool = self.tag(stamp)?.ct_eq(&tag).into();
        genuine.then_some(now.saturating_sub(stamp.made))
    }

    /// Half of the keyed hash of the realm and the stamp.
    fn tag(&self, stamp: Stamp) -> Option<[u8; 16]> {
        let mac = self.mac.clone()?.chain_update(stamp.bytes());
        mac.finalize().into_bytes().first_chunk().copied()
    }
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonces([redacted])")
    }
}

/// A nonce of [`Nonces`]: 64 hexadecimal digits.
#[derive(Clone, Debug)]
pub struct Nonce {
    digits: [u8; 64],
}

impl Nonce {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.digits).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Nonce {
    fn as_ref(&self) -> &[u8] {
        &self.digits
    }
}

/// What tells a nonce from others: when it was made, and which one of then.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp {
    pub(super) made: u64,
    unique: u64,
}

impl Stamp {
    fn bytes(self) -> [u8; 16] {
        ((u128::from(self.made) << 64) | u128::from(self.unique)).to_be_bytes()
    }

    /// That of a nonce, whoever made it.
    pub(super) fn read(nonce: ParamValue<'_>) -> Option<Self> {
        read(nonce).map(|(stamp, _)| stamp)
    }
}

/// The stamp and the tag of a nonce of this form.
fn read(nonce: ParamValue<'_>) -> Option<(Stamp, [u8; 16])> {
    let digits: &[u8; 64] = nonce.as_bytes()?.try_into().ok()?;
    let mut bytes = [0; 32];
    for (to, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *to = from_hex(high, low)?;
    }
    let (made, rest) = bytes.split_first_chunk()?;
    let (unique, rest) = rest.split_first_chunk()?;
    let stamp = Stamp {
        made: u64::from_be_bytes(*made),
        unique: u64::from_be_bytes(*unique),
    };
    Some((stamp, *rest.first_chunk()?))
}
