//! Stores of used answers.

use core::fmt;
use core::future::Future;
use core::time::Duration;

#[cfg(feature = "digest")]
use crate::schemes::digest::{self, ReplayWindow, Slot};

/// A store that remembers which answers of Digest were used, so that no answer is accepted twice
/// ([RFC 7616, section 5.12](https://www.rfc-editor.org/rfc/rfc7616#section-5.12)).
///
/// A `digest::ReplayWindow` (feature `digest`) is the store of one process. `()` remembers nothing, so it refuses every answer of
/// Digest: it suffices for a gate without Digest.
///
/// Implement this trait for a store that gates share. It is trusted: if [`admit`](Self::admit) returns `true` twice for the same
/// [key](NonceUse::key), an eavesdropper can use an answer again.
///
/// # Examples
/// ```
/// use std::collections::HashSet;
/// use proxy_auth::{NonceUse, ReplayStore};
///
/// /// Remembers everything. A store for production forgets a key after its lifetime.
/// struct Everything(HashSet<[u8; 20]>);
///
/// impl ReplayStore for Everything {
///     fn admit(&mut self, nonce_use: &NonceUse) -> bool {
///         self.0.insert(nonce_use.key())
///     }
/// }
/// ```
pub trait ReplayStore {
    /// Records the use of a nonce. Returns `false` if the same use was recorded before, or may have been.
    fn admit(&mut self, nonce_use: &NonceUse) -> bool;
}

/// A [`ReplayStore`] that is asked over a network, for gates on several machines.
///
/// # Examples
/// ```
/// use proxy_auth::{AsyncReplayStore, NonceUse};
/// # struct Redis;
/// # impl Redis { async fn set_if_absent(&self, _: &[u8], _: std::time::Duration) -> Result<bool, ()> { Ok(true) } }
///
/// struct Shared(Redis);
///
/// impl AsyncReplayStore for Shared {
///     async fn admit(&mut self, nonce_use: &NonceUse) -> bool {
///         // If the store cannot be reached, the answer is refused.
///         self.0.set_if_absent(&nonce_use.key(), nonce_use.lifetime()).await.unwrap_or(false)
///     }
/// }
/// ```
pub trait AsyncReplayStore {
    /// Records the use of a nonce. Returns `false` if the same use was recorded before, or may have been.
    fn admit(&mut self, nonce_use: &NonceUse) -> impl Future<Output = bool>;
}

/// One use of a nonce: the nonce, and the count of the answer. An answer with the same nonce and the same count is a replay.
///
/// `Debug` writes `[redacted]`.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use std::collections::HashMap;
/// use proxy_auth::{NonceUse, ReplayStore};
///
/// /// Remembers when each use may be forgotten.
/// struct Uses(HashMap<[u8; 20], Duration>);
///
/// impl ReplayStore for Uses {
///     fn admit(&mut self, nonce_use: &NonceUse) -> bool {
///         self.0.retain(|_, until| *until >= nonce_use.now());
///         let until = nonce_use.now().saturating_add(nonce_use.lifetime());
///         self.0.insert(nonce_use.key(), until).is_none()
///     }
/// }
/// ```
#[derive(Clone, Copy)]
pub struct NonceUse {
    #[cfg(feature = "digest")]
    inner: digest::NonceUse,
    /// No other scheme has nonces.
    #[cfg(not(feature = "digest"))]
    inner: core::convert::Infallible,
    now: Duration,
    lifetime: Duration,
}

impl NonceUse {
    #[cfg(feature = "digest")]
    pub(super) fn read(
        credentials: &digest::Credentials<'_>,
        user: &[u8],
        now: Duration,
        max_age: Duration,
    ) -> Option<Self> {
        let inner = digest::NonceUse::read(credentials, user.iter().copied())?;
        let age = inner.stamp.age(now)?;
        // A nonce that was issued by a clock ahead of this one lives longer.
        let rest = digest::millis(max_age).saturating_sub(digest::millis(age));
        // Ages are whole milliseconds, so it lives until the end of the last one.
        let rest = Duration::from_millis(rest.saturating_add(1));
        let lifetime = rest.saturating_add(digest::MAX_CLOCK_SKEW);
        Some(Self { inner, now, lifetime })
    }

    /// Returns a key of 20 bytes that no other use has, among all gates with the same key of nonces.
    #[must_use]
    pub fn key(&self) -> [u8; 20] {
        #[cfg(feature = "digest")]
        return self.inner.key();
        #[cfg(not(feature = "digest"))]
        match self.inner {}
    }

    /// Returns the nonce, as 16 bytes that no other nonce of the same key has. For a store that remembers the counts of a nonce together.
    #[must_use]
    pub fn nonce(&self) -> [u8; 16] {
        #[cfg(feature = "digest")]
        return self.inner.stamp.bytes();
        #[cfg(not(feature = "digest"))]
        match self.inner {}
    }

    /// Returns the count of the answer, which is greater than 0.
    #[must_use]
    pub fn count(&self) -> u32 {
        #[cfg(feature = "digest")]
        return self.inner.nc;
        #[cfg(not(feature = "digest"))]
        match self.inner {}
    }

    /// Returns the time for which a store must remember the key. Later, the nonce is stale.
    #[must_use]
    pub const fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Returns `now` of the [check](crate::Attempt::check).
    #[must_use]
    pub const fn now(&self) -> Duration {
        self.now
    }
}

impl fmt::Debug for NonceUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NonceUse([redacted])")
    }
}

impl ReplayStore for () {
    fn admit(&mut self, _: &NonceUse) -> bool {
        false
    }
}

#[cfg(feature = "digest")]
impl<S: AsMut<[Slot]>> ReplayStore for ReplayWindow<S> {
    fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        self.record(&nonce_use.inner, nonce_use.now)
    }
}
