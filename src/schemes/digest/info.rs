//! The parameters of Proxy-Authentication-Info for Digest (RFC 7616, 3.5).

use super::Qop;
use super::credentials::{encode_nc, read_nc};
use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::error::{InvalidInput, SchemeError};
use crate::fields::{AuthenticationInfo, ParamValue, Params};
use crate::redact::redact;
use crate::token;

/// The parameters that RFC 7616 defines.
const KNOWN: [&str; 5] = ["nextnonce", "rspauth", "cnonce", "qop", "nc"];

/// The parameters of Proxy-Authentication-Info: the nonce to use next, and a proof that the proxy also knows the password.
///
/// `Debug` writes `[redacted]`; `Display` writes the parameters.
///
/// See [RFC 7616, section 3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5).
///
/// # Examples
/// ```
/// use proxy_auth::{AuthenticationInfo, digest};
///
/// let info = AuthenticationInfo::parse(r#"nextnonce="7ypf/xlj9XX", qop=auth"#)?;
/// let info = digest::Info::read(&info)?;
/// assert_eq!(info.nextnonce().unwrap(), "7ypf/xlj9XX");
/// assert!(info.rspauth().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Info<'a> {
    nextnonce: Option<ParamValue<'a>>,
    rspauth: Option<ParamValue<'a>>,
    cnonce: Option<ParamValue<'a>>,
    qop: Option<Qop>,
    nc: Option<u32>,
    others: Params<'a>,
}

impl<'a> Info<'a> {
    /// Creates a value without parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the nonce that the client should use from now on.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `nonce` contains a control character other than HTAB.
    pub fn with_nextnonce<T: AsRef<[u8]> + ?Sized>(self, nonce: &'a T) -> Result<Self, InvalidInput> {
        let nextnonce = Some(ParamValue::quoted(nonce)?);
        Ok(Self { nextnonce, ..self })
    }

    /// Sets the proxy's proof, in hexadecimal digits, and copies `cnonce`, `qop` and `nc` from the credentials that it was computed
    /// for.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `rspauth` contains a control character other than HTAB.
    pub fn with_rspauth<T: AsRef<[u8]> + ?Sized>(
        self,
        rspauth: &'a T,
        credentials: &super::Credentials<'a>,
    ) -> Result<Self, InvalidInput> {
        Ok(Self {
            rspauth: Some(ParamValue::quoted(rspauth)?),
            cnonce: credentials.cnonce(),
            qop: credentials.qop(),
            nc: credentials.nc(),
            ..self
        })
    }

    /// Creates the parameters that follow verified credentials.
    #[cfg(feature = "digest")]
    pub(crate) fn confirming(
        rspauth: &'a [u8],
        credentials: &super::Credentials<'a>,
        nextnonce: Option<&'a super::Nonce>,
    ) -> Self {
        Self {
            nextnonce: nextnonce.map(|nonce| ParamValue::text(nonce.as_ref())),
            rspauth: Some(ParamValue::text(rspauth)),
            cnonce: credentials.cnonce(),
            qop: credentials.qop(),
            nc: credentials.nc(),
            others: Params::EMPTY,
        }
    }

    others!(KNOWN, "RFC 7616", secret);

    /// Reads the parameters of Proxy-Authentication-Info. The field does not name the scheme; it is the scheme of the credentials.
    ///
    /// # Errors
    /// Returns [`SchemeError`] if a parameter that RFC 7616 defines occurs twice, `qop` is unknown, or `nc` is not
    /// eight hexadecimal digits.
    pub fn read(info: &AuthenticationInfo<'a>) -> Result<Self, SchemeError> {
        let mut values = [None; KNOWN.len()];
        let others = info.params().split(&KNOWN, &mut values)?;
        let [nextnonce, rspauth, cnonce, qop, nc] = values;
        Ok(Self {
            nextnonce,
            rspauth,
            cnonce,
            qop: qop.map(Qop::read).transpose()?,
            nc: nc.map(read_nc).transpose()?,
            others,
        })
    }

    /// Returns the nonce that the client should use from now on.
    #[must_use]
    pub fn nextnonce(&self) -> Option<ParamValue<'a>> {
        self.nextnonce.map(ParamValue::secret)
    }

    /// Returns the proxy's proof, in hexadecimal digits.
    #[must_use]
    pub fn rspauth(&self) -> Option<ParamValue<'a>> {
        self.rspauth.map(ParamValue::secret)
    }

    /// Returns the client's nonce, as in the credentials.
    #[must_use]
    pub fn cnonce(&self) -> Option<ParamValue<'a>> {
        self.cnonce.map(ParamValue::secret)
    }

    /// Returns the quality of protection, as in the credentials.
    #[must_use]
    pub const fn qop(&self) -> Option<Qop> {
        self.qop
    }

    /// Returns the number of times that the nonce was used, as in the credentials.
    #[must_use]
    pub const fn nc(&self) -> Option<u32> {
        self.nc
    }
}

impl EncodeTo for Info<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.quoted_if(token!("nextnonce"), self.nextnonce);
        out.quoted_if(token!("rspauth"), self.rspauth);
        out.quoted_if(token!("cnonce"), self.cnonce);
        out.token_if(token!("qop"), self.qop.map(Qop::token));
        encode_nc(self.nc, out);
        self.others.encode_to(out);
    }
}

impl_encode!(Info);
redact!(Info<'_>);
