//! The URLs of the proxy and of what to fetch. No error shows a URL, because it may contain a password.

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{CONNECTION, HOST};
use hyper::http::uri::{Authority, Scheme};
use hyper::{Request, Uri, http};
use percent_encoding::percent_decode_str;

/// The address of the proxy, and its user.
pub(crate) struct ProxyUrl {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: Option<String>,
}

impl ProxyUrl {
    /// Parses `http://USER:PASSWORD@HOST:PORT` or `http://USER@HOST:PORT`.
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        let wrong = "the proxy is not of the form http://USER:PASSWORD@HOST:PORT";
        let uri: Uri = url.parse().map_err(|_| wrong)?;
        let authority = uri.authority().filter(|_| uri.scheme() == Some(&Scheme::HTTP));
        let authority = authority.ok_or(wrong)?;
        let (userinfo, _) = authority.as_str().rsplit_once('@').ok_or(wrong)?;
        let (user, password) = match userinfo.split_once(':') {
            Some((user, password)) => (user, Some(percent_decode(password)?)),
            None => (userinfo, None),
        };
        Ok(Self {
            // The brackets of an IPv6 address are URI syntax, not part of the address.
            host: authority.host().trim_matches(['[', ']']).into(),
            port: authority.port_u16().ok_or(wrong)?,
            user: percent_decode(user)?,
            password,
        })
    }
}

/// A URL to fetch.
pub(crate) struct Url {
    uri: Uri,
    authority: Authority,
    /// The host and the port, for CONNECT.
    origin: String,
}

impl Url {
    /// Parses `http://HOST/PATH`. A password in it is refused, because it must reach neither the proxy nor a log (RFC 9110, 4.2.4).
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "the URL is not of the form http://HOST/PATH")?;
        let authority = uri.authority().filter(|_| uri.scheme() == Some(&Scheme::HTTP));
        let authority = authority.ok_or("the URL does not start with http://")?.clone();
        if authority.as_str().contains('@') {
            return Err("the URL holds a user or a password, which the proxy would read");
        }
        if authority.host().is_empty() {
            return Err("the URL has no host");
        }
        let port = match authority.as_str().strip_prefix(authority.host()) {
            Some("" | ":") => 80,
            _ => authority.port_u16().ok_or("the URL has no valid port")?,
        };
        let origin = format!("{}:{port}", authority.host());
        Ok(Self { uri, authority, origin })
    }

    /// Returns the request for the proxy, with its target in absolute-form.
    pub(crate) fn through_proxy(&self) -> http::Result<Request<Empty<Bytes>>> {
        let request = Request::get(&self.uri).header(HOST, self.authority.as_str());
        request.body(Empty::new())
    }

    /// Returns the request that opens a tunnel to the origin server.
    pub(crate) fn connect(&self) -> http::Result<Request<Empty<Bytes>>> {
        let request = Request::connect(&self.origin).header(HOST, &self.origin);
        request.body(Empty::new())
    }

    /// Returns the request for the origin server, with its target in origin-form.
    pub(crate) fn in_tunnel(&self) -> http::Result<Request<Empty<Bytes>>> {
        let path = self.uri.path_and_query().cloned().map_or_else(Uri::default, Uri::from);
        let request = Request::get(path).header(HOST, self.authority.as_str());
        request.header(CONNECTION, "close").body(Empty::new())
    }
}

fn percent_decode(text: &str) -> Result<String, &'static str> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(Into::into)
        .map_err(|_| "the user or the password is not UTF-8")
}
