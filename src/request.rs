//! The parts of a request that authentication depends on.

use core::fmt;

use crate::error::InvalidInput;
use crate::fields::ParamValue;

/// The request that credentials are for: its method, target and content. For a proxy, also its version, and whether its content is read
/// after a refusal.
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
    /// `None` if the caller did not set it.
    content: Option<&'a [u8]>,
    version: Version,
    is_drained: bool,
}

/// The version of HTTP of a request.
///
/// # Examples
/// ```
/// use proxy_auth::{Request, Version};
///
/// let request = Request::new("GET", "http://example.com/")?;
/// assert_eq!(request.version(), Version::Http11);
/// assert_eq!(request.with_version(Version::Http2).version(), Version::Http2);
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Version {
    /// HTTP/1.0. The connection is closed after the response, unless the client asks to keep it.
    Http10,
    /// HTTP/1.1.
    #[default]
    Http11,
    /// HTTP/2 or HTTP/3. Requests share a connection, so no scheme can authenticate the connection.
    Http2,
}

impl<'a> Request<'a> {
    /// Creates a request with the given method and the target of its request line, exactly as it was sent. For a proxy, the target is
    /// a URI, or for CONNECT, a host and a port ([RFC 9112, section 3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2)). HTTP/2
    /// has no request line: build the URI from `:scheme`, `:authority` and `:path`, or for CONNECT, use `:authority`.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `target` contains a control character other than HTAB.
    pub fn new(method: &'a str, target: &'a str) -> Result<Self, InvalidInput> {
        ParamValue::quoted(target)?;
        Ok(Self {
            method,
            target,
            content: None,
            version: Version::Http11,
            is_drained: false,
        })
    }

    /// Sets the content. Only [`Qop::AuthInt`](crate::digest::Qop::AuthInt) uses it.
    ///
    /// Without this call, a client signs empty content, and a proxy refuses each answer that signs content. Pass an empty slice for a
    /// request that has no content.
    #[must_use]
    pub const fn with_content(self, content: &'a [u8]) -> Self {
        let content = Some(content);
        Self { content, ..self }
    }

    /// Sets the version of HTTP. The default is HTTP/1.1.
    #[must_use]
    pub const fn with_version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    /// Records that the proxy reads the content of the request completely, even if it refuses the request.
    ///
    /// Without this call, the refusal of a request that has content closes the connection of HTTP/1.0 or HTTP/1.1, since the content
    /// would be read as the next request, unless the content was [set](Self::with_content) and has the length in Content-Length. A
    /// proxy that learns this only after the refusal calls [`Refusal::with_close`](crate::Refusal::with_close).
    ///
    /// The refusal closes the connection in any case if two readers may find different ends of the content: with several field lines
    /// of Content-Length and Transfer-Encoding, a length that is not a number, a coding other than `chunked`, or a coding with HTTP/1.0
    /// ([RFC 9112, sections 6.1 and 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)).
    #[must_use]
    pub const fn with_drained_content(self) -> Self {
        Self {
            is_drained: true,
            ..self
        }
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

    /// Returns the content. It is empty if it was not [set](Self::with_content).
    #[must_use]
    pub const fn content(&self) -> &'a [u8] {
        match self.content {
            Some(content) => content,
            None => b"",
        }
    }

    /// Returns `true` if the content was [set](Self::with_content).
    #[cfg(feature = "digest")]
    pub(crate) const fn has_content_set(&self) -> bool {
        self.content.is_some()
    }

    /// Returns the version of HTTP.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns `true` if the proxy reads the content even if it refuses the request.
    pub(crate) const fn is_drained(&self) -> bool {
        self.is_drained
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("content_len", &self.content().len())
            .field("version", &self.version)
            .finish()
    }
}
