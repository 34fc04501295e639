//! `Proxy-Authenticate = #challenge` (RFC 9110, 11.7.1): the list, from one or several field lines.

use core::fmt;
use core::iter::{self, FusedIterator};

use crate::auth::{Auth, Reading};
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

    /// Reads the challenges leniently.
    ///
    /// A value that strict reading accepts is read alike. Of other values, this is tolerated, since real senders write it:
    ///
    /// 1. A quoted-string that is not closed at the end of the value: `Basic realm="basic` (browsers read it so; greenbytes'
    ///    test `missingquote`).
    /// 2. A value without quotes that is no token: `realm=foobar@baz.com`, `Credential=a/b/c` (AWS signatures). It reaches to
    ///    the next comma or white space; or over further words to the next comma or the end, unless one of them is the name of
    ///    a parameter: `realm=my realm` (goproxy, couper), `error_description=The token expired`. It is written in quotes.
    /// 3. A comma, with or without white space, or a HTAB, in place of the space after the scheme:
    ///    `Basic, realm="x"` (greenbytes' test `simplebasiccomma2`).
    /// 4. A parameter without a value, which is then empty: `qop=,` (old Digest implementations).
    /// 5. White space in place of the comma between parameters: `Digest realm="CUPS" nonce="127.0.0.1"` (CUPS 1.1,
    ///    `CodeIgniter`'s REST server).
    /// 6. Duplicates of a parameter with the same value: `algorithm=MD5, algorithm=MD5`. See [`Params::once`].
    /// 7. Basic without a realm: `Basic` (Caddy's forwardproxy, v2ray). See [`basic::Challenge::read`].
    /// 8. Digest with an empty `qop`, which then counts as absent. See [`digest::Challenge::read`].
    ///
    /// Other damage ends its challenge: [`Challenge::damage`] says where, and the challenge has the parameters before it.
    /// If there is doubt about the scheme already, there is an error in place of the challenge. Either way, reading resumes
    /// with the next challenge, which a comma must precede. A name and "=" after a comma never start a challenge, nor does
    /// what stands in quotes after "=".
    ///
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
                if let Reading::Damaged(expected) = auth.reading {
                    skip_damage(&mut self.cursor, expected);
                }
                Ok(Challenge::read(auth))
            }
            Err(expected) => Err(self.damaged(cursor, expected)),
        })
    }

    /// Resumes after damage in the challenge at `start`, if that is wanted.
    #[cold]
    #[inline(never)]
    fn damaged(&mut self, start: Cursor<'a>, expected: Expected) -> ParseError {
        self.cursor = start;
        if self.lenient {
            skip_damage(&mut self.cursor, expected);
        } else {
            self.broken = true;
            self.cursor.skip_all();
        }
        let line = self.begun.saturating_sub(1);
        ParseError::new(expected, line, start.offset()..self.cursor.offset())
    }
}

/// Goes from damage in a challenge to the comma before the next challenge, or to the end.
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
