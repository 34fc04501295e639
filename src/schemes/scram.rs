//! SCRAM-SHA-256 and SCRAM-SHA-1: a password that neither side sends nor stores
//! ([RFC 7804](https://www.rfc-editor.org/rfc/rfc7804)).
//!
//! What the messages hold, which is [RFC 5802](https://www.rfc-editor.org/rfc/rfc5802)'s, is the business of a SCRAM
//! library; these types carry them.
//!
//! ```
//! use proxy_auth::{Challenges, Credentials, scram};
//!
//! let value = r#"SCRAM-SHA-256 realm="testrealm@example.com", data="cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllE""#;
//! let read = Challenges::new(value).next().unwrap()?;
//! assert!(scram::Challenge::read(&read).is_err()); // data goes with a sid
//!
//! // The client's first message,
//! let first = scram::Credentials::new(scram::Hash::Sha256, b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
//!     .with_realm("testrealm@example.com")?;
//! let field_value = first.to_string();
//! assert_eq!(
//!     field_value,
//!     r#"SCRAM-SHA-256 realm="testrealm@example.com", data="biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=""#,
//! );
//!
//! // and what the proxy reads of it.
//! let credentials = scram::Credentials::read(&Credentials::parse(&field_value)?)?;
//! let mut buffer = [0; 64];
//! assert_eq!(credentials.data().decode(&mut buffer)?, b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

use crate::data::Data;
use crate::encode::{EncodeChallenge, EncodeTo, Encoder, display_encoded};
use crate::error::{InvalidInput, SchemeError};
use crate::info::AuthenticationInfo;
use crate::param::{ParamValue, Params};
use crate::rfc4648::Alphabet;
use crate::scheme::Scheme;
use crate::token;

/// Which of the two schemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Hash {
    /// `SCRAM-SHA-256`.
    Sha256,
    /// `SCRAM-SHA-1`.
    Sha1,
}

impl Hash {
    /// The scheme's name.
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

/// What a proxy asks with: at first a realm, then the server's first message.
///
/// Its values belong to a running exchange, so `Debug` does not show them.
///
/// ([RFC 7804, sections 5 and 5.1](https://www.rfc-editor.org/rfc/rfc7804#section-5))
#[derive(Clone, Copy)]
pub struct Challenge<'a> {
    hash: Hash,
    realm: Option<ParamValue<'a>>,
    sid: Option<ParamValue<'a>>,
    sr: Option<ParamValue<'a>>,
    ttl: Option<u64>,
    stale: bool,
    data: Option<Data<'a>>,
    others: Params<'a>,
}

impl<'a> Challenge<'a> {
    /// The first challenge, for that realm.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry `realm`.
    pub fn new<T: AsRef<[u8]> + ?Sized>(hash: Hash, realm: &'a T) -> Result<Self, InvalidInput> {
        Ok(Self {
            hash,
            realm: Some(ParamValue::quoted(realm)?),
            sid: None,
            sr: None,
            ttl: None,
            stale: false,
            data: None,
            others: Params::EMPTY,
        })
    }

    /// The second challenge: the server's first message, which is written in base64, and an identifier of the exchange,
    /// which the client returns.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry `sid`.
    pub fn with_message<T>(hash: Hash, sid: &'a T, message: &'a [u8]) -> Result<Self, InvalidInput>
    where
        T: AsRef<[u8]> + ?Sized,
    {
        Ok(Self {
            hash,
            realm: None,
            sid: Some(ParamValue::quoted(sid)?),
            sr: None,
            ttl: None,
            stale: false,
            data: Some(Data::bytes(message, Alphabet::Standard)),
            others: Params::EMPTY,
        })
    }

    /// The same challenge with the server's part of a nonce, with which a client that is known need not send its first
    /// message again (section 5.1).
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry it.
    pub fn with_sr<T: AsRef<[u8]> + ?Sized>(self, nonce: &'a T) -> Result<Self, InvalidInput> {
        let sr = Some(ParamValue::quoted(nonce)?);
        Ok(Self { sr, ..self })
    }

    /// The same challenge with how many seconds `sr` is good for.
    #[must_use]
    pub const fn with_ttl(self, seconds: u64) -> Self {
        Self {
            ttl: Some(seconds),
            ..self
        }
    }

    /// The same challenge with `stale=true`: the last answer was right but for its `sr`, so the client need not ask its user
    /// for a password again (section 5.1).
    #[must_use]
    pub const fn stale(self) -> Self {
        Self { stale: true, ..self }
    }

    /// The same challenge with further parameters; those that RFC 7804 defines are left out.
    #[must_use]
    pub fn with_others(self, others: Params<'a>) -> Self {
        Self {
            others: others.without(&KNOWN),
            ..self
        }
    }

    /// Reads a challenge of either scheme.
    ///
    /// # Errors
    /// [`SchemeError`] if the scheme is another one, the challenge is damaged, a parameter that RFC 7804 defines occurs twice, `ttl`
    /// is not a number, or there is `data` without `sid`.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        let hash = Hash::read(challenge.scheme())?;
        challenge.undamaged()?;
        let [realm, sid, sr, ttl, stale, data] = challenge.params().once(KNOWN)?;
        if data.is_some() && sid.is_none() {
            return Err(SchemeError::Missing { param: "sid" });
        }
        Ok(Self {
            hash,
            realm,
            sid,
            sr,
            ttl: ttl.map(|ttl| ttl.number().ok_or(ttl.invalid("ttl"))).transpose()?,
            // Anything but "true" is false.
            stale: stale.is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
            data: data.map(read_data).transpose()?,
            others: challenge.params().without(&KNOWN),
        })
    }

    /// Which of the two schemes.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// The realm.
    #[must_use]
    pub fn realm(&self) -> Option<ParamValue<'a>> {
        self.realm.map(ParamValue::secret)
    }

    /// The identifier of the exchange, to be returned.
    #[must_use]
    pub fn sid(&self) -> Option<ParamValue<'a>> {
        self.sid.map(ParamValue::secret)
    }

    /// The server's part of a nonce, for a client that is known.
    #[must_use]
    pub fn sr(&self) -> Option<ParamValue<'a>> {
        self.sr.map(ParamValue::secret)
    }

    /// How many seconds `sr` is good for.
    #[must_use]
    pub const fn ttl(&self) -> Option<u64> {
        self.ttl
    }

    /// Whether the last answer was right but for its `sr`.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.stale
    }

    /// The server's first message.
    #[must_use]
    pub const fn data(&self) -> Option<Data<'a>> {
        self.data
    }

    /// The parameters that RFC 7804 does not define.
    #[must_use]
    pub const fn others(&self) -> Params<'a> {
        self.others.secret()
    }
}

fn read_data(value: ParamValue<'_>) -> Result<Data<'_>, SchemeError> {
    Data::param("data", value, Alphabet::Standard)
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(self.hash.scheme());
        out.param_if(token!("realm"), self.realm.map(ParamValue::to_quoted));
        out.param_if(token!("sid"), self.sid.map(ParamValue::to_quoted));
        out.param_if(token!("sr"), self.sr.map(ParamValue::to_quoted));
        out.number_if(token!("ttl"), self.ttl);
        out.param_if(token!("stale"), self.stale.then_some(token!("true").into()));
        out.data_if(token!("data"), self.data);
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

/// What a client answers with: its messages.
///
/// `Debug` says `[redacted]`; `Display` writes them.
///
/// ([RFC 7804, section 5](https://www.rfc-editor.org/rfc/rfc7804#section-5))
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    hash: Hash,
    realm: Option<ParamValue<'a>>,
    sid: Option<ParamValue<'a>>,
    data: Data<'a>,
    others: Params<'a>,
}

impl<'a> Credentials<'a> {
    /// Credentials of a client's message, which is written in base64.
    #[must_use]
    pub const fn new(hash: Hash, message: &'a [u8]) -> Self {
        Self {
            hash,
            realm: None,
            sid: None,
            data: Data::bytes(message, Alphabet::Standard),
            others: Params::EMPTY,
        }
    }

    /// The same credentials for a realm, which goes with the first message.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry it.
    pub fn with_realm<T: AsRef<[u8]> + ?Sized>(self, realm: &'a T) -> Result<Self, InvalidInput> {
        let realm = Some(ParamValue::quoted(realm)?);
        Ok(Self { realm, ..self })
    }

    /// The same credentials for an exchange, which goes with the second message.
    #[must_use]
    pub const fn with_sid(self, sid: ParamValue<'a>) -> Self {
        Self { sid: Some(sid), ..self }
    }

    /// The same credentials with further parameters; those that RFC 7804 defines are left out.
    #[must_use]
    pub fn with_others(self, others: Params<'a>) -> Self {
        Self {
            others: others.without(&["realm", "sid", "data"]),
            ..self
        }
    }

    /// Reads credentials of either scheme.
    ///
    /// # Errors
    /// [`SchemeError`] when the scheme is another one, realm, sid or data is there twice, or there is no data.
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

    /// Which of the two schemes.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// The realm.
    #[must_use]
    pub fn realm(&self) -> Option<ParamValue<'a>> {
        self.realm.map(ParamValue::secret)
    }

    /// The identifier of the exchange.
    #[must_use]
    pub fn sid(&self) -> Option<ParamValue<'a>> {
        self.sid.map(ParamValue::secret)
    }

    /// The client's message.
    #[must_use]
    pub const fn data(&self) -> Data<'a> {
        self.data
    }

    /// The parameters that RFC 7804 does not define.
    #[must_use]
    pub const fn others(&self) -> Params<'a> {
        self.others.secret()
    }
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(self.hash.scheme());
        out.param_if(token!("realm"), self.realm.map(ParamValue::to_quoted));
        out.param_if(token!("sid"), self.sid.map(ParamValue::to_quoted));
        out.data_if(token!("data"), Some(self.data));
        self.others.encode_to(out);
    }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([redacted])")
    }
}

/// What a proxy says in Proxy-Authentication-Info: the server's final message, which proves that it knows the password too.
///
/// `Debug` writes `[redacted]`; `Display` writes the message.
///
/// ([RFC 7804, section 5](https://www.rfc-editor.org/rfc/rfc7804#section-5))
#[derive(Clone, Copy)]
pub struct Info<'a> {
    sid: Option<ParamValue<'a>>,
    data: Data<'a>,
}

impl<'a> Info<'a> {
    /// The server's final message, which is written in base64, for an exchange.
    #[must_use]
    pub const fn new(sid: ParamValue<'a>, message: &'a [u8]) -> Self {
        Self {
            sid: Some(sid),
            data: Data::bytes(message, Alphabet::Standard),
        }
    }

    /// Reads what the field says. Nothing in it names the scheme: the credentials did.
    ///
    /// # Errors
    /// [`SchemeError`] when sid or data is there twice, or there is no data.
    pub fn read(info: &AuthenticationInfo<'a>) -> Result<Self, SchemeError> {
        let [sid, data] = info.params().once(["sid", "data"])?;
        let data = read_data(data.ok_or(SchemeError::Missing { param: "data" })?)?;
        Ok(Self { sid, data })
    }

    /// The identifier of the exchange.
    #[must_use]
    pub fn sid(&self) -> Option<ParamValue<'a>> {
        self.sid.map(ParamValue::secret)
    }

    /// The server's final message.
    #[must_use]
    pub const fn data(&self) -> Data<'a> {
        self.data
    }
}

impl EncodeTo for Info<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.param_if(token!("sid"), self.sid.map(ParamValue::to_quoted));
        out.data_if(token!("data"), Some(self.data));
    }
}

display_encoded!(Challenge, Credentials, Info);

impl fmt::Debug for Info<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Info([redacted])")
    }
}
