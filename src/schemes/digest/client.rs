//! The client's side: answers to a challenge.

use core::fmt;

use super::compute::{A1, PasswordHash, userhash_for};
use super::hash::HexHash;
use super::request::Request;
use super::{Challenge, Credentials, Info, Qop, QopOptions, Username};
use crate::encode::{EncodeTo, Encoder, display_encoded};
use crate::error::SchemeError;
use crate::param::{ParamValue, Params};

/// Answers a challenge, and counts how often its nonce was used.
///
/// It lives as long as its challenge is good. On a new 407 make a new one; if that challenge
/// [is stale](Challenge::is_stale), the user need not be asked again.
///
/// ```
/// use proxy_auth::digest::{Challenge, Client, Request, Username};
///
/// // RFC 2617, section 3.5, of which RFC 7616 keeps the computation.
/// let challenge = proxy_auth::Challenges::new(concat!(
///     r#"Digest realm="testrealm@host.com", qop="auth,auth-int", "#,
///     r#"nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41""#,
/// )).next().unwrap()?;
/// let challenge = Challenge::read(&challenge)?;
///
/// let mut client = Client::new(&challenge, Username::new("Mufasa")?, "Circle Of Life", "0a4f113b")?;
/// let answer = client.answer(Request::new("GET", "/dir/index.html")?);
/// assert_eq!(answer.credentials().response(), "6629fae49393a05397450978507c4ef1");
/// assert_eq!(answer.credentials().nc(), Some(1));
/// let field_value = answer.to_string();
/// assert!(field_value.starts_with(r#"Digest username="Mufasa", realm="testrealm@host.com", "#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client<'a> {
    challenge: Challenge<'a>,
    username: Username<'a>,
    /// The name as it is sent, if it is sent hashed.
    userhash: Option<HexHash>,
    a1: A1,
    nonce: ParamValue<'a>,
    cnonce: ParamValue<'a>,
    qop: Option<Qop>,
    nc: u32,
}

impl<'a> Client<'a> {
    /// Creates a client that answers `challenge`.
    ///
    /// `cnonce` is text that the proxy cannot foresee, of 128 bits or more from a random source: this crate has none. The
    /// name is sent hashed if the challenge [takes it so](Challenge::is_userhash).
    ///
    /// # Errors
    /// [`SchemeError::Missing`] if the challenge has no `qop`: see [`new_allowing_rfc2069`](Self::new_allowing_rfc2069).
    /// [`SchemeError::Invalid`] if `cnonce` is empty, or no quoted-string can carry it.
    pub fn new<P, C>(
        challenge: &Challenge<'a>,
        username: Username<'a>,
        password: &P,
        cnonce: &'a C,
    ) -> Result<Self, SchemeError>
    where
        P: AsRef<[u8]> + ?Sized,
        C: AsRef<[u8]> + ?Sized,
    {
        challenge.qop().ok_or(SchemeError::Missing { param: "qop" })?;
        Self::new_allowing_rfc2069(challenge, username, password, cnonce)
    }

    /// Creates a client that answers `challenge` even if it has no `qop`, in the form of RFC 2069.
    ///
    /// Such an answer holds nothing that the client chose, so whoever chooses the nonce can look the password up in tables that
    /// were computed before ([RFC 7616, section 5.8](https://www.rfc-editor.org/rfc/rfc7616#section-5.8)); and the proxy cannot
    /// [prove](Self::verify) that it knows the password.
    ///
    /// # Errors
    /// As of [`new`](Self::new), but for the missing `qop`. [`SchemeError::Invalid`] also if the nonce holds a colon and there is
    /// no `qop`: with the nonce `n:00000001:c:auth` the answer would be that to the nonce `n` with `qop=auth`.
    pub fn new_allowing_rfc2069<P, C>(
        challenge: &Challenge<'a>,
        username: Username<'a>,
        password: &P,
        cnonce: &'a C,
    ) -> Result<Self, SchemeError>
    where
        P: AsRef<[u8]> + ?Sized,
        C: AsRef<[u8]> + ?Sized,
    {
        let invalid = |offset| SchemeError::Invalid {
            param: "cnonce",
            offset,
        };
        let auth_if_offered = |qop: QopOptions| if qop.has(Qop::Auth) { Qop::Auth } else { Qop::AuthInt };
        let nonce = challenge.nonce();
        let cnonce = ParamValue::quoted(cnonce).map_err(|error| invalid(error.offset()))?;
        if cnonce.is_empty() {
            return Err(invalid(0));
        }
        if challenge.qop().is_none() && has_colon(nonce) {
            return Err(nonce.invalid("nonce"));
        }
        let session = challenge.algorithm().is_session().then_some((nonce, cnonce));
        Ok(Self {
            challenge: *challenge,
            username,
            userhash: challenge.is_userhash().then(|| userhash_for(challenge, username)),
            a1: PasswordHash::for_challenge(challenge, username, password.as_ref()).a1(session),
            nonce,
            cnonce,
            qop: challenge.qop().map(auth_if_offered),
            nc: 0,
        })
    }

    /// Protects the content of requests, too, if the challenge offers that.
    ///
    /// Without this, the client does so only if the challenge offers nothing else.
    #[must_use]
    pub fn with_auth_int(self) -> Self {
        let offered = self.challenge.qop().is_some_and(|qop| qop.has(Qop::AuthInt));
        Self {
            qop: if offered { Some(Qop::AuthInt) } else { self.qop },
            ..self
        }
    }

    /// Goes on with the nonce that the proxy named in Proxy-Authentication-Info.
    ///
    /// With a session key (`-sess`), goes on with the present nonce instead. The key is that of the first nonce (RFC 7616, section
    /// 3.4.2), which answers with another nonce do not hold, so a verifier that stores nothing about sessions would take them for
    /// wrong. When the present nonce is too old, the proxy says so with a challenge that is [stale](Challenge::is_stale).
    /// Without `qop`, a nonce with a colon is ignored, too: see [`new_allowing_rfc2069`](Self::new_allowing_rfc2069).
    #[must_use]
    pub fn with_nextnonce(self, nonce: ParamValue<'a>) -> Self {
        if self.challenge.algorithm().is_session() || self.qop.is_none() && has_colon(nonce) {
            return self;
        }
        Self { nonce, nc: 0, ..self }
    }

    /// Returns the nonce that the next answer is for.
    #[must_use]
    pub const fn nonce(&self) -> ParamValue<'a> {
        self.nonce
    }

    /// Returns how many answers were given for this nonce.
    #[must_use]
    pub const fn nc(&self) -> u32 {
        self.nc
    }

    /// Returns the answer for a request: the value of Proxy-Authorization.
    #[must_use]
    pub fn answer<'r>(&mut self, request: Request<'r>) -> Answer<'r>
    where
        'a: 'r,
    {
        self.nc = self.nc.saturating_add(1);
        let with_cnonce = self.qop.is_some() || self.challenge.algorithm().is_session();
        let mut answer = Answer {
            credentials: Credentials {
                username: self.username,
                realm: self.challenge.realm(),
                nonce: self.nonce,
                uri: request.uri,
                response: ParamValue::text(b""),
                cnonce: with_cnonce.then_some(self.cnonce),
                opaque: self.challenge.opaque(),
                algorithm: self.challenge.algorithm,
                qop: self.qop,
                nc: self.qop.map(|_| self.nc),
                userhash: self.userhash.is_some(),
                others: Params::EMPTY,
            },
            userhash: self.userhash.clone(),
            response: HexHash::EMPTY,
        };
        answer.response = self.a1.response(&answer.credentials, &request);
        answer
    }

    /// Checks that the proxy, too, knows the password: that `info`, from the response to the request that `answer` was for,
    /// holds the proof for `content`, the content of that response.
    ///
    /// Returns `false` if there is no `rspauth`, or if the answer had no `qop`: its proof would be that of any other answer for
    /// the same target.
    #[must_use]
    pub fn verify(&self, answer: &Answer<'_>, info: &Info<'_>, content: &[u8]) -> bool {
        let credentials = answer.credentials();
        let rspauth = self.a1.rspauth(&credentials, content);
        credentials.qop().is_some()
            && info.rspauth().is_some_and(|value| rspauth.is(value))
            && info.cnonce() == credentials.cnonce()
            && info.qop() == credentials.qop()
            && info.nc() == credentials.nc()
    }
}

fn has_colon(nonce: ParamValue<'_>) -> bool {
    nonce.unescaped().any(|byte| byte == b':')
}

impl fmt::Debug for Client<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("challenge", &self.challenge)
            .field("nc", &self.nc)
            .finish_non_exhaustive()
    }
}

/// An answer to a challenge: [`Credentials`], and what they point to.
#[derive(Clone)]
pub struct Answer<'a> {
    /// All but the name, if it is hashed, and the proof.
    credentials: Credentials<'a>,
    userhash: Option<HexHash>,
    response: HexHash,
}

impl Answer<'_> {
    /// The credentials, to be looked at or written.
    #[must_use]
    pub fn credentials(&self) -> Credentials<'_> {
        let userhash = self
            .userhash
            .as_ref()
            .map(|userhash| Username::hashed(userhash.as_bytes()));
        Credentials {
            username: userhash.unwrap_or(self.credentials.username),
            response: ParamValue::text(self.response.as_bytes()),
            ..self.credentials
        }
    }
}

impl EncodeTo for Answer<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        self.credentials().encode_to(out);
    }
}

display_encoded!(Answer);

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer([redacted])")
    }
}
