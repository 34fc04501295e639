//! The credentials of one request.

use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::fields::Scheme;
use crate::redact::redact;
use crate::schemes::basic;
#[cfg(feature = "digest")]
use crate::schemes::digest;
use crate::schemes::digest::Algorithm;

/// The value of Proxy-Authorization or Authorization for one request, from [`Session::authorize`](crate::Session::authorize).
///
/// `Debug` writes `[redacted]`; `Display` writes the credentials. Send them once.
pub struct Authorization<'a>(pub(super) Inner<'a>);

#[cfg_attr(
    feature = "digest",
    expect(clippy::large_enum_variant, reason = "nothing here can allocate")
)]
pub(super) enum Inner<'a> {
    Basic(basic::Credentials<'a>),
    #[cfg(feature = "digest")]
    Digest(digest::Signed<'a>),
}

impl Authorization<'_> {
    /// Returns the scheme.
    #[must_use]
    pub const fn scheme(&self) -> Scheme<'static> {
        match self.0 {
            Inner::Basic(_) => Scheme::Basic,
            #[cfg(feature = "digest")]
            Inner::Digest(_) => Scheme::Digest,
        }
    }

    /// Returns the algorithm of an answer of Digest. With Basic, returns `None`.
    #[must_use]
    pub fn algorithm(&self) -> Option<Algorithm> {
        match &self.0 {
            Inner::Basic(_) => None,
            #[cfg(feature = "digest")]
            Inner::Digest(answer) => Some(answer.algorithm()),
        }
    }
}

impl EncodeTo for Authorization<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        match &self.0 {
            Inner::Basic(credentials) => credentials.encode_to(out),
            #[cfg(feature = "digest")]
            Inner::Digest(answer) => answer.encode_to(out),
        }
    }
}

impl_encode!(Authorization);
redact!(Authorization<'_>);
