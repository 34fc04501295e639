//! One challenge: `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]` (RFC 9110, 11.3).

use core::fmt;

use super::body::{Auth, Body, Reading, scheme_and_body};
use super::param::AuthParam;
use super::param_value::ParamValue;
use super::params::{Params, Source};
use super::scheme::Scheme;
use crate::encode::{EncodeChallenge, EncodeTo, Encoder, impl_encode};
use crate::error::{Expected, SchemeError};
use crate::syntax::{Token, Token68};

/// A challenge: a scheme, optionally followed by a token68 or parameters.
///
/// `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
/// ([RFC 9110, section 11.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.3)). A challenge is
/// either read by [`Challenges`](crate::Challenges), and then points into the field value, or constructed. Both kinds can be
/// read and written. `==` ignores the case of schemes and names, and compares the unescaped values.
///
/// `Debug` shows neither a token68 nor the values of SCRAM, which belong to a running exchange.
///
/// # Examples
/// ```
/// use proxy_auth::{AuthParam, Challenge, Challenges, ParamValue, Scheme, token};
///
/// let params = [
///     AuthParam::new(token!("realm"), ParamValue::quoted("apps")?),
///     AuthParam::new(token!("type"), ParamValue::token("1")?),
/// ];
/// let challenge = Challenge::from_params(Scheme::new("Newauth")?, &params);
///
/// let written = challenge.to_string();
/// assert_eq!(written, r#"Newauth realm="apps", type=1"#);
/// assert_eq!(Challenges::new(&written).next().unwrap()?, challenge);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Challenge<'a>(Auth<'a>);

impl<'a> Challenge<'a> {
    scheme_and_body!("a challenge");

    pub(crate) const fn read(auth: Auth<'a>) -> Self {
        Self(auth)
    }

    /// Returns the parameters, in order.
    #[inline]
    #[must_use]
    pub fn params(&self) -> Params<'a> {
        self.0.params(is_scram(self.0.scheme))
    }

    /// Returns the parameters, if this is an undamaged challenge of `scheme`.
    pub(crate) fn params_of(&self, scheme: Scheme<'_>) -> Result<Params<'a>, SchemeError> {
        scheme.must_be(self.0.scheme)?;
        self.undamaged()?;
        Ok(self.params())
    }

    /// Returns the element that was expected where the challenge breaks the grammar, or `None` if it is not damaged. Only a
    /// challenge that was read [leniently](crate::Challenges::lenient) can be damaged.
    ///
    /// A damaged challenge has the parameters before the damage. Others may be missing, so the schemes' own types refuse it.
    /// Only [`basic::Challenge`](crate::basic::Challenge) accepts it, since answers to Basic depend on no parameter.
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::{Challenges, SchemeError, basic, digest};
    ///
    /// let value = r#"Digest realm="a"b", nonce="c", Basic realm="say "hi"""#;
    /// let mut challenges = Challenges::new(value).lenient();
    ///
    /// let digest = challenges.next().unwrap()?;
    /// let damage = digest.damage().unwrap();
    /// assert_eq!(damage.to_string(), "expected a comma or the end at byte 16");
    /// assert_eq!(digest::Challenge::read(&digest), Err(SchemeError::Damaged(damage)));
    ///
    /// let basic = challenges.next().unwrap()?;
    /// assert!(basic.damage().is_some());
    /// assert_eq!(basic::Challenge::read(&basic)?.realm(), "say ");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn damage(&self) -> Option<Expected> {
        match self.0.reading {
            Reading::Damaged(expected) => Some(expected),
            Reading::Strict | Reading::Lenient => None,
        }
    }

    /// Returns an error if the challenge is damaged.
    pub(crate) fn undamaged(&self) -> Result<(), SchemeError> {
        self.damage().map_or(Ok(()), |damage| Err(SchemeError::Damaged(damage)))
    }

    /// Checks that this was read leniently.
    pub(crate) const fn is_lenient(&self) -> bool {
        self.0.reading.is_lenient()
    }

    /// Returns the realm: the protection space
    /// ([RFC 9110, section 11.5](https://www.rfc-editor.org/rfc/rfc9110#section-11.5)).
    #[must_use]
    pub fn realm(&self) -> Option<ParamValue<'a>> {
        self.param("realm")
    }
}

/// Checks that `scheme` is a SCRAM scheme, whose challenges belong to a running exchange.
fn is_scram(scheme: Token<'_>) -> bool {
    scheme == Scheme::ScramSha1.token() || scheme == Scheme::ScramSha256.token()
}

impl PartialEq for Challenge<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.scheme == other.0.scheme
            && self.token68().map(|token68| token68.as_bytes()) == other.token68().map(|token68| token68.as_bytes())
            && self.params() == other.params()
    }
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        self.0.encode_to(out);
    }
}

impl EncodeChallenge for Challenge<'_> {}

impl_encode!(Challenge);

impl fmt::Debug for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Challenge");
        debug
            .field("scheme", &self.0.scheme)
            .field("token68", &self.token68())
            .field("params", &self.params());
        if let Some(damage) = self.damage() {
            debug.field("damage", &damage);
        }
        debug.finish()
    }
}
