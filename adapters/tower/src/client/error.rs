//! The reasons why a request does not get through a proxy.

use std::error::Error as StdError;
use std::fmt;

use http::{HeaderMap, StatusCode};
use proxy_auth::{Challenges, FieldName, GiveUp, digest};

use crate::BoxError;

/// The number of challenges that an error names.
const MAX_OFFERED: usize = 8;
/// The longest name of a scheme that an error holds, in bytes.
const MAX_SCHEME: usize = 32;

/// The reason why a request did not get through a proxy.
///
/// It names the response of the proxy: its status code, and the schemes that it offers. It holds no secret, and no part of a
/// challenge but the scheme and the algorithm.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    status: Option<StatusCode>,
    offered: Vec<String>,
    source: Option<BoxError>,
}

/// The kind of an [`Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The address of a proxy is invalid, or its scheme is not supported.
    InvalidProxy,
    /// The URI has no host, or cannot be the target of a request.
    InvalidTarget,
    /// The connection to the proxy or to the origin server failed.
    Connect,
    /// The time limit was reached.
    Timeout,
    /// The proxy closed the connection instead of responding.
    Closed,
    /// The response of the proxy is not HTTP, or its head is too long.
    Response,
    /// The proxy answered CONNECT with a status code other than 2xx and 407.
    Status,
    /// The proxy asks for credentials, but there are none for it.
    NoLogin,
    /// The session does not answer the challenges, or does not trust the response.
    GiveUp(GiveUp),
    /// The library for tokens of Negotiate or NTLM failed, or refused the token of the proxy.
    Tokens,
    /// The connection to the proxy uses HTTP/2, on which Negotiate and NTLM authenticate nothing.
    BoundToConnection,
    /// The client of a [`ProxyAuth`](super::ProxyAuth) has a connector with other proxies, so it gets no credentials.
    OtherProxies,
    /// The service below failed to send the request.
    Send,
    /// The random source of the system failed.
    Random,
}

impl Error {
    pub(super) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            status: None,
            offered: Vec::new(),
            source: None,
        }))
    }

    pub(super) fn from_source(kind: ErrorKind, source: impl Into<BoxError>) -> Self {
        let mut this = Self::new(kind);
        this.0.source = Some(source.into());
        this
    }

    /// Creates the error for a failed exchange of messages with the proxy.
    pub(super) fn from_hyper(error: hyper::Error) -> Self {
        let is_closed = error.is_closed() || error.is_incomplete_message() || error.is_canceled();
        let is_io = !error.is_parse() && !error.is_user();
        let kind = if is_closed || is_io {
            ErrorKind::Closed
        } else {
            ErrorKind::Response
        };
        Self::from_source(kind, error)
    }

    /// Adds what the proxy said.
    pub(super) fn with_response(mut self, status: StatusCode, headers: &HeaderMap) -> Self {
        self.0.status = Some(status);
        if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            self.0.offered = offered(headers);
        }
        self
    }

    /// Returns the first error of this type among an error and its sources, such as that of `hyper_util::client::legacy::Client`.
    #[must_use]
    pub fn find_in<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            let found = error.downcast_ref::<Self>();
            // The request failed below, possibly in the connector.
            if let Some(found) = found
                && (found.0.kind != ErrorKind::Send || found.source().and_then(Self::find_in).is_none())
            {
                return Some(found);
            }
            next = error.source();
        }
        None
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Returns the status code of the last response of the proxy, if there was one that led to the error.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns an iterator over the first challenges in the last response of the proxy, such as `Digest (SHA-256)` and `Basic`.
    pub fn offered(&self) -> impl Iterator<Item = &str> {
        self.0.offered.iter().map(String::as_str)
    }
}

/// Describes the challenges of a response, without their values.
fn offered(headers: &HeaderMap) -> Vec<String> {
    let challenges = Challenges::from_headers(headers, FieldName::PROXY_AUTHENTICATE).lenient();
    let described = challenges.map(|challenge| {
        let Ok(challenge) = challenge else {
            return "a damaged challenge".to_owned();
        };
        let mut scheme = challenge.scheme().to_string();
        scheme.truncate(MAX_SCHEME); // a token is ASCII
        match digest::Challenge::read(&challenge) {
            Ok(digest) => format!("{scheme} ({})", digest.algorithm()),
            Err(_) => scheme,
        }
    });
    described.take(MAX_OFFERED).collect()
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl From<GiveUp> for Error {
    fn from(reason: GiveUp) -> Self {
        Self::new(ErrorKind::GiveUp(reason))
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidProxy => "the address of the proxy is invalid or not supported",
            Self::InvalidTarget => "the URI has no host, or cannot be the target of a request",
            Self::Connect => "cannot connect",
            Self::Timeout => "the proxy took too long",
            Self::Closed => "the proxy closed the connection without a response",
            Self::Response => "the response of the proxy is not HTTP, or its head is too long",
            Self::Status => "the proxy opens no tunnel",
            Self::NoLogin => "the proxy asks for credentials, and there are none for it",
            Self::GiveUp(reason) => return fmt::Display::fmt(reason, f),
            Self::Tokens => "the library for tokens failed, or does not trust the proxy",
            Self::BoundToConnection => "a scheme that authenticates a connection cannot be used with HTTP/2",
            Self::OtherProxies => "the connector of the client has other proxies",
            Self::Send => "the request could not be sent",
            Self::Random => "the random source of the system failed",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.kind, f)?;
        let Some(status) = self.0.status else { return Ok(()) };
        write!(f, " (status code {}", status.as_u16())?;
        if !self.0.offered.is_empty() {
            write!(f, "; the proxy offers {}", self.0.offered.join(", "))?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("status", &self.0.status)
            .field("offered", &self.0.offered)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source: &(dyn StdError + 'static) = self.0.source.as_deref()?;
        Some(source)
    }
}
