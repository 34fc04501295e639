//! Bearer: a token that gives access to whoever has it ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
//!
//! ```
//! use proxy_auth::{Challenges, Credentials, bearer};
//!
//! // A proxy asks,
//! let challenge = bearer::Challenge::new("example")?
//!     .with_error(bearer::INVALID_TOKEN)?
//!     .with_error_description("The access token expired")?;
//! let field_value = challenge.to_string();
//! assert_eq!(
//!     field_value,
//!     r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#,
//! );
//! let read = Challenges::new(&field_value).next().unwrap()?;
//! assert_eq!(bearer::Challenge::read(&read)?, challenge);
//!
//! // a client answers, and the proxy checks.
//! let field_value = bearer::Credentials::new("mF_9.B5f-4.1JqM")?.to_string();
//! assert_eq!(field_value, "Bearer mF_9.B5f-4.1JqM");
//! let credentials = bearer::Credentials::read(&Credentials::parse(&field_value)?)?;
//! assert!(credentials.verify("mF_9.B5f-4.1JqM"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::str::SplitAsciiWhitespace;

use subtle::ConstantTimeEq;

use crate::encode::{EncodeChallenge, EncodeTo, Encoder, impl_encode};
use crate::error::{InvalidInput, Rule, SchemeError};
use crate::fields::{ParamValue, Params, Scheme};
use crate::syntax::{Token68, check, run};
use crate::token;

/// The parameters that RFC 6750 defines.
const KNOWN: [&str; 5] = ["realm", "scope", "error", "error_description", "error_uri"];

/// The error that the request is malformed ([RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
///
/// Use it like [`INVALID_TOKEN`].
pub const INVALID_REQUEST: &str = "invalid_request";
/// The error that the token expired, was revoked, or is invalid
/// ([RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
///
/// See the [module documentation](self) for an example.
pub const INVALID_TOKEN: &str = "invalid_token";
/// The error that the request requires more privileges than the token has
/// ([RFC 6750, section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
///
/// # Examples
/// ```
/// use proxy_auth::bearer;
///
/// let challenge = bearer::Challenge::new("x")?.with_scope("write")?.with_error(bearer::INSUFFICIENT_SCOPE)?;
/// assert_eq!(challenge.to_string(), r#"Bearer realm="x", scope="write", error="insufficient_scope""#);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
pub const INSUFFICIENT_SCOPE: &str = "insufficient_scope";

/// A challenge of Bearer: a realm, the required scope of a token, and the error of the last request.
///
/// RFC 6750 requires at least one of these. [`read`](Self::read) accepts a challenge without any, since many senders write it.
///
/// See [RFC 6750, section 3](https://www.rfc-editor.org/rfc/rfc6750#section-3), and the [module documentation](self) for an
/// example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Challenge<'a> {
    realm: Option<ParamValue<'a>>,
    scope: Option<ParamValue<'a>>,
    error: Option<ParamValue<'a>>,
    error_description: Option<ParamValue<'a>>,
    error_uri: Option<ParamValue<'a>>,
    others: Params<'a>,
}

impl<'a> Challenge<'a> {
    /// Creates a challenge for the given realm.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `realm` contains a control character other than HTAB.
    pub fn new<T: AsRef<[u8]> + ?Sized>(realm: &'a T) -> Result<Self, InvalidInput> {
        Ok(Self::from_value(ParamValue::quoted(realm)?))
    }

    /// Creates a challenge for a realm that was checked.
    pub(crate) const fn from_value(realm: ParamValue<'a>) -> Self {
        Self {
            realm: Some(realm),
            scope: None,
            error: None,
            error_description: None,
            error_uri: None,
            others: Params::EMPTY,
        }
    }

    /// Sets the required scope: one or more names, separated by one space.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] with the first byte that is not printable ASCII, is DQUOTE or a backslash, or is a
    /// space where a name must start. The offset is the scope's length if a name is missing at the end.
    pub fn with_scope(self, scope: &'a str) -> Result<Self, InvalidInput> {
        let mut offset = 0_usize;
        for name in scope.as_bytes().split(|&byte| byte == b' ') {
            let run = run(name, is_nqschar);
            if name.is_empty() || run < name.len() {
                return Err(InvalidInput::new(Rule::Nqschars, offset.saturating_add(run)));
            }
            offset = offset.saturating_add(name.len()).saturating_add(1);
        }
        let scope = Some(ParamValue::quoted(scope)?);
        Ok(Self { scope, ..self })
    }

    /// Sets the error, such as [`INVALID_TOKEN`].
    ///
    /// # Errors
    /// Returns [`InvalidInput`] with the first byte that is neither printable ASCII nor a space, or is DQUOTE or a
    /// backslash.
    pub fn with_error(self, error: &'a str) -> Result<Self, InvalidInput> {
        let error = Some(nqschars(error)?);
        Ok(Self { error, ..self })
    }

    /// Sets an explanation of the error for developers.
    ///
    /// # Errors
    /// See [`with_error`](Self::with_error).
    pub fn with_error_description(self, description: &'a str) -> Result<Self, InvalidInput> {
        let error_description = Some(nqschars(description)?);
        Ok(Self {
            error_description,
            ..self
        })
    }

    /// Sets the URI of a page that explains the error.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] with the first byte that is not printable ASCII, or is a space, DQUOTE or a backslash.
    pub fn with_error_uri(self, uri: &'a str) -> Result<Self, InvalidInput> {
        let before_space = uri.as_bytes().split(|&byte| byte == b' ').next().unwrap_or_default();
        check(before_space, is_nqschar, Rule::Nqschars)?;
        if before_space.len() < uri.len() {
            return Err(InvalidInput::new(Rule::Nqschars, before_space.len()));
        }
        let error_uri = Some(ParamValue::quoted(uri)?);
        Ok(Self { error_uri, ..self })
    }

    others!(KNOWN, "RFC 6750");

    /// Reads a challenge of this scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, the challenge is damaged, or a parameter that RFC 6750
    /// defines occurs twice.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        let params = challenge.params_of(Scheme::Bearer)?;
        let mut values = [None; KNOWN.len()];
        let others = params.split(&KNOWN, &mut values)?;
        let [realm, scope, error, error_description, error_uri] = values;
        Ok(Self {
            realm,
            scope,
            error,
            error_description,
            error_uri,
            others,
        })
    }

    /// Returns the realm.
    #[must_use]
    pub const fn realm(&self) -> Option<ParamValue<'a>> {
        self.realm
    }

    /// Returns the required scope.
    #[must_use]
    pub const fn scope(&self) -> Option<ParamValue<'a>> {
        self.scope
    }

    /// Returns an iterator over the names in the scope. It is empty if the scope contains escapes or is not UTF-8, which RFC 6750
    /// does not allow.
    #[must_use]
    pub fn scope_tokens(&self) -> SplitAsciiWhitespace<'a> {
        let scope = self.scope.and_then(|scope| scope.to_str());
        scope.unwrap_or_default().split_ascii_whitespace()
    }

    /// Returns the error of the last request, such as [`INVALID_TOKEN`], or `None` if the request had no token.
    #[must_use]
    pub const fn error(&self) -> Option<ParamValue<'a>> {
        self.error
    }

    /// Returns the explanation of the error for developers.
    #[must_use]
    pub const fn error_description(&self) -> Option<ParamValue<'a>> {
        self.error_description
    }

    /// Returns the URI of a page that explains the error.
    #[must_use]
    pub const fn error_uri(&self) -> Option<ParamValue<'a>> {
        self.error_uri
    }
}

// NQSCHAR = %x20-21 / %x23-5B / %x5D-7E (RFC 6749, A)
const fn is_nqschar(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

/// Checks the characters of an error or its description (RFC 6750, section 3).
fn nqschars(text: &str) -> Result<ParamValue<'_>, InvalidInput> {
    check(text.as_bytes(), is_nqschar, Rule::Nqschars)?;
    ParamValue::quoted(text)
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Bearer.token());
        out.quoted_if(token!("realm"), self.realm);
        out.quoted_if(token!("scope"), self.scope);
        out.quoted_if(token!("error"), self.error);
        out.quoted_if(token!("error_description"), self.error_description);
        out.quoted_if(token!("error_uri"), self.error_uri);
        self.others.encode_to(out);
    }
}

impl EncodeChallenge for Challenge<'_> {}

/// Credentials of Bearer: a token.
///
/// `Debug` writes `[redacted]`; `Display` writes the credentials.
///
/// See [RFC 6750, section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1), and the [module documentation](self) for
/// an example.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    token: Token68<'a>,
}

impl<'a> Credentials<'a> {
    /// Creates credentials from a token.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `token` is not a token68.
    pub fn new<T: AsRef<[u8]> + ?Sized>(token: &'a T) -> Result<Self, InvalidInput> {
        let token = Token68::new(token)?;
        Ok(Self { token })
    }

    /// Reads credentials of this scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, or there is no token68.
    pub fn read(credentials: &crate::Credentials<'a>) -> Result<Self, SchemeError> {
        let token = credentials.token68_of(Scheme::Bearer)?;
        Ok(Self { token })
    }

    /// Returns the token.
    #[must_use]
    pub const fn token(&self) -> Token68<'a> {
        self.token
    }

    /// Checks that the token equals `token`.
    ///
    /// The time depends on the lengths, not on the bytes.
    #[must_use]
    pub fn verify<T: AsRef<[u8]> + ?Sized>(&self, token: &T) -> bool {
        self.token.as_bytes().ct_eq(token.as_ref()).into()
    }
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Bearer.token());
        out.token68(self.token);
    }
}

impl_encode!(Challenge, Credentials);
