//! `PrivateToken`: a Privacy Pass token, which does not identify the client
//! ([RFC 9577](https://www.rfc-editor.org/rfc/rfc9577)).
//!
//! ```
//! use core::time::Duration;
//! use proxy_auth::{Challenges, Credentials, private_token};
//!
//! // A proxy asks,
//! let challenge = private_token::Challenge::new(b"challenge").with_token_key(b"key").with_max_age(Duration::from_secs(60));
//! let field_value = challenge.to_string();
//! assert_eq!(field_value, r#"PrivateToken challenge="Y2hhbGxlbmdl", token-key="a2V5", max-age=60"#);
//!
//! let read = Challenges::new(&field_value).next().unwrap()?;
//! let read = private_token::Challenge::read(&read)?;
//! let mut buffer = [0; 16];
//! assert_eq!(read.token_challenge().decode(&mut buffer)?, b"challenge");
//! assert_eq!(read.max_age(), Some(Duration::from_secs(60)));
//!
//! // a client answers, and the proxy reads the token.
//! let field_value = private_token::Credentials::new(b"\xFF\xFE").to_string();
//! assert_eq!(field_value, r#"PrivateToken token="__4=""#);
//! let credentials = private_token::Credentials::read(&Credentials::parse(&field_value)?)?;
//! assert_eq!(credentials.token().decode(&mut buffer)?, b"\xFF\xFE");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::time::Duration;

use crate::encode::{EncodeChallenge, EncodeTo, Encoder, impl_encode};
use crate::error::SchemeError;
use crate::fields::{Params, Scheme};
use crate::redact::redact;
use crate::schemes::Base64;
use crate::syntax::base64::Alphabet;
use crate::token;

/// The parameters that RFC 9577 defines for challenges.
const KNOWN: [&str; 3] = ["challenge", "token-key", "max-age"];

/// A challenge of `PrivateToken`: a `TokenChallenge`, and the parameters that a client needs to get a token for it.
///
/// See [RFC 9577, section 2.1](https://www.rfc-editor.org/rfc/rfc9577#section-2.1), and the [module documentation](self) for
/// an example.
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    token_challenge: Base64<'a>,
    token_key: Option<Base64<'a>>,
    max_age: Option<Duration>,
    others: Params<'a>,
}

impl<'a> Challenge<'a> {
    /// Creates a challenge from a `TokenChallenge`, which is written in base64url.
    #[must_use]
    pub const fn new(challenge: &'a [u8]) -> Self {
        Self {
            token_challenge: Base64::bytes(challenge, Alphabet::UrlSafe),
            token_key: None,
            max_age: None,
            others: Params::EMPTY,
        }
    }

    /// Sets the issuer's public key, which is written in base64url.
    #[must_use]
    pub const fn with_token_key(self, key: &'a [u8]) -> Self {
        Self {
            token_key: Some(Base64::bytes(key, Alphabet::UrlSafe)),
            ..self
        }
    }

    /// Sets the lifetime of the challenge. It is written in whole seconds, rounded down.
    #[must_use]
    pub const fn with_max_age(self, max_age: Duration) -> Self {
        Self {
            max_age: Some(max_age),
            ..self
        }
    }

    others!(KNOWN, "RFC 9577");

    /// Reads a challenge of this scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, the challenge is damaged, the parameter `challenge` is
    /// missing, a parameter that RFC 9577 defines occurs twice, or `max-age` is not a number. The other parameters are
    /// not checked to be base64url until they are decoded.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        let params = challenge.params_of(Scheme::PrivateToken)?;
        let mut values = [None; KNOWN.len()];
        let others = params.split(&KNOWN, &mut values)?;
        let [token_challenge, token_key, max_age] = values;
        let token_challenge = token_challenge.ok_or(SchemeError::Missing { param: "challenge" })?;
        Ok(Self {
            token_challenge: Base64::param("challenge", token_challenge, Alphabet::UrlSafe)?,
            token_key: token_key
                .map(|key| Base64::param("token-key", key, Alphabet::UrlSafe))
                .transpose()?,
            max_age: max_age.map(|max_age| max_age.seconds("max-age")).transpose()?,
            others,
        })
    }

    /// Returns the `TokenChallenge`.
    #[must_use]
    pub const fn token_challenge(&self) -> Base64<'a> {
        self.token_challenge
    }

    /// Returns the issuer's public key.
    #[must_use]
    pub const fn token_key(&self) -> Option<Base64<'a>> {
        self.token_key
    }

    /// Returns the lifetime of the challenge.
    #[must_use]
    pub const fn max_age(&self) -> Option<Duration> {
        self.max_age
    }
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::PrivateToken.token());
        out.base64_if(token!("challenge"), Some(self.token_challenge));
        out.base64_if(token!("token-key"), self.token_key);
        out.seconds_if(token!("max-age"), self.max_age);
        self.others.encode_to(out);
    }
}

impl EncodeChallenge for Challenge<'_> {}

/// Credentials of `PrivateToken`: a token.
///
/// `Debug` writes `[redacted]`; `Display` writes the credentials.
///
/// See [RFC 9577, section 2.2](https://www.rfc-editor.org/rfc/rfc9577#section-2.2), and the [module documentation](self) for
/// an example.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    token: Base64<'a>,
    others: Params<'a>,
}

impl<'a> Credentials<'a> {
    /// Creates credentials from a token, which is written in base64url.
    #[must_use]
    pub const fn new(token: &'a [u8]) -> Self {
        Self {
            token: Base64::bytes(token, Alphabet::UrlSafe),
            others: Params::EMPTY,
        }
    }

    others!(["token"], "RFC 9577", secret);

    /// Reads credentials of this scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, the token is missing, or there are two. The token is not
    /// checked to be base64url until it is decoded.
    pub fn read(credentials: &crate::Credentials<'a>) -> Result<Self, SchemeError> {
        let params = credentials.params_of(Scheme::PrivateToken)?;
        let [token] = params.once(["token"])?;
        let token = token.ok_or(SchemeError::Missing { param: "token" })?;
        Ok(Self {
            token: Base64::param("token", token, Alphabet::UrlSafe)?,
            others: params.without(&["token"]),
        })
    }

    /// Returns the token.
    #[must_use]
    pub const fn token(&self) -> Base64<'a> {
        self.token
    }
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::PrivateToken.token());
        out.base64_if(token!("token"), Some(self.token));
        self.others.encode_to(out);
    }
}

impl_encode!(Challenge, Credentials);
redact!(Credentials<'_>);
