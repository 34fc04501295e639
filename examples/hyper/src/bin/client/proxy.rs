//! Sends requests to a proxy.

use std::error::Error;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::uri::Scheme;
use hyper::{Request, Response, Uri, client};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use proxy_auth::FieldName;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest time for a request and its response.
const MAX_TIME: Duration = Duration::from_secs(60);
/// The longest content of a response, in bytes.
const MAX_CONTENT: usize = 16 * 1024 * 1024;

/// The address of the proxy, and its user.
pub(crate) struct Proxy {
    pub(crate) user: String,
    pub(crate) password: String,
    host: String,
    port: u16,
}

impl Proxy {
    /// Parses `http://USER:PASSWORD@HOST:PORT`.
    ///
    /// A password from a file overrides the password in the URL, which overrides the password from the environment. Errors do not
    /// show the URL, because it may contain a password.
    pub(crate) fn parse(
        url: &str,
        from_file: Option<String>,
        from_environment: Option<String>,
    ) -> Result<Self, Box<dyn Error>> {
        let wrong = "the proxy is not of the form http://USER:PASSWORD@HOST:PORT";
        let uri: Uri = url.parse().map_err(|_| wrong)?;
        let authority = uri.authority().filter(|_| uri.scheme() == Some(&Scheme::HTTP));
        let authority = authority.ok_or(wrong)?;
        let (userinfo, _) = authority.as_str().rsplit_once('@').ok_or(wrong)?;
        let (user, in_url) = match userinfo.split_once(':') {
            Some((user, password)) => (user, Some(percent_decode(password)?)),
            None => (userinfo, None),
        };
        Ok(Self {
            user: percent_decode(user)?,
            password: from_file
                .or(in_url)
                .or(from_environment)
                .ok_or("no password for the proxy")?,
            // The brackets of an IPv6 address are URI syntax, not part of the address.
            host: authority.host().trim_matches(['[', ']']).into(),
            port: authority.port_u16().ok_or(wrong)?,
        })
    }

    /// Fetches `url` over a new connection, with the given value of Proxy-Authorization.
    pub(crate) async fn get(
        &self,
        url: &Uri,
        credentials: Option<HeaderValue>,
    ) -> Result<Response<Bytes>, Box<dyn Error>> {
        let host = url.authority().ok_or("the URL has no host")?.as_str();
        let request = Request::get(url).header(header::HOST, host);
        let mut request = request
            .header(header::CONNECTION, "close")
            .body(Empty::<Bytes>::new())?;
        if let Some(credentials) = credentials {
            let name = HeaderName::from(FieldName::PROXY_AUTHORIZATION);
            request.headers_mut().insert(name, credentials);
        }
        let fetched = async {
            let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
            let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            let (head, content) = sender.send_request(request).await?.into_parts();
            let content = Limited::new(content, MAX_CONTENT).collect().await;
            let content = content.map_err(|error| -> Box<dyn Error> { error })?;
            Ok(Response::from_parts(head, content.to_bytes()))
        };
        timeout(MAX_TIME, fetched).await?
    }
}

/// Parses the URL to fetch. Errors do not show it: it may hold a password, which goes neither to the proxy nor to a log
/// (RFC 9110, 4.2.4).
pub(crate) fn parse_target(url: &str) -> Result<Uri, &'static str> {
    let url: Uri = url.parse().map_err(|_| "the URL is not of the form http://HOST/PATH")?;
    let host = url.authority().filter(|_| url.scheme() == Some(&Scheme::HTTP));
    let host = host.ok_or("the URL does not start with http://")?;
    if host.as_str().contains('@') {
        return Err("the URL holds a user or a password, which the proxy would read");
    }
    Ok(url)
}

fn percent_decode(text: &str) -> Result<String, &'static str> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(Into::into)
        .map_err(|_| "the user or the password is not UTF-8")
}
