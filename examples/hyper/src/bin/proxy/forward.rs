//! Forwards requests, and returns their responses (RFC 9110, 7).

use std::error::Error;

use http_body_util::Either;
use hyper::body::{Body as _, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::uri::{Scheme, Uri};
use hyper::{Request, Response, StatusCode, Version, client};
use hyper_util::rt::TokioIo;
use proxy_auth::FieldName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_http::timeout::TimeoutBody;

use crate::connection::Body;
use crate::limits::{CONNECT_TIME, Limits, MAX_HEAD};

/// Fields that are only for this proxy, as the next hop (RFC 9110, 7.6.1). hyper takes care of Transfer-Encoding.
const NOT_FORWARDED: [&str; 9] = [
    // Origin servers must not learn the password of this proxy's user.
    FieldName::PROXY_AUTHORIZATION.lower_case(),
    // Only this proxy may send these fields to its clients.
    FieldName::PROXY_AUTHENTICATE.lower_case(),
    FieldName::PROXY_AUTHENTICATION_INFO.lower_case(),
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
];

/// Fields that determine where a message ends and where it goes. Connection must not remove them.
const NEVER_REMOVED: [HeaderName; 3] = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::HOST];

/// The status code that this proxy sends if it has no response from the origin server.
pub(crate) struct Failure(pub(crate) StatusCode);

/// Maps all other errors to 502 (Bad Gateway).
impl<E: Error> From<E> for Failure {
    fn from(_: E) -> Self {
        Self(StatusCode::BAD_GATEWAY)
    }
}

const BAD_REQUEST: Failure = Failure(StatusCode::BAD_REQUEST);
const GATEWAY_TIMEOUT: Failure = Failure(StatusCode::GATEWAY_TIMEOUT);

/// Opens the tunnel that a CONNECT asks for.
pub(crate) async fn tunnel(request: &Request<Incoming>) -> Result<TcpStream, Failure> {
    // CONNECT requires the authority-form (RFC 9112, 3.2.3). Content would be missing from the tunnel, so it is refused.
    if request.uri().scheme().is_some() || !request.body().is_end_stream() {
        return Err(BAD_REQUEST);
    }
    connect(request.uri(), None).await
}

/// Forwards a request to the origin server, and returns the response.
pub(crate) async fn fetch(request: Request<Incoming>, limits: &Limits) -> Result<Response<Body>, Failure> {
    let mut request = request.map(|content| TimeoutBody::new(limits.idle_time, content));
    // A proxy requires the absolute-form (RFC 9112, 3.2.2).
    if request.uri().scheme() != Some(&Scheme::HTTP) {
        return Err(BAD_REQUEST);
    }
    if !is_delimited_plainly(request.headers()) {
        return Err(Failure(StatusCode::NOT_IMPLEMENTED));
    }
    let authority = request.uri().authority().ok_or(BAD_REQUEST)?;
    let host = HeaderValue::from_str(authority.as_str())?;
    let origin = connect(request.uri(), Some(80)).await?;

    // RFC 9112, 3.2.4, requires `OPTIONS *` for `OPTIONS http://host`. It becomes `OPTIONS /` here: hyper replaces an empty path
    // with "/", so the target equals `OPTIONS http://host/`, which more clients send.
    let path_and_query = request.uri().path_and_query().ok_or(BAD_REQUEST)?;
    *request.uri_mut() = path_and_query.clone().into();
    *request.version_mut() = Version::HTTP_11;
    let headers = request.headers_mut();
    to_next_hop(headers);
    headers.insert(header::HOST, host);
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));

    let mut client = client::conn::http1::Builder::new();
    let (mut sender, connection) = client.max_header_size(MAX_HEAD).handshake(TokioIo::new(origin)).await?;
    tokio::spawn(connection);
    let response = timeout(limits.request_time, sender.send_request(request)).await;
    let mut response = match response.map_err(|_| GATEWAY_TIMEOUT)? {
        // The content of the request did not arrive.
        Err(error) if error.is_user() => return Err(Failure(StatusCode::REQUEST_TIMEOUT)),
        response => response?,
    };
    // An origin server must not ask for a proxy's password. If it is a proxy, this one does not authenticate to it. A change of
    // protocol was not requested, either.
    let is_unrequested = matches!(
        response.status(),
        StatusCode::PROXY_AUTHENTICATION_REQUIRED | StatusCode::SWITCHING_PROTOCOLS
    );
    if is_unrequested || !is_delimited_plainly(response.headers()) || is_delimited_twice(response.headers()) {
        return Err(Failure(StatusCode::BAD_GATEWAY));
    }
    to_next_hop(response.headers_mut());
    // A 204 has no content, and must not have a length (RFC 9110, 8.6). hyper does not pass 1xx on.
    if response.status() == StatusCode::NO_CONTENT {
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    Ok(response.map(|content| Either::Left(TimeoutBody::new(limits.idle_time, content))))
}

/// Connects to the origin server.
async fn connect(uri: &Uri, default_port: Option<u16>) -> Result<TcpStream, Failure> {
    let authority = uri.authority().ok_or(BAD_REQUEST)?;
    let port = authority.port_u16().or(default_port).ok_or(BAD_REQUEST)?;
    // A name and a password in a URI are an attack or a mistake (RFC 9110, 4.2.4).
    if authority.as_str().contains('@') {
        return Err(BAD_REQUEST);
    }
    // The brackets of an IPv6 address are URI syntax, not part of the address.
    let host = authority.host().trim_matches(['[', ']']);
    let origin = timeout(CONNECT_TIME, TcpStream::connect((host, port))).await;
    Ok(origin.map_err(|_| GATEWAY_TIMEOUT)??)
}

/// Checks that there is no transfer coding, or only one, and that it is chunked. hyper decodes no other coding.
pub(crate) fn is_delimited_plainly(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).into_iter();
    let first = codings.next();
    first.is_none_or(|coding| coding.as_bytes().eq_ignore_ascii_case(b"chunked")) && codings.next().is_none()
}

/// Checks for a length beside a transfer coding. hyper removes the length from a request, but not from a response.
fn is_delimited_twice(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING) && headers.contains_key(header::CONTENT_LENGTH)
}

/// Returns the options of Connection (RFC 9110, 7.6.1).
pub(crate) fn connection_options(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let values = headers.get_all(header::CONNECTION).into_iter();
    let options = values.flat_map(|value| value.as_bytes().split(|&byte| byte == b','));
    options.map(<[u8]>::trim_ascii)
}

/// Removes the fields that are not for the next hop, and adds Via.
fn to_next_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = connection_options(headers)
        .filter_map(|option| HeaderName::from_bytes(option).ok())
        .filter(|name| !NEVER_REMOVED.contains(name))
        .collect();
    for name in named.iter().map(HeaderName::as_str).chain(NOT_FORWARDED) {
        headers.remove(name);
    }
    headers.append(header::VIA, HeaderValue::from_static("1.1 proxy-auth-example"));
}
