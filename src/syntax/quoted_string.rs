//! `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE` (RFC 9110, 5.6.4): parsing, unescaping, escaping.

use core::fmt;
use core::iter::FusedIterator;

use super::{Class, Cursor, swar};
use crate::error::{Expected, ParseErrorKind};

/// Parses a quoted-string and returns the text between its quotes, including escapes, and `true` if it may have any.
///
/// Lenient reading also accepts the end of the value instead of the closing quote.
#[expect(clippy::inline_always, reason = "both passes over the parameters need it")]
#[inline(always)]
pub(crate) fn quoted_string<'a>(cursor: &mut Cursor<'a>, lenient: bool) -> Result<(&'a [u8], bool), Expected> {
    if !cursor.skip_byte(b'"') {
        return Err(cursor.error(ParseErrorKind::ExpectedValue));
    }
    let start = *cursor;
    cursor.skip_to(skip_qdtext(cursor.rest()));
    // Usually, no escapes precede the closing quote.
    let text = start.until(*cursor);
    if cursor.skip_byte(b'"') {
        return Ok((text, false));
    }
    cursor.skip_to(skip_text(cursor.rest()));
    let text = start.until(*cursor);
    if cursor.skip_byte(b'"') || (lenient && cursor.at_end()) {
        Ok((text, true))
    } else {
        Err(no_text(*cursor))
    }
}

/// Returns the rest of the bytes after `*qdtext`.
#[inline(never)]
fn skip_qdtext(bytes: &[u8]) -> &[u8] {
    bytes.get(Class::Qdtext.long_run(bytes)..).unwrap_or_default()
}

/// Returns the rest of the bytes after `*( qdtext / quoted-pair )`, where
/// `quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )`.
#[inline(never)]
fn skip_text(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [b'\\', byte, after @ ..] if Class::Text.contains(*byte) => swar::skip_quoted_pairs(after),
            [byte, ..] if Class::Qdtext.contains(*byte) => skip_qdtext(rest),
            _ => return rest,
        };
    }
}

/// Returns the error at a byte that is neither text nor a closing quote.
#[cold]
fn no_text(mut cursor: Cursor<'_>) -> Expected {
    let escape = cursor.skip_byte(b'\\');
    cursor.error(match cursor.peek() {
        None => ParseErrorKind::ExpectedClosingQuote,
        Some(_) if escape => ParseErrorKind::InvalidEscape,
        Some(_) => ParseErrorKind::InvalidQuotedByte,
    })
}

/// An iterator over the bytes of a value, without the backslash of each quoted-pair.
///
/// [`ParamValue::unescaped`](crate::ParamValue::unescaped) returns it.
///
/// # Examples
/// ```
/// use proxy_auth::Challenges;
///
/// let challenge = Challenges::new(r#"Basic realm="a\"b""#).next().unwrap()?;
/// assert!(challenge.realm().unwrap().unescaped().eq(*b"a\"b"));
/// # Ok::<(), proxy_auth::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Unescaped<'a> {
    rest: &'a [u8],
    escapes: bool,
}

impl<'a> Unescaped<'a> {
    /// Creates an iterator over `raw`. If `escapes` is `true`, a backslash starts a quoted-pair.
    pub(crate) const fn new(raw: &'a [u8], escapes: bool) -> Self {
        Self { rest: raw, escapes }
    }
}

impl Iterator for Unescaped<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = match self.rest {
            [b'\\', byte, rest @ ..] if self.escapes => (*byte, rest),
            [byte, rest @ ..] => (*byte, rest),
            [] => return None,
        };
        self.rest = rest;
        Some(byte)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let longest = self.rest.len();
        let shortest = if self.escapes { longest.div_ceil(2) } else { longest };
        (shortest, Some(longest))
    }

    fn count(self) -> usize {
        // The count is at most the length of `rest`, but the compiler cannot know this.
        self.fold(0, |count, _| count.wrapping_add(1))
    }
}

impl FusedIterator for Unescaped<'_> {}

impl fmt::Debug for Unescaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value may be a secret.
        f.debug_struct("Unescaped").finish_non_exhaustive()
    }
}

/// Calls `put` with the pieces of the quoted-string for `text`, without its quotes. `text` contains no control character but HTAB.
pub(crate) fn escape(text: &[u8], mut put: impl FnMut(&[u8])) {
    let mut rest = text;
    while let Some((plain, after)) = rest.split_at_checked(Class::Qdtext.long_run(rest)) {
        put(plain);
        let [byte, after @ ..] = after else {
            break;
        };
        put(&[b'\\', *byte]);
        rest = after;
    }
}
