//! `algorithm` (RFC 7616, 3.3): the hash function, and the use of a session key.

use core::error::Error;
use core::fmt;
use core::str::FromStr;

use crate::error::SchemeError;
use crate::fields::ParamValue;
use crate::syntax::Token;
use crate::token;

/// The parameter `algorithm`: a hash function, alone or with a session key (`-sess`).
///
/// If the parameter is absent, the algorithm is MD5
/// ([RFC 7616, section 3.3](https://www.rfc-editor.org/rfc/rfc7616#section-3.3)). Algorithms are ordered by strength: the
/// greater one is the stronger one.
///
/// # Examples
/// ```
/// use proxy_auth::digest::Algorithm;
///
/// assert_eq!("sha-256".parse(), Ok(Algorithm::Sha256));
/// assert_eq!(Algorithm::Sha256.hash_len(), 32);
/// assert!(Algorithm::Sha256 > Algorithm::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Algorithm {
    /// `MD5`
    #[default]
    Md5,
    /// `MD5-sess`
    Md5Sess,
    /// `SHA-256`
    Sha256,
    /// `SHA-256-sess`
    Sha256Sess,
    /// `SHA-512-256`
    Sha512_256,
    /// `SHA-512-256-sess`
    Sha512_256Sess,
}

impl Algorithm {
    /// All algorithms, the weakest first, each before its form with a session key.
    pub const ALL: [Self; 6] = [
        Self::Md5,
        Self::Md5Sess,
        Self::Sha256,
        Self::Sha256Sess,
        Self::Sha512_256,
        Self::Sha512_256Sess,
    ];

    pub(crate) const STRONGEST: Self = Self::Sha512_256Sess;

    /// Returns the registered name.
    #[must_use]
    pub const fn token(self) -> Token<'static> {
        match self {
            Self::Md5 => token!("MD5"),
            Self::Md5Sess => token!("MD5-sess"),
            Self::Sha256 => token!("SHA-256"),
            Self::Sha256Sess => token!("SHA-256-sess"),
            Self::Sha512_256 => token!("SHA-512-256"),
            Self::Sha512_256Sess => token!("SHA-512-256-sess"),
        }
    }

    /// Returns `true` if a session key is computed from the first nonces.
    #[must_use]
    pub const fn is_session(self) -> bool {
        matches!(self, Self::Md5Sess | Self::Sha256Sess | Self::Sha512_256Sess)
    }

    /// Returns the algorithm with the same hash function and without a session key.
    #[must_use]
    pub const fn without_session(self) -> Self {
        match self {
            Self::Md5 | Self::Md5Sess => Self::Md5,
            Self::Sha256 | Self::Sha256Sess => Self::Sha256,
            Self::Sha512_256 | Self::Sha512_256Sess => Self::Sha512_256,
        }
    }

    /// Returns the length of the hash in bytes. The number of hexadecimal digits is twice that.
    #[must_use]
    pub const fn hash_len(self) -> usize {
        match self {
            Self::Md5 | Self::Md5Sess => 16,
            Self::Sha256 | Self::Sha256Sess | Self::Sha512_256 | Self::Sha512_256Sess => 32,
        }
    }

    /// Returns the length of the hash in hexadecimal digits.
    pub(crate) const fn digits_len(self) -> usize {
        self.hash_len() * 2
    }

    /// Reads the parameter, ignoring case. RFC 7616 does not say to ignore it, but senders differ.
    pub(super) fn read(value: ParamValue<'_>) -> Result<Self, SchemeError> {
        Self::find(|name| value.is(name)).ok_or(value.invalid("algorithm"))
    }

    fn find(is: impl Fn(Token<'_>) -> bool) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| is(algorithm.token()))
    }
}

/// Parses the registered name, ignoring case.
impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Self::find(|known| known.is(name)).ok_or(UnknownAlgorithm)
    }
}

/// The error for a name that is not an [`Algorithm`].
///
/// # Examples
/// ```
/// use proxy_auth::digest::Algorithm;
///
/// let error = "SHA256".parse::<Algorithm>().unwrap_err();
/// assert_eq!(error.to_string(), "expected MD5, SHA-256 or SHA-512-256, alone or with -sess");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct UnknownAlgorithm;

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected MD5, SHA-256 or SHA-512-256, alone or with -sess")
    }
}

impl Error for UnknownAlgorithm {}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.token(), f)
    }
}
