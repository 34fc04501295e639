//! The proxy's proof that it knows the password, too (RFC 7616, 3.5).

use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::redact::redact;
use crate::schemes::digest::{Credentials, HexHash, Info, Nonce};

/// The value of Proxy-Authentication-Info or Authentication-Info for the response to a request that passed (feature `digest`).
///
/// It proves that the proxy knows the password, too. `Debug` writes `[redacted]`; `Display` writes the parameters.
///
/// See [RFC 7616, section 3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5).
pub struct Confirmation<'a> {
    pub(super) rspauth: HexHash,
    pub(super) credentials: &'a Credentials<'a>,
    pub(super) nextnonce: Option<&'a Nonce>,
}

impl<'a> Confirmation<'a> {
    /// Sets the nonce that the client should use from now on, from [`Gate::nonce`](crate::Gate::nonce).
    ///
    /// Without it, a client uses its nonce until it is too old. It then needs one more round trip.
    #[must_use]
    pub fn with_nextnonce(self, nonce: &'a Nonce) -> Self {
        let nextnonce = Some(nonce);
        Self { nextnonce, ..self }
    }
}

impl EncodeTo for Confirmation<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        Info::confirming(self.rspauth.as_bytes(), self.credentials, self.nextnonce).encode_to(out);
    }
}

impl_encode!(Confirmation);
redact!(Confirmation<'_>);
