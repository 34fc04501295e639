//! What of a request Digest protects.

use core::fmt;

use crate::error::InvalidInput;
use crate::param::ParamValue;

/// The request that credentials are for: its method, its target, and its content.
///
/// `Debug` shows how long the content is, not what it is.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(super) method: &'a str,
    target: &'a str,
    /// The target, as credentials hold it.
    pub(super) uri: ParamValue<'a>,
    pub(super) content: &'a [u8],
}

impl<'a> Request<'a> {
    /// A request of that method, for that target as it stands in the request line: for a proxy a URI, or with CONNECT a
    /// host and a port.
    ///
    /// # Errors
    /// [`InvalidInput`] when no quoted-string can carry `target`.
    pub fn new(method: &'a str, target: &'a str) -> Result<Self, InvalidInput> {
        Ok(Self {
            method,
            target,
            uri: ParamValue::quoted(target)?,
            content: b"",
        })
    }

    /// The same request with that content, which counts for [`Qop::AuthInt`](super::Qop::AuthInt) only.
    #[must_use]
    pub const fn with_content(self, content: &'a [u8]) -> Self {
        Self { content, ..self }
    }

    /// Whether `uri` means the target of this request (RFC 7616, 3.4.6): whether it is the same, or the path and query of
    /// it, which is what curl says.
    pub(super) fn is_for(&self, uri: ParamValue<'_>) -> bool {
        uri == self.uri || path_and_query(self.target.as_bytes()).is_some_and(|path| uri == *path)
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("content_len", &self.content.len())
            .finish()
    }
}

/// Those of a URI that has a scheme and a host, from "/" or "?" on.
fn path_and_query(target: &[u8]) -> Option<&[u8]> {
    let mut parts = target.splitn(2, |&byte| byte == b':');
    // A path, too, may hold "://", in its query; but that does not stand after a scheme.
    let (Some(scheme), Some([b'/', b'/', rest @ ..])) = (parts.next(), parts.next()) else {
        return None;
    };
    let start = rest.iter().position(|byte| matches!(byte, b'/' | b'?'))?;
    rest.get(start..).filter(|_| is_uri_scheme(scheme))
}

/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )` (RFC 3986, 3.1)
fn is_uri_scheme(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphabetic)
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}
