//! Forwards requests and opens tunnels.

use std::error::Error;

use http_body_util::{Either, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE};
use hyper::{Method, Request, Response, StatusCode, client, upgrade};
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;

pub(crate) type Body = Either<Incoming, Empty<Bytes>>;

/// Forwards a request that the layer let pass.
pub(crate) async fn answer(request: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
    let response = match *request.method() {
        Method::CONNECT => tunnel(request).await,
        _ => forward(request).await,
    };
    Ok(response.unwrap_or_else(|_| {
        let mut response = Response::new(Either::Right(Empty::new()));
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    }))
}

async fn tunnel(request: Request<Incoming>) -> Result<Response<Body>, Box<dyn Error + Send + Sync>> {
    let authority = request.uri().authority().ok_or("no authority")?;
    let mut origin = TcpStream::connect(authority.as_str()).await?;
    origin.set_nodelay(true)?;
    tokio::spawn(async move {
        if let Ok(client) = upgrade::on(request).await {
            let _ = copy_bidirectional(&mut TokioIo::new(client), &mut origin).await;
        }
    });
    Ok(Response::new(Either::Right(Empty::new())))
}

async fn forward(mut request: Request<Incoming>) -> Result<Response<Body>, Box<dyn Error + Send + Sync>> {
    let uri = request.uri().clone();
    let host = uri.host().ok_or("not in absolute-form")?;
    let stream = TcpStream::connect(format!("{host}:{}", uri.port_u16().unwrap_or(80))).await?;
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse()?;
    remove_hop_by_hop(request.headers_mut());
    // That of the client may differ (RFC 9112, 3.2.2).
    let authority = uri.authority().map_or(host, |authority| authority.as_str());
    let (_, authority) = authority.rsplit_once('@').unwrap_or(("", authority));
    request.headers_mut().insert(HOST, HeaderValue::from_str(authority)?);
    let mut response = sender.send_request(request).await?;
    remove_hop_by_hop(response.headers_mut());
    Ok(response.map(Either::Left))
}

/// Removes the fields that are for one connection (RFC 9110, 7.6.1). hyper frames the content itself.
fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let options = headers
        .get_all(CONNECTION)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    let named = options.flat_map(|value| value.split(','));
    let named: Vec<_> = named
        .filter_map(|name| name.trim().parse::<HeaderName>().ok())
        .collect();
    let old = ["keep-alive", "proxy-connection"].map(HeaderName::from_static);
    let fixed = [CONNECTION, TE, TRANSFER_ENCODING, UPGRADE].into_iter().chain(old);
    for name in named.into_iter().filter(|name| name != HOST).chain(fixed) {
        headers.remove(name);
    }
}
