//! `qop` (RFC 7616, 3.3 and 3.4): the quality of protection.

use crate::error::SchemeError;
use crate::fields::ParamValue;
use crate::syntax::Token;
use crate::token;

/// The quality of protection that credentials were computed for
/// ([RFC 7616, section 3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4)).
///
/// See the [module documentation](super) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Qop {
    /// `auth` protects the method and the URI.
    Auth,
    /// `auth-int` protects the method, the URI and the content.
    AuthInt,
}

const ALL: [Qop; 2] = [Qop::Auth, Qop::AuthInt];

impl Qop {
    /// Returns the name as RFC 7616 spells it.
    #[must_use]
    pub const fn token(self) -> Token<'static> {
        match self {
            Self::Auth => token!("auth"),
            Self::AuthInt => token!("auth-int"),
        }
    }

    pub(super) fn read(value: ParamValue<'_>) -> Result<Self, SchemeError> {
        let known = ALL.into_iter().find(|qop| value.is(qop.token()));
        known.ok_or(value.invalid("qop"))
    }
}

/// The qualities of protection that a challenge offers: one or both
/// ([RFC 7616, section 3.3](https://www.rfc-editor.org/rfc/rfc7616#section-3.3)).
///
/// See the [module documentation](super) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct QopOptions {
    auth: bool,
    auth_int: bool,
}

impl QopOptions {
    /// `auth`
    pub const AUTH: Self = Self {
        auth: true,
        auth_int: false,
    };
    /// `auth-int`
    pub const AUTH_INT: Self = Self {
        auth: false,
        auth_int: true,
    };
    /// `auth, auth-int`
    pub const AUTH_AND_AUTH_INT: Self = Self {
        auth: true,
        auth_int: true,
    };

    /// Returns `true` if `qop` is offered.
    #[must_use]
    pub const fn has(self, qop: Qop) -> bool {
        match qop {
            Qop::Auth => self.auth,
            Qop::AuthInt => self.auth_int,
        }
    }

    /// Reads the parameter of a challenge: names in any order and case, separated by commas. Ignores unknown names. At least one
    /// name must be known.
    pub(super) fn read(value: ParamValue<'_>) -> Result<Self, SchemeError> {
        let (mut auth, mut auth_int) = (false, false);
        for token in value.tokens() {
            auth |= token == Qop::Auth.token();
            auth_int |= token == Qop::AuthInt.token();
        }
        if auth || auth_int {
            Ok(Self { auth, auth_int })
        } else {
            Err(value.invalid("qop"))
        }
    }

    /// Returns the value of the parameter in a challenge.
    pub(super) fn value(self) -> ParamValue<'static> {
        let list = match (self.auth, self.auth_int) {
            (true, true) => "auth, auth-int",
            (false, true) => "auth-int",
            _ => "auth",
        };
        ParamValue::text(list.as_bytes())
    }
}
