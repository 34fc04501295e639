//! What a proxy says once it accepted credentials (RFC 7616, 3.5).

use core::fmt;

use super::Qop;
use super::credentials::{encode_nc, read_nc};
use crate::encode::{EncodeTo, Encoder, display_encoded};
use crate::error::{InvalidInput, SchemeError};
use crate::info::AuthenticationInfo;
use crate::param::{ParamValue, Params};
use crate::token;

/// The parameters that RFC 7616 defines.
const KNOWN: [&str; 5] = ["nextnonce", "rspauth", "cnonce", "qop", "nc"];

/// What a proxy says in Proxy-Authentication-Info once it accepted credentials: the nonce to use next, and a proof that it
/// knows the password too.
///
/// `Debug` says `[redacted]`; `Display` writes it.
///
/// ([RFC 7616, section 3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5))
///
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
    /// Nothing said yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with the nonce that the client shall use from now on.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry it.
    pub fn with_nextnonce<T: AsRef<[u8]> + ?Sized>(self, nonce: &'a T) -> Result<Self, InvalidInput> {
        let nextnonce = Some(ParamValue::quoted(nonce)?);
        Ok(Self { nextnonce, ..self })
    }

    /// The same with the proxy's proof, in hexadecimal digits, and what it was computed for: `cnonce`, `qop` and `nc` are
    /// those of the credentials.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry them.
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

    /// The same with further parameters; those that RFC 7616 defines are left out.
    #[must_use]
    pub fn with_others(self, others: Params<'a>) -> Self {
        Self {
            others: others.without(&KNOWN),
            ..self
        }
    }

    /// Reads what the field says. Nothing in it names the scheme: the credentials did.
    ///
    /// # Errors
    /// [`SchemeError`] when a parameter that RFC 7616 defines is there twice, `qop` is not known here, or `nc` is not eight
    /// hexadecimal digits.
    pub fn read(info: &AuthenticationInfo<'a>) -> Result<Self, SchemeError> {
        let [nextnonce, rspauth, cnonce, qop, nc] = info.params().once(KNOWN)?;
        Ok(Self {
            nextnonce,
            rspauth,
            cnonce,
            qop: qop.map(Qop::read).transpose()?,
            nc: nc.map(read_nc).transpose()?,
            others: info.params().without(&KNOWN),
        })
    }

    /// The nonce that the client shall use from now on.
    #[must_use]
    pub fn nextnonce(&self) -> Option<ParamValue<'a>> {
        self.nextnonce.map(ParamValue::secret)
    }

    /// The proxy's proof, in hexadecimal digits.
    #[must_use]
    pub fn rspauth(&self) -> Option<ParamValue<'a>> {
        self.rspauth.map(ParamValue::secret)
    }

    /// The client's nonce, as in the credentials.
    #[must_use]
    pub fn cnonce(&self) -> Option<ParamValue<'a>> {
        self.cnonce.map(ParamValue::secret)
    }

    /// The quality of protection, as in the credentials.
    #[must_use]
    pub const fn qop(&self) -> Option<Qop> {
        self.qop
    }

    /// How often the nonce was used, as in the credentials.
    #[must_use]
    pub const fn nc(&self) -> Option<u32> {
        self.nc
    }

    /// The parameters that RFC 7616 does not define.
    #[must_use]
    pub const fn others(&self) -> Params<'a> {
        self.others.secret()
    }
}

impl EncodeTo for Info<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.param_if(token!("nextnonce"), self.nextnonce.map(ParamValue::to_quoted));
        out.param_if(token!("rspauth"), self.rspauth.map(ParamValue::to_quoted));
        out.param_if(token!("cnonce"), self.cnonce.map(ParamValue::to_quoted));
        out.param_if(token!("qop"), self.qop.map(|qop| qop.token().into()));
        encode_nc(self.nc, out);
        self.others.encode_to(out);
    }
}

display_encoded!(Info);

impl fmt::Debug for Info<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Info([redacted])")
    }
}
