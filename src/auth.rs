//! What challenges and credentials have in common: `auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
//! (RFC 9110, 11.3 and 11.4).

use crate::encode::{Encode, Encoder};
use crate::error::{Expected, ParseErrorKind};
use crate::param::{AuthParam, Params};
use crate::rules::Rules;
use crate::scheme::Scheme;
use crate::syntax::{Cursor, Token};
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
    Params(Params<'a>),
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
    pub(crate) fn read(cursor: &mut Cursor<'a>, rules: Rules) -> Result<Self, Expected> {
        let scheme = Token::read(cursor).ok_or(cursor.error(ParseErrorKind::ExpectedScheme))?;
        let body = Body::read(cursor, rules)?;
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
            Body::Params(params) => params,
            Body::Token68(_) => Params::EMPTY,
        }
    }
}

impl<'a> Body<'a> {
    pub(crate) const EMPTY: Self = Self::Params(Params::EMPTY);

    /// Reads what follows the scheme, from the scheme's end.
    fn read(cursor: &mut Cursor<'a>, rules: Rules) -> Result<Self, Expected> {
        let scheme_end = *cursor;
        let gap = cursor.skip_ows();
        let spaced = gap.first() == Some(&b' ');
        match cursor.peek() {
            None => Ok(Self::EMPTY),
            // 1*SP and #auth-param, of which the first element is empty.
            Some(b',') if spaced || rules.lenient => Params::read(cursor, rules).map(Self::Params),
            // The scheme stands alone; OWS and "," lead to the next challenge.
            Some(b',') if rules.list => Ok(Self::EMPTY),
            Some(b'=') if rules.list => Err(cursor.error(ParseErrorKind::ParamWithoutScheme)),
            // 1*SP, in which a HTAB has no place.
            Some(_) if spaced && !gap.contains(&b'\t') => Self::read_some(cursor, rules),
            Some(_) if rules.lenient && !gap.is_empty() => Self::read_some(cursor, rules),
            // A HTAB can lead to a comma only, and to none that credentials could have.
            Some(_) if rules.list || spaced => Err(cursor.error(ParseErrorKind::ExpectedSpace)),
            Some(_) => Err(scheme_end.error(ParseErrorKind::ExpectedSpace)),
        }
    }

    /// Reads the token68 or the parameters that must start at `cursor`.
    ///
    /// What is a token68 up to the next comma, or to the end, is no parameter: `a=` would lack its value.
    fn read_some(cursor: &mut Cursor<'a>, rules: Rules) -> Result<Self, Expected> {
        let mut ahead = *cursor;
        let no_token68 = match Self::read_token68(&mut ahead, rules) {
            Ok(token68) => {
                *cursor = ahead;
                return Ok(Self::Token68(token68));
            }
            Err(error) => error,
        };
        Params::read_some(cursor, rules)
            .map(Self::Params)
            .map_err(|no_params| further(no_params, no_token68))
    }

    fn read_token68(cursor: &mut Cursor<'a>, rules: Rules) -> Result<Token68<'a>, Expected> {
        let token68 = Token68::read(cursor).ok_or(cursor.error(ParseErrorKind::ExpectedBody))?;
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
fn further(no_params: Expected, no_token68: Expected) -> Expected {
    let params_further = match no_params.kind {
        // A name and "=" stand there, so a parameter is what was meant.
        ParseErrorKind::ExpectedValue => no_params.offset >= no_token68.offset,
        _ => no_params.offset > no_token68.offset,
    };
    if params_further { no_params } else { no_token68 }
}

impl Encode for Auth<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Other(self.scheme));
        match self.body {
            Body::Token68(token68) => out.token68(token68),
            Body::Params(params) => params.encode_to(out),
        }
    }
}
