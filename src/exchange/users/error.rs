//! The error for a line of a file.

use core::error::Error;
use core::fmt;

use crate::digest::Algorithm;

/// The error for a line that cannot be read. It contains no part of the line.
///
/// ```
/// use proxy_auth::users::{Htpasswd, LineErrorKind};
///
/// let error = Htpasswd::parse("# staff\naladdin:open sesame\nMufasa\n").unwrap_err();
/// assert_eq!((error.kind(), error.line(), error.offset()), (LineErrorKind::ExpectedColon, 3, 34));
/// assert_eq!(error.to_string(), "line 3: expected a colon after the name at byte 34");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LineError {
    kind: LineErrorKind,
    position: Position,
}

/// The position of a byte in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Position {
    /// The number of the line; the first is 1.
    pub(super) line: usize,
    /// The offset in bytes from the start of the file.
    pub(super) offset: usize,
}

impl LineError {
    pub(super) const fn new(kind: LineErrorKind, position: Position) -> Self {
        Self { kind, position }
    }

    /// Returns the element that was expected.
    #[must_use]
    pub const fn kind(&self) -> LineErrorKind {
        self.kind
    }

    /// Returns the number of the line. The first is 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.position.line
    }

    /// Returns the offset in bytes from the start of the file. It is at most the file's length.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.position.offset
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {} at byte {}", self.line(), self.kind, self.offset())
    }
}

impl Error for LineError {}

/// The element that was expected where a line cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LineErrorKind {
    /// A name before the first colon.
    ExpectedName,
    /// A name without control characters.
    InvalidName,
    /// A colon after the name.
    ExpectedColon,
    /// A secret after the colon.
    ExpectedSecret,
    /// A secret without control characters.
    InvalidSecret,
    /// A realm without control characters other than HTAB, and a colon after it.
    ExpectedRealm,
    /// The hexadecimal digits of a hash of this algorithm, and the end of the line.
    ExpectedHash(Algorithm),
    /// No white space at the start or the end of the line. Apache removes it.
    WhiteSpace,
    /// No backslash at the end of the line. Apache continues the line.
    Backslash,
    /// One line for each user, not a second.
    RepeatedUser,
}

impl fmt::Display for LineErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExpectedName => "expected a name",
            Self::InvalidName => "expected no control character in a name",
            Self::ExpectedColon => "expected a colon after the name",
            Self::ExpectedSecret => "expected a secret",
            Self::InvalidSecret => "expected no control character in a secret",
            Self::ExpectedRealm => "expected a realm without control characters, and a colon",
            Self::ExpectedHash(algorithm) => {
                let digits = algorithm.digits_len();
                return write!(f, "expected a hash of {algorithm}, {digits} hexadecimal digits");
            }
            Self::WhiteSpace => "expected no white space around an entry",
            Self::Backslash => "expected no backslash before the end of a line",
            Self::RepeatedUser => "expected one line for each user, not a second",
        })
    }
}
