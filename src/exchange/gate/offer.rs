//! The challenges that a gate offers.

#[cfg(feature = "digest")]
use core::time::Duration;

use crate::encode::{EncodeChallenge, EncodeTo, Encoder, impl_encode};
use crate::fields::Challenge;
#[cfg(feature = "digest")]
use crate::schemes::digest::{self, Algorithm, Binding, Nonces, QopOptions, Terms};
use crate::schemes::negotiate::{self, Mechanism};
use crate::schemes::{basic, bearer};

/// An offered challenge.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Offer {
    Basic,
    Bearer,
    #[cfg(feature = "digest")]
    Digest(Algorithm),
    Negotiate(Mechanism),
    /// A scheme that only the caller knows.
    Other,
}

/// The offers in order: Basic, Bearer, Negotiate, NTLM, six algorithms of Digest, and the caller's scheme.
pub(super) type Offers = heapless::Vec<Offer, 11>;

/// Adds an item to a list with room for every item, unless the list has it.
pub(super) fn add<T: PartialEq, const N: usize>(list: &mut heapless::Vec<T, N>, item: T) {
    if !list.contains(&item) {
        let _ = list.push(item);
    }
}

/// A challenge of a [`Denial`](crate::Denial).
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{Gate, Request};
///
/// let gate = Gate::new("apps")?.with_basic();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let refusal = gate.read(&request, [("Host", "example.com")], &mut []).unwrap_err();
/// let denial = gate.deny(&refusal, Duration::ZERO, 1);
/// let lines: Vec<_> = denial.challenges().map(|challenge| (denial.name(), challenge.to_string())).collect();
/// assert_eq!(lines[0].1, r#"Basic realm="apps", charset="UTF-8""#);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OfferedChallenge<'a>(pub(super) Inner<'a>);

#[derive(Clone, Copy, Debug)]
pub(super) enum Inner<'a> {
    Basic(basic::Challenge<'a>),
    Bearer(bearer::Challenge<'a>),
    #[cfg(feature = "digest")]
    Digest(digest::Challenge<'a>),
    Negotiate(negotiate::Challenge<'a>),
    Other(Challenge<'a>),
}

impl EncodeTo for OfferedChallenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        match &self.0 {
            Inner::Basic(challenge) => challenge.encode_to(out),
            Inner::Bearer(challenge) => challenge.encode_to(out),
            #[cfg(feature = "digest")]
            Inner::Digest(challenge) => challenge.encode_to(out),
            Inner::Negotiate(challenge) => challenge.encode_to(out),
            Inner::Other(challenge) => challenge.encode_to(out),
        }
    }
}

impl EncodeChallenge for OfferedChallenge<'_> {}
impl_encode!(OfferedChallenge);

/// An offer of Digest: the algorithms in order, the key of the nonces, and the terms of an answer (feature `digest`).
///
/// By default, a nonce is valid for 5 minutes, `qop` is `auth`, names are not hashed, and answers may sign the path instead of the
/// whole target. `Debug` writes neither key.
///
/// **The order matters.** Most clients answer the strongest algorithm that they know. LWP, libsoup 3, Qt 5, Java and ffmpeg know MD5
/// alone, and pass if it is anywhere in the offer. Python's urllib, libsoup 2 and ncat take the first challenge of Digest, and pass
/// only if it is MD5. Offer only algorithms that every account has a secret for.
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{DigestOffer, Gate, digest::Algorithm};
///
/// let key = b"32 bytes from a random source   ";
/// let digest = DigestOffer::new(key, [Algorithm::Sha256, Algorithm::Md5]).with_max_age(Duration::from_secs(60));
/// let gate = Gate::new("apps")?.with_digest(&digest).with_basic();
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
///
/// At least one algorithm is required:
///
/// ```compile_fail,E0080
/// let digest = proxy_auth::DigestOffer::new(b"32 bytes from a random source   ", []);
/// ```
#[cfg(feature = "digest")]
#[derive(Clone)]
pub struct DigestOffer<'k> {
    key: &'k [u8; 32],
    previous: Option<&'k [u8; 32]>,
    algorithms: heapless::Vec<Algorithm, 6>,
    max_age: Duration,
    qop: QopOptions,
    binding: Binding,
    userhash: bool,
}

#[cfg(feature = "digest")]
impl<'k> DigestOffer<'k> {
    /// Creates an offer of the algorithms, in this order.
    ///
    /// `key` is a secret of 32 bytes from a random source. Gates that share the key and the realm accept each other's nonces, so they
    /// must share a [`ReplayStore`](crate::ReplayStore), too: otherwise, each of them accepts an answer once.
    #[must_use]
    pub fn new<const N: usize>(key: &'k [u8; 32], algorithms: [Algorithm; N]) -> Self {
        const { assert!(N > 0, "an offer of Digest needs an algorithm") };
        let mut offered = heapless::Vec::new();
        for algorithm in algorithms {
            add(&mut offered, algorithm);
        }
        Self {
            key,
            previous: None,
            algorithms: offered,
            max_age: Duration::from_secs(300),
            qop: QopOptions::AUTH,
            binding: Binding::Path,
            userhash: false,
        }
    }

    /// Sets the previous key. Nonces that it issued are accepted until they are too old, so no client notices that the key was
    /// replaced.
    #[must_use]
    pub fn with_previous_key(self, key: &'k [u8; 32]) -> Self {
        let previous = Some(key);
        Self { previous, ..self }
    }

    /// Sets how long a nonce is valid. The default is 5 minutes.
    ///
    /// An eavesdropper can use an answer that the proxy has not seen for this long, and a [`ReplayStore`](crate::ReplayStore) must
    /// remember answers for this long.
    #[must_use]
    pub fn with_max_age(self, max_age: Duration) -> Self {
        Self { max_age, ..self }
    }

    /// Sets the qualities of protection. Answers without `qop`, in the form of RFC 2069, are never accepted.
    ///
    /// `auth-int` protects the content of the request. An answer with it is refused if the request is read without its
    /// [content](crate::Request::with_content).
    #[must_use]
    pub fn with_qop(self, qop: QopOptions) -> Self {
        Self { qop, ..self }
    }

    /// Lets clients send the hash of a name instead of the name. Look users up by [`Claim::Userhash`](crate::Claim::Userhash), too.
    #[must_use]
    pub fn with_userhash(self) -> Self {
        Self { userhash: true, ..self }
    }

    /// Requires that clients sign the target exactly as it stands in the request line. See
    /// [`Verifier::with_exact_target`](crate::digest::Verifier::with_exact_target) for what is accepted otherwise, and why.
    #[must_use]
    pub fn with_exact_target(self) -> Self {
        let binding = Binding::Exact;
        Self { binding, ..self }
    }

    pub(super) fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    pub(super) fn terms<R: AsRef<str>>(&self, realm: &R) -> Terms {
        let nonces = |key| Nonces::new(key, realm.as_ref());
        Terms {
            nonces: nonces(self.key),
            previous: self.previous.map(nonces),
            max_age: self.max_age,
            qop: self.qop,
            binding: self.binding,
            userhash: self.userhash,
        }
    }
}

#[cfg(feature = "digest")]
impl core::fmt::Debug for DigestOffer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("DigestOffer")
            .field("algorithms", &self.algorithms)
            .field("max_age_seconds", &self.max_age.as_secs())
            .field("userhash", &self.userhash)
            .finish_non_exhaustive()
    }
}
