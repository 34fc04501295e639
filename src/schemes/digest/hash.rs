//! The hash functions of Digest, and hashes in hexadecimal digits (RFC 7616, 3.4).

use core::fmt;

use md5::{Digest as _, Md5};
use sha2::{Sha256, Sha512_256};
use subtle::{Choice, ConstantTimeEq};

use super::Algorithm;
use crate::error::{InvalidInput, Rule};
use crate::fields::ParamValue;
use crate::redact::redact;
use crate::syntax::{hex_digits, hex_run};

/// A hash in hexadecimal digits, in lower case. Digest uses all hashes in this form.
///
/// It has 32 digits with MD5, and 64 digits with SHA-256 and SHA-512-256. `Debug` writes `[redacted]`; `Display` writes the
/// digits. The time of `==` does not depend on the digits.
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Algorithm, Username, userhash};
///
/// let hash = userhash(Algorithm::Sha256, Username::new("Mufasa")?, "apps");
/// assert_eq!(hash.as_str().len(), 64);
/// assert_eq!(format!("{hash:?}"), "HexHash([redacted])");
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone)]
pub struct HexHash {
    digits: [u8; 64],
    len: usize,
}

impl HexHash {
    /// A value without digits.
    pub(super) const EMPTY: Self = Self {
        digits: [0; 64],
        len: 0,
    };

    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Returns the ASCII bytes of the digits.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(..self.len).unwrap_or_default()
    }

    /// Parses `len` digits, in upper or lower case.
    pub(super) fn read(digits: &[u8], len: usize) -> Result<Self, InvalidInput> {
        match hex_run(digits) {
            run if run == digits.len() && run == len => Ok(Self::from_digits(digits)),
            run => Err(InvalidInput::new(Rule::Hex, run.min(len))),
        }
    }

    /// Returns a hash of `len` zeros, at most 64. This takes as long as a copy of a hash.
    pub(super) const fn zeros(len: usize) -> Self {
        Self {
            digits: [b'0'; 64],
            len,
        }
    }

    /// Creates a hash from at most 64 hexadecimal digits.
    pub(super) fn from_digits(digits: &[u8]) -> Self {
        let mut this = Self::EMPTY;
        for (to, digit) in this.digits.iter_mut().zip(digits) {
            *to = digit.to_ascii_lowercase();
            this.len = this.len.saturating_add(1);
        }
        this
    }
}

/// A hash, in half the memory of a [`HexHash`].
pub(crate) struct Hash {
    bytes: [u8; 32],
    len: u8,
}

impl Hash {
    /// Creates a hash from its bytes. With the feature `zeroize`, the given bytes are overwritten.
    #[cfg_attr(
        not(feature = "zeroize"),
        expect(clippy::needless_pass_by_ref_mut, reason = "it is overwritten")
    )]
    fn take<const N: usize>(hash: &mut [u8; N]) -> Self {
        let mut this = Self { bytes: [0; 32], len: 0 };
        for (to, byte) in this.bytes.iter_mut().zip(&*hash) {
            *to = *byte;
            this.len = this.len.saturating_add(1);
        }
        #[cfg(feature = "zeroize")]
        zeroize::Zeroize::zeroize(hash);
        this
    }

    /// Returns the hash in hexadecimal digits.
    #[inline(never)]
    pub(crate) fn to_hex(&self) -> HexHash {
        HexHash {
            digits: hex_digits(&self.bytes),
            len: usize::from(self.len).saturating_mul(2),
        }
    }

    /// Checks in constant time that `digits` are those of this hash, in lower case.
    pub(crate) fn is(&self, digits: ParamValue<'_>) -> bool {
        let hex = self.to_hex();
        let digits = digits.to_bytes();
        digits.is_some_and(|digits| is_equal(hex.as_bytes(), digits))
    }
}

#[cfg(feature = "zeroize")]
impl Drop for Hash {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.bytes);
    }
}

#[cfg(feature = "zeroize")]
impl Drop for HexHash {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.digits);
    }
}

#[cfg(feature = "zeroize")]
impl zeroize::ZeroizeOnDrop for HexHash {}

impl PartialEq for HexHash {
    fn eq(&self, other: &Self) -> bool {
        // All digits, because the time of a comparison of slices depends on their lengths.
        is_equal(&self.digits, &other.digits) && self.len == other.len
    }
}

impl Eq for HexHash {}

/// Checks that two secrets are equal. The time depends on the lengths, which must be whole words of eight bytes, as those of all
/// hashes are.
pub(super) fn is_equal(ours: &[u8], theirs: &[u8]) -> bool {
    let ((our_words, rest), (their_words, _)) = (ours.as_chunks(), theirs.as_chunks());
    let mut is_equal = Choice::from(1);
    for (ours, theirs) in our_words.iter().zip(their_words) {
        is_equal &= u64::from_ne_bytes(*ours).ct_eq(&u64::from_ne_bytes(*theirs));
    }
    ours.len() == theirs.len() && rest.is_empty() && is_equal.into()
}

impl fmt::Display for HexHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

redact!(HexHash);

/// The state of a hash function.
///
/// It contains the last input, which may be a password. Do not move it, because a move leaves a copy behind.
pub(super) enum Hasher {
    Md5(Md5),
    Sha256(Sha256),
    Sha512_256(Sha512_256),
}

impl Hasher {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 | Algorithm::Md5Sess => Self::Md5(Md5::new()),
            Algorithm::Sha256 | Algorithm::Sha256Sess => Self::Sha256(Sha256::new()),
            Algorithm::Sha512_256 | Algorithm::Sha512_256Sess => Self::Sha512_256(Sha512_256::new()),
        }
    }

    #[cfg_attr(feature = "zeroize", inline(never))]
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha512_256(hash) => hash.update(bytes),
        }
    }

    /// Feeds the hexadecimal digits of a hash.
    pub(super) fn update_hex(&mut self, hash: &Hash) {
        self.update(hash.to_hex().as_bytes());
    }

    /// Feeds the bytes of a name or a value, which are not in one slice.
    pub(super) fn update_each(&mut self, bytes: impl Iterator<Item = u8>) {
        let mut block = heapless::Vec::<u8, 32>::new();
        for byte in bytes {
            if block.push(byte).is_err() {
                self.update(&block);
                block.clear();
                let _ = block.push(byte);
            }
        }
        self.update(&block);
    }

    /// Returns the hash of a password. With the feature `zeroize`, it leaves no copy of the password on the stack.
    pub(super) fn finish_secret(&mut self) -> Hash {
        let hash = self.finish();
        // `md-5` and `sha2` copy blocks to the stack unless they are well optimized. Blocks of zeros overwrite these copies, since
        // `update` and `finish` use the same part of the stack again if they are not inlined.
        #[cfg(feature = "zeroize")]
        {
            self.update(b"0");
            self.update(&[b'0'; 512]);
            core::hint::black_box(self.finish());
        }
        hash
    }

    /// Returns the hash, and resets the state.
    #[cfg_attr(feature = "zeroize", inline(never))]
    pub(super) fn finish(&mut self) -> Hash {
        match self {
            Self::Md5(hash) => Hash::take(&mut hash.finalize_reset().0),
            Self::Sha256(hash) => Hash::take(&mut hash.finalize_reset().0),
            Self::Sha512_256(hash) => Hash::take(&mut hash.finalize_reset().0),
        }
    }
}
