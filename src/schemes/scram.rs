//! SCRAM-SHA-256 and SCRAM-SHA-1: both sides prove that they know a password, without sending it
//! ([RFC 7804](https://www.rfc-editor.org/rfc/rfc7804)).
//!
//! A SCRAM library computes the messages ([RFC 5802](https://www.rfc-editor.org/rfc/rfc5802)). The types in this module carry
//! them.
//!
//! ```
//! use proxy_auth::{AuthenticationInfo, Challenges, Credentials, scram};
//!
//! // The proxy asks,
//! let challenge = scram::Challenge::new(scram::Hash::Sha256, "testrealm@example.com")?;
//! assert_eq!(challenge.to_string(), r#"SCRAM-SHA-256 realm="testrealm@example.com""#);
//!
//! // the client sends its first message,
//! let first = scram::Credentials::new(scram::Hash::Sha256, b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
//!     .with_realm("testrealm@example.com")?;
//! let field_value = first.to_string();
//! assert_eq!(
//!     field_value,
//!     r#"SCRAM-SHA-256 realm="testrealm@example.com", data="biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=""#,
//! );
//!
//! // and the proxy reads it,
//! let credentials = scram::Credentials::read(&Credentials::parse(&field_value)?)?;
//! let mut buffer = [0; 64];
//! assert_eq!(credentials.data().decode(&mut buffer)?, b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
//!
//! // and sends its own first message in a second challenge.
//! let second = scram::Challenge::from_message(scram::Hash::Sha256, "AAAABBBBCCCC", b"r=rOprNGfwEbeRWgbNEkqO%hvYD")?;
//! let field_value = second.to_string();
//! assert_eq!(field_value, r#"SCRAM-SHA-256 sid="AAAABBBBCCCC", data="cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllE""#);
//!
//! // After the client's second message, the proxy proves that it knows the password, too.
//! let sid = second.sid().unwrap();
//! let field_value = scram::Info::new(sid, b"v=6rriTRBi23WpRR").to_string();
//! let info = scram::Info::read(&AuthenticationInfo::parse(&field_value)?)?;
//! assert_eq!(info.data().decode(&mut buffer)?, b"v=6rriTRBi23WpRR");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;
use core::time::Duration;

use crate::encode::{EncodeChallenge, EncodeTo, Encoder, impl_encode};
use crate::error::{InvalidInput, SchemeError};
use crate::fields::{AuthenticationInfo, ParamValue, Params, Scheme};
use crate::redact::redact;
use crate::schemes::Base64;
use crate::syntax::base64::Alphabet;
use crate::token;

/// One of the two schemes, SCRAM-SHA-256 or SCRAM-SHA-1.
///
/// See the [module documentation](self) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Hash {
    /// `SCRAM-SHA-256`.
    Sha256,
    /// `SCRAM-SHA-1`.
    Sha1,
}

impl Hash {
    /// Returns the scheme.
    #[must_use]
    pub const fn scheme(self) -> Scheme<'static> {
        match self {
            Self::Sha256 => Scheme::ScramSha256,
            Self::Sha1 => Scheme::ScramSha1,
        }
    }

    fn read(scheme: Scheme<'_>) -> Result<Self, SchemeError> {
        match scheme {
            Scheme::ScramSha256 => Ok(Self::Sha256),
            Scheme::ScramSha1 => Ok(Self::Sha1),
            _ => Err(SchemeError::WrongScheme),
        }
    }
}

/// The parameters that RFC 7804 defines for challenges.
const KNOWN: [&str; 6] = ["realm", "sid", "sr", "ttl", "stale", "data"];

/// A challenge of SCRAM. The first challenge has a realm, the second has the server's first message.
///
/// Its values belong to a running exchange, so `Debug` does not show them.
///
/// See [RFC 7804, sections 5 and 5.1](https://www.rfc-editor.org/rfc/rfc7804#section-5), and the
/// [module documentation](self) for an example.
#[derive(Clone, Copy)]
pub struct Challenge<'a> {
    hash: Hash,
    realm: Option<ParamValue<'a>>,
    sid: Option<ParamValue<'a>>,
    sr: Option<ParamValue<'a>>,
    ttl: Option<Duration>,
    stale: bool,
    data: Option<Base64<'a>>,
    others: Params<'a>,
}

impl<'a> Challenge<'a> {
    /// Creates the first challenge, for the given realm.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `realm` contains a control character other than HTAB.
    pub fn new<T: AsRef<[u8]> + ?Sized>(hash: Hash, realm: &'a T) -> Result<Self, InvalidInput> {
        Ok(Self {
            hash,
            realm: Some(ParamValue::quoted(realm)?.secret()),
            sid: None,
            sr: None,
            ttl: None,
            stale: false,
            data: None,
            others: Params::EMPTY,
        })
    }

    /// Creates the second challenge from an identifier of the exchange, which the client returns, and the server's first
    /// message, which is written in base64.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `sid` contains a control character other than HTAB.
    pub fn from_message<T>(hash: Hash, sid: &'a T, message: &'a [u8]) -> Result<Self, InvalidInput>
    where
        T: AsRef<[u8]> + ?Sized,
    {
        Ok(Self {
            hash,
            realm: None,
            sid: Some(ParamValue::quoted(sid)?.secret()),
            sr: None,
            ttl: None,
            stale: false,
            data: Some(Base64::bytes(message, Alphabet::Standard)),
            others: Params::EMPTY,
        })
    }

    /// Sets the server's part of a nonce, so that a known client need not send its first message again.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if the value contains a control character other than HTAB.
    pub fn with_sr<T: AsRef<[u8]> + ?Sized>(self, nonce: &'a T) -> Result<Self, InvalidInput> {
        let sr = Some(ParamValue::quoted(nonce)?.secret());
        Ok(Self { sr, ..self })
    }

    /// Sets the lifetime of `sr`. It is written in whole seconds, rounded down.
    #[must_use]
    pub const fn with_ttl(self, ttl: Duration) -> Self {
        Self { ttl: Some(ttl), ..self }
    }

    /// Adds `stale=true`: the last answer was correct except for its `sr`, so the client need not ask its user for a password
    /// again.
    #[must_use]
    pub const fn with_stale(self) -> Self {
        Self { stale: true, ..self }
    }

    others!(KNOWN, "RFC 7804", secret);

    /// Reads a challenge of either scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, the challenge is damaged, a parameter that RFC 7804
    /// defines occurs twice, `ttl` is not a number, or there is `data` without `sid`.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        let hash = Hash::read(challenge.scheme())?;
        challenge.undamaged()?;
        let mut values = [None; KNOWN.len()];
        let others = challenge.params().split(&KNOWN, &mut values)?;
        let [realm, sid, sr, ttl, stale, data] = values;
        if data.is_some() && sid.is_none() {
            return Err(SchemeError::Missing { param: "sid" });
        }
        Ok(Self {
            hash,
            realm,
            sid,
            sr,
            ttl: ttl.map(|ttl| ttl.seconds("ttl")).transpose()?,
            // Every other value is false.
            stale: stale.is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
            data: data.map(read_data).transpose()?,
            others,
        })
    }

    /// Returns the scheme, SCRAM-SHA-256 or SCRAM-SHA-1.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// Returns the realm.
    #[must_use]
    pub const fn realm(&self) -> Option<ParamValue<'a>> {
        self.realm
    }

    /// Returns the identifier of the exchange, which the client must return.
    #[must_use]
    pub const fn sid(&self) -> Option<ParamValue<'a>> {
        self.sid
    }

    /// Returns the server's part of a nonce, for a known client.
    #[must_use]
    pub const fn sr(&self) -> Option<ParamValue<'a>> {
        self.sr
    }

    /// Returns the lifetime of `sr`.
    #[must_use]
    pub const fn ttl(&self) -> Option<Duration> {
        self.ttl
    }

    /// Returns `true` if the last answer was correct except for its `sr`.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.stale
    }

    /// Returns the server's first message.
    #[must_use]
    pub const fn data(&self) -> Option<Base64<'a>> {
        self.data
    }
}

fn read_data(value: ParamValue<'_>) -> Result<Base64<'_>, SchemeError> {
    Base64::param("data", value, Alphabet::Standard)
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(self.hash.scheme().token());
        out.quoted_if(token!("realm"), self.realm);
        out.quoted_if(token!("sid"), self.sid);
        out.quoted_if(token!("sr"), self.sr);
        out.seconds_if(token!("ttl"), self.ttl);
        out.token_if(token!("stale"), self.stale.then_some(token!("true")));
        out.base64_if(token!("data"), self.data);
        self.others.encode_to(out);
    }
}

impl EncodeChallenge for Challenge<'_> {}

impl fmt::Debug for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge")
            .field("hash", &self.hash)
            .field("ttl", &self.ttl)
            .field("stale", &self.stale)
            .finish_non_exhaustive()
    }
}

/// Credentials of SCRAM: a message of the client.
///
/// `Debug` writes `[redacted]`; `Display` writes the credentials.
///
/// See [RFC 7804, section 5](https://www.rfc-editor.org/rfc/rfc7804#section-5), and the [module documentation](self) for
/// an example.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    hash: Hash,
    realm: Option<ParamValue<'a>>,
    sid: Option<ParamValue<'a>>,
    data: Base64<'a>,
    others: Params<'a>,
}

impl<'a> Credentials<'a> {
    /// Creates credentials from a message of the client, which is written in base64.
    #[must_use]
    pub const fn new(hash: Hash, message: &'a [u8]) -> Self {
        Self {
            hash,
            realm: None,
            sid: None,
            data: Base64::bytes(message, Alphabet::Standard),
            others: Params::EMPTY,
        }
    }

    /// Sets the realm, which is sent with the first message.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `realm` contains a control character other than HTAB.
    pub fn with_realm<T: AsRef<[u8]> + ?Sized>(self, realm: &'a T) -> Result<Self, InvalidInput> {
        let realm = Some(ParamValue::quoted(realm)?.secret());
        Ok(Self { realm, ..self })
    }

    /// Sets the identifier of the exchange, which is sent with the second message.
    #[must_use]
    pub const fn with_sid(self, sid: ParamValue<'a>) -> Self {
        Self {
            sid: Some(sid.secret()),
            ..self
        }
    }

    others!(["realm", "sid", "data"], "RFC 7804", secret);

    /// Reads credentials of either scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, `realm`, `sid` or `data` occurs twice, or `data` is
    /// missing.
    pub fn read(credentials: &crate::Credentials<'a>) -> Result<Self, SchemeError> {
        let hash = Hash::read(credentials.scheme())?;
        let params = credentials.params();
        let [realm, sid, data] = params.once(["realm", "sid", "data"])?;
        Ok(Self {
            hash,
            realm,
            sid,
            data: read_data(data.ok_or(SchemeError::Missing { param: "data" })?)?,
            others: params.without(&["realm", "sid", "data"]),
        })
    }

    /// Returns the scheme, SCRAM-SHA-256 or SCRAM-SHA-1.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// Returns the realm.
    #[must_use]
    pub const fn realm(&self) -> Option<ParamValue<'a>> {
        self.realm
    }

    /// Returns the identifier of the exchange.
    #[must_use]
    pub const fn sid(&self) -> Option<ParamValue<'a>> {
        self.sid
    }

    /// Returns the client's message.
    #[must_use]
    pub const fn data(&self) -> Base64<'a> {
        self.data
    }
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(self.hash.scheme().token());
        out.quoted_if(token!("realm"), self.realm);
        out.quoted_if(token!("sid"), self.sid);
        out.base64_if(token!("data"), Some(self.data));
        self.others.encode_to(out);
    }
}

/// The parameters of Proxy-Authentication-Info: the server's final message, which proves that the proxy also knows the password.
///
/// `Debug` writes `[redacted]`; `Display` writes the message.
///
/// See [RFC 7804, section 5](https://www.rfc-editor.org/rfc/rfc7804#section-5), and the [module documentation](self) for
/// an example.
#[derive(Clone, Copy)]
pub struct Info<'a> {
    sid: Option<ParamValue<'a>>,
    data: Base64<'a>,
}

impl<'a> Info<'a> {
    /// Creates a value from the identifier of the exchange and the server's final message, which is written in base64.
    #[must_use]
    pub const fn new(sid: ParamValue<'a>, message: &'a [u8]) -> Self {
        Self {
            sid: Some(sid.secret()),
            data: Base64::bytes(message, Alphabet::Standard),
        }
    }

    /// Reads the parameters of Proxy-Authentication-Info. The field does not name the scheme; it is the scheme of the credentials.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if `sid` or `data` occurs twice, or `data` is missing.
    pub fn read(info: &AuthenticationInfo<'a>) -> Result<Self, SchemeError> {
        let [sid, data] = info.params().once(["sid", "data"])?;
        let data = read_data(data.ok_or(SchemeError::Missing { param: "data" })?)?;
        Ok(Self { sid, data })
    }

    /// Returns the identifier of the exchange.
    #[must_use]
    pub const fn sid(&self) -> Option<ParamValue<'a>> {
        self.sid
    }

    /// Returns the server's final message.
    #[must_use]
    pub const fn data(&self) -> Base64<'a> {
        self.data
    }
}

impl EncodeTo for Info<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.quoted_if(token!("sid"), self.sid);
        out.base64_if(token!("data"), Some(self.data));
    }
}

impl_encode!(Challenge, Credentials, Info);
redact!(Credentials<'_>, Info<'_>);
