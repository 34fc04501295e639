//! Basic: a user-id and a password in base64 ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
//!
//! ```
//! use proxy_auth::{Challenges, Credentials, Encode, basic};
//!
//! // A proxy asks,
//! let challenge = basic::Challenge::new("WallyWorld")?.with_utf8();
//! let field_value = challenge.to_string();
//! assert_eq!(field_value, r#"Basic realm="WallyWorld", charset="UTF-8""#);
//!
//! // a client answers,
//! let challenge = Challenges::new(&field_value).next().unwrap()?;
//! assert_eq!(basic::Challenge::read(&challenge)?.realm(), "WallyWorld");
//! let mut buffer = [0; 64];
//! let field_value = basic::Credentials::new("Aladdin", "open sesame")?.encode(&mut buffer)?;
//! assert_eq!(field_value, b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
//!
//! // and the proxy checks.
//! let credentials = Credentials::parse(field_value)?;
//! let mut buffer = [0; 64];
//! let credentials = basic::Credentials::decode(&credentials, &mut buffer)?;
//! assert!(credentials.verify("Aladdin", "open sesame"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::str::Utf8Error;

use subtle::{Choice, ConstantTimeEq};

use crate::encode::{EncodeChallenge, EncodeTo, Encoder, impl_encode};
use crate::error::{InvalidInput, Rule, SchemeError};
use crate::fields::{ParamValue, Params, Scheme};
use crate::redact::redact;
use crate::schemes::user_id::{check_password, check_user_id, user_id_len};
use crate::token;

/// The parameters that RFC 7617 defines.
const KNOWN: [&str; 2] = ["realm", "charset"];

/// A challenge of Basic: a realm, and optionally the encoding UTF-8 for the user-id and the password.
///
/// See [RFC 7617, sections 2 and 2.1](https://www.rfc-editor.org/rfc/rfc7617#section-2), and the
/// [module documentation](self) for an example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Challenge<'a> {
    realm: Option<ParamValue<'a>>,
    utf8: bool,
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
            utf8: false,
            others: Params::EMPTY,
        }
    }

    /// Adds `charset="UTF-8"`: the client should encode the user-id and the password in UTF-8.
    #[must_use]
    pub const fn with_utf8(self) -> Self {
        Self { utf8: true, ..self }
    }

    others!(KNOWN, "RFC 7617");

    /// Reads a challenge of this scheme.
    ///
    /// If the challenge was read [leniently](crate::Challenges::lenient), the realm may be missing, since real proxies send
    /// `Basic` alone, and [damage](crate::Challenge::damage) is not an error, since credentials depend on no parameter.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, the realm is missing, or there are two realms or charsets.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        Scheme::Basic.must_be(challenge.scheme_name())?;
        let mut values = [None; KNOWN.len()];
        let others = challenge.params().split(&KNOWN, &mut values)?;
        let [realm, charset] = values;
        if realm.is_none() && !challenge.is_lenient() {
            return Err(SchemeError::Missing { param: "realm" });
        }
        Ok(Self {
            realm,
            // No other charset is defined, and the parameter is advisory.
            utf8: charset.is_some_and(|charset| charset.eq_ignore_ascii_case("UTF-8")),
            others,
        })
    }

    /// Returns the realm, for which the user-id and the password are valid, or an empty value if there is
    /// [none](Self::has_realm).
    #[must_use]
    pub fn realm(&self) -> ParamValue<'a> {
        self.realm.unwrap_or(ParamValue::text(b""))
    }

    /// Returns `true` if there is a realm. Only a challenge that was read [leniently](crate::Challenges::lenient) can lack it.
    #[must_use]
    pub const fn has_realm(&self) -> bool {
        self.realm.is_some()
    }

    /// Returns `true` if the proxy expects the user-id and the password in UTF-8. Otherwise their encoding is unspecified.
    #[must_use]
    pub const fn is_utf8(&self) -> bool {
        self.utf8
    }
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Basic.token());
        out.quoted(token!("realm"), self.realm());
        if self.utf8 {
            out.quoted(token!("charset"), ParamValue::text(b"UTF-8"));
        }
        self.others.encode_to(out);
    }
}

impl EncodeChallenge for Challenge<'_> {}

/// Credentials of Basic: a user-id and a password.
///
/// Decoded credentials point into the caller's buffer. The caller should clear it after use. With the feature `zeroize`, a
/// `proxy_auth::zeroize::Zeroizing<[u8; N]>` is a buffer that clears itself.
///
/// Both are bytes, in UTF-8 if the challenge [says so](Challenge::is_utf8), otherwise in an unspecified encoding. Either may
/// be empty. `Debug` writes `[redacted]`; `Display` writes the credentials.
///
/// See [RFC 7617, section 2](https://www.rfc-editor.org/rfc/rfc7617#section-2), and the [module documentation](self) for an
/// example.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    user_id: &'a [u8],
    password: &'a [u8],
}

impl<'a> Credentials<'a> {
    /// Creates credentials from a user-id and a password.
    ///
    /// # Errors
    /// Returns [`InvalidInput`], with the offset, if either contains a control character, or the user-id contains a
    /// colon.
    pub fn new<U, P>(user_id: &'a U, password: &'a P) -> Result<Self, InvalidInput>
    where
        U: AsRef<[u8]> + ?Sized,
        P: AsRef<[u8]> + ?Sized,
    {
        let (user_id, password) = (user_id.as_ref(), password.as_ref());
        check_user_id(user_id)?;
        check_password(password)?;
        Ok(Self { user_id, password })
    }

    /// Decodes credentials of this scheme to `buffer`. A buffer of three quarters of the token68's length is large enough. All
    /// of `buffer` may be overwritten.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if the scheme is another one, there is no token68, it is not valid base64, `buffer` is
    /// too small (the error holds the needed length), or the decoded text has no colon or contains a control character.
    /// On error, the contents of `buffer` are unspecified.
    pub fn decode(credentials: &crate::Credentials<'_>, buffer: &'a mut [u8]) -> Result<Self, SchemeError> {
        Self::read(credentials.token68_of(Scheme::Basic)?.decode_base64(buffer)?)
    }

    /// Decodes credentials like [`decode`](Self::decode), but also accepts base64 without padding, and base64 whose unused bits
    /// are not zero.
    ///
    /// # Errors
    /// See [`decode`](Self::decode).
    pub fn decode_lenient(credentials: &crate::Credentials<'_>, buffer: &'a mut [u8]) -> Result<Self, SchemeError> {
        Self::read(credentials.token68_of(Scheme::Basic)?.decode_base64_lenient(buffer)?)
    }

    /// Reads `user-id ":" password`.
    fn read(user_pass: &'a [u8]) -> Result<Self, SchemeError> {
        // The first colon separates them: a password may contain colons, a user-id may not.
        match user_pass.split_at_checked(user_id_len(user_pass)) {
            Some((user_id, [b':', password @ ..])) => {
                check_password(password)?;
                Ok(Self { user_id, password })
            }
            Some((_, rest)) if rest.contains(&b':') => Err(SchemeError::InvalidContent { rule: Rule::UserId }),
            _ => Err(SchemeError::InvalidContent { rule: Rule::UserPass }),
        }
    }

    /// Returns the user-id.
    #[must_use]
    pub const fn user_id(&self) -> &'a [u8] {
        self.user_id
    }

    /// Returns the user-id as text.
    ///
    /// # Errors
    /// Returns [`Utf8Error`] if the user-id is not UTF-8.
    pub const fn user_id_str(&self) -> Result<&'a str, Utf8Error> {
        core::str::from_utf8(self.user_id)
    }

    /// Returns the password.
    #[must_use]
    pub const fn password(&self) -> &'a [u8] {
        self.password
    }

    /// Checks that the credentials equal `user_id` and `password`.
    ///
    /// This is a primitive. Prefer [`Gate`](crate::Gate).
    ///
    /// The time depends on the lengths, not on the bytes. The password is compared even if the user-id differs.
    #[must_use]
    pub fn verify<U, P>(&self, user_id: &U, password: &P) -> bool
    where
        U: AsRef<[u8]> + ?Sized,
        P: AsRef<[u8]> + ?Sized,
    {
        let equal = self.user_id.ct_eq(user_id.as_ref()) & self.password.ct_eq(password.as_ref());
        equal.into()
    }

    /// Checks that the password equals `password`, for a proxy that looks the user up by the [user-id](Self::user_id).
    ///
    /// This is a primitive. Prefer [`Gate`](crate::Gate).
    ///
    /// The time depends on the lengths, not on the bytes.
    #[must_use]
    pub fn verify_password<P: AsRef<[u8]> + ?Sized>(&self, password: &P) -> bool {
        self.password.ct_eq(password.as_ref()).into()
    }

    /// Checks that the credentials equal `user_id` and `password`, both in UTF-8 or both in ISO-8859-1.
    ///
    /// This is a primitive. Prefer [`Gate`](crate::Gate).
    ///
    /// Python's requests, urllib3 and aiohttp send ISO-8859-1, regardless of the charset in the challenge. curl, browsers and
    /// others send UTF-8. Both encodings are always compared. The time depends on the lengths and on the encoding of `user_id`
    /// and `password`, not on the bytes that the client sent.
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::basic::Credentials;
    ///
    /// let sent = Credentials::new(b"J\xE4s\xF8n", b"\xA3")?;
    /// assert!(sent.verify_utf8_or_latin1("Jäsøn", "£"));
    /// assert!(!sent.verify("Jäsøn", "£"));
    /// # Ok::<(), proxy_auth::InvalidInput>(())
    /// ```
    #[must_use]
    pub fn verify_utf8_or_latin1(&self, user_id: &str, password: &str) -> bool {
        let utf8 = self.user_id.ct_eq(user_id.as_bytes()) & self.password.ct_eq(password.as_bytes());
        let latin1 = is_latin1_of(self.user_id, user_id) & is_latin1_of(self.password, password);
        (utf8 | latin1).into()
    }

    /// Checks that the password equals `password`, in UTF-8 or in ISO-8859-1, for a proxy that looks the user up by the
    /// [user-id](Self::user_id).
    ///
    /// This is a primitive. Prefer [`Gate`](crate::Gate).
    ///
    /// See [`verify_utf8_or_latin1`](Self::verify_utf8_or_latin1) for the reason and the time.
    #[must_use]
    pub fn verify_password_utf8_or_latin1(&self, password: &str) -> bool {
        (self.password.ct_eq(password.as_bytes()) | is_latin1_of(self.password, password)).into()
    }
}

impl Credentials<'_> {
    /// Checks that the user-id is `name`, in the same bytes, or in ISO-8859-1 if the name is UTF-8.
    pub(crate) fn is_named(&self, name: &[u8]) -> bool {
        let text = core::str::from_utf8(name);
        self.user_id == name || text.is_ok_and(|text| is_latin1_of(self.user_id, text).into())
    }
}

/// Checks that `bytes` are `text` in ISO-8859-1, where each byte is the code point of its character.
pub(crate) fn is_latin1_of(bytes: &[u8], text: &str) -> Choice {
    is_equal(bytes, text.chars().map(u32::from))
}

/// Compares `sent` with `expected`. The time depends on the length of `sent` alone.
pub(crate) fn is_equal(sent: &[u8], expected: impl Iterator<Item = u32>) -> Choice {
    let mut expected = expected.fuse();
    let mut is_equal = Choice::from(1);
    for &byte in sent {
        // No byte equals `u32::MAX`, so the end of `expected` is a difference.
        is_equal &= u32::from(byte).ct_eq(&expected.next().unwrap_or(u32::MAX));
    }
    is_equal & Choice::from(u8::from(expected.next().is_none()))
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Basic.token());
        out.base64(&[self.user_id, b":", self.password]);
    }
}

impl_encode!(Challenge, Credentials);
redact!(Credentials<'_>);
