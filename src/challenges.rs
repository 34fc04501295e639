//! `Proxy-Authenticate = #challenge` (RFC 9110, 11.7.1): the list, from one or several field lines.

use core::fmt;
use core::iter::{self, FusedIterator};

use crate::auth::Auth;
use crate::challenge::Challenge;
use crate::error::{Expected, ParseError};
use crate::param::AuthParam;
use crate::rules::Rules;
use crate::syntax::Cursor;

/// The challenges of Proxy-Authenticate: an iterator over them, in order.
///
/// `Proxy-Authenticate = #challenge`
/// ([RFC 9110, section 11.7.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.1)). Each challenge is read when it is
/// asked for, and points into the field value. An empty value holds none.
///
/// Strict reading, the default, accepts exactly the grammar of RFC 9110, and ends with its first error.
/// [`lenient`](Self::lenient) reading goes on.
///
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
    /// The field lines that were not begun.
    lines: L,
    line: Line<'a>,
}

/// The field line that was begun last.
#[derive(Clone)]
struct Line<'a> {
    /// How many lines were begun.
    begun: usize,
    /// What is left of this one.
    cursor: Cursor<'a>,
    lenient: bool,
    /// Whether a strict error ended the list.
    broken: bool,
}

impl<'a> Challenges<'a> {
    /// The challenges of one field value.
    pub fn new<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Self {
        Self::from_fields(iter::once(value.as_ref()))
    }
}

impl<'a, L> Challenges<'a, L> {
    /// The challenges of all field lines of that name, which together are one list.
    ///
    /// `values` may hold anything that is `AsRef<[u8]>`: `&str`, `&[u8]`, or the `&HeaderValue` of the crate `http`. A
    /// challenge does not go on in the next line: lines are joined, and parted, between challenges.
    ///
    /// ```
    /// use proxy_auth::Challenges;
    ///
    /// let lines = ["Negotiate", "NTLM, Basic realm=x"];
    /// assert_eq!(Challenges::from_fields(lines).count(), 3);
    /// ```
    pub fn from_fields<V>(values: impl IntoIterator<Item = &'a V, IntoIter = L>) -> Self
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

    /// The same challenges, read leniently.
    ///
    /// What is accepted strictly is read likewise. Of the rest, this is tolerated:
    ///
    /// 1. A quoted-string at the end of the value that is not closed; browsers read it so
    ///    (`Basic realm="basic`, greenbytes' test `missingquote`).
    /// 2. A value without quotes that is no token, up to the next comma or white space: realms such as
    ///    `realm=foobar@baz.com`, and `Credential=a/b/c` of AWS' signatures. Such a value is written in quotes.
    /// 3. A comma, with or without white space, or a HTAB, in place of the space after the scheme:
    ///    `Basic, realm="x"` (greenbytes' test `simplebasiccomma2`).
    /// 4. A parameter without a value, which is then empty: `qop=,` of old Digest implementations.
    ///
    /// After other damage the challenge it stands in is handed out as an error, and reading goes on with the next
    /// challenge: [`ParseError::skipped`] says what was left out. A name and "=" after a comma never start a challenge, nor
    /// does what stands in quotes after "=".
    ///
    /// ```
    /// use proxy_auth::Challenges;
    ///
    /// let value = r#"Digest realm="a" nonce="b", opaque="c", Basic realm=x@y"#;
    /// let mut challenges = Challenges::new(value).lenient();
    /// let error = challenges.next().unwrap().unwrap_err();
    /// assert_eq!((error.offset(), error.skipped()), (17, 0..38));
    /// assert_eq!(challenges.next().unwrap()?.realm().unwrap(), "x@y");
    /// # Ok::<(), proxy_auth::ParseError>(())
    /// ```
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.line.lenient = true;
        self
    }
}

impl<'a> Line<'a> {
    fn begin(&mut self, value: &'a [u8]) {
        self.cursor = Cursor::field_value(value);
        self.begun += 1;
    }

    /// Reads the next challenge, if there is one in this line.
    #[inline(never)]
    fn read(&mut self) -> Option<Result<Challenge<'a>, ParseError>> {
        let mut cursor = self.cursor;
        cursor.skip_separators();
        if cursor.at_end() {
            return None;
        }
        let rules = Rules {
            lenient: self.lenient,
            list: true,
        };
        Some(match Auth::read(cursor, rules) {
            Ok((auth, after)) => {
                self.cursor = after;
                Ok(Challenge::read(auth))
            }
            Err(expected) => Err(self.damaged(expected)),
        })
    }

    /// Goes on after damage in the next challenge, if that is wanted.
    #[cold]
    #[inline(never)]
    fn damaged(&mut self, expected: Expected) -> ParseError {
        self.cursor.skip_separators();
        let start = self.cursor.offset();
        if self.lenient {
            skip_damaged_challenge(&mut self.cursor);
        } else {
            self.broken = true;
            self.cursor.skip_all();
        }
        let line = self.begun.saturating_sub(1);
        ParseError::new(expected, line, start..self.cursor.offset())
    }
}

/// Goes from the start of a challenge to the comma before the next, or to the end.
fn skip_damaged_challenge(cursor: &mut Cursor<'_>) {
    loop {
        cursor.skip_damaged_element();
        let mut next = *cursor;
        next.skip_separators();
        if next.at_end() || !AuthParam::follows(next) {
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
        reason = "otherwise a frame more holds a copy of the challenge"
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
