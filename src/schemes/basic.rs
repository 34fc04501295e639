//! Basic: a user-id and a password in base64 ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
//!
//! ```
//! use proxy_auth::{Challenges, Credentials, Encode, basic};
//!
//! // A proxy asks,
//! let challenge = basic::Challenge::new("WallyWorld")?.utf8();
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

use core::fmt;
use core::str::Utf8Error;

use subtle::{Choice, ConstantTimeEq};

use crate::encode::{EncodeChallenge, EncodeTo, Encoder, display_encoded};
use crate::error::{InvalidInput, Rule, SchemeError};
use crate::param::{ParamValue, Params};
use crate::scheme::Scheme;
use crate::syntax::Class;
use crate::token;
use crate::token68::Token68;

/// The parameters that RFC 7617 defines.
const KNOWN: [&str; 2] = ["realm", "charset"];

/// What a proxy asks with: a realm, and whether it takes the user-id and the password for UTF-8.
///
/// ([RFC 7617, sections 2 and 2.1](https://www.rfc-editor.org/rfc/rfc7617#section-2))
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Challenge<'a> {
    realm: Option<ParamValue<'a>>,
    utf8: bool,
    others: Params<'a>,
}

impl<'a> Challenge<'a> {
    /// A challenge for that realm.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry `realm`.
    pub fn new<T: AsRef<[u8]> + ?Sized>(realm: &'a T) -> Result<Self, InvalidInput> {
        Ok(Self {
            realm: Some(ParamValue::quoted(realm)?),
            utf8: false,
            others: Params::new(&[]),
        })
    }

    /// The same challenge with `charset="UTF-8"`: the client shall encode user-id and password so.
    #[must_use]
    pub const fn utf8(self) -> Self {
        Self { utf8: true, ..self }
    }

    /// The same challenge with further parameters; those of the names `realm` and `charset` are left out.
    #[must_use]
    pub fn with_others(self, others: Params<'a>) -> Self {
        Self {
            others: others.without(&KNOWN),
            ..self
        }
    }

    /// Reads a challenge of this scheme.
    ///
    /// In a challenge that was read [leniently](crate::Challenges::lenient) the realm may be missing, since real proxies send
    /// `Basic` alone, and [damage](crate::Challenge::damage) is no error: credentials depend on no parameter.
    ///
    /// # Errors
    /// [`SchemeError`] if the scheme is another one, there is no realm, or there are two realms or charsets.
    pub fn read(challenge: &crate::Challenge<'a>) -> Result<Self, SchemeError> {
        Scheme::Basic.must_be(challenge.scheme_name())?;
        let [realm, charset] = challenge.params().once(KNOWN)?;
        if realm.is_none() && !challenge.is_lenient() {
            return Err(SchemeError::Missing { param: "realm" });
        }
        Ok(Self {
            realm,
            // Any other charset is not defined, and the parameter is advisory.
            utf8: charset.is_some_and(|charset| charset.eq_ignore_ascii_case("UTF-8")),
            others: challenge.params().without(&KNOWN),
        })
    }

    /// Returns the realm: what the user-id and the password are for. It is empty if there is [none](Self::has_realm).
    #[must_use]
    pub fn realm(&self) -> ParamValue<'a> {
        self.realm.unwrap_or(ParamValue::text(b""))
    }

    /// Checks that there is a realm. Only a challenge that was read [leniently](crate::Challenges::lenient) can lack it.
    #[must_use]
    pub const fn has_realm(&self) -> bool {
        self.realm.is_some()
    }

    /// Whether the proxy takes user-id and password for UTF-8; otherwise nobody knows their encoding.
    #[must_use]
    pub const fn is_utf8(&self) -> bool {
        self.utf8
    }

    /// The parameters that RFC 7617 does not define.
    #[must_use]
    pub const fn others(&self) -> Params<'a> {
        self.others
    }
}

impl EncodeTo for Challenge<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Basic);
        out.param_if(token!("realm"), Some(self.realm().to_quoted()));
        let charset = ParamValue::from(token!("UTF-8")).to_quoted();
        out.param_if(token!("charset"), self.utf8.then_some(charset));
        self.others.encode_to(out);
    }
}

impl EncodeChallenge for Challenge<'_> {}

/// What a client answers with: a user-id and a password.
///
/// They point into the buffer they were decoded to, which is the caller's to clear; with the feature `zeroize`, a
/// `proxy_auth::zeroize::Zeroizing<[u8; N]>` is a buffer that clears itself.
///
/// Both are bytes: UTF-8 when the challenge [says so](Challenge::is_utf8), otherwise in an encoding that nobody tells.
/// Either may be empty. `Debug` says `[redacted]`; `Display` writes them.
///
/// ([RFC 7617, section 2](https://www.rfc-editor.org/rfc/rfc7617#section-2))
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    user_id: &'a [u8],
    password: &'a [u8],
}

impl<'a> Credentials<'a> {
    /// Credentials of that user-id and password.
    ///
    /// # Errors
    /// [`InvalidInput`] with the offset of the first control character in either, or colon in the user-id.
    pub fn new<U, P>(user_id: &'a U, password: &'a P) -> Result<Self, InvalidInput>
    where
        U: AsRef<[u8]> + ?Sized,
        P: AsRef<[u8]> + ?Sized,
    {
        let (user_id, password) = (user_id.as_ref(), password.as_ref());
        Class::UserId.check(user_id, Rule::UserId)?;
        Class::Password.check(password, Rule::Password)?;
        Ok(Self { user_id, password })
    }

    /// Decodes credentials of this scheme to `buffer`, for which three quarters of the token68's length are enough.
    /// All of `buffer` may be overwritten.
    ///
    /// # Errors
    /// [`SchemeError`] when the scheme is another one, there is no token68, it is no base64, `buffer` is too small (it says
    /// how much is needed), or what is decoded has no colon, or a control character. The contents of `buffer` are of no use
    /// then.
    pub fn decode(credentials: &crate::Credentials<'_>, buffer: &'a mut [u8]) -> Result<Self, SchemeError> {
        Self::read(token68(credentials)?.decode_base64(buffer)?)
    }

    /// Decodes credentials as [`decode`](Self::decode) does, but takes base64 without padding, and with bits left over.
    ///
    /// # Errors
    /// As of `decode`.
    pub fn decode_lenient(credentials: &crate::Credentials<'_>, buffer: &'a mut [u8]) -> Result<Self, SchemeError> {
        Self::read(token68(credentials)?.decode_base64_lenient(buffer)?)
    }

    /// Reads `user-id ":" password`.
    fn read(user_pass: &'a [u8]) -> Result<Self, SchemeError> {
        // The first colon: a user-id has none, a password may.
        match user_pass.split_at_checked(Class::UserId.run(user_pass)) {
            Some((user_id, [b':', password @ ..])) => {
                Class::Password.check(password, Rule::Password)?;
                Ok(Self { user_id, password })
            }
            Some((_, rest)) if rest.contains(&b':') => Err(SchemeError::InvalidContent { rule: Rule::UserId }),
            _ => Err(SchemeError::InvalidContent { rule: Rule::UserPass }),
        }
    }

    /// The user-id.
    #[must_use]
    pub const fn user_id(&self) -> &'a [u8] {
        self.user_id
    }

    /// The user-id, if it is UTF-8.
    ///
    /// # Errors
    /// [`Utf8Error`] when it is not.
    pub const fn user_id_str(&self) -> Result<&'a str, Utf8Error> {
        core::str::from_utf8(self.user_id)
    }

    /// The password.
    #[must_use]
    pub const fn password(&self) -> &'a [u8] {
        self.password
    }

    /// Checks that these are `user_id` and `password`.
    ///
    /// The time it takes depends on the lengths, not on the bytes; both are compared whatever the outcome of the first.
    #[must_use]
    pub fn verify<U, P>(&self, user_id: &U, password: &P) -> bool
    where
        U: AsRef<[u8]> + ?Sized,
        P: AsRef<[u8]> + ?Sized,
    {
        let same = self.user_id.ct_eq(user_id.as_ref()) & self.password.ct_eq(password.as_ref());
        same.into()
    }

    /// Checks that the password is `password`, for a proxy that looked the user up by the [user-id](Self::user_id).
    ///
    /// The time it takes depends on the lengths, not on the bytes.
    #[must_use]
    pub fn verify_password<P: AsRef<[u8]> + ?Sized>(&self, password: &P) -> bool {
        self.password.ct_eq(password.as_ref()).into()
    }

    /// Checks that these are `user_id` and `password`, both in UTF-8 or both in ISO-8859-1.
    ///
    /// Python's requests, urllib3 and aiohttp send ISO-8859-1, whatever the charset of the challenge says; curl, browsers and
    /// others send UTF-8. Compares both encodings, in a time that depends on the lengths, not on the bytes.
    ///
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

    /// Checks that the password is `password`, in UTF-8 or in ISO-8859-1, for a proxy that looked the user up by the
    /// [user-id](Self::user_id).
    ///
    /// See [`verify_utf8_or_latin1`](Self::verify_utf8_or_latin1).
    #[must_use]
    pub fn verify_password_utf8_or_latin1(&self, password: &str) -> bool {
        (self.password.ct_eq(password.as_bytes()) | is_latin1_of(self.password, password)).into()
    }
}

/// Checks that `bytes` are `text` in ISO-8859-1, of which each byte is the character of the same number.
fn is_latin1_of(bytes: &[u8], text: &str) -> Choice {
    let mut same = bytes.len().ct_eq(&text.chars().count());
    for (&byte, char) in bytes.iter().zip(text.chars()) {
        same &= u32::from(byte).ct_eq(&u32::from(char));
    }
    same
}

fn token68<'a>(credentials: &crate::Credentials<'a>) -> Result<Token68<'a>, SchemeError> {
    Scheme::Basic.must_be(credentials.scheme_name())?;
    credentials.token68().ok_or(SchemeError::MissingToken68)
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Basic);
        out.base64(&[self.user_id, b":", self.password]);
    }
}

display_encoded!(Challenge, Credentials);

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([redacted])")
    }
}
