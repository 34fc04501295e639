//! The value of a parameter: a token or a quoted-string, which is unescaped on demand.

use core::fmt::{self, Write};
use core::iter;
use core::time::Duration;

use super::param_name;
use crate::encode::{Encode, EncodeTo, Encoder};
use crate::error::{BufferTooSmall, Expected, InvalidInput, ParseErrorKind, Rule, SchemeError, StringError};
use crate::syntax::{Class, Cursor, Token, Unescaped, escape, quoted_string, write_lossy};

/// The value of a parameter: a token or a quoted-string.
///
/// Both forms are equivalent ([RFC 9110, section 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)), so `==`
/// compares the unescaped bytes. They may be in any encoding (`obs-text`). A value that was read points into the field value
/// and is unescaped only on demand.
///
/// `Display` writes the unescaped value without quotes. `Debug` writes `[redacted]` for values from credentials, from
/// Proxy-Authentication-Info and from challenges of SCRAM.
///
/// # Examples
/// ```
/// use proxy_auth::Challenges;
///
/// let value = r#"Newauth type=1, title="Login to \"apps\"""#;
/// let challenge = Challenges::new(value).next().unwrap()?;
/// let title = challenge.param("title").unwrap();
///
/// assert_eq!(title, "Login to \"apps\"");              // compared without a copy
/// assert_eq!(title.raw(), br#"Login to \"apps\""#);    // as it is written
/// assert_eq!(title.to_str(), None);                    // no such str exists: there are escapes
/// let mut buffer = [0; 32];
/// assert_eq!(title.copy_to(&mut buffer)?, b"Login to \"apps\"");
/// assert_eq!(challenge.param("type").unwrap().to_str(), Some("1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ParamValue<'a> {
    bytes: &'a [u8],
    form: Form,
    secret: bool,
    offset: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A token.
    Token,
    /// The text between the quotes of a quoted-string that was read, without escapes.
    Plain,
    /// The text between the quotes of a quoted-string that was read, perhaps with escapes.
    Escaped,
    /// Text that is escaped when it is written as a quoted-string.
    Text,
}

impl<'a> ParamValue<'a> {
    /// Creates a value that is written as a quoted-string.
    ///
    /// # Errors
    /// Returns [`InvalidInput`], with the offset, if `text` contains a control character other than HTAB ([RFC 9110,
    /// section 5.6.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4)).
    pub fn quoted<T: AsRef<[u8]> + ?Sized>(text: &'a T) -> Result<Self, InvalidInput> {
        let text = text.as_ref();
        Class::Text.check(text, Rule::QuotedString)?;
        Ok(Self::new(text, Form::Text))
    }

    /// Creates a value that is written as a token, without quotes.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] with the offset of the first byte that is not a `tchar`, or 0 if `text` is empty.
    pub const fn token(text: &'a str) -> Result<Self, InvalidInput> {
        match Token::new(text) {
            Ok(token) => Ok(Self::new(token.as_bytes(), Form::Token)),
            Err(error) => Err(error),
        }
    }

    /// Creates a value that is written as a quoted-string. The caller ensures that it contains no control character but HTAB.
    pub(crate) const fn text(text: &'a [u8]) -> Self {
        Self::new(text, Form::Text)
    }

    const fn new(bytes: &'a [u8], form: Form) -> Self {
        Self {
            bytes,
            form,
            secret: false,
            offset: 0,
        }
    }

    /// Checks that a value starts at `cursor`.
    pub(crate) fn must_start(cursor: Cursor<'a>, lenient: bool) -> Result<(), Expected> {
        match cursor.peek() {
            _ if lenient => Ok(()),
            Some(byte) if byte == b'"' || Class::Tchar.contains(byte) => Ok(()),
            _ => Err(cursor.error(ParseErrorKind::ExpectedValue)),
        }
    }

    /// Reads the value at `cursor`.
    #[expect(clippy::inline_always, reason = "both passes over the parameters need it")]
    #[inline(always)]
    pub(crate) fn read(mut cursor: Cursor<'a>, lenient: bool) -> Result<(Self, Cursor<'a>), Expected> {
        let offset = cursor.offset();
        let (bytes, form) = if cursor.peek() == Some(b'"') {
            let (text, may_have_escapes) = quoted_string(&mut cursor, lenient)?;
            (text, if may_have_escapes { Form::Escaped } else { Form::Plain })
        } else {
            unquoted(&mut cursor, lenient)?
        };
        let value = Self {
            offset,
            ..Self::new(bytes, form)
        };
        Ok((value, cursor))
    }

    /// Returns the value as it was read, without the surrounding quotes.
    ///
    /// If the value was constructed, returns the text that it was constructed from.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns `true` if the value is written as a quoted-string.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        self.form != Form::Token
    }

    /// Returns the offset of the value in the field value that it was read from, in bytes, or 0 if it was constructed.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the offset of [`raw`](Self::raw), which follows the opening quote, if there is one. A value that lenient reading
    /// found without quotes is written with quotes, but has no opening quote here.
    pub(crate) fn raw_offset(&self) -> usize {
        self.offset
            .saturating_add(usize::from(matches!(self.form, Form::Plain | Form::Escaped)))
    }

    /// Returns an iterator over the unescaped bytes.
    #[must_use]
    pub fn unescaped(&self) -> Unescaped<'a> {
        Unescaped::new(self.bytes, self.form == Form::Escaped)
    }

    /// Returns the number of unescaped bytes, in time linear in the length.
    #[must_use]
    pub fn len(&self) -> usize {
        self.plain().map_or_else(|| self.unescaped().count(), <[u8]>::len)
    }

    /// Returns `true` if the value is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns the unescaped bytes, if the form alone shows that the value contains no escapes.
    const fn plain(&self) -> Option<&'a [u8]> {
        match self.form {
            Form::Token | Form::Plain | Form::Text => Some(self.bytes),
            Form::Escaped => None,
        }
    }

    /// Returns the unescaped bytes, if the value contains no escapes.
    #[must_use]
    pub fn to_bytes(&self) -> Option<&'a [u8]> {
        let escapes = self.form == Form::Escaped && self.bytes.contains(&b'\\');
        (!escapes).then_some(self.bytes)
    }

    /// Returns the unescaped text, if the value contains no escapes and is UTF-8.
    #[must_use]
    pub fn to_str(&self) -> Option<&'a str> {
        self.to_bytes().and_then(|bytes| core::str::from_utf8(bytes).ok())
    }

    /// Copies the unescaped bytes to the start of `buffer`, and returns the copy.
    ///
    /// # Errors
    /// Returns [`BufferTooSmall`], which holds the needed length, if they do not fit. On error, `buffer` is unchanged.
    pub fn copy_to<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let needed = self.len();
        let copy = buffer.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
        match self.plain() {
            Some(bytes) => copy.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte),
            None => copy.iter_mut().zip(self.unescaped()).for_each(|(to, byte)| *to = byte),
        }
        Ok(copy)
    }

    /// Copies the unescaped text to a string of at most `N` bytes.
    ///
    /// # Errors
    /// Returns [`StringError::TooLong`] if the text does not fit, or [`StringError::NotUtf8`] if it is not UTF-8.
    pub fn copy_to_string<const N: usize>(&self) -> Result<heapless::String<N>, StringError> {
        let needed = self.len();
        let mut bytes = heapless::Vec::<u8, N>::new();
        for byte in self.unescaped() {
            bytes.push(byte).map_err(|_| BufferTooSmall { needed })?;
        }
        Ok(heapless::String::from_utf8(bytes)?)
    }

    /// Compares the unescaped value with `text`, ignoring the case of ASCII letters.
    #[must_use]
    pub fn eq_ignore_ascii_case(&self, text: &str) -> bool {
        self.is_but_for_case(text.as_bytes())
    }

    /// Compares the unescaped value with `token`, ignoring the case of ASCII letters.
    pub(crate) fn is(&self, token: Token<'_>) -> bool {
        self.is_but_for_case(token.as_bytes())
    }

    fn is_but_for_case(&self, other: &[u8]) -> bool {
        let lower_case = |byte: u8| byte.to_ascii_lowercase();
        match self.plain() {
            Some(bytes) => bytes.eq_ignore_ascii_case(other),
            None => self
                .unescaped()
                .map(lower_case)
                .eq(other.iter().copied().map(lower_case)),
        }
    }

    /// Returns the error for this value if it is invalid for the parameter `param`.
    pub(crate) const fn invalid(&self, param: &'static str) -> SchemeError {
        SchemeError::Invalid {
            param,
            offset: self.offset,
        }
    }

    /// Parses the value of the parameter `param` as a number of seconds, in decimal digits.
    pub(crate) fn seconds(&self, param: &'static str) -> Result<Duration, SchemeError> {
        let digits = self.to_str().unwrap_or_default();
        // `parse` accepts a leading "+", which is not a digit.
        let is_unsigned = digits.starts_with(|first: char| first.is_ascii_digit());
        let seconds = digits.parse().ok().filter(|_| is_unsigned);
        seconds.map(Duration::from_secs).ok_or(self.invalid(param))
    }

    /// Returns the tokens of a list, `#token`. Finds none in a list with escapes, or after an element that is not a token.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = Token<'a>> {
        let mut cursor = Cursor::new(self.to_bytes().unwrap_or_default());
        iter::from_fn(move || {
            cursor.skip_separators();
            let token = Token::read(&mut cursor)?;
            cursor.end_of_element().ok().map(|()| token)
        })
        .fuse()
    }

    /// Returns this value in the form of a quoted-string.
    #[must_use]
    pub fn to_quoted(self) -> Self {
        let form = match self.form {
            Form::Token | Form::Text => Form::Text,
            Form::Plain | Form::Escaped => self.form,
        };
        Self { form, ..self }
    }

    /// Writes this value as a quoted-string.
    #[expect(clippy::inline_always, reason = "a stack frame less, on devices")]
    #[inline(always)]
    pub(super) fn encode_quoted(&self, out: &mut Encoder<'_>) {
        out.put_byte(b'"');
        match self.form {
            Form::Plain | Form::Escaped => out.put(self.bytes),
            Form::Token | Form::Text => escape(self.bytes, |piece| out.put(piece)),
        }
        out.put_byte(b'"');
    }

    /// Hides this value from `Debug`.
    pub(crate) const fn secret(self) -> Self {
        self.secret_if(true)
    }

    /// Hides this value from `Debug`, if `is_secret` is `true`.
    pub(crate) const fn secret_if(self, is_secret: bool) -> Self {
        let secret = self.secret || is_secret;
        Self { secret, ..self }
    }
}

/// Reads a token. Lenient reading accepts any value without quotes, even an empty one: see [`lenient_words`].
#[inline]
fn unquoted<'a>(cursor: &mut Cursor<'a>, lenient: bool) -> Result<(&'a [u8], Form), Expected> {
    let start = *cursor;
    let token = cursor.skip(Class::Tchar);
    match cursor.peek() {
        None | Some(b',') if !token.is_empty() => Ok((token, Form::Token)),
        _ if lenient => Ok(lenient_words(start, token, cursor)),
        _ if token.is_empty() => Err(cursor.error(ParseErrorKind::ExpectedValue)),
        _ => Ok((token, Form::Token)),
    }
}

/// Reads a value without quotes that is more than a token before a comma or the end. `token` stands between `start` and
/// `cursor`.
///
/// The value is one word: a run of bytes without control characters, white space and commas. Further words belong to it if
/// they extend to the next comma or to the end, and none of them is the name of a parameter.
#[inline(never)]
fn lenient_words<'a>(start: Cursor<'a>, token: &'a [u8], cursor: &mut Cursor<'a>) -> (&'a [u8], Form) {
    let is_token = cursor.skip(Class::Unquoted).is_empty() && !token.is_empty();
    let first_word = *cursor;
    loop {
        let mut next = *cursor;
        next.skip_ows();
        if matches!(next.peek(), None | Some(b',')) {
            break;
        }
        if param_name::follows(next) || next.skip(Class::Unquoted).is_empty() {
            *cursor = first_word;
            break;
        }
        *cursor = next;
    }
    let value = start.until(*cursor);
    let is_first_word = first_word.until(*cursor).is_empty();
    (
        value,
        if is_token && is_first_word {
            Form::Token
        } else {
            Form::Text
        },
    )
}

impl<'a> From<Token<'a>> for ParamValue<'a> {
    fn from(token: Token<'a>) -> Self {
        Self::new(token.as_bytes(), Form::Token)
    }
}

impl PartialEq for ParamValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        match other.plain() {
            Some(bytes) => self == bytes,
            None => self.unescaped().eq(other.unescaped()),
        }
    }
}

impl PartialEq<[u8]> for ParamValue<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        match self.plain() {
            Some(bytes) => bytes == other,
            None => self.unescaped().eq(other.iter().copied()),
        }
    }
}

impl PartialEq<str> for ParamValue<'_> {
    fn eq(&self, other: &str) -> bool {
        self == other.as_bytes()
    }
}

impl PartialEq<&str> for ParamValue<'_> {
    fn eq(&self, other: &&str) -> bool {
        self == other.as_bytes()
    }
}

impl Encode for ParamValue<'_> {}

impl EncodeTo for ParamValue<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        match self.form {
            Form::Token => out.put(self.bytes),
            Form::Plain | Form::Escaped | Form::Text => self.encode_quoted(out),
        }
    }
}

impl fmt::Display for ParamValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lossy(self.unescaped(), f)
    }
}

impl fmt::Debug for ParamValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.secret {
            return f.write_str("[redacted]");
        }
        f.write_char('"')?;
        for byte in self.unescaped() {
            write!(f, "{}", byte.escape_ascii())?;
        }
        f.write_char('"')
    }
}
