//! Negotiate and NTLM: tokens of a security library, in as many rounds as the library needs
//! ([RFC 4559](https://www.rfc-editor.org/rfc/rfc4559); MS-NTHT).
//!
//! Both schemes authenticate a connection, not a request: all rounds, and all requests after them, use one connection. A
//! GSSAPI or SSPI library creates and reads the tokens. This module reads and writes them.
//! [`ConnectionSession`](crate::ConnectionSession) is the client's side of a connection, and
//! [`ConnectionGate`](crate::ConnectionGate) the proxy's.
//!
//! ```
//! use proxy_auth::negotiate::{self, Challenge, Mechanism};
//! use proxy_auth::{Challenges, Credentials};
//!
//! // The first challenge has no token.
//! let field_value = Challenge::new(Mechanism::Negotiate).to_string();
//! assert_eq!(field_value, "Negotiate");
//! let challenge = Challenges::new(&field_value).next().unwrap()?;
//! assert!(Challenge::read(&challenge)?.token().is_none());
//!
//! // Credentials have a token.
//! let field_value = negotiate::Credentials::new(Mechanism::Negotiate, b"token")?.to_string();
//! assert_eq!(field_value, "Negotiate dG9rZW4=");
//! let credentials = negotiate::Credentials::read(&Credentials::parse(&field_value)?)?;
//! assert_eq!(credentials.token().decode(&mut [0; 64])?, b"token");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::encode::{EncodeChallenge, EncodeTo, Encoder, impl_encode};
use crate::error::{InvalidInput, Rule, SchemeError};
use crate::fields::{Params, Scheme};
use crate::schemes::Base64;
use crate::syntax::base64::Alphabet;

/// The greatest number of tokens that a client sends in one handshake. NTLM needs two, Kerberos one or two.
///
/// RFC 4559 sets no limit, so a peer could ask for tokens forever.
pub const MAX_ROUNDS: u8 = 8;

/// One of the two schemes, Negotiate or NTLM.
///
/// See the [module documentation](self) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Mechanism {
    /// `Negotiate`: SPNEGO, which chooses Kerberos or NTLM.
    Negotiate,
    /// `NTLM`.
    Ntlm,
}

impl Mechanism {
    /// Returns the scheme.
    #[must_use]
    pub const fn scheme(self) -> Scheme<'static> {
        match self {
            Self::Negotiate => Scheme::Negotiate,
            Self::Ntlm => Scheme::Ntlm,
        }
    }

    fn read(scheme: Scheme<'_>) -> Result<Self, SchemeError> {
        match scheme {
            Scheme::Negotiate => Ok(Self::Negotiate),
            Scheme::Ntlm => Ok(Self::Ntlm),
            _ => Err(SchemeError::WrongScheme),
        }
    }
}

/// A challenge of Negotiate or NTLM. The first one is empty. In later rounds, it has a token of the proxy's library.
///
/// The response to an accepted request may also have one, with the last token of the proxy's library.
///
/// See [RFC 4559, section 4.1](https://www.rfc-editor.org/rfc/rfc4559#section-4.1), and the [module documentation](self) for
/// an example.
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    mechanism: Mechanism,
    token: Option<Base64<'a>>,
    others: Params<'a>,
}

impl<'a> Challenge<'a> {
    /// Creates the first challenge.
    #[must_use]
    pub const fn new(mechanism: Mechanism) -> Self {
        Self {
            mechanism,
            token: None,
            others: Params::EMPTY,
        }
    }

    /// Creates a challenge of a later round, with a token, which is written in base64.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if the token is empty, since it could not be distinguished from a missing one.
    pub fn from_token(mechanism: Mechanism, token: &'a [u8]) -> Result<Self, InvalidInput> {
        Ok(Self {
            token: Some(nonempty(token)?),
            ..Self::new(mechanism)
        })
    }

    /// Reads a challenge of either scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, or the challenge is damaged. The token is not checked to
    /// be base64 until it is decoded.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        let mechanism = Mechanism::read(challenge.scheme())?;
        challenge.undamaged()?;
        Ok(Self {
            mechanism,
            token: challenge.token68().map(Base64::token68),
            others: challenge.params(),
        })
    }

    /// Returns the scheme, Negotiate or NTLM.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// Returns the token of the proxy's library.
    #[must_use]
    pub const fn token(&self) -> Option<Base64<'a>> {
        self.token
    }

    /// Returns the parameters. A challenge has either a token or parameters. Neither scheme defines any.
    #[must_use]
    pub const fn others(&self) -> Params<'a> {
        self.others
    }
}

fn nonempty(token: &[u8]) -> Result<Base64<'_>, InvalidInput> {
    if token.is_empty() {
        return Err(InvalidInput::new(Rule::Token68, 0));
    }
    Ok(Base64::bytes(token, Alphabet::Standard))
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(self.mechanism.scheme().token());
        match self.token {
            Some(token) => out.token68_with(|out| token.encode_to(out)),
            None => self.others.encode_to(out),
        }
    }
}

impl EncodeChallenge for Challenge<'_> {}

/// Credentials of Negotiate or NTLM: a token of the client's library.
///
/// `Debug` does not show the token; `Display` writes it.
///
/// See [RFC 4559, section 4.2](https://www.rfc-editor.org/rfc/rfc4559#section-4.2), and the [module documentation](self) for
/// an example.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    mechanism: Mechanism,
    token: Base64<'a>,
}

impl<'a> Credentials<'a> {
    /// Creates credentials from a token, which is written in base64.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if the token is empty, since it could not be distinguished from a missing one.
    pub fn new(mechanism: Mechanism, token: &'a [u8]) -> Result<Self, InvalidInput> {
        let token = nonempty(token)?;
        Ok(Self { mechanism, token })
    }

    /// Reads credentials of either scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, or there is no token68. The token is not checked to be
    /// base64 until it is decoded.
    pub fn read(credentials: &crate::Credentials<'a>) -> Result<Self, SchemeError> {
        let mechanism = Mechanism::read(credentials.scheme())?;
        let token = credentials.token68().ok_or(SchemeError::MissingToken68)?;
        Ok(Self {
            mechanism,
            token: Base64::token68(token),
        })
    }

    /// Returns the scheme, Negotiate or NTLM.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// Returns the token of the client's library.
    #[must_use]
    pub const fn token(&self) -> Base64<'a> {
        self.token
    }
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(self.mechanism.scheme().token());
        out.token68_with(|out| self.token.encode_to(out));
    }
}

impl_encode!(Challenge, Credentials);
