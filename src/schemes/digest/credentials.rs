//! The credentials of Digest (RFC 7616, 3.4).

use super::{Algorithm, Qop, Username};
use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::error::{InvalidInput, SchemeError};
use crate::fields::{ParamValue, Params, Scheme};
use crate::redact::redact;
use crate::syntax::{from_hex, hex_digits, is_hex};
use crate::token;

/// The parameters that RFC 7616 defines.
const KNOWN: [&str; 12] = [
    "username",
    "username*",
    "realm",
    "nonce",
    "uri",
    "response",
    "cnonce",
    "opaque",
    "algorithm",
    "qop",
    "nc",
    "userhash",
];

/// Credentials of Digest: the user's name, the parameters of the challenge, and a proof that the client knows the password.
///
/// `Debug` writes `[redacted]`; `Display` writes the credentials.
///
/// See [RFC 7616, section 3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4).
///
/// # Examples
/// ```
/// use proxy_auth::{Credentials, digest};
///
/// let value = concat!(
///     r#"Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, "#,
///     r#"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, "#,
///     r#"cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, "#,
///     r#"response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
/// );
/// let credentials = digest::Credentials::read(&Credentials::parse(value)?)?;
/// assert_eq!(credentials.username(), *"Mufasa");
/// assert_eq!(credentials.uri(), "/dir/index.html");
/// assert_eq!(credentials.nc(), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    pub(super) username: Username<'a>,
    pub(super) realm: ParamValue<'a>,
    pub(super) nonce: ParamValue<'a>,
    pub(super) uri: ParamValue<'a>,
    pub(super) response: ParamValue<'a>,
    pub(super) cnonce: Option<ParamValue<'a>>,
    pub(super) opaque: Option<ParamValue<'a>>,
    pub(super) algorithm: Option<Algorithm>,
    pub(super) qop: Option<Qop>,
    pub(super) nc: Option<u32>,
    pub(super) userhash: bool,
    pub(super) others: Params<'a>,
}

/// The required parts of an answer, the input of [`Credentials::new`].
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Credentials, Proof, Username};
///
/// let credentials = Credentials::new(&Proof {
///     username: Username::new("Mufasa")?,
///     realm: b"apps",
///     nonce: b"7ypf/xlj9XX",
///     uri: b"/",
///     response: b"8ca523f5e9506fed4657c9700eebdbec",
/// })?;
/// assert_eq!(credentials.nonce(), "7ypf/xlj9XX");
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy)]
pub struct Proof<'a> {
    /// The user's name.
    pub username: Username<'a>,
    /// The realm of the challenge.
    pub realm: &'a [u8],
    /// The nonce of the challenge.
    pub nonce: &'a [u8],
    /// The target of the request, as it is sent.
    pub uri: &'a [u8],
    /// The proof, in hexadecimal digits.
    pub response: &'a [u8],
}

impl<'a> Credentials<'a> {
    /// Creates credentials in the form of RFC 2069, for MD5. Other methods add further parameters.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if a part of the proof contains a control character other than HTAB.
    pub fn new(proof: &Proof<'a>) -> Result<Self, InvalidInput> {
        Ok(Self {
            username: proof.username,
            realm: ParamValue::quoted(proof.realm)?,
            nonce: ParamValue::quoted(proof.nonce)?,
            uri: ParamValue::quoted(proof.uri)?,
            response: ParamValue::quoted(proof.response)?,
            cnonce: None,
            opaque: None,
            algorithm: None,
            qop: None,
            nc: None,
            userhash: false,
            others: Params::EMPTY,
        })
    }

    /// Sets the quality of protection, the client's nonce, and the number of times that the client has used the proxy's nonce,
    /// including this time.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `cnonce` contains a control character other than HTAB.
    pub fn with_qop<T>(self, qop: Qop, cnonce: &'a T, nc: u32) -> Result<Self, InvalidInput>
    where
        T: AsRef<[u8]> + ?Sized,
    {
        Ok(Self {
            qop: Some(qop),
            cnonce: Some(ParamValue::quoted(cnonce)?),
            nc: Some(nc),
            ..self
        })
    }

    /// Sets the algorithm.
    #[must_use]
    pub const fn with_algorithm(self, algorithm: Algorithm) -> Self {
        Self {
            algorithm: Some(algorithm),
            ..self
        }
    }

    /// Sets the data that the challenge asks to return.
    #[must_use]
    pub const fn with_opaque(self, opaque: ParamValue<'a>) -> Self {
        Self {
            opaque: Some(opaque),
            ..self
        }
    }

    /// Adds `userhash=true`: the name is hashed.
    #[must_use]
    pub const fn with_userhash(self) -> Self {
        Self { userhash: true, ..self }
    }

    others!(KNOWN, "RFC 7616", secret);

    /// Reads credentials of this scheme.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if
    /// - the scheme is another one;
    /// - the name, `realm`, `nonce`, `uri` or `response` is missing;
    /// - `qop` is present, but `cnonce` or `nc` is missing;
    /// - a parameter that RFC 7616 defines occurs twice, or both `username` and `username*` are present;
    /// - `algorithm` or `qop` is unknown;
    /// - `username*` is not an ext-value in UTF-8, or contains control characters;
    /// - `response` or `nc` does not consist of the required number of hexadecimal digits.
    pub fn read(credentials: &crate::Credentials<'a>) -> Result<Self, SchemeError> {
        let params = credentials.params_of(Scheme::Digest)?;
        let mut values = [None; KNOWN.len()];
        let others = params.split(&KNOWN, &mut values)?;
        let [
            username,
            extended,
            realm,
            nonce,
            uri,
            response,
            cnonce,
            opaque,
            algorithm,
            qop,
            nc,
            userhash,
        ] = values;
        let missing = |param| SchemeError::Missing { param };
        let algorithm = algorithm.map(Algorithm::read).transpose()?;
        let username = Username::read(username, extended)?;
        let realm = realm.ok_or(missing("realm"))?;
        let nonce = nonce.ok_or(missing("nonce"))?;
        let uri = uri.ok_or(missing("uri"))?;
        let response = read_response(response.ok_or(missing("response"))?, algorithm.unwrap_or_default())?;
        let qop = qop.map(Qop::read).transpose()?;
        let nc = nc.map(read_nc).transpose()?;
        if qop.is_some() {
            cnonce.ok_or(missing("cnonce"))?;
            nc.ok_or(missing("nc"))?;
        }
        Ok(Self {
            username,
            realm,
            nonce,
            uri,
            response,
            cnonce,
            opaque,
            algorithm,
            qop,
            nc,
            userhash: userhash.is_some_and(|userhash| userhash.eq_ignore_ascii_case("true")),
            others,
        })
    }

    /// Returns the user's name, or its hash if [`is_userhash`](Self::is_userhash) returns `true`.
    #[must_use]
    pub const fn username(&self) -> Username<'a> {
        self.username
    }

    /// Returns the realm of the challenge.
    #[must_use]
    pub const fn realm(&self) -> ParamValue<'a> {
        self.realm.secret()
    }

    /// Returns the nonce of the challenge. It may have any length, so check the length before you copy it.
    #[must_use]
    pub const fn nonce(&self) -> ParamValue<'a> {
        self.nonce.secret()
    }

    /// Returns the target of the request, as the client sent it.
    #[must_use]
    pub const fn uri(&self) -> ParamValue<'a> {
        self.uri.secret()
    }

    /// Returns the proof, in hexadecimal digits.
    #[must_use]
    pub const fn response(&self) -> ParamValue<'a> {
        self.response.secret()
    }

    /// Returns the client's nonce. It may have any length, so check the length before you copy it.
    #[must_use]
    pub fn cnonce(&self) -> Option<ParamValue<'a>> {
        self.cnonce.map(ParamValue::secret)
    }

    /// Returns the data that the challenge asked to return.
    #[must_use]
    pub fn opaque(&self) -> Option<ParamValue<'a>> {
        self.opaque.map(ParamValue::secret)
    }

    /// Returns the algorithm. It is MD5 if the parameter is absent.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm.unwrap_or_default()
    }

    /// Returns the quality of protection, or `None` in the form of RFC 2069.
    #[must_use]
    pub const fn qop(&self) -> Option<Qop> {
        self.qop
    }

    /// Returns the number of times that the client has used the nonce, including this time.
    #[must_use]
    pub const fn nc(&self) -> Option<u32> {
        self.nc
    }

    /// Returns `true` if the name is hashed.
    #[must_use]
    pub const fn is_userhash(&self) -> bool {
        self.userhash
    }
}

/// Reads `response = <"> *LHEX <">`, as long as the algorithm's hash.
fn read_response(value: ParamValue<'_>, algorithm: Algorithm) -> Result<ParamValue<'_>, SchemeError> {
    match value.to_bytes() {
        Some(digits) if is_hex(digits) && digits.len() == algorithm.digits_len() => Ok(value),
        _ => Err(value.invalid("response")),
    }
}

/// Reads `nc-value = 8LHEX`.
pub(super) fn read_nc(value: ParamValue<'_>) -> Result<u32, SchemeError> {
    value
        .to_bytes()
        .and_then(from_hex)
        .map(u32::from_be_bytes)
        .ok_or(value.invalid("nc"))
}

/// Writes `nc-value`.
pub(super) fn encode_nc(nc: Option<u32>, out: &mut Encoder<'_>) {
    if let Some(nc) = nc {
        out.param_with(token!("nc"), |out| out.put(&hex_digits::<8>(&nc.to_be_bytes())));
    }
}

impl EncodeTo for Credentials<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.scheme(Scheme::Digest.token());
        self.username.encode_to(out);
        out.quoted(token!("realm"), self.realm);
        out.quoted(token!("nonce"), self.nonce);
        out.quoted(token!("uri"), self.uri);
        out.quoted(token!("response"), self.response);
        out.token_if(token!("algorithm"), self.algorithm.map(Algorithm::token));
        out.quoted_if(token!("cnonce"), self.cnonce);
        out.quoted_if(token!("opaque"), self.opaque);
        out.token_if(token!("qop"), self.qop.map(Qop::token));
        encode_nc(self.nc, out);
        out.token_if(token!("userhash"), self.userhash.then_some(token!("true")));
        self.others.encode_to(out);
    }
}

impl_encode!(Credentials);
redact!(Credentials<'_>, Proof<'_>);
