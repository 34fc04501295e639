//! The value of a parameter: a token or a quoted-string, escaped until somebody asks.

use core::fmt::{self, Write};

use super::AuthParam;
use crate::encode::{Encode, EncodeTo, Encoder};
use crate::error::{BufferTooSmall, Expected, InvalidInput, ParseErrorKind, Rule, SchemeError, StringError};
use crate::syntax::{Class, Cursor, Token, Unescaped, escape, quoted_string, write_lossy};

/// The value of a parameter: a token or a quoted-string.
///
/// Both forms mean the same ([RFC 9110, section 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)), so `==`
/// compares what they mean: bytes, since a quoted-string may hold any encoding (`obs-text`). A value that was read points
/// into the field value, and nothing is unescaped until it is asked for.
///
/// `Display` writes what the value means, not how it is written. `Debug` of a value that stands in credentials, in
/// Proxy-Authentication-Info, or in a challenge of SCRAM, says `[redacted]`.
///
/// ```
/// use proxy_auth::Challenges;
///
/// let value = r#"Newauth type=1, title="Login to \"apps\"""#;
/// let challenge = Challenges::new(value).next().unwrap()?;
/// let title = challenge.param("title").unwrap();
///
/// assert_eq!(title, "Login to \"apps\"");              // compared without a copy
/// assert_eq!(title.raw(), br#"Login to \"apps\""#);    // as it is written
/// assert_eq!(title.as_str(), None);                    // no such str exists: there are escapes
/// let mut buffer = [0; 32];
/// assert_eq!(title.copy_to(&mut buffer)?, b"Login to \"apps\"");
/// assert_eq!(challenge.param("type").unwrap().as_str(), Some("1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ParamValue<'a> {
    bytes: &'a [u8],
    form: Form,
    pub(super) secret: bool,
    offset: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A token.
    Token,
    /// What was read between the quotes of a quoted-string, escapes included.
    Escaped,
    /// Text that must be escaped when it is written as a quoted-string.
    Text,
}

impl<'a> ParamValue<'a> {
    /// A value to be written as a quoted-string.
    ///
    /// # Errors
    /// [`InvalidInput`] with the offset of the first byte that no quoted-string can carry: a control character other
    /// than HTAB ([RFC 9110, section 5.6.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4)).
    pub fn quoted<T: AsRef<[u8]> + ?Sized>(text: &'a T) -> Result<Self, InvalidInput> {
        let text = text.as_ref();
        Class::Text.check(text, Rule::QuotedString)?;
        Ok(Self::new(text, Form::Text))
    }

    /// A value to be written as a token, without quotes.
    ///
    /// # Errors
    /// [`InvalidInput`] with the offset of the first byte that is no `tchar`, or 0 when `text` is empty.
    pub const fn token(text: &'a str) -> Result<Self, InvalidInput> {
        match Token::new(text) {
            Ok(token) => Ok(Self::new(token.as_bytes(), Form::Token)),
            Err(error) => Err(error),
        }
    }

    /// A value to be written as a quoted-string, of which the caller knows that one can carry it.
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

    /// That a value starts at `cursor`.
    pub(crate) fn must_start(cursor: Cursor<'a>, lenient: bool) -> Result<(), Expected> {
        match cursor.peek() {
            _ if lenient => Ok(()),
            Some(byte) if byte == b'"' || Class::Tchar.contains(byte) => Ok(()),
            _ => Err(cursor.error(ParseErrorKind::ExpectedValue)),
        }
    }

    /// Reads the value that must stand at `cursor`.
    #[expect(clippy::inline_always, reason = "both passes over the parameters need it")]
    #[inline(always)]
    pub(crate) fn read(mut cursor: Cursor<'a>, lenient: bool) -> Result<(Self, Cursor<'a>), Expected> {
        let offset = cursor.offset();
        let (bytes, form) = if cursor.peek() == Some(b'"') {
            (quoted_string(&mut cursor, lenient)?, Form::Escaped)
        } else {
            unquoted(&mut cursor, lenient)?
        };
        let value = Self {
            offset,
            ..Self::new(bytes, form)
        };
        Ok((value, cursor))
    }

    /// The value as it is written, but for the quotes around it.
    ///
    /// Of a value that was constructed and not read, the text from which it was.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether the value is written as a quoted-string.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        self.form != Form::Token
    }

    /// Where the value stands in the field value it was read from, in bytes; 0 for one that was not read.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Where [`raw`](Self::raw) stands: after the quote, if there is one. Lenient reading makes a quoted value of one without.
    pub(crate) fn raw_offset(&self) -> usize {
        self.offset.saturating_add(usize::from(self.form == Form::Escaped))
    }

    /// The bytes that the value means, one by one.
    #[must_use]
    pub fn unescaped(&self) -> Unescaped<'a> {
        Unescaped::new(self.bytes, self.form == Form::Escaped)
    }

    /// How many bytes the value means. Takes time linear in the length.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.form {
            Form::Token | Form::Text => self.bytes.len(),
            Form::Escaped => self.unescaped().count(),
        }
    }

    /// Whether the value is `""`.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes that the value means, if nothing in it is escaped.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        let escapes = self.form == Form::Escaped && self.bytes.contains(&b'\\');
        (!escapes).then_some(self.bytes)
    }

    /// The text that the value means, if nothing in it is escaped and it is UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        self.as_bytes().and_then(|bytes| core::str::from_utf8(bytes).ok())
    }

    /// Copies the bytes that the value means to the start of `buffer`, and returns the copy.
    ///
    /// # Errors
    /// [`BufferTooSmall`] with the length that is needed; nothing is copied then.
    pub fn copy_to<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let needed = self.len();
        let copy = buffer.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
        for (to, byte) in copy.iter_mut().zip(self.unescaped()) {
            *to = byte;
        }
        Ok(copy)
    }

    /// Copies the text that the value means to a string of at most `N` bytes.
    ///
    /// # Errors
    /// [`StringError`] when it is longer, or not UTF-8.
    pub fn copy_to_string<const N: usize>(&self) -> Result<heapless::String<N>, StringError> {
        let needed = self.len();
        let mut bytes = heapless::Vec::<u8, N>::new();
        for byte in self.unescaped() {
            bytes.push(byte).map_err(|_| BufferTooSmall { needed })?;
        }
        Ok(heapless::String::from_utf8(bytes)?)
    }

    /// Whether the value means `text` but for the case of ASCII letters.
    #[must_use]
    pub fn eq_ignore_ascii_case(&self, text: &str) -> bool {
        self.unescaped()
            .map(|byte| byte.to_ascii_lowercase())
            .eq(text.bytes().map(|byte| byte.to_ascii_lowercase()))
    }

    /// The error that the parameter `param` must not have this value.
    pub(crate) const fn invalid(&self, param: &'static str) -> SchemeError {
        SchemeError::Invalid {
            param,
            offset: self.offset,
        }
    }

    /// The number that the value means, in decimal digits.
    pub(crate) fn number(&self) -> Option<u64> {
        let digits = self.as_str()?;
        // A sign is no digit.
        let unsigned = digits.starts_with(|first: char| first.is_ascii_digit());
        digits.parse().ok().filter(|_| unsigned)
    }

    /// Whether the value means a list of tokens, `#token`, of which one is `name`, but for case. Nothing is found in a list
    /// with escapes, or after what is no token.
    pub(crate) fn list_has(&self, name: &str) -> bool {
        let mut cursor = Cursor::new(self.as_bytes().unwrap_or_default());
        loop {
            cursor.skip_separators();
            let token = Token::read(&mut cursor);
            match token.filter(|_| cursor.end_of_element().is_ok()) {
                Some(token) if token.is(name) => return true,
                Some(_) => {}
                None => return false,
            }
        }
    }

    /// This value, to be written as a quoted-string.
    #[must_use]
    pub fn to_quoted(self) -> Self {
        let form = match self.form {
            Form::Token | Form::Text => Form::Text,
            Form::Escaped => Form::Escaped,
        };
        Self { form, ..self }
    }

    /// This value, with a `Debug` that does not show it.
    pub(crate) const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

/// Reads a token; or leniently whatever stands there, even nothing: see [`lenient_words`].
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

/// Reads a value without quotes that is not just a token before a comma or the end. `token` stands between `start` and
/// `cursor`.
///
/// The value is one word: anything but control characters, white space and commas. It goes on over further words if they
/// reach to the next comma or to the end, and none of them is the name of a parameter.
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
        if AuthParam::follows(next) || next.skip(Class::Unquoted).is_empty() {
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
        self.unescaped().eq(other.unescaped())
    }
}

impl PartialEq<[u8]> for ParamValue<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        self.unescaped().eq(other.iter().copied())
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
            Form::Escaped => {
                out.put(b"\"");
                out.put(self.bytes);
                out.put(b"\"");
            }
            Form::Text => {
                out.put(b"\"");
                escape(self.bytes, |piece| out.put(piece));
                out.put(b"\"");
            }
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
