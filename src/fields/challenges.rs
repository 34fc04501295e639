//! `Proxy-Authenticate = #challenge` (RFC 9110, 11.7.1): a list of challenges in one or several field lines.

use core::fmt;
use core::iter::{self, FusedIterator};

use super::body::{Auth, Reading};
use super::challenge::Challenge;
use super::mode::Mode;
use super::param_name;
use crate::error::{Expected, ParseError};
use crate::syntax::Cursor;

/// An iterator over the challenges of Proxy-Authenticate, in order.
///
/// `Proxy-Authenticate = #challenge`
/// ([RFC 9110, section 11.7.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.1)). Each challenge is read when the
/// iterator reaches it, and points into the field value. An empty value contains no challenges.
///
/// Strict reading, the default, accepts exactly the grammar of RFC 9110, and ends with its first error.
/// [Lenient](Self::lenient) reading continues after errors.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, Scheme};
///
/// let value = r#"Negotiate, Basic realm="Access to internal site", charset="UTF-8""#;
/// let mut challenges = Challenges::new(value);
///
/// let negotiate = challenges.next().unwrap()?;
/// assert_eq!(negotiate.scheme(), Scheme::Negotiate);
/// let basic = challenges.next().unwrap()?;
/// assert_eq!(basic.realm().unwrap(), "Access to internal site");
/// assert!(challenges.next().is_none());
/// # Ok::<(), proxy_auth::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Challenges<'a, L = iter::Once<&'a [u8]>> {
    /// The field lines that have not been started.
    lines: L,
    line: Line<'a>,
}

/// The field line that is being read.
#[derive(Clone)]
struct Line<'a> {
    /// The number of lines that have been started.
    begun: usize,
    /// The rest of this line.
    cursor: Cursor<'a>,
    lenient: bool,
    /// `true` if a strict error ended the list.
    broken: bool,
}

impl<'a> Challenges<'a> {
    /// Reads the challenges of one field value.
    pub fn new<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Self {
        Self::from_lines(iter::once(value.as_ref()))
    }
}

impl<'a, L> Challenges<'a, L> {
    /// Reads the challenges of all field lines with one name, which form one list.
    ///
    /// `values` may yield references to anything that is `AsRef<[u8]>`: `&str`, `&[u8]`, or the `&HeaderValue` of the crate
    /// `http`. A challenge must not continue in the next line.
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::Challenges;
    ///
    /// let lines = ["Negotiate", "NTLM, Basic realm=x"];
    /// assert_eq!(Challenges::from_lines(lines).count(), 3);
    /// ```
    pub fn from_lines<V>(values: impl IntoIterator<Item = &'a V, IntoIter = L>) -> Self
    where
        L: Iterator<Item = &'a V>,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        Self {
            lines: values.into_iter(),
            line: Line {
                begun: 0,
                cursor: Cursor::new(&[]),
                lenient: false,
                broken: false,
            },
        }
    }

    /// Reads the challenges leniently.
    ///
    /// A value that strict reading accepts is read in the same way. Deviations that real senders write are tolerated:
    ///
    /// 1. A quoted-string that is not closed at the end of the value: `Basic realm="basic` (browsers accept it, according to
    ///    greenbytes' test `missingquote`).
    /// 2. A value without quotes that is not a token: `realm=foobar@baz.com`, `Credential=a/b/c` (AWS signatures). It extends
    ///    to the next comma or white space. It also includes the following words up to the next comma or the end:
    ///    `realm=my realm` (goproxy, couper), `error_description=The token expired`. If one of these words is the name of a
    ///    parameter, the value is the first word, and the second word is either that name or damage. Such a value is written in
    ///    quotes.
    /// 3. A comma, with or without white space, or an HTAB in place of the space after the scheme:
    ///    `Basic, realm="x"` (greenbytes' test `simplebasiccomma2`).
    /// 4. A parameter without a value, which counts as empty: `qop=,` (old Digest implementations). Directly after the scheme,
    ///    `qop=` is a token68, as in strict reading, unless another parameter follows the comma. `qop==` is always a token68
    ///    there.
    /// 5. White space in place of the comma between parameters: `Digest realm="CUPS" nonce="127.0.0.1"` (CUPS 1.1,
    ///    `CodeIgniter`'s REST server).
    /// 6. Duplicates of a parameter with the same value: `algorithm=MD5, algorithm=MD5`. See [`Params::once`].
    /// 7. Basic without a realm: `Basic` (Caddy's forwardproxy, v2ray). See [`basic::Challenge::read`].
    /// 8. Digest with an empty `qop`, which counts as absent. See [`digest::Challenge::read`].
    ///
    /// Other damage ends its challenge. [`Challenge::damage`] returns the position, and the challenge has the parameters before
    /// it. A value without quotes that a control character interrupts ends there. If the scheme itself is in doubt, the iterator
    /// returns an error instead of a challenge. In both cases, reading resumes with the next challenge, which must follow a comma.
    /// A name and "=" after a comma never start a challenge; neither does text in quotes after "=".
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::Challenges;
    ///
    /// let value = r#"Digest realm="a" nonce="b", opaque="c"d, =, Basic realm=my realm"#;
    /// let mut challenges = Challenges::new(value).lenient();
    /// let digest = challenges.next().unwrap()?;
    /// assert_eq!(digest.param("opaque").unwrap(), "c");
    /// assert_eq!(digest.damage().unwrap().offset(), 38);
    /// let error = challenges.next().unwrap().unwrap_err();
    /// assert_eq!((error.offset(), error.skipped()), (41, 41..42));
    /// assert_eq!(challenges.next().unwrap()?.realm().unwrap(), "my realm");
    /// # Ok::<(), proxy_auth::ParseError>(())
    /// ```
    ///
    /// [`Params::once`]: crate::Params::once
    /// [`basic::Challenge::read`]: crate::basic::Challenge::read
    /// [`digest::Challenge::read`]: crate::digest::Challenge::read
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.line.lenient = true;
        self
    }
}

impl<'a> Line<'a> {
    fn begin(&mut self, value: &'a [u8]) {
        self.cursor = Cursor::field_value(value);
        self.begun = self.begun.saturating_add(1);
    }

    /// Reads the next challenge, if there is one in this line.
    #[inline(never)]
    fn read(&mut self) -> Option<Result<Challenge<'a>, ParseError>> {
        let mut cursor = self.cursor;
        cursor.skip_separators();
        self.cursor = cursor;
        if cursor.at_end() {
            return None;
        }
        let mode = Mode {
            lenient: self.lenient,
            list: true,
        };
        Some(match Auth::read(&mut self.cursor, mode) {
            Ok(auth) => {
                if let Reading::Damaged(expected) = auth.reading {
                    skip_damage(&mut self.cursor, expected);
                }
                Ok(Challenge::read(auth))
            }
            Err(expected) => Err(self.damaged(expected)),
        })
    }

    /// Returns the error for damage in the next challenge. Lenient reading resumes after it, strict reading ends.
    #[cold]
    #[inline(never)]
    fn damaged(&mut self, expected: Expected) -> ParseError {
        let start = self.cursor.offset();
        if self.lenient {
            skip_damage(&mut self.cursor, expected);
        } else {
            self.broken = true;
            self.cursor.skip_all();
        }
        let line = self.begun.saturating_sub(1);
        ParseError::new(expected, line, start..self.cursor.offset())
    }
}

/// Moves from damage in a challenge to the comma before the next challenge, or to the end.
#[cold]
#[inline(never)]
fn skip_damage(cursor: &mut Cursor<'_>, damage: Expected) {
    cursor.skip_to_offset(damage.offset);
    if damage.kind.is_in_quotes() {
        cursor.skip_to_closing_quote();
    }
    loop {
        cursor.skip_damaged_element();
        let mut next = *cursor;
        next.skip_separators();
        if next.at_end() || !param_name::follows(next) {
            return;
        }
        *cursor = next;
    }
}

impl<'a, L, V> Iterator for Challenges<'a, L>
where
    L: Iterator<Item = &'a V>,
    V: AsRef<[u8]> + ?Sized + 'a,
{
    type Item = Result<Challenge<'a>, ParseError>;

    #[expect(
        clippy::inline_always,
        reason = "otherwise another stack frame holds a copy of the challenge"
    )]
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let challenge = self.line.read();
            if challenge.is_some() || self.line.broken {
                return challenge;
            }
            self.line.begin(self.lines.next()?.as_ref());
        }
    }
}

impl<'a, L, V> FusedIterator for Challenges<'a, L>
where
    L: FusedIterator<Item = &'a V>,
    V: AsRef<[u8]> + ?Sized + 'a,
{
}

impl<L> fmt::Debug for Challenges<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenges")
            .field("offset", &self.line.cursor.offset())
            .field("lenient", &self.line.lenient)
            .finish_non_exhaustive()
    }
}
