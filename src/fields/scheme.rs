//! The names of authentication schemes.

use core::fmt;
use core::hash::{Hash, Hasher};

use crate::error::{InvalidInput, SchemeError};
use crate::syntax::Token;
use crate::token;

/// An auth-scheme: which way of authenticating a challenge or credentials are about.
///
/// The names of the [IANA registry](https://www.iana.org/assignments/http-authschemes), NTLM, which is everywhere and
/// not registered, and any other token. Names compare without case
/// ([RFC 9110, section 11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)).
///
/// ```
/// use proxy_auth::Scheme;
///
/// assert_eq!(Scheme::new("BASIC")?, Scheme::Basic);
/// assert_eq!(Scheme::new("X-Own")?.as_str(), "X-Own");
/// assert_eq!(Scheme::new("X-Own")?, Scheme::new("x-own")?);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Scheme<'a> {
    /// `Basic` (RFC 7617).
    Basic,
    /// `Bearer` (RFC 6750).
    Bearer,
    /// `Concealed` (RFC 9729).
    Concealed,
    /// `Digest` (RFC 7616).
    Digest,
    /// `DPoP` (RFC 9449).
    DPoP,
    /// `GNAP` (RFC 9635).
    Gnap,
    /// `HOBA` (RFC 7486).
    Hoba,
    /// `Mutual` (RFC 8120).
    Mutual,
    /// `Negotiate` (RFC 4559).
    Negotiate,
    /// `NTLM` (MS-NTHT; not registered).
    Ntlm,
    /// `OAuth` (RFC 5849).
    OAuth,
    /// `PrivateToken` (RFC 9577).
    PrivateToken,
    /// `SCRAM-SHA-1` (RFC 7804).
    ScramSha1,
    /// `SCRAM-SHA-256` (RFC 7804).
    ScramSha256,
    /// `vapid` (RFC 8292).
    Vapid,
    /// A scheme of any other name.
    Other(Token<'a>),
}

/// Every scheme but [`Scheme::Other`].
const NAMED: [Scheme<'static>; 15] = [
    Scheme::Basic,
    Scheme::Bearer,
    Scheme::Concealed,
    Scheme::Digest,
    Scheme::DPoP,
    Scheme::Gnap,
    Scheme::Hoba,
    Scheme::Mutual,
    Scheme::Negotiate,
    Scheme::Ntlm,
    Scheme::OAuth,
    Scheme::PrivateToken,
    Scheme::ScramSha1,
    Scheme::ScramSha256,
    Scheme::Vapid,
];

impl<'a> Scheme<'a> {
    /// Returns the scheme with the given name.
    ///
    /// # Errors
    /// [`InvalidInput`] if `name` is not a token.
    pub fn new(name: &'a str) -> Result<Self, InvalidInput> {
        Token::new(name).map(Self::from)
    }

    /// Returns the name in its registered spelling, or the token of [`Scheme::Other`].
    #[must_use]
    pub const fn token(&self) -> Token<'a> {
        match self {
            Self::Basic => token!("Basic"),
            Self::Bearer => token!("Bearer"),
            Self::Concealed => token!("Concealed"),
            Self::Digest => token!("Digest"),
            Self::DPoP => token!("DPoP"),
            Self::Gnap => token!("GNAP"),
            Self::Hoba => token!("HOBA"),
            Self::Mutual => token!("Mutual"),
            Self::Negotiate => token!("Negotiate"),
            Self::Ntlm => token!("NTLM"),
            Self::OAuth => token!("OAuth"),
            Self::PrivateToken => token!("PrivateToken"),
            Self::ScramSha1 => token!("SCRAM-SHA-1"),
            Self::ScramSha256 => token!("SCRAM-SHA-256"),
            Self::Vapid => token!("vapid"),
            Self::Other(token) => *token,
        }
    }

    /// Checks that `name`, which was read, is the name of this scheme.
    pub(crate) fn must_be(self, name: Token<'_>) -> Result<(), SchemeError> {
        if name == self.token() {
            Ok(())
        } else {
            Err(SchemeError::WrongScheme)
        }
    }

    /// Returns the name of [`token`](Self::token) as text.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.token().as_str()
    }
}

impl<'a> From<Token<'a>> for Scheme<'a> {
    fn from(token: Token<'a>) -> Self {
        NAMED
            .into_iter()
            .find(|scheme| scheme.token() == token)
            .unwrap_or(Self::Other(token))
    }
}

impl PartialEq for Scheme<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.token() == other.token()
    }
}

impl Eq for Scheme<'_> {}

impl Hash for Scheme<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Equal names may differ in case and in their variant.
        for byte in self.token().as_bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        // No token contains this byte, so no hashed name is a prefix of another.
        state.write_u8(0xFF);
    }
}

impl fmt::Display for Scheme<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.token(), f)
    }
}

impl fmt::Debug for Scheme<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
