//! Stateless nonces: the time of issue, and a keyed hash of it (RFC 7616, 3.3 and 5.4).

use core::time::Duration;

use super::hash::is_equal;
use super::mac::Mac;
use crate::fields::ParamValue;
use crate::redact::redact;
use crate::syntax::{from_hex, hex_digits};

/// The greatest time that a nonce may be in the future. The clocks of proxies that share a key can differ by it.
pub(crate) const MAX_CLOCK_SKEW: Duration = Duration::from_secs(5);

/// Issues and recognizes stateless, authenticated nonces.
///
/// Time is given as a duration since any fixed point, such as the Unix epoch. Fractions of a millisecond are ignored. This type
/// uses no clock and no random source, and stores nothing about nonces. `Debug` writes `[redacted]`.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{ParamValue, digest::Nonces};
///
/// let nonces = Nonces::new(b"32 bytes from a random source   ", "apps");
/// let nonce = nonces.issue(Duration::from_secs(1_445_412_480), 1);
/// assert_eq!(nonce.as_str().len(), 64);
///
/// let value = ParamValue::quoted(nonce.as_str())?;
/// let now = Duration::from_secs(1_445_412_500);
/// assert_eq!(nonces.age(value, now), Some(Duration::from_secs(20)));
/// assert_eq!(Nonces::new(b"32 other bytes, from there, too.", "apps").age(value, now), None);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone)]
pub struct Nonces {
    /// The state of the keyed hash after the realm.
    mac: Mac,
}

impl Nonces {
    /// Creates an issuer of nonces for `realm`.
    ///
    /// `key` is a secret from a random source. Proxies that share the key and the realm recognize each other's nonces.
    #[must_use]
    pub fn new<R: AsRef<[u8]> + ?Sized>(key: &[u8; 32], realm: &R) -> Self {
        let mut mac = Mac::new(key);
        mac.update(realm.as_ref());
        Self { mac }
    }

    /// Issues a nonce at `now`.
    ///
    /// `unique` must differ between nonces issued in the same millisecond. Use a counter or a random number.
    #[must_use]
    pub fn issue(&self, now: Duration, unique: u64) -> Nonce {
        let stamp = Stamp {
            made: millis(now),
            unique,
        };
        let mut digits = [0; 64];
        let (halves, _) = digits.as_chunks_mut::<32>();
        for (to, half) in halves.iter_mut().zip([stamp.bytes(), self.tag(stamp)]) {
            *to = hex_digits(&half);
        }
        Nonce { digits }
    }

    /// Returns the age of a nonce, or `None` if it was not issued with this key and realm.
    ///
    /// Also returns `None` if the nonce was issued more than 5 seconds after `now`, since the clock was then set back. Returns an
    /// age of 0 if it was issued up to 5 seconds after `now`, since the clocks of proxies can differ.
    #[must_use]
    pub fn age(&self, nonce: ParamValue<'_>, now: Duration) -> Option<Duration> {
        let (stamp, tag) = read(nonce)?;
        let genuine = is_equal(&self.tag(stamp), &tag);
        stamp.age(now).filter(|_| genuine)
    }

    /// Computes half of the keyed hash of the realm and the stamp.
    fn tag(&self, stamp: Stamp) -> [u8; 16] {
        let mut mac = self.mac.clone();
        mac.update(&stamp.bytes());
        mac.finalize().first_chunk().copied().unwrap_or_default()
    }
}

redact!(Nonces);

/// A nonce that [`Nonces`] issued: 64 hexadecimal digits.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::digest::{Challenge, Nonces};
///
/// let nonces = Nonces::new(b"32 bytes from a random source   ", "apps");
/// let nonce = nonces.issue(Duration::from_secs(1_445_412_480), 1);
/// assert_eq!(Challenge::new("apps", &nonce)?.nonce(), nonce.as_str());
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Debug)]
pub struct Nonce {
    digits: [u8; 64],
}

impl Nonce {
    /// Returns the digits.
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

/// The identity of a nonce: its time of issue in milliseconds, and a number that is unique within that millisecond.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(super) made: u64,
    unique: u64,
}

impl Stamp {
    pub(super) const NEVER: Self = Self { made: 0, unique: 0 };

    /// Returns the age of the nonce, or `None` if it was issued in the future, by more than clocks can differ.
    pub(crate) fn age(self, now: Duration) -> Option<Duration> {
        let is_after = self.made > millis(now.saturating_add(MAX_CLOCK_SKEW));
        (!is_after).then_some(Duration::from_millis(millis(now).saturating_sub(self.made)))
    }

    pub(crate) fn bytes(self) -> [u8; 16] {
        ((u128::from(self.made) << 64) | u128::from(self.unique)).to_be_bytes()
    }

    /// Reads the stamp of a nonce, genuine or not, and a number that is evenly distributed if the nonce is genuine.
    pub(super) fn read(nonce: ParamValue<'_>) -> Option<(Self, u64)> {
        let (stamp, tag) = read(nonce)?;
        let number = tag.first_chunk().copied().map(u64::from_be_bytes);
        Some((stamp, number.unwrap_or_default()))
    }
}

/// Returns the number of whole milliseconds.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Reads the stamp and the tag of a nonce, if it has this form.
fn read(nonce: ParamValue<'_>) -> Option<(Stamp, [u8; 16])> {
    let bytes: [u8; 32] = from_hex(nonce.to_bytes()?)?;
    let (made, rest) = bytes.split_first_chunk()?;
    let (unique, rest) = rest.split_first_chunk()?;
    let stamp = Stamp {
        made: u64::from_be_bytes(*made),
        unique: u64::from_be_bytes(*unique),
    };
    Some((stamp, *rest.first_chunk()?))
}
