//! The names of authentication schemes.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::mem;

use crate::error::{InvalidInput, SchemeError};
use crate::syntax::Token;
use crate::token;

/// Defines [`Scheme`] and its functions from one table of names.
macro_rules! schemes {
    ($($(#[$doc:meta])+ $scheme:ident = $name:literal,)+) => {
        /// An authentication scheme, by its name.
        ///
        /// A scheme is one of the [IANA registry](https://www.iana.org/assignments/http-authschemes), NTLM, which is common
        /// but not registered, or any other token. Names compare without case
        /// ([RFC 9110, section 11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)).
        ///
        /// # Examples
        /// ```
        /// use proxy_auth::Scheme;
        ///
        /// assert_eq!(Scheme::new("BASIC")?, Scheme::Basic);
        /// assert_eq!(Scheme::new("X-Own")?.to_str(), "X-Own");
        /// assert_eq!(Scheme::new("X-Own")?, Scheme::new("x-own")?);
        /// # Ok::<(), proxy_auth::InvalidInput>(())
        /// ```
        #[derive(Clone, Copy)]
        #[non_exhaustive]
        pub enum Scheme<'a> {
            $($(#[$doc])+ $scheme,)+
            /// A scheme with another name.
            Other(Token<'a>),
        }

        /// Every scheme except [`Scheme::Other`].
        const NAMED: &[Scheme<'static>] = &[$(Scheme::$scheme),+];

        impl<'a> Scheme<'a> {
            /// Returns the name in its registered spelling, or the token of [`Scheme::Other`].
            #[must_use]
            pub const fn token(&self) -> Token<'a> {
                match self {
                    $(Self::$scheme => token!($name),)+
                    Self::Other(token) => *token,
                }
            }
        }
    };
}

schemes! {
    /// `Basic` ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
    Basic = "Basic",
    /// `Bearer` ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
    Bearer = "Bearer",
    /// `Concealed` ([RFC 9729](https://www.rfc-editor.org/rfc/rfc9729)).
    Concealed = "Concealed",
    /// `Digest` ([RFC 7616](https://www.rfc-editor.org/rfc/rfc7616)).
    Digest = "Digest",
    /// `DPoP` ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)).
    DPoP = "DPoP",
    /// `GNAP` ([RFC 9635](https://www.rfc-editor.org/rfc/rfc9635)).
    Gnap = "GNAP",
    /// `HOBA` ([RFC 7486](https://www.rfc-editor.org/rfc/rfc7486)).
    Hoba = "HOBA",
    /// `Mutual` ([RFC 8120](https://www.rfc-editor.org/rfc/rfc8120)).
    Mutual = "Mutual",
    /// `Negotiate` ([RFC 4559](https://www.rfc-editor.org/rfc/rfc4559)).
    Negotiate = "Negotiate",
    /// `NTLM` (MS-NTHT; not registered).
    Ntlm = "NTLM",
    /// `OAuth` ([RFC 5849](https://www.rfc-editor.org/rfc/rfc5849)).
    OAuth = "OAuth",
    /// `PrivateToken` ([RFC 9577](https://www.rfc-editor.org/rfc/rfc9577)).
    PrivateToken = "PrivateToken",
    /// `SCRAM-SHA-1` ([RFC 7804](https://www.rfc-editor.org/rfc/rfc7804)).
    ScramSha1 = "SCRAM-SHA-1",
    /// `SCRAM-SHA-256` ([RFC 7804](https://www.rfc-editor.org/rfc/rfc7804)).
    ScramSha256 = "SCRAM-SHA-256",
    /// `vapid` ([RFC 8292](https://www.rfc-editor.org/rfc/rfc8292)).
    Vapid = "vapid",
}

impl<'a> Scheme<'a> {
    /// Returns the scheme with the given name.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `name` is not a token.
    pub fn new(name: &'a str) -> Result<Self, InvalidInput> {
        Token::new(name).map(Self::from)
    }

    /// Checks that `name` is the name of this scheme.
    pub(crate) fn must_be(self, name: Token<'_>) -> Result<(), SchemeError> {
        if name == self.token() {
            Ok(())
        } else {
            Err(SchemeError::WrongScheme)
        }
    }

    /// Returns the name of [`token`](Self::token) as text, in time linear in its length.
    #[must_use]
    pub fn to_str(&self) -> &'a str {
        self.token().to_str()
    }
}

impl<'a> From<Token<'a>> for Scheme<'a> {
    fn from(token: Token<'a>) -> Self {
        let named = NAMED.iter().find(|scheme| scheme.token() == token);
        named.map_or(Self::Other(token), |scheme| *scheme)
    }
}

impl PartialEq for Scheme<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Other(_), _) | (_, Self::Other(_)) => self.token() == other.token(),
            _ => mem::discriminant(self) == mem::discriminant(other),
        }
    }
}

impl Eq for Scheme<'_> {}

impl Hash for Scheme<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Equal names may differ in case, and in the variant of the enum.
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
        f.write_str(self.to_str())
    }
}
