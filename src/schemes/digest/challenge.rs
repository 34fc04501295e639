//! What a proxy asks with (RFC 7616, 3.3).

use core::str::SplitAsciiWhitespace;

use super::{Algorithm, QopOptions};
use crate::encode::{EncodeChallenge, EncodeTo, Encoder, display_encoded};
use crate::error::{InvalidInput, SchemeError};
use crate::param::{ParamValue, Params};
use crate::scheme::Scheme;
use crate::token;

/// The parameters that RFC 7616 defines.
const KNOWN: [&str; 9] = [
    "realm",
    "nonce",
    "domain",
    "opaque",
    "stale",
    "algorithm",
    "qop",
    "charset",
    "userhash",
];

/// What a proxy asks with: a realm, a nonce, and how to answer.
///
/// ([RFC 7616, section 3.3](https://www.rfc-editor.org/rfc/rfc7616#section-3.3))
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Challenge<'a> {
    realm: ParamValue<'a>,
    nonce: ParamValue<'a>,
    domain: Option<ParamValue<'a>>,
    opaque: Option<ParamValue<'a>>,
    stale: bool,
    /// What was said; credentials say it again.
    pub(super) algorithm: Option<Algorithm>,
    qop: Option<QopOptions>,
    utf8: bool,
    userhash: bool,
    others: Params<'a>,
}

impl<'a> Challenge<'a> {
    /// A challenge for that realm, with that nonce.
    ///
    /// Without [`with_qop`](Self::with_qop) it asks for the form of RFC 2069, which no one should.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry them.
    pub fn new<R, N>(realm: &'a R, nonce: &'a N) -> Result<Self, InvalidInput>
    where
        R: AsRef<[u8]> + ?Sized,
        N: AsRef<[u8]> + ?Sized,
    {
        Ok(Self::from_values(
            ParamValue::quoted(realm)?,
            ParamValue::quoted(nonce)?,
        ))
    }

    pub(super) const fn from_values(realm: ParamValue<'a>, nonce: ParamValue<'a>) -> Self {
        Self {
            realm,
            nonce,
            domain: None,
            opaque: None,
            stale: false,
            algorithm: None,
            qop: None,
            utf8: false,
            userhash: false,
            others: Params::EMPTY,
        }
    }

    /// The same challenge that offers `qop`.
    #[must_use]
    pub const fn with_qop(self, qop: QopOptions) -> Self {
        Self { qop: Some(qop), ..self }
    }

    /// The same challenge with that algorithm.
    #[must_use]
    pub const fn with_algorithm(self, algorithm: Algorithm) -> Self {
        Self {
            algorithm: Some(algorithm),
            ..self
        }
    }

    /// The same challenge with data that the client returns as it is.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry it.
    pub fn with_opaque<T: AsRef<[u8]> + ?Sized>(self, opaque: &'a T) -> Result<Self, InvalidInput> {
        let opaque = Some(ParamValue::quoted(opaque)?);
        Ok(Self { opaque, ..self })
    }

    /// The same challenge for these URIs, separated by spaces. It has no meaning for a proxy.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry it.
    pub fn with_domain<T: AsRef<[u8]> + ?Sized>(self, domain: &'a T) -> Result<Self, InvalidInput> {
        let domain = Some(ParamValue::quoted(domain)?);
        Ok(Self { domain, ..self })
    }

    /// The same challenge with `stale=true`: the last answer was right but for its nonce, so the client need not ask its
    /// user again.
    #[must_use]
    pub const fn stale(self) -> Self {
        Self { stale: true, ..self }
    }

    /// The same challenge with `charset=UTF-8`: the client shall encode name and password so.
    #[must_use]
    pub const fn utf8(self) -> Self {
        Self { utf8: true, ..self }
    }

    /// The same challenge with `userhash=true`: the client may send its name hashed.
    #[must_use]
    pub const fn userhash(self) -> Self {
        Self { userhash: true, ..self }
    }

    /// The same challenge with further parameters; those that RFC 7616 defines are left out.
    #[must_use]
    pub fn with_others(self, others: Params<'a>) -> Self {
        Self {
            others: others.without(&KNOWN),
            ..self
        }
    }

    /// Reads a challenge of this scheme.
    ///
    /// # Errors
    /// [`SchemeError`] if the scheme is another one, the challenge is damaged, there is no realm or nonce, a parameter that
    /// RFC 7616 defines is there twice, or the algorithm or all of `qop` is unknown: ignore such a challenge. In a challenge that
    /// was read [leniently](crate::Challenges::lenient), an empty `qop` is none.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        Scheme::Digest.must_be(challenge.scheme_name())?;
        challenge.undamaged()?;
        let [realm, nonce, domain, opaque, stale, algorithm, qop, charset, userhash] =
            challenge.params().once(KNOWN)?;
        // Real senders mean by it that there is none.
        let is_empty = |qop: &ParamValue<'_>| challenge.is_lenient() && qop.is_empty();
        let is = |value: Option<ParamValue<'a>>, text| value.is_some_and(|value| value.eq_ignore_ascii_case(text));
        Ok(Self {
            realm: realm.ok_or(SchemeError::Missing { param: "realm" })?,
            nonce: nonce.ok_or(SchemeError::Missing { param: "nonce" })?,
            domain,
            opaque,
            stale: is(stale, "true"),
            algorithm: algorithm.map(Algorithm::read).transpose()?,
            qop: qop.filter(|qop| !is_empty(qop)).map(QopOptions::read).transpose()?,
            utf8: is(charset, "UTF-8"),
            userhash: is(userhash, "true"),
            others: challenge.params().without(&KNOWN),
        })
    }

    /// The realm: what the name and the password are for.
    #[must_use]
    pub const fn realm(&self) -> ParamValue<'a> {
        self.realm
    }

    /// The nonce. Any length may come: measure before you copy.
    #[must_use]
    pub const fn nonce(&self) -> ParamValue<'a> {
        self.nonce
    }

    /// The data to be returned as it is.
    #[must_use]
    pub const fn opaque(&self) -> Option<ParamValue<'a>> {
        self.opaque
    }

    /// The parameter `domain`.
    #[must_use]
    pub const fn domain(&self) -> Option<ParamValue<'a>> {
        self.domain
    }

    /// The URIs of `domain`; none when it is escaped or not UTF-8.
    #[must_use]
    pub fn domain_uris(&self) -> SplitAsciiWhitespace<'a> {
        let domain = self.domain.and_then(|domain| domain.as_str());
        domain.unwrap_or_default().split_ascii_whitespace()
    }

    /// The algorithm; MD5 where there is no such parameter.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm.unwrap_or_default()
    }

    /// What is offered of `qop`; none in the form of RFC 2069.
    #[must_use]
    pub const fn qop(&self) -> Option<QopOptions> {
        self.qop
    }

    /// Whether the last answer was right but for its nonce.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.stale
    }

    /// Whether name and password are to be encoded in UTF-8.
    #[must_use]
    pub const fn is_utf8(&self) -> bool {
        self.utf8
    }

    /// Whether the name may be sent hashed.
    #[must_use]
    pub const fn is_userhash(&self) -> bool {
        self.userhash
    }

    /// The parameters that RFC 7616 does not define.
    #[must_use]
    pub const fn others(&self) -> Params<'a> {
        self.others
    }
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        let flag = |set: bool| set.then_some(ParamValue::from(token!("true")));
        out.scheme(Scheme::Digest);
        out.param_if(token!("realm"), Some(self.realm.to_quoted()));
        out.param_if(token!("domain"), self.domain.map(ParamValue::to_quoted));
        out.param_if(token!("nonce"), Some(self.nonce.to_quoted()));
        out.param_if(token!("opaque"), self.opaque.map(ParamValue::to_quoted));
        out.param_if(token!("stale"), flag(self.stale));
        out.param_if(
            token!("algorithm"),
            self.algorithm.map(|algorithm| algorithm.token().into()),
        );
        out.param_if(token!("qop"), self.qop.map(QopOptions::value));
        out.param_if(token!("charset"), self.utf8.then_some(token!("UTF-8").into()));
        out.param_if(token!("userhash"), flag(self.userhash));
        self.others.encode_to(out);
    }
}

impl EncodeChallenge for Challenge<'_> {}

display_encoded!(Challenge);
