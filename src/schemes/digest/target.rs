//! Compares the target of a request with the parameter `uri` (RFC 7616, 3.4.6).

use crate::fields::ParamValue;
use crate::request::Request;
use crate::syntax::is_uri_scheme;

/// The rule for comparing targets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binding {
    /// Path and query must be equal, and the host, too, if `uri` has one.
    Path,
    /// All bytes must be equal.
    Exact,
}

/// Checks that `uri` denotes the target of `request`.
pub(super) fn is_for(request: &Request<'_>, uri: ParamValue<'_>, binding: Binding) -> bool {
    uri == *request.target() || binding == Binding::Path && is_for_path(request, uri)
}

/// Checks that the target names a host, that `uri` has the same path and query, and that it has the same host or none.
fn is_for_path(request: &Request<'_>, uri: ParamValue<'_>) -> bool {
    // The target of CONNECT has no path, even if it looks like a URI.
    let Some((origin, path)) = split_at_path(request.target().as_bytes()).filter(|_| request.method() != "CONNECT")
    else {
        return false;
    };
    let is = |parts: [&[u8]; 3]| uri.unescaped().eq(parts.into_iter().flatten().copied());
    match path {
        // An empty path is "/" (RFC 9112, 3.2.1), but with OPTIONS it is "*" (RFC 9112, 3.2.4).
        [] if request.method() == "OPTIONS" => is([b"*", b"", b""]),
        [b'/'] if request.method() == "OPTIONS" => is([path, b"", b""]),
        [] | [b'?', ..] => {
            is([b"/", path, b""]) || is([origin, b"/", path]) || !path.is_empty() && is([path, b"", b""])
        }
        [b'/'] | [b'/', b'?', ..] => is([path, b"", b""]) || is([origin, path.get(1..).unwrap_or_default(), b""]),
        _ => is([path, b"", b""]),
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
