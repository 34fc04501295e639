//! The errors of parsing, constructing and writing values.

use core::error::Error;
use core::fmt;
use core::ops::Range;
use core::str::Utf8Error;

mod snippet;

pub use snippet::Snippet;

/// The error for a field value that breaks the grammar: the element that was expected, and the offset.
///
/// The offset counts bytes from the start of the field value. It is the offset of the first byte that cannot
/// follow the bytes before it. If something is missing at the end, it is the offset of the value's end, without white space.
///
/// The error contains no part of the value. [`snippet`](Self::snippet) shows the value on request.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, ParseErrorKind};
///
/// let value = "Basic realm=\"x\" charset=UTF-8";
/// let error = Challenges::new(value).next().unwrap().unwrap_err();
/// assert_eq!((error.kind(), error.offset()), (ParseErrorKind::ExpectedComma, 16));
/// assert_eq!(error.to_string(), "expected a comma or the end at byte 16");
/// assert_eq!(
///     error.snippet(value).to_string(),
///     concat!(
///         "Basic realm=\"x\" charset=UTF-8\n",
///         "                ^ expected a comma or the end at byte 16",
///     )
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ParseError {
    expected: Expected,
    line: usize,
    skipped: Range<usize>,
}

/// An element that the grammar expects at a byte, where something else was found.
///
/// [`Challenge::damage`](crate::Challenge::damage) returns it for a challenge that was read leniently.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, ParseErrorKind};
///
/// let challenge = Challenges::new("Basic realm=\"a\"b").lenient().next().unwrap()?;
/// let expected = challenge.damage().unwrap();
/// assert_eq!((expected.kind(), expected.offset()), (ParseErrorKind::ExpectedComma, 15));
/// # Ok::<(), proxy_auth::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Expected {
    pub(crate) kind: ParseErrorKind,
    pub(crate) offset: usize,
}

impl Expected {
    /// Returns the element that was expected.
    #[must_use]
    pub const fn kind(&self) -> ParseErrorKind {
        self.kind
    }

    /// Returns the offset in bytes from the start of the field value. It is at most the value's length.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.offset)
    }
}

impl ParseError {
    pub(crate) const fn new(expected: Expected, line: usize, skipped: Range<usize>) -> Self {
        Self {
            expected,
            line,
            skipped,
        }
    }

    /// Returns the element that was expected.
    #[must_use]
    pub const fn kind(&self) -> ParseErrorKind {
        self.expected.kind
    }

    /// Returns the offset in bytes from the start of the field value. It is at most the value's length.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.expected.offset
    }

    /// Returns the index of the field line, counted from 0, or 0 if only one value was read.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Returns the range of the field value that was skipped because of this error.
    ///
    /// It starts with the damaged challenge or credentials. Strict reading stops there, so the range extends to the value's end.
    /// Lenient reading resumes at the end of the range.
    #[must_use]
    pub fn skipped(&self) -> Range<usize> {
        self.skipped.clone()
    }

    /// Returns the field value that was parsed, with this error under the byte where it occurred, for display.
    ///
    /// Do not log the result for credentials, because it shows them.
    pub fn snippet<'e, V: AsRef<[u8]> + ?Sized>(&'e self, value: &'e V) -> Snippet<'e> {
        Snippet::new(self, value.as_ref())
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.expected, f)?;
        match self.line {
            0 => Ok(()),
            line => write!(f, " of field line {line} (the first is 0)"),
        }
    }
}

impl Error for ParseError {}

/// The element that was expected where a field value breaks the grammar.
///
/// # Examples
/// ```
/// use proxy_auth::{Credentials, ParseErrorKind};
///
/// let error = Credentials::parse("Basic YTpi,").unwrap_err();
/// assert_eq!(error.kind(), ParseErrorKind::ExpectedEnd);
/// assert_eq!(error.kind().to_string(), "expected the end");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
// A whole word. Results are copied in words, and a copy stalls if one of its bytes was just written. If this were a byte, parsing
// two challenges of Digest would take a tenth longer (`cargo run --release -p peers`).
#[repr(usize)]
pub enum ParseErrorKind {
    /// An auth-scheme: a token.
    ExpectedScheme,
    /// After a scheme and its space, a token68 or a parameter.
    ExpectedBody,
    /// A parameter: a token, "=", and a value.
    ExpectedParam,
    /// "=" after the name of a parameter.
    ExpectedEquals,
    /// The value of a parameter: a token or a quoted-string.
    ExpectedValue,
    /// A comma, or the end of the field value.
    ExpectedComma,
    /// After a scheme, a space, a comma, or the end of the field value.
    ExpectedSpace,
    /// The end of the field value, since credentials are not a list.
    ExpectedEnd,
    /// The DQUOTE that closes a quoted-string.
    ExpectedClosingQuote,
    /// In a quoted-string, a byte that is not a control character.
    InvalidQuotedByte,
    /// After a backslash in a quoted-string, a byte that is not a control character.
    InvalidEscape,
    /// A challenge, not a parameter. A comma or a token68 completed the challenge before it.
    ParamWithoutScheme,
    /// Only one field line. Two field lines of this name cannot be joined.
    RepeatedField,
}

impl ParseErrorKind {
    /// Checks that an error of this kind can only follow a scheme.
    pub(crate) const fn is_after_scheme(self) -> bool {
        !matches!(
            self,
            Self::ExpectedScheme | Self::ExpectedSpace | Self::ParamWithoutScheme | Self::RepeatedField
        )
    }

    /// Checks that an error of this kind can only be between quotes.
    pub(crate) const fn is_in_quotes(self) -> bool {
        matches!(
            self,
            Self::ExpectedClosingQuote | Self::InvalidQuotedByte | Self::InvalidEscape
        )
    }
}

impl fmt::Display for ParseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExpectedScheme => "expected an authentication scheme",
            Self::ExpectedBody => "expected a token68 or a parameter",
            Self::ExpectedParam => "expected a parameter",
            Self::ExpectedEquals => "expected \"=\" after the name of a parameter",
            Self::ExpectedValue => "expected a token or a quoted-string",
            Self::ExpectedComma => "expected a comma or the end",
            Self::ExpectedSpace => "expected a space or a comma after the scheme, or the end",
            Self::ExpectedEnd => "expected the end",
            Self::ExpectedClosingQuote => "expected a closing quote",
            Self::InvalidQuotedByte => "expected no control character in a quoted-string",
            Self::InvalidEscape => "expected no control character after a backslash",
            Self::ParamWithoutScheme => "expected a challenge, not a parameter without a scheme before it",
            Self::RepeatedField => "expected one field line, not a second",
        })
    }
}

/// The error for text that breaks a [`Rule`]: the rule, and the offset of the byte that breaks it.
///
/// The error contains no part of the text.
///
/// # Examples
/// ```
/// use proxy_auth::{ParamValue, Rule};
///
/// let error = ParamValue::quoted("x\r\nSet-Cookie: a=b").unwrap_err();
/// assert_eq!((error.rule(), error.offset()), (Rule::QuotedString, 1));
/// assert_eq!(error.to_string(), "invalid quoted-string at byte 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InvalidInput {
    rule: Rule,
    offset: usize,
}

impl InvalidInput {
    pub(crate) const fn new(rule: Rule, offset: usize) -> Self {
        Self { rule, offset }
    }

    /// Returns the rule that the text breaks.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// Returns the offset of the first byte that breaks the rule, or the text's length if more is needed at the end.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid {} at byte {}", self.rule, self.offset)
    }
}

impl Error for InvalidInput {}

/// A rule that text must follow to be written.
///
/// # Examples
/// ```
/// use proxy_auth::{Rule, basic};
///
/// let error = basic::Credentials::new("a:b", "secret").unwrap_err();
/// assert_eq!((error.rule(), error.offset()), (Rule::UserId, 1));
/// assert_eq!(Rule::UserId.to_string(), "user-id");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Rule {
    /// A token, which is not empty ([RFC 9110, section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)).
    Token,
    /// A token68, which is not empty ([RFC 9110, section 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)).
    Token68,
    /// The text of a quoted-string: no control characters except HTAB
    /// ([RFC 9110, section 5.6.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4)).
    QuotedString,
    /// A field value: no control characters except HTAB, and no white space around it
    /// ([RFC 9110, section 5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5)).
    FieldValue,
    /// The name of a field, except for fields that the message writes itself.
    FieldName,
    /// The hexadecimal digits of a hash, as many as the algorithm requires
    /// ([RFC 7616, section 3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4)).
    Hex,
    /// An OAuth value: printable ASCII without DQUOTE and backslash. An error and its description may contain spaces. One space
    /// separates the names of a scope. A URI contains no space
    /// ([RFC 6749, appendix A](https://www.rfc-editor.org/rfc/rfc6749#appendix-A);
    /// [RFC 6750, section 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
    Nqschars,
    /// A user's name, which Basic calls user-id: no colon, no control characters
    /// ([RFC 7617, section 2](https://www.rfc-editor.org/rfc/rfc7617#section-2)).
    UserId,
    /// The decoded credentials of Basic: `user-id ":" password`
    /// ([RFC 7617, section 2](https://www.rfc-editor.org/rfc/rfc7617#section-2)).
    UserPass,
    /// The password of Basic: no control characters
    /// ([RFC 7617, section 2](https://www.rfc-editor.org/rfc/rfc7617#section-2)).
    Password,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "token",
            Self::Token68 => "token68",
            Self::QuotedString => "quoted-string",
            Self::FieldValue => "field value",
            Self::FieldName => "field name",
            Self::Hex => "hash in hexadecimal digits",
            Self::Nqschars => "OAuth value",
            Self::UserId => "user-id",
            Self::UserPass => "user-id:password",
            Self::Password => "password",
        })
    }
}

/// The error for a buffer that is too small.
///
/// # Examples
/// ```
/// use proxy_auth::{Encode, basic};
///
/// let challenge = basic::Challenge::new("x").unwrap();
/// let error = challenge.encode(&mut [0; 4]).unwrap_err();
/// assert_eq!(error.needed, r#"Basic realm="x""#.len());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BufferTooSmall {
    /// The smallest sufficient length, in bytes.
    pub needed: usize,
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too small: {} bytes are needed", self.needed)
    }
}

impl Error for BufferTooSmall {}

/// The error for text that a [`heapless::String`](crate::heapless::String) cannot hold.
///
/// # Examples
/// ```
/// use proxy_auth::{ParamValue, StringError};
///
/// let value = ParamValue::quoted(b"a\xE4").unwrap();
/// assert_eq!(value.copy_to_string::<8>(), Err(StringError::NotUtf8 { offset: 1 }));
/// assert!(matches!(value.copy_to_string::<1>(), Err(StringError::TooLong(error)) if error.needed == 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StringError {
    /// The text is longer than the string's capacity.
    TooLong(BufferTooSmall),
    /// The text is not UTF-8.
    NotUtf8 {
        /// The number of bytes before the first invalid byte.
        offset: usize,
    },
}

impl From<BufferTooSmall> for StringError {
    fn from(error: BufferTooSmall) -> Self {
        Self::TooLong(error)
    }
}

impl From<Utf8Error> for StringError {
    fn from(error: Utf8Error) -> Self {
        Self::NotUtf8 {
            offset: error.valid_up_to(),
        }
    }
}

impl fmt::Display for StringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(error) => fmt::Display::fmt(error, f),
            Self::NotUtf8 { offset } => write!(f, "invalid UTF-8 at byte {offset}"),
        }
    }
}

impl Error for StringError {}

/// The error for base64 that cannot be decoded ([RFC 4648](https://www.rfc-editor.org/rfc/rfc4648)).
///
/// # Examples
/// ```
/// use proxy_auth::{Base64Error, BufferTooSmall, Token68};
///
/// let token68 = Token68::new("YTpi").unwrap();
/// let error = token68.decode_base64(&mut [0; 2]).unwrap_err();
/// assert_eq!(error, Base64Error::BufferTooSmall(BufferTooSmall { needed: 3 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Base64Error {
    /// The base64 is not well formed.
    Invalid {
        /// The offset of the first invalid byte, from the start of the field value.
        offset: usize,
    },
    /// The buffer for the decoded bytes is too small.
    BufferTooSmall(BufferTooSmall),
}

impl From<BufferTooSmall> for Base64Error {
    fn from(error: BufferTooSmall) -> Self {
        Self::BufferTooSmall(error)
    }
}

impl fmt::Display for Base64Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { offset } => write!(f, "invalid base64 at byte {offset}"),
            Self::BufferTooSmall(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Error for Base64Error {}

/// The error for a challenge or credentials that follow the grammar, but not the rules of their scheme.
///
/// Offsets count bytes from the start of the field value. The error contains no part of the value.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, SchemeError, basic};
///
/// let challenge = Challenges::new("Basic charset=UTF-8").next().unwrap()?;
/// let error = basic::Challenge::read(&challenge).unwrap_err();
/// assert_eq!(error, SchemeError::Missing { param: "realm" });
/// assert_eq!(error.to_string(), "expected the parameter \"realm\"");
/// # Ok::<(), proxy_auth::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SchemeError {
    /// The scheme is not the expected one.
    WrongScheme,
    /// The challenge was read [leniently](crate::Challenges::lenient) and is damaged, so parameters may be missing.
    Damaged(Expected),
    /// A required parameter is missing.
    Missing {
        /// The parameter's name.
        param: &'static str,
    },
    /// A parameter occurs twice, which [RFC 9110, section 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2) forbids.
    Duplicate {
        /// The parameter's name.
        param: &'static str,
        /// The offset of the second value.
        offset: usize,
    },
    /// A parameter has a value that the scheme does not allow.
    Invalid {
        /// The parameter's name.
        param: &'static str,
        /// The offset of the value.
        offset: usize,
    },
    /// The required token68 is missing.
    MissingToken68,
    /// The base64 cannot be decoded.
    Base64(Base64Error),
    /// The decoded base64 breaks a rule of the scheme.
    InvalidContent {
        /// The rule.
        rule: Rule,
    },
}

impl From<InvalidInput> for SchemeError {
    fn from(error: InvalidInput) -> Self {
        Self::InvalidContent { rule: error.rule }
    }
}

impl From<Base64Error> for SchemeError {
    fn from(error: Base64Error) -> Self {
        Self::Base64(error)
    }
}

impl fmt::Display for SchemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongScheme => f.write_str("expected another scheme"),
            Self::Damaged(expected) => fmt::Display::fmt(expected, f),
            Self::Missing { param } => write!(f, "expected the parameter \"{param}\""),
            Self::Duplicate { param, offset } => write!(f, "expected no second parameter \"{param}\" at byte {offset}"),
            Self::Invalid { param, offset } => write!(f, "invalid value of the parameter \"{param}\" at byte {offset}"),
            Self::MissingToken68 => f.write_str("expected a token68 after the scheme"),
            Self::Base64(error) => fmt::Display::fmt(error, f),
            Self::InvalidContent { rule } => write!(f, "invalid {rule} in the base64"),
        }
    }
}

impl Error for SchemeError {}
