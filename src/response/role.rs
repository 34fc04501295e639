//! The two roles that authenticate clients (RFC 9110, 11.6 and 11.7).

use super::{FieldName, StatusCode};

/// The role of the party that asks for credentials. It determines the status code and the names of the fields.
///
/// # Examples
/// ```
/// use proxy_auth::{FieldName, Role, StatusCode};
///
/// assert_eq!(Role::Proxy.status(), StatusCode::PROXY_AUTHENTICATION_REQUIRED);
/// assert_eq!(Role::Proxy.authorization(), FieldName::PROXY_AUTHORIZATION);
/// assert_eq!(Role::Server.authorization(), FieldName::AUTHORIZATION);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Role {
    /// A proxy: status code 407 ([RFC 9110, section 11.7](https://www.rfc-editor.org/rfc/rfc9110#section-11.7)).
    #[default]
    Proxy,
    /// An origin server: status code 401 ([RFC 9110, section 11.6](https://www.rfc-editor.org/rfc/rfc9110#section-11.6)).
    Server,
}

impl Role {
    /// Returns the status code of a response that asks for credentials.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Proxy => StatusCode::PROXY_AUTHENTICATION_REQUIRED,
            Self::Server => StatusCode::UNAUTHORIZED,
        }
    }

    /// Returns the name of the field that carries challenges.
    #[must_use]
    pub const fn authenticate(self) -> FieldName {
        match self {
            Self::Proxy => FieldName::PROXY_AUTHENTICATE,
            Self::Server => FieldName::WWW_AUTHENTICATE,
        }
    }

    /// Returns the name of the field that carries credentials.
    #[must_use]
    pub const fn authorization(self) -> FieldName {
        match self {
            Self::Proxy => FieldName::PROXY_AUTHORIZATION,
            Self::Server => FieldName::AUTHORIZATION,
        }
    }

    /// Returns the name of the field that carries parameters after credentials were accepted.
    #[must_use]
    pub const fn authentication_info(self) -> FieldName {
        match self {
            Self::Proxy => FieldName::PROXY_AUTHENTICATION_INFO,
            Self::Server => FieldName::AUTHENTICATION_INFO,
        }
    }
}
