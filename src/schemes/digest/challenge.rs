//! The challenge of Digest (RFC 7616, 3.3).

use core::str::SplitAsciiWhitespace;

use super::{Algorithm, QopOptions};
use crate::encode::{EncodeChallenge, EncodeTo, Encoder, impl_encode};
use crate::error::{InvalidInput, SchemeError};
use crate::fields::{ParamValue, Params, Scheme};
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

/// A challenge of Digest: a realm, a nonce, and requirements for the answer.
///
/// See [RFC 7616, section 3.3](https://www.rfc-editor.org/rfc/rfc7616#section-3.3), and the [module documentation](super) for
/// an example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Challenge<'a> {
    realm: ParamValue<'a>,
    nonce: ParamValue<'a>,
    domain: Option<ParamValue<'a>>,
    opaque: Option<ParamValue<'a>>,
    stale: bool,
    /// The parameter, if it is present. Credentials repeat it.
    pub(crate) algorithm: Option<Algorithm>,
    qop: Option<QopOptions>,
    utf8: bool,
    userhash: bool,
    others: Params<'a>,
}

impl<'a> Challenge<'a> {
    /// Creates a challenge with the given realm and nonce.
    ///
    /// Call [`with_qop`](Self::with_qop), too. Without it, the challenge asks for the insecure form of RFC 2069.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `realm` or `nonce` contains a control character other than HTAB.
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

    /// Sets the offered qualities of protection.
    #[must_use]
    pub const fn with_qop(self, qop: QopOptions) -> Self {
        Self { qop: Some(qop), ..self }
    }

    /// Sets the algorithm.
    #[must_use]
    pub const fn with_algorithm(self, algorithm: Algorithm) -> Self {
        Self {
            algorithm: Some(algorithm),
            ..self
        }
    }

    /// Sets data that the client returns unchanged.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `opaque` contains a control character other than HTAB.
    pub fn with_opaque<T: AsRef<[u8]> + ?Sized>(self, opaque: &'a T) -> Result<Self, InvalidInput> {
        let opaque = Some(ParamValue::quoted(opaque)?);
        Ok(Self { opaque, ..self })
    }

    /// Sets the URIs that the challenge applies to, separated by spaces. The parameter has no meaning for a proxy.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `domain` contains a control character other than HTAB.
    pub fn with_domain<T: AsRef<[u8]> + ?Sized>(self, domain: &'a T) -> Result<Self, InvalidInput> {
        let domain = Some(ParamValue::quoted(domain)?);
        Ok(Self { domain, ..self })
    }

    /// Adds `stale=true`: the last answer was correct except for its nonce, so the client need not ask its user again.
    #[must_use]
    pub const fn with_stale(self) -> Self {
        Self { stale: true, ..self }
    }

    /// Adds `charset=UTF-8`: the client should encode the name and the password in UTF-8.
    #[must_use]
    pub const fn with_utf8(self) -> Self {
        Self { utf8: true, ..self }
    }

    /// Adds `userhash=true`: the client may send the hash of the name.
    #[must_use]
    pub const fn with_userhash(self) -> Self {
        Self { userhash: true, ..self }
    }

    others!(KNOWN, "RFC 7616");

    /// Reads a challenge of this scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, the challenge is damaged, the realm or the nonce is
    /// missing, a parameter that RFC 7616 defines occurs twice, the algorithm is unknown, or `qop` has no known option.
    /// Ignore such a challenge.
    ///
    /// If the challenge was read [leniently](crate::Challenges::lenient), an empty `qop` counts as absent, and a parameter may
    /// occur twice with the same value.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        let params = challenge.params_of(Scheme::Digest)?;
        let mut values = [None; KNOWN.len()];
        let others = params.split(&KNOWN, &mut values)?;
        let [realm, nonce, domain, opaque, stale, algorithm, qop, charset, userhash] = values;
        // Real senders write an empty `qop` if they have none.
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
            others,
        })
    }

    /// Returns the realm, for which the name and the password are valid.
    #[must_use]
    pub const fn realm(&self) -> ParamValue<'a> {
        self.realm
    }

    /// Returns the nonce. It may have any length, so check the length before you copy it.
    #[must_use]
    pub const fn nonce(&self) -> ParamValue<'a> {
        self.nonce
    }

    /// Returns the data that the client must return unchanged.
    #[must_use]
    pub const fn opaque(&self) -> Option<ParamValue<'a>> {
        self.opaque
    }

    /// Returns the parameter `domain`.
    #[must_use]
    pub const fn domain(&self) -> Option<ParamValue<'a>> {
        self.domain
    }

    /// Returns an iterator over the URIs of `domain`. It is empty if `domain` contains escapes or is not UTF-8.
    #[must_use]
    pub fn domain_uris(&self) -> SplitAsciiWhitespace<'a> {
        let domain = self.domain.and_then(|domain| domain.to_str());
        domain.unwrap_or_default().split_ascii_whitespace()
    }

    /// Returns the algorithm. It is MD5 if the parameter is absent.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm.unwrap_or_default()
    }

    /// Returns the offered qualities of protection, or `None` in the form of RFC 2069.
    #[must_use]
    pub const fn qop(&self) -> Option<QopOptions> {
        self.qop
    }

    /// Returns `true` if the last answer was correct except for its nonce.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.stale
    }

    /// Returns `true` if the name and the password should be encoded in UTF-8.
    #[must_use]
    pub const fn is_utf8(&self) -> bool {
        self.utf8
    }

    /// Returns `true` if the client may send the hash of the name.
    #[must_use]
    pub const fn is_userhash(&self) -> bool {
        self.userhash
    }
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        let flag = |set: bool| set.then_some(token!("true"));
        out.scheme(Scheme::Digest.token());
        out.quoted(token!("realm"), self.realm);
        out.quoted_if(token!("domain"), self.domain);
        out.quoted(token!("nonce"), self.nonce);
        out.quoted_if(token!("opaque"), self.opaque);
        out.token_if(token!("stale"), flag(self.stale));
        out.token_if(token!("algorithm"), self.algorithm.map(Algorithm::token));
        out.quoted_if(token!("qop"), self.qop.map(QopOptions::value));
        out.token_if(token!("charset"), self.utf8.then_some(token!("UTF-8")));
        out.token_if(token!("userhash"), flag(self.userhash));
        self.others.encode_to(out);
    }
}

impl EncodeChallenge for Challenge<'_> {}

impl_encode!(Challenge);
