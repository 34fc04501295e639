//! The refusal of a request.

use core::error::Error;
use core::fmt;

use crate::error::{ParseError, SchemeError};
use crate::response::{End, Role, StatusCode};
use crate::schemes::bearer;

/// The refusal of a request: the reason, and how the response ends the message.
///
/// [`Gate::deny`](crate::Gate::deny) creates the response. A refusal contains neither a secret nor a part of a field value.
///
/// # Examples
/// ```
/// use proxy_auth::{Gate, Reason, Request};
///
/// let gate = Gate::new("apps")?.with_basic();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let refusal = gate.read(&request, [("Host", "example.com")], &mut []).unwrap_err();
/// assert_eq!(refusal.reason(), &Reason::Missing);
/// assert!(!refusal.is_guess());
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Refusal {
    pub(super) reason: Reason,
    /// `true` if the credentials were a token of Bearer.
    pub(super) is_bearer: bool,
    pub(super) end: End,
}

/// The reason for which a request is refused, for logs and rate limits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Reason {
    /// There are no credentials.
    Missing,
    /// The credentials break the grammar, or there are two field lines of them.
    Damaged(ParseError),
    /// The credentials break a rule of their scheme.
    Invalid(SchemeError),
    /// The name and the password, or the token, are longer than the memory that the caller gave.
    TooLong {
        /// The needed length, in bytes.
        needed: usize,
    },
    /// The gate does not offer the scheme, the algorithm, the quality of protection or hashed names.
    NotOffered,
    /// The answer is for another realm.
    OtherRealm,
    /// The answer is for another target.
    OtherTarget,
    /// The answer signs the content, but the request was read without its [content](crate::Request::with_content).
    UnknownContent,
    /// There is no account.
    UnknownUser,
    /// The account has another name than the credentials.
    OtherUser,
    /// The password or the token is wrong.
    Wrong,
    /// The account's secret cannot verify the credentials: there is no hash for the algorithm, a verdict for Digest, or a password for
    /// a token. Or the caller's library continues an exchange without a token.
    Unverifiable,
    /// The answer is correct except for its nonce, which is too old, or was issued with another key. The client answers again without
    /// asking its user.
    Stale,
    /// The answer is correct, but was used before, or may have been. The client answers again without asking its user.
    Replayed,
    /// The token does not give access to this resource.
    InsufficientScope,
    /// The scheme authenticates a connection, so it needs a [`ConnectionGate`](crate::ConnectionGate), HTTP/1.1 or HTTP/1.0, and a
    /// connection that stays open.
    BoundToConnection,
    /// The library of the caller has not decided after [`MAX_ROUNDS`](crate::negotiate::MAX_ROUNDS) tokens of the client.
    TooManyRounds,
}

impl Refusal {
    pub(super) const fn new(reason: Reason, end: End) -> Self {
        Self {
            reason,
            is_bearer: false,
            end,
        }
    }

    /// Closes the connection of HTTP/1.0 or HTTP/1.1 after the response. Does nothing with HTTP/2 and HTTP/3, whose requests share a
    /// connection.
    ///
    /// Call it if the content of the request was not read completely after the refusal, since the rest would be read as the next
    /// request, or to end a connection with too many refusals. Call it, too, if the client of a refused CONNECT has already sent bytes
    /// for the tunnel.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use proxy_auth::{Gate, Request};
    ///
    /// let gate = Gate::new("apps")?.with_basic();
    /// let request = Request::new("POST", "http://example.com/")?.with_drained_content();
    /// let refusal = gate.read(&request, [("Host", "example.com")], &mut []).unwrap_err();
    /// assert!(!refusal.closes());
    ///
    /// let refusal = refusal.with_close();
    /// assert!(refusal.closes());
    /// let response = gate.deny(&refusal, Duration::ZERO, 1).response().encode_string::<256>()?;
    /// assert!(response.contains("\r\nConnection: close\r\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_close(self) -> Self {
        let end = self.end.with_close();
        Self { end, ..self }
    }

    /// Returns the reason.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Returns `true` if the client may have guessed a name, a password or a token. Count these for each client address, and slow
    /// down clients with many of them.
    #[must_use]
    pub const fn is_guess(&self) -> bool {
        matches!(self.reason, Reason::UnknownUser | Reason::OtherUser | Reason::Wrong)
    }

    /// Returns `true` if the credentials are correct except for their nonce.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        matches!(self.reason, Reason::Stale | Reason::Replayed)
    }

    /// Returns `true` if the connection must be closed after the response. The response then says so.
    #[must_use]
    pub const fn closes(&self) -> bool {
        self.end.closes()
    }

    /// Returns the status code of the response: 407 for a proxy and 401 for an origin server. For Bearer, it is 400 if the
    /// credentials contain no token, and 403 if the token does not give access
    /// ([RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
    #[must_use]
    pub fn status(&self, role: Role) -> StatusCode {
        match self.bearer_error() {
            Some(bearer::INVALID_REQUEST) => StatusCode::BAD_REQUEST,
            Some(bearer::INSUFFICIENT_SCOPE) => StatusCode::FORBIDDEN,
            _ => role.status(),
        }
    }

    /// Returns the error for a challenge of Bearer (RFC 6750, 3.1).
    pub(super) const fn bearer_error(&self) -> Option<&'static str> {
        match self.reason {
            _ if !self.is_bearer => None,
            Reason::Damaged(_) | Reason::Invalid(_) => Some(bearer::INVALID_REQUEST),
            Reason::InsufficientScope => Some(bearer::INSUFFICIENT_SCOPE),
            _ => Some(bearer::INVALID_TOKEN),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "no credentials",
            Self::Damaged(error) => return write!(f, "damaged credentials: {error}"),
            Self::Invalid(error) => return write!(f, "invalid credentials: {error}"),
            Self::TooLong { needed } => {
                return write!(
                    f,
                    "a name, a password or a token that is too long: {needed} bytes are needed"
                );
            }
            Self::NotOffered => "a scheme or an algorithm that is not offered",
            Self::OtherRealm => "an answer for another realm",
            Self::OtherTarget => "an answer for another target",
            Self::UnknownContent => "an answer for content that is unknown",
            Self::UnknownUser => "an unknown user",
            Self::OtherUser => "the account of another user",
            Self::Wrong => "a wrong password or token",
            Self::Unverifiable => "an account whose secret cannot verify the answer",
            Self::Stale => "a nonce that is too old, or of another proxy",
            Self::Replayed => "an answer that was used before",
            Self::InsufficientScope => "a token without the required scope",
            Self::BoundToConnection => "a scheme that authenticates a connection",
            Self::TooManyRounds => "too many rounds",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.reason, f)
    }
}

impl Error for Refusal {}
