//! The common form of challenges and credentials: `auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
//! (RFC 9110, 11.3 and 11.4).

use super::mode::Mode;
use super::param_name;
use super::param_value::ParamValue;
use super::params::{Params, Source};
use super::scheme::Scheme;
use crate::encode::{EncodeTo, Encoder};
use crate::error::{Expected, ParseErrorKind};
use crate::syntax::{Class, Cursor, Token, Token68};

/// Implements the constructors and getters that challenges and credentials have in common. `$what` names the type in the docs.
macro_rules! scheme_and_body {
    ($what:literal) => {
        #[doc = concat!("Creates ", $what, " with only a scheme.")]
        #[must_use]
        pub const fn new(scheme: Scheme<'a>) -> Self {
            Self(Auth::new(scheme, Body::EMPTY))
        }

        #[doc = concat!("Creates ", $what, " with a scheme and a token68.")]
        #[must_use]
        pub const fn from_token68(scheme: Scheme<'a>, token68: Token68<'a>) -> Self {
            Self(Auth::new(scheme, Body::Token68(token68)))
        }

        #[doc = concat!("Creates ", $what, " with a scheme and parameters. `params` may be empty.")]
        #[must_use]
        pub const fn from_params(scheme: Scheme<'a>, params: &'a [AuthParam<'a>]) -> Self {
            Self(Auth::new(scheme, Body::Params(Source::Built(params))))
        }

        /// Returns the scheme.
        #[must_use]
        pub fn scheme(&self) -> Scheme<'a> {
            Scheme::from(self.0.scheme)
        }

        /// Returns the scheme's name as it is spelled here.
        #[must_use]
        pub const fn scheme_name(&self) -> Token<'a> {
            self.0.scheme
        }

        /// Returns the token68, if one follows the scheme.
        #[inline]
        #[must_use]
        pub fn token68(&self) -> Option<Token68<'a>> {
            self.0.token68()
        }

        /// Returns the value of the first parameter with the given name. Names compare without case.
        #[must_use]
        pub fn param(&self, name: &str) -> Option<ParamValue<'a>> {
            self.params().get(name)
        }
    };
}
pub(super) use scheme_and_body;

/// A scheme and its token68 or parameters.
#[derive(Clone, Copy)]
pub(crate) struct Auth<'a> {
    pub(crate) scheme: Token<'a>,
    pub(crate) body: Body<'a>,
    pub(crate) reading: Reading,
}

/// The way in which challenges or credentials were read.
#[derive(Clone, Copy)]
pub(crate) enum Reading {
    /// Strictly. This also stands for constructed values.
    Strict,
    /// Leniently, without damage.
    Lenient,
    /// Leniently, up to this damage.
    Damaged(Expected),
}

impl Reading {
    pub(crate) const fn is_lenient(self) -> bool {
        !matches!(self, Self::Strict)
    }
}

/// The part after the scheme.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    Token68(Token68<'a>),
    /// Any number of parameters, even none.
    Params(Source<'a>),
}

impl<'a> Auth<'a> {
    pub(crate) const fn new(scheme: Scheme<'a>, body: Body<'a>) -> Self {
        Self {
            scheme: scheme.token(),
            body,
            reading: Reading::Strict,
        }
    }

    /// Reads the challenge or the credentials at `start`, and moves it to the comma after it, the next challenge, or the end.
    ///
    /// In a list that is read leniently, damage after the scheme is not an error: the returned value ends before the damage, and
    /// `start` is before it, too. On error, `start` is unchanged.
    #[inline]
    pub(crate) fn read(start: &mut Cursor<'a>, mode: Mode) -> Result<Self, Expected> {
        let mut cursor = *start;
        let scheme = Token::read(&mut cursor).ok_or(cursor.error(ParseErrorKind::ExpectedScheme))?;
        match Body::read(cursor, mode) {
            Ok((body, end)) => {
                let reading = if mode.lenient {
                    Reading::Lenient
                } else {
                    Reading::Strict
                };
                *start = end;
                Ok(Self { scheme, body, reading })
            }
            Err(expected) if mode.lenient && mode.list && expected.kind.is_after_scheme() => {
                let body = if remains_token68(cursor) {
                    Body::EMPTY
                } else {
                    Body::Params(Source::before_damage(cursor))
                };
                let reading = Reading::Damaged(expected);
                *start = cursor;
                Ok(Self { scheme, body, reading })
            }
            Err(expected) => Err(expected),
        }
    }

    #[inline]
    pub(crate) fn token68(&self) -> Option<Token68<'a>> {
        match self.body {
            Body::Token68(token68) => Some(token68),
            Body::Params(_) => None,
        }
    }

    /// Returns the parameters. If `secret` is `true`, `Debug` hides their values.
    #[inline]
    pub(crate) fn params(&self, secret: bool) -> Params<'a> {
        let source = match self.body {
            Body::Params(source) => source,
            Body::Token68(_) => Source::EMPTY,
        };
        Params::read(source, self.reading.is_lenient(), secret)
    }
}

/// The length of the longest common names (`challenge`, `algorithm`). Longer names and token68s take the general path.
const USUAL_NAME: usize = 9;

impl<'a> Body<'a> {
    pub(crate) const EMPTY: Self = Self::Params(Source::EMPTY);

    /// Reads the part after the scheme, starting at the scheme's end.
    #[inline]
    fn read(mut cursor: Cursor<'a>, mode: Mode) -> Result<(Self, Cursor<'a>), Expected> {
        let scheme_end = cursor;
        let spaced = cursor.skip_spaces();
        let tabbed = cursor.peek() == Some(b'\t');
        if tabbed {
            cursor.skip_ows();
        }
        // RFC 9110 requires 1*SP, which does not include HTAB.
        let separated = if tabbed { mode.lenient } else { spaced };
        match cursor.peek() {
            None => Ok((Self::EMPTY, cursor)),
            // 1*SP precedes #auth-param with an empty first element.
            Some(b',') if spaced || mode.lenient => {
                let (source, cursor) = Source::read(cursor, mode)?;
                Ok((Self::Params(source), cursor))
            }
            // There is only a scheme. OWS and "," precede the next challenge.
            Some(b',') if mode.list => Ok((Self::EMPTY, cursor)),
            Some(b'=') if mode.list => Err(cursor.error(ParseErrorKind::ParamWithoutScheme)),
            Some(_) if separated => {
                let start = cursor;
                // Usually, this is a parameter. The start of a value after "=" shows that it is not a token68.
                let name = cursor.skip_at_most(Class::Tchar, USUAL_NAME);
                let mut value = cursor;
                if name.is_empty() || !value.skip_byte(b'=') || ParamValue::must_start(value, false).is_err() {
                    match Self::read_token68(start, mode) {
                        Ok((token68, cursor)) => return Ok((Self::Token68(token68), cursor)),
                        Err(no_token68) => value = Self::skip_name(start, no_token68, mode)?,
                    }
                }
                let (source, cursor) = Source::read_values(start, value, mode)?;
                Ok((Self::Params(source), cursor))
            }
            // Only a comma may follow a HTAB, and credentials have none there.
            Some(_) if mode.list || spaced => Err(cursor.error(ParseErrorKind::ExpectedSpace)),
            Some(_) => Err(scheme_end.error(ParseErrorKind::ExpectedSpace)),
        }
    }

    /// Reads the token68 that must be at `start`.
    ///
    /// A token68 up to the next comma or the end is not a parameter, since `a=` would have no value.
    #[inline]
    fn read_token68(start: Cursor<'a>, mode: Mode) -> Result<(Token68<'a>, Cursor<'a>), Expected> {
        let mut cursor = start;
        let token68 = Token68::read(&mut cursor).ok_or(cursor.error(ParseErrorKind::ExpectedBody))?;
        if mode.list {
            cursor.end_of_element()?;
        } else if !cursor.at_end() {
            return Err(cursor.error(ParseErrorKind::ExpectedEnd));
        }
        if mode.list && mode.lenient && token68.is_name_without_value() && param_name::follows(start) {
            // Strict reading refuses a parameter after a token68. In lenient reading, the token68 is therefore a parameter with an
            // empty value.
            let mut next = cursor;
            next.skip_separators();
            if param_name::follows(next) {
                return Err(cursor.error(ParseErrorKind::ParamWithoutScheme));
            }
        }
        Ok((token68, cursor))
    }

    /// Moves to the value of the parameter that must be at `start`, where no token68 is.
    #[cold]
    fn skip_name(start: Cursor<'a>, no_token68: Expected, mode: Mode) -> Result<Cursor<'a>, Expected> {
        let lenient = mode.lenient && !remains_token68(start);
        param_name::read(start)
            .and_then(|(_, value)| ParamValue::must_start(value, lenient).map(|()| value))
            .map_err(|no_param| further(no_param, no_token68))
    }
}

/// Checks that the next word is a token68 that no text after it turns into a parameter, even in lenient reading: it has several
/// "=" at its end, or one and then a comma that no parameter follows.
fn remains_token68(mut cursor: Cursor<'_>) -> bool {
    cursor.skip_ows();
    let Ok(token68) = Token68::new(cursor.skip(Class::Unquoted)) else {
        return false;
    };
    cursor.skip_ows();
    let is_element = cursor.peek() == Some(b',');
    cursor.skip_separators();
    let is_last = is_element && !param_name::follows(cursor);
    token68.is_padded_twice() || (token68.is_name_without_value() && is_last)
}

/// Returns whichever error is further into the input.
fn further(no_param: Expected, no_token68: Expected) -> Expected {
    let param_further = match no_param.kind {
        // A name and "=" are present, so the sender meant a parameter.
        ParseErrorKind::ExpectedValue => no_param.offset >= no_token68.offset,
        _ => no_param.offset > no_token68.offset,
    };
    if param_further { no_param } else { no_token68 }
}

impl EncodeTo for Auth<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(self.scheme);
        match self.body {
            Body::Token68(token68) => out.token68(token68),
            Body::Params(source) => Params::from(source).encode_to(out),
        }
    }
}
