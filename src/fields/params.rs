//! `#auth-param` (RFC 9110, 11.2): a list of parameters. It is read once to find its end, and again when the caller iterates
//! over it.

use core::fmt;
use core::iter::FusedIterator;

use super::mode::Mode;
use super::param::AuthParam;
use super::param_name;
use super::param_value::ParamValue;
use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::error::{Expected, SchemeError};
use crate::syntax::{Cursor, IS_LARGE, Token};

/// The parameters of a challenge, of credentials, or of Proxy-Authentication-Info, in order.
///
/// Duplicate names are kept, although
/// [RFC 9110, section 11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2) forbids them.
///
/// # Examples
/// ```
/// use proxy_auth::Challenges;
///
/// let challenge = Challenges::new("Newauth realm=apps, type=1").next().unwrap()?;
/// for param in challenge.params() {
///     println!("{} means {}", param.name(), param.value());
/// }
/// assert_eq!(challenge.params().get("TYPE").unwrap(), "1");
/// assert_eq!(challenge.params().to_string(), "realm=apps, type=1");
/// # Ok::<(), proxy_auth::ParseError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Params<'a> {
    source: Source<'a>,
    /// Lists of names to omit.
    except: [&'static [&'static str]; LISTS_LEFT_OUT],
    marks: Marks,
}

/// The number of lists of names that [`Params::without`] can omit: enough for two schemes.
const LISTS_LEFT_OUT: usize = 2;

/// The mode in which parameters were read, and the visibility of their values.
///
/// This is a whole word: parameters are copied in words, and a byte that was just written makes such a copy wait.
#[derive(Clone, Copy)]
struct Marks(usize);

impl Marks {
    const LENIENT: usize = 1;
    const SECRET: usize = 2;

    const fn new(lenient: bool, secret: bool) -> Self {
        let lenient = if lenient { Self::LENIENT } else { 0 };
        let secret = if secret { Self::SECRET } else { 0 };
        Self(lenient | secret)
    }

    /// Returns `true` if the parameters were read leniently.
    const fn is_lenient(self) -> bool {
        self.0 & Self::LENIENT != 0
    }

    /// Returns `true` if `Debug` hides the values.
    const fn is_secret(self) -> bool {
        self.0 & Self::SECRET != 0
    }
}

/// The origin of parameters.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// Parameters that were read, from the first to the end of the last. They were checked to follow the grammar.
    Read(Cursor<'a>),
    /// Parameters to be written.
    Built(&'a [AuthParam<'a>]),
}

impl<'a> Source<'a> {
    pub(crate) const EMPTY: Self = Self::Built(&[]);

    /// Reads the parameters that start at `cursor`, up to the next challenge or the end. There may be none.
    #[inline(never)]
    pub(crate) fn read(mut cursor: Cursor<'a>, mode: Mode) -> Result<(Self, Cursor<'a>), Expected> {
        cursor.skip_separators();
        match param_name::read(cursor) {
            Ok((_, value)) => Self::read_values(cursor, value, mode),
            Err(_) if mode.list || cursor.at_end() => Ok((Self::EMPTY, cursor)),
            Err(expected) => Err(expected),
        }
    }

    /// Reads the value at `value`, which belongs to the parameter that starts at `start`, and the following parameters.
    #[expect(clippy::inline_always, reason = "its callers keep their cursors in registers")]
    #[inline(always)]
    pub(crate) fn read_values(
        start: Cursor<'a>,
        mut value: Cursor<'a>,
        mode: Mode,
    ) -> Result<(Self, Cursor<'a>), Expected> {
        loop {
            let (_, end) = ParamValue::read(value, mode.lenient)?;
            let mut next = end;
            if let Err(expected) = next.end_of_element()
                && !(mode.lenient && is_comma_missing(end, next))
            {
                return Err(expected);
            }
            next.skip_separators();
            // If no parameter follows, the next challenge should start here.
            match param_name::read(next) {
                Ok((_, next_value)) => value = next_value,
                Err(_) if mode.list || next.at_end() => return Ok((Self::Read(start.up_to(end)), next)),
                Err(expected) => return Err(expected),
            }
        }
    }

    /// Reads parameters leniently, from `start` to the damage.
    #[cold]
    #[inline(never)]
    pub(crate) fn before_damage(start: Cursor<'a>) -> Self {
        let mut end = start;
        let mut rest = Self::Read(start);
        while let (Some(_), Self::Read(after)) = (rest.next(), rest) {
            end = after;
            let mut next = after;
            if next.end_of_element().is_err() && !is_comma_missing(after, next) {
                break;
            }
        }
        Self::Read(start.up_to(end))
    }

    /// Removes and returns the first parameter.
    #[inline(never)]
    fn next(&mut self) -> Option<AuthParam<'a>> {
        self.next_inlined()
    }

    #[expect(clippy::inline_always, reason = "a loop keeps its cursor in registers")]
    #[inline(always)]
    fn next_inlined(&mut self) -> Option<AuthParam<'a>> {
        match self {
            Self::Read(rest) => {
                let mut cursor = *rest;
                cursor.skip_separators();
                // Lenient reading reads everything that strict reading accepts in the same way, so this fails only at the end.
                let (param, after) = AuthParam::read(cursor, true).ok()?;
                *rest = after;
                Some(param)
            }
            Self::Built(params) => {
                let (first, others) = params.split_first()?;
                *params = others;
                Some(*first)
            }
        }
    }
}

/// Checks that white space alone separates the value that ends at `end` from a parameter at `next`.
#[cold]
#[inline(never)]
fn is_comma_missing(end: Cursor<'_>, next: Cursor<'_>) -> bool {
    !end.until(next).is_empty() && param_name::follows(next)
}

impl<'a> Params<'a> {
    /// An empty list.
    pub(crate) const EMPTY: Self = Self::new(&[]);

    /// Creates a list of parameters.
    #[must_use]
    pub const fn new(params: &'a [AuthParam<'a>]) -> Self {
        Self::from(Source::Built(params))
    }

    pub(crate) const fn from(source: Source<'a>) -> Self {
        Self::read(source, false, false)
    }

    /// Creates a list of parameters that were read. `lenient` is the mode of reading. `secret` hides their values from `Debug`.
    pub(crate) const fn read(source: Source<'a>, lenient: bool, secret: bool) -> Self {
        Self {
            source,
            except: [&[]; LISTS_LEFT_OUT],
            marks: Marks::new(lenient, secret),
        }
    }

    /// Returns the value of the first parameter with the given name. Names compare without case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<ParamValue<'a>> {
        self.iter()
            .find(|param| param.name().is(name))
            .map(|param| param.value())
    }

    /// Returns the values of the parameters with the given names, in the order of the names. Each may occur at most once.
    ///
    /// Use it to read a scheme's challenge or credentials. Other parameters are ignored, even if they occur several times.
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::{Challenges, SchemeError};
    ///
    /// let challenge = Challenges::new("Basic realm=x, charset=UTF-8").next().unwrap()?;
    /// let [charset, scope] = challenge.params().once(["charset", "scope"])?;
    /// assert_eq!((charset.unwrap().to_str(), scope), (Some("UTF-8"), None));
    ///
    /// let challenge = Challenges::new("Basic realm=x, REALM=y").next().unwrap()?;
    /// let error = challenge.params().once(["realm"]).unwrap_err();
    /// assert_eq!(error, SchemeError::Duplicate { param: "realm", offset: 21 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns [`SchemeError::Duplicate`] if one of the parameters occurs twice. If the parameters were read leniently,
    /// a duplicate with an equal value is not an error, since real senders repeat themselves
    /// (`algorithm=MD5, algorithm=MD5`).
    #[inline]
    pub fn once<const N: usize>(&self, names: [&'static str; N]) -> Result<[Option<ParamValue<'a>>; N], SchemeError> {
        let mut values = [None; N];
        self.fill(&names, &mut values)?;
        Ok(values)
    }

    /// Fills `values` like [`once`](Self::once), with the parameters that a scheme defines. Returns the other parameters.
    pub(crate) fn split(
        &self,
        names: &'static [&'static str],
        values: &mut [Option<ParamValue<'a>>],
    ) -> Result<Self, SchemeError> {
        let has_others = self.fill(names, values)?;
        let others = self.without(names);
        // If there are none, nobody needs to look for them again.
        let source = if has_others { others.source } else { Source::EMPTY };
        Ok(Self { source, ..others })
    }

    /// Fills `values` like [`once`](Self::once), for any number of names. Returns `true` if there are other parameters.
    #[inline(never)]
    fn fill(&self, names: &[&'static str], values: &mut [Option<ParamValue<'a>>]) -> Result<bool, SchemeError> {
        let mut has_others = false;
        let mut rest = self.source;
        while let Some(param) = if IS_LARGE { rest.next_inlined() } else { rest.next() } {
            if self.leaves_out(param.name()) {
                continue;
            }
            let known = names.iter().zip(&mut *values).find(|(name, _)| param.name().is(name));
            match known {
                None => has_others = true,
                Some((_, value @ None)) => *value = Some(param.value().secret_if(self.marks.is_secret())),
                Some((_, Some(value))) if self.marks.is_lenient() && *value == param.value() => {}
                Some((name, Some(_))) => {
                    return Err(SchemeError::Duplicate {
                        param: name,
                        offset: param.value().offset(),
                    });
                }
            }
        }
        Ok(has_others)
    }

    /// Omits the parameters with the given names, in addition to names that are omitted already.
    ///
    /// At most two lists of names that occur among the parameters can be omitted. A third one removes all parameters, so that no
    /// omitted parameter reappears.
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::Challenges;
    ///
    /// let challenge = Challenges::new("Newauth realm=apps, type=1, title=x").next().unwrap()?;
    /// let params = challenge.params().without(&["Realm"]);
    /// assert_eq!(params.to_string(), "type=1, title=x");
    /// assert_eq!(params.without(&["type"]).to_string(), "title=x");
    /// # Ok::<(), proxy_auth::ParseError>(())
    /// ```
    #[must_use]
    pub fn without(mut self, names: &'static [&'static str]) -> Self {
        let room = self.except.iter_mut().find(|list| list.is_empty() || **list == names);
        if let Some(list) = room {
            *list = names;
        } else if self.iter().any(|param| names.iter().any(|name| param.name().is(name))) {
            self.source = Source::EMPTY;
        }
        self
    }

    /// Returns `true` if parameters with this name are omitted.
    #[inline]
    fn leaves_out(&self, name: Token<'_>) -> bool {
        let is_in = |list: &&[&str]| list.iter().any(|other| name.is(other));
        self.except.iter().any(is_in)
    }

    /// Hides the values from `Debug`.
    pub(crate) const fn secret(self) -> Self {
        let marks = Marks::new(self.marks.is_lenient(), true);
        Self { marks, ..self }
    }

    /// Returns an iterator over the parameters.
    #[inline]
    #[must_use]
    pub const fn iter(&self) -> ParamsIter<'a> {
        ParamsIter { rest: *self }
    }
}

impl Default for Params<'_> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<'a> IntoIterator for Params<'a> {
    type Item = AuthParam<'a>;
    type IntoIter = ParamsIter<'a>;

    #[inline]
    fn into_iter(self) -> ParamsIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Params<'a> {
    type Item = AuthParam<'a>;
    type IntoIter = ParamsIter<'a>;

    #[inline]
    fn into_iter(self) -> ParamsIter<'a> {
        self.iter()
    }
}

impl PartialEq for Params<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl EncodeTo for Params<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        self.iter().for_each(|param| out.param(param));
    }
}

impl_encode!(Params);

impl fmt::Debug for Params<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.iter().map(|param| (param.name(), param.value())))
            .finish()
    }
}

/// An iterator over [`Params`].
///
/// [`Params::iter`] creates it.
///
/// # Examples
/// ```
/// use proxy_auth::Challenges;
///
/// let challenge = Challenges::new("Newauth realm=apps, type=1").next().unwrap()?;
/// let params = challenge.params();
/// assert!(params.iter().map(|param| param.name().to_str()).eq(["realm", "type"]));
/// # Ok::<(), proxy_auth::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ParamsIter<'a> {
    rest: Params<'a>,
}

impl<'a> Iterator for ParamsIter<'a> {
    type Item = AuthParam<'a>;

    #[inline]
    fn next(&mut self) -> Option<AuthParam<'a>> {
        loop {
            let param = self.rest.source.next()?;
            if !self.rest.leaves_out(param.name()) {
                return Some(param.secret_if(self.rest.marks.is_secret()));
            }
        }
    }
}

impl FusedIterator for ParamsIter<'_> {}
