//! The parts of a request that Digest protects.

use core::fmt;

use crate::error::InvalidInput;
use crate::fields::ParamValue;
use crate::syntax::is_uri_scheme;

/// The request that credentials are for: its method, its target, and its content.
///
/// `Debug` shows the length of the content, not the content.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(super) method: &'a str,
    target: &'a str,
    /// The target in the form that credentials contain.
    pub(super) uri: ParamValue<'a>,
    pub(super) content: &'a [u8],
}

/// The rule for comparing targets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// The same path and query, and the same host if there is one.
    Path,
    /// The same bytes.
    Exact,
}

impl<'a> Request<'a> {
    /// Creates a request with the given method and target. The target is that of the request line: for a proxy, a URI, or for
    /// CONNECT, a host and a port.
    ///
    /// # Errors
    /// [`InvalidInput`] if `target` contains a control character other than HTAB.
    pub fn new(method: &'a str, target: &'a str) -> Result<Self, InvalidInput> {
        Ok(Self {
            method,
            target,
            uri: ParamValue::quoted(target)?,
            content: b"",
        })
    }

    /// Sets the content. Only [`Qop::AuthInt`](super::Qop::AuthInt) uses it.
    #[must_use]
    pub const fn with_content(self, content: &'a [u8]) -> Self {
        Self { content, ..self }
    }

    /// Returns the method.
    #[must_use]
    pub const fn method(&self) -> &'a str {
        self.method
    }

    /// Returns the target.
    #[must_use]
    pub const fn target(&self) -> &'a str {
        self.target
    }

    /// Checks that `uri` denotes the target of this request (RFC 7616, 3.4.6).
    pub(super) fn is_for(&self, uri: ParamValue<'_>, binding: Binding) -> bool {
        uri == self.uri || binding == Binding::Path && self.is_for_path(uri)
    }

    /// Checks that the target names a host, that `uri` has the same path and query, and that it has the same host or none.
    fn is_for_path(&self, uri: ParamValue<'_>) -> bool {
        // CONNECT has no path, whatever form its target has.
        let Some((origin, path)) = split_at_path(self.target.as_bytes()).filter(|_| self.method != "CONNECT") else {
            return false;
        };
        let is = |parts: [&[u8]; 3]| uri.unescaped().eq(parts.into_iter().flatten().copied());
        match path {
            // An empty path is "/" (RFC 9112, 3.2.1), but with OPTIONS it is "*" (RFC 9112, 3.2.4).
            [] if self.method == "OPTIONS" => is([b"*", b"", b""]),
            [b'/'] if self.method == "OPTIONS" => is([path, b"", b""]),
            [] | [b'?', ..] => {
                is([b"/", path, b""]) || is([origin, b"/", path]) || !path.is_empty() && is([path, b"", b""])
            }
            [b'/'] | [b'/', b'?', ..] => is([path, b"", b""]) || is([origin, path.get(1..).unwrap_or_default(), b""]),
            _ => is([path, b"", b""]),
        }
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

/// Splits a URI with a scheme and a host before its path, which may be empty.
fn split_at_path(uri: &[u8]) -> Option<(&[u8], &[u8])> {
    // The query of a path may also contain "://", but not after a scheme.
    let scheme_end = uri.iter().position(|&byte| byte == b':')?;
    let (scheme, rest) = uri.split_at_checked(scheme_end)?;
    let authority = rest.strip_prefix(b"://").filter(|_| is_uri_scheme(scheme))?;
    let path = authority.iter().position(|byte| matches!(byte, b'/' | b'?'));
    let path = authority.get(path.unwrap_or(authority.len())..)?;
    uri.split_at_checked(uri.len().saturating_sub(path.len()))
}
