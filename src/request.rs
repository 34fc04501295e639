//! The parts of a request that authentication depends on.

use core::fmt;

use crate::error::InvalidInput;
use crate::fields::ParamValue;

/// The request that credentials are for: its method, its target, and its content.
///
/// `Debug` shows the length of the content, not the content.
///
/// # Examples
/// ```
/// use proxy_auth::Request;
///
/// let request = Request::new("CONNECT", "example.com:443")?;
/// assert_eq!((request.method(), request.target()), ("CONNECT", "example.com:443"));
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy)]
pub struct Request<'a> {
    method: &'a str,
    target: &'a str,
    content: &'a [u8],
}

impl<'a> Request<'a> {
    /// Creates a request with the given method and the target of its request line. For a proxy, the target is a URI, or for
    /// CONNECT, a host and a port ([RFC 9112, section 3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2)).
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `target` contains a control character other than HTAB.
    pub fn new(method: &'a str, target: &'a str) -> Result<Self, InvalidInput> {
        ParamValue::quoted(target)?;
        Ok(Self {
            method,
            target,
            content: b"",
        })
    }

    /// Sets the content. Only [`Qop::AuthInt`](crate::digest::Qop::AuthInt) uses it.
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

    /// Returns the content.
    #[must_use]
    pub const fn content(&self) -> &'a [u8] {
        self.content
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
