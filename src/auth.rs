//! What challenges and credentials have in common: `auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
//! (RFC 9110, 11.3 and 11.4).

use crate::encode::{Encode, Encoder};
use crate::error::{Expected, ParseErrorKind};
use crate::param::{AuthParam, ParamValue, Params, Source};
use crate::rules::Rules;
use crate::scheme::Scheme;
use crate::syntax::{Class, Cursor, Token};
use crate::token68::Token68;

/// A scheme, and what belongs to it.
#[derive(Clone, Copy)]
pub(crate) struct Auth<'a> {
    pub(crate) scheme: Token<'a>,
    pub(crate) body: Body<'a>,
}

/// What follows the scheme.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    Token68(Token68<'a>),
    /// Possibly none.
    Params(Source<'a>),
}

impl<'a> Auth<'a> {
    pub(crate) const fn new(scheme: Scheme<'a>, body: Body<'a>) -> Self {
        Self {
            scheme: scheme.token(),
            body,
        }
    }

    /// Reads a challenge or credentials, which must start at `cursor`, to the comma after it, the next challenge, or the
    /// end.
    #[inline(never)]
    pub(crate) fn read(cursor: &mut Cursor<'a>, rules: Rules) -> Result<Self, Expected> {
        let mut ahead = *cursor;
        let scheme = Token::read(&mut ahead).ok_or(cursor.error(ParseErrorKind::ExpectedScheme))?;
        let body = Body::read(&mut ahead, rules)?;
        *cursor = ahead;
        Ok(Self { scheme, body })
    }

    pub(crate) fn token68(&self) -> Option<Token68<'a>> {
        match self.body {
            Body::Token68(token68) => Some(token68),
            Body::Params(_) => None,
        }
    }

    pub(crate) fn params(&self) -> Params<'a> {
        match self.body {
            Body::Params(source) => Params::from(source),
            Body::Token68(_) => Params::EMPTY,
        }
    }
}

impl<'a> Body<'a> {
    pub(crate) const EMPTY: Self = Self::Params(Source::EMPTY);

    /// Reads what follows the scheme, from the scheme's end.
    #[inline]
    fn read(cursor: &mut Cursor<'a>, rules: Rules) -> Result<Self, Expected> {
        let scheme_end = *cursor;
        let spaced = cursor.skip_spaces();
        let tabbed = !cursor.skip_ows().is_empty();
        let start = match cursor.peek() {
            None => return Ok(Self::EMPTY),
            // 1*SP and #auth-param, of which the first element is empty.
            Some(b',') if spaced || rules.lenient => {
                cursor.skip_separators();
                if cursor.at_end() || (rules.list && !AuthParam::follows(*cursor)) {
                    return Ok(Self::EMPTY);
                }
                let start = *cursor;
                AuthParam::read_name(cursor)?;
                start
            }
            // The scheme stands alone; OWS and "," lead to the next challenge.
            Some(b',') if rules.list => return Ok(Self::EMPTY),
            Some(b'=') if rules.list => return Err(cursor.error(ParseErrorKind::ParamWithoutScheme)),
            // 1*SP, in which a HTAB has no place.
            Some(_) if (if tabbed { rules.lenient } else { spaced }) => {
                let start = *cursor;
                let name = cursor.skip_long(Class::TcharAndToken68);
                let mut ahead = *cursor;
                // Mostly, this is a parameter, and what stands after "=" shows that it can be no token68.
                if !name.is_empty() && ahead.skip_byte(b'=') && ParamValue::must_start(ahead, false).is_ok() {
                    cursor.skip_byte(b'=');
                } else {
                    ahead = *cursor;
                    let token68 = Self::read_token68_or_name(start, &mut ahead, rules)?;
                    *cursor = ahead;
                    if let Some(token68) = token68 {
                        return Ok(Self::Token68(token68));
                    }
                }
                start
            }
            // A HTAB can lead to a comma only, and to none that credentials could have.
            Some(_) if rules.list || spaced => return Err(cursor.error(ParseErrorKind::ExpectedSpace)),
            Some(_) => return Err(scheme_end.error(ParseErrorKind::ExpectedSpace)),
        };
        Source::read_values(start, cursor, rules).map(Self::Params)
    }

    /// Reads the token68 that must start at `start`, or else goes to the value of a parameter. What stands before `cursor`
    /// can be part of either.
    ///
    /// What is a token68 up to the next comma, or to the end, is no parameter: `a=` would lack its value.
    fn read_token68_or_name(
        start: Cursor<'a>,
        cursor: &mut Cursor<'a>,
        rules: Rules,
    ) -> Result<Option<Token68<'a>>, Expected> {
        let mut ahead = *cursor;
        let no_token68 = match Self::read_token68(start, &mut ahead, rules) {
            Ok(token68) => {
                *cursor = ahead;
                return Ok(Some(token68));
            }
            Err(error) => error,
        };
        *cursor = start;
        AuthParam::read_name(cursor)
            .and_then(|_| ParamValue::must_start(*cursor, rules.lenient))
            .map(|()| None)
            .map_err(|no_param| further(no_param, no_token68))
    }

    fn read_token68(start: Cursor<'a>, cursor: &mut Cursor<'a>, rules: Rules) -> Result<Token68<'a>, Expected> {
        let token68 = Token68::read(start, cursor).ok_or(cursor.error(ParseErrorKind::ExpectedBody))?;
        if !rules.list {
            return if cursor.at_end() {
                Ok(token68)
            } else {
                Err(cursor.error(ParseErrorKind::ExpectedEnd))
            };
        }
        cursor.end_of_element()?;
        if rules.lenient && token68.is_name_without_value() {
            // Strictly, a parameter after a token68 is damage; so this is a parameter, too, with an empty value.
            let mut next = *cursor;
            next.skip_separators();
            if AuthParam::follows(next) {
                return Err(cursor.error(ParseErrorKind::ParamWithoutScheme));
            }
        }
        Ok(token68)
    }
}

/// Of the errors of both ways of reading the same bytes, that of the way that went further.
fn further(no_param: Expected, no_token68: Expected) -> Expected {
    let param_further = match no_param.kind {
        // A name and "=" stand there, so a parameter is what was meant.
        ParseErrorKind::ExpectedValue => no_param.offset >= no_token68.offset,
        _ => no_param.offset > no_token68.offset,
    };
    if param_further { no_param } else { no_token68 }
}

impl Encode for Auth<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Other(self.scheme));
        match self.body {
            Body::Token68(token68) => out.token68(token68),
            Body::Params(source) => Params::from(source).encode_to(out),
        }
    }
}
