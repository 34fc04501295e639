//! Answers a challenge, on the client's side.

use core::fmt;

use super::compute::{A1, PasswordHash, userhash_of};
use super::hash::{Hash, HexHash};
use super::login::Login;
use super::{Algorithm, Challenge, Credentials, Info, Qop, QopOptions, Username};
use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::error::SchemeError;
use crate::fields::{ParamValue, Params};
use crate::redact::redact;
use crate::request::Request;

/// Answers a challenge, and counts the uses of its nonce.
///
/// This is a primitive. Prefer [`Session`](crate::Session).
///
/// Create a new client for each 407. If the new challenge [is stale](Challenge::is_stale), the user need not be asked again.
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Challenge, Client, Login, Request, Username};
///
/// // The example of RFC 2617, section 3.5. RFC 7616 keeps its computation.
/// let challenge = proxy_auth::Challenges::new(concat!(
///     r#"Digest realm="testrealm@host.com", qop="auth,auth-int", "#,
///     r#"nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41""#,
/// )).next().unwrap()?;
/// let challenge = Challenge::read(&challenge)?;
///
/// let login = Login::new(Username::new("Mufasa")?, "Circle Of Life");
/// let mut client = Client::new(&challenge, login, "0a4f113b")?;
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
    parts: Parts<'a>,
    keys: Keys,
}

impl<'a> Client<'a> {
    /// Creates a client that answers `challenge`.
    ///
    /// `cnonce` must be text that the proxy cannot predict: at least 128 bits from a random source, which this crate does not
    /// provide. If the challenge [allows it](Challenge::is_userhash), the hash of the name is sent instead of the name.
    ///
    /// # Errors
    /// Returns
    /// - [`SchemeError::Missing`] if the challenge has no `qop`: see [`new_allowing_rfc2069`](Self::new_allowing_rfc2069);
    /// - [`SchemeError::Invalid`] if `cnonce` is empty, or contains a control character other than HTAB.
    pub fn new<C>(challenge: &Challenge<'a>, login: Login<'a>, cnonce: &'a C) -> Result<Self, SchemeError>
    where
        C: AsRef<[u8]> + ?Sized,
    {
        challenge.qop().ok_or(SchemeError::Missing { param: "qop" })?;
        Self::new_allowing_rfc2069(challenge, login, cnonce)
    }

    /// Creates a client that answers `challenge` even if it has no `qop`, in the form of RFC 2069.
    ///
    /// Such an answer contains nothing that the client chose. An attacker who chooses the nonce can therefore look the password up
    /// in precomputed tables ([RFC 7616, section 5.8](https://www.rfc-editor.org/rfc/rfc7616#section-5.8)). The proxy cannot
    /// [prove](Self::verify) that it knows the password.
    ///
    /// # Errors
    /// See [`new`](Self::new), except that `qop` may be missing. Also returns [`SchemeError::Invalid`] if there is no `qop` and the
    /// nonce contains a colon. The answer to the nonce `n:00000001:c:auth` would equal the answer to the nonce `n` with
    /// `qop=auth`.
    pub fn new_allowing_rfc2069<C>(
        challenge: &Challenge<'a>,
        login: Login<'a>,
        cnonce: &'a C,
    ) -> Result<Self, SchemeError>
    where
        C: AsRef<[u8]> + ?Sized,
    {
        let invalid = |offset| SchemeError::Invalid {
            param: "cnonce",
            offset,
        };
        let cnonce = ParamValue::quoted(cnonce).map_err(|error| invalid(error.offset()))?;
        if cnonce.is_empty() {
            return Err(invalid(0));
        }
        let parts = Parts {
            username: login.username,
            realm: challenge.realm(),
            nonce: challenge.nonce(),
            opaque: challenge.opaque(),
            algorithm: challenge.algorithm,
            cnonce,
            qop: answered_qop(challenge)?,
            nc: 0,
        };
        Ok(Self {
            challenge: *challenge,
            keys: Keys::new(&parts, login.password, challenge.is_userhash()),
            parts,
        })
    }

    /// Also protects the content of requests (`auth-int`), if the challenge offers it.
    ///
    /// By default, the client protects content only if the challenge offers nothing else.
    #[must_use]
    pub fn with_auth_int(mut self) -> Self {
        if self.challenge.qop().is_some_and(|qop| qop.has(Qop::AuthInt)) {
            self.parts.qop = Some(Qop::AuthInt);
        }
        self
    }

    /// Continues with the nonce that the proxy named in Proxy-Authentication-Info.
    ///
    /// If the algorithm has a session key (`-sess`), this has no effect: the client continues with the current nonce. The key is
    /// computed from the first nonce ([RFC 7616, section 3.4.2](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.2)). Answers
    /// with another nonce do not contain the first one, so a verifier that stores nothing about sessions would reject them. When
    /// the current nonce is too old, the proxy sends a [stale](Challenge::is_stale) challenge.
    ///
    /// Without `qop`, a nonce with a colon has no effect either: see [`new_allowing_rfc2069`](Self::new_allowing_rfc2069).
    #[must_use]
    pub fn with_nextnonce(mut self, nonce: ParamValue<'a>) -> Self {
        if can_continue(self.challenge.algorithm(), self.parts.qop, nonce) {
            self.parts.nonce = nonce;
            self.parts.nc = 0;
        }
        self
    }

    /// Returns the nonce of the next answer.
    #[must_use]
    pub const fn nonce(&self) -> ParamValue<'a> {
        self.parts.nonce
    }

    /// Returns the number of answers given for this nonce.
    #[must_use]
    pub const fn nc(&self) -> u32 {
        self.parts.nc
    }

    /// Computes the answer for a request: the value of Proxy-Authorization.
    #[must_use]
    pub fn answer<'r>(&mut self, request: Request<'r>) -> Answer<'r>
    where
        'a: 'r,
    {
        self.parts.nc = self.parts.nc.saturating_add(1);
        Answer {
            signed: self.keys.answer(self.parts, &request),
            userhash: self.keys.userhash.clone(),
        }
    }

    /// Checks the proof that the proxy also knows the password.
    ///
    /// `answer` is the answer that was sent. `info` is the value of Proxy-Authentication-Info in the response to it, and `content`
    /// is the content of that response.
    ///
    /// Returns `false` if there is no `rspauth`, or if the answer had no `qop`. Without `qop`, all answers with the same nonce and
    /// target would have the same proof.
    #[must_use]
    pub fn verify(&self, answer: &Answer<'_>, info: &Info<'_>, content: &[u8]) -> bool {
        let credentials = answer.credentials();
        let rspauth = self.keys.rspauth(&answer.signed, content);
        credentials.qop().is_some()
            && info.rspauth().is_some_and(|value| rspauth.is(value))
            && info.cnonce() == credentials.cnonce()
            && info.qop() == credentials.qop()
            && info.nc() == credentials.nc()
    }
}

/// Chooses the quality of protection: `auth` if the challenge offers it; `None` in the form of RFC 2069.
///
/// # Errors
/// [`SchemeError::Invalid`] if there is no `qop` and the nonce contains a colon: see [`Client::new_allowing_rfc2069`].
pub(crate) fn answered_qop(challenge: &Challenge<'_>) -> Result<Option<Qop>, SchemeError> {
    let auth_if_offered = |qop: QopOptions| if qop.has(Qop::Auth) { Qop::Auth } else { Qop::AuthInt };
    match challenge.qop() {
        None if has_colon(challenge.nonce()) => Err(challenge.nonce().invalid("nonce")),
        qop => Ok(qop.map(auth_if_offered)),
    }
}

/// Checks that a client can continue with the next nonce that a proxy named: see [`Client::with_nextnonce`].
pub(crate) fn can_continue(algorithm: Algorithm, qop: Option<Qop>, nonce: ParamValue<'_>) -> bool {
    !algorithm.is_session() && (qop.is_some() || !has_colon(nonce))
}

fn has_colon(nonce: ParamValue<'_>) -> bool {
    nonce.unescaped().any(|byte| byte == b':')
}

/// The parts of an answer that do not depend on the request.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) username: Username<'a>,
    pub(crate) realm: ParamValue<'a>,
    pub(crate) nonce: ParamValue<'a>,
    pub(crate) opaque: Option<ParamValue<'a>>,
    /// The parameter of the challenge, if it is present.
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) cnonce: ParamValue<'a>,
    pub(crate) qop: Option<Qop>,
    pub(crate) nc: u32,
}

impl<'a> Parts<'a> {
    fn credentials<'r>(&self, uri: &'r [u8], response: &'r [u8], is_userhash: bool) -> Credentials<'r>
    where
        'a: 'r,
    {
        let has_cnonce = self.qop.is_some() || self.algorithm.is_some_and(Algorithm::is_session);
        Credentials {
            username: self.username,
            realm: self.realm,
            nonce: self.nonce,
            uri: ParamValue::text(uri),
            response: ParamValue::text(response),
            cnonce: has_cnonce.then_some(self.cnonce),
            opaque: self.opaque,
            algorithm: self.algorithm,
            qop: self.qop,
            nc: self.qop.map(|_| self.nc),
            userhash: is_userhash,
            others: Params::EMPTY,
        }
    }
}

/// The hashes of a login for a challenge, which do not depend on the request.
#[derive(Clone)]
pub(crate) struct Keys {
    /// The hash of the name, if the client sends that.
    userhash: Option<HexHash>,
    a1: A1,
}

impl Keys {
    /// Computes the hashes. `parts` must hold the first nonces of the session, if the algorithm has a session key.
    #[inline(never)]
    pub(crate) fn new(parts: &Parts<'_>, password: &[u8], sends_userhash: bool) -> Self {
        let algorithm = parts.algorithm.unwrap_or_default();
        let login = Login::new(parts.username, password);
        let session = algorithm.is_session().then_some((parts.nonce, parts.cnonce));
        Self {
            userhash: sends_userhash.then(|| userhash_of(algorithm, parts.username.bytes(), parts.realm)),
            a1: PasswordHash::of(algorithm, login, parts.realm).into_a1(session),
        }
    }

    /// Returns the hash of the name, if the client sends that.
    pub(crate) fn userhash(&self) -> Option<Username<'_>> {
        let userhash = self.userhash.as_ref();
        userhash.map(|userhash| Username::from_checked(userhash.as_bytes()))
    }

    /// Computes the answer for a request. If the client sends the hash of the name, that is the name in `parts`.
    #[inline(never)]
    pub(crate) fn answer<'r>(&self, parts: Parts<'r>, request: &Request<'r>) -> Signed<'r> {
        let uri = request.target().as_bytes();
        let is_userhash = self.userhash.is_some();
        let response = self
            .a1
            .response(&parts.credentials(uri, b"", is_userhash), request)
            .to_hex();
        Signed {
            parts,
            uri,
            is_userhash,
            response,
        }
    }

    /// Computes the proof in a response with the given content to an answer.
    #[inline(never)]
    pub(crate) fn rspauth(&self, answer: &Signed<'_>, content: &[u8]) -> Hash {
        self.a1.rspauth(&answer.credentials(), content)
    }
}

/// An answer that points to its data, except for the proof.
#[derive(Clone)]
pub(crate) struct Signed<'a> {
    parts: Parts<'a>,
    uri: &'a [u8],
    is_userhash: bool,
    response: HexHash,
}

impl EncodeTo for Signed<'_> {
    #[inline(never)]
    fn encode_to(&self, out: &mut Encoder<'_>) {
        self.credentials().encode_to(out);
    }
}

impl Signed<'_> {
    fn credentials(&self) -> Credentials<'_> {
        self.parts
            .credentials(self.uri, self.response.as_bytes(), self.is_userhash)
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.parts.algorithm.unwrap_or_default()
    }
}

impl fmt::Debug for Client<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("challenge", &self.challenge)
            .field("nc", &self.parts.nc)
            .finish_non_exhaustive()
    }
}

/// An answer to a challenge: [`Credentials`], together with the data that they point to.
///
/// [`Client::answer`] creates it.
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Challenge, Client, Login, QopOptions, Request, Username};
///
/// let challenge = Challenge::new("apps", "dcd98b7102dd2f0e")?.with_qop(QopOptions::AUTH);
/// let login = Login::new(Username::new("aladdin")?, "open sesame");
/// let answer = Client::new(&challenge, login, "0a4f113b")?.answer(Request::new("CONNECT", "example.com:443")?);
/// assert_eq!(answer.credentials().uri(), "example.com:443");
/// assert!(answer.to_string().starts_with("Digest "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Answer<'a> {
    signed: Signed<'a>,
    /// The hash of the name, if it is sent in place of the name.
    userhash: Option<HexHash>,
}

impl Answer<'_> {
    /// Returns the credentials.
    #[must_use]
    pub fn credentials(&self) -> Credentials<'_> {
        let credentials = self.signed.credentials();
        match &self.userhash {
            None => credentials,
            Some(userhash) => Credentials {
                username: Username::from_checked(userhash.as_bytes()),
                ..credentials
            },
        }
    }
}

impl EncodeTo for Answer<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        self.credentials().encode_to(out);
    }
}

impl_encode!(Answer);
redact!(Answer<'_>);
