//! Passes requests on, and their responses back (RFC 9110, 7).

use std::error::Error;
use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::uri::{PathAndQuery, Scheme, Uri};
use hyper::{Method, Request, Response, StatusCode, Version, client, upgrade};
use hyper_util::rt::TokioIo;
use proxy_auth::FieldName;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::{Body, MAX_HEAD};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long it may take to send a request, its content included, and to get the head of its response.
const MAX_WAIT: Duration = Duration::from_secs(5 * 60);
/// How long a tunnel may last.
const MAX_TUNNEL: Duration = Duration::from_secs(60 * 60);

/// Fields for the next hop only, which this proxy is (RFC 9110, 7.6.1). Transfer-Encoding is hyper's affair.
const NOT_FORWARDED: [&str; 9] = [
    // The secret of this proxy's user is not the origin server's business,
    FieldName::PROXY_AUTHORIZATION.lower_case(),
    // and nobody but this proxy speaks for it.
    FieldName::PROXY_AUTHENTICATE.lower_case(),
    FieldName::PROXY_AUTHENTICATION_INFO.lower_case(),
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
];

/// What this proxy answers when it has no response of the origin server's.
struct Failure(StatusCode);

/// Most of what goes wrong lies with the origin server.
impl<E: Error> From<E> for Failure {
    fn from(_: E) -> Self {
        Self(StatusCode::BAD_GATEWAY)
    }
}

const BAD_REQUEST: Failure = Failure(StatusCode::BAD_REQUEST);
const GATEWAY_TIMEOUT: Failure = Failure(StatusCode::GATEWAY_TIMEOUT);

/// Passes a request on, and its response back.
pub(crate) async fn forward(request: Request<Incoming>) -> Response<Body> {
    let response = match *request.method() {
        Method::CONNECT => tunnel(request).await,
        _ => fetch(request).await,
    };
    response.unwrap_or_else(|Failure(status)| {
        let mut response = empty();
        *response.status_mut() = status;
        response
    })
}

fn empty() -> Response<Body> {
    Response::new(Either::Right(Full::default()))
}

/// Connects to the origin server. Once the client has got the response, what comes from either side goes to the other.
async fn tunnel(request: Request<Incoming>) -> Result<Response<Body>, Failure> {
    let mut origin = connect(request.uri(), None).await?;
    tokio::spawn(async move {
        if let Ok(client) = upgrade::on(request).await {
            let mut client = TokioIo::new(client);
            let _ = timeout(MAX_TUNNEL, copy_bidirectional(&mut client, &mut origin)).await;
        }
    });
    Ok(empty())
}

async fn fetch(mut request: Request<Incoming>) -> Result<Response<Body>, Failure> {
    // The absolute-form, which is what a proxy takes (RFC 9112, 3.2.2).
    if request.uri().scheme() != Some(&Scheme::HTTP) {
        return Err(BAD_REQUEST);
    }
    let authority = request.uri().authority().ok_or(BAD_REQUEST)?;
    let host = HeaderValue::from_str(authority.as_str())?;
    let origin = connect(request.uri(), Some(80)).await?;

    let path_and_query = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    *request.uri_mut() = path_and_query.parse()?;
    *request.version_mut() = Version::HTTP_11;
    let headers = request.headers_mut();
    to_next_hop(headers);
    headers.insert(header::HOST, host);
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));

    let mut client = client::conn::http1::Builder::new();
    let (mut sender, connection) = client.max_header_size(MAX_HEAD).handshake(TokioIo::new(origin)).await?;
    tokio::spawn(connection);
    let response = timeout(MAX_WAIT, sender.send_request(request)).await;
    let mut response = response.map_err(|_| GATEWAY_TIMEOUT)??;
    match response.status() {
        // An origin server that asks for a proxy's password is wrong, or a proxy, and this one does not answer it. Nor was
        // it asked to change protocols.
        StatusCode::PROXY_AUTHENTICATION_REQUIRED | StatusCode::SWITCHING_PROTOCOLS => {
            return Err(Failure(StatusCode::BAD_GATEWAY));
        }
        _ => {}
    }
    to_next_hop(response.headers_mut());
    Ok(response.map(Either::Left))
}

async fn connect(uri: &Uri, default_port: Option<u16>) -> Result<TcpStream, Failure> {
    let authority = uri.authority().ok_or(BAD_REQUEST)?;
    let port = authority.port_u16().or(default_port).ok_or(BAD_REQUEST)?;
    // A name and a password in a URI are a trap, or a mistake (RFC 9110, 4.2.4).
    if authority.as_str().contains('@') {
        return Err(BAD_REQUEST);
    }
    // The brackets of an IPv6 address belong to the URI.
    let host = authority.host().trim_matches(['[', ']']);
    let origin = timeout(CONNECT_TIMEOUT, TcpStream::connect((host, port))).await;
    Ok(origin.map_err(|_| GATEWAY_TIMEOUT)??)
}

/// Makes a message's fields those for the next hop.
fn to_next_hop(headers: &mut HeaderMap) {
    let options = headers.get_all(header::CONNECTION).into_iter();
    let named: Vec<HeaderName> = options
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .filter_map(|option| HeaderName::from_bytes(option.trim_ascii()).ok())
        .collect();
    for name in named.iter().map(HeaderName::as_str).chain(NOT_FORWARDED) {
        headers.remove(name);
    }
    headers.append(header::VIA, HeaderValue::from_static("1.1 proxy-auth-example"));
}
