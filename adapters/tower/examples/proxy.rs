//! A forward proxy that asks for a password: `cargo run -p proxy-auth-tower --example proxy -- 127.0.0.1:3128 aladdin 'open sesame'`.
//!
//! Proxies that stand in for each other share a key of 64 hexadecimal digits and a store: with the feature `redis`, and two more
//! arguments, such as `redis://127.0.0.1:6379` and the output of `openssl rand -hex 32`.
//!
//! It prints the address that it listens on. It is an example: it does not limit connections, and does not log.

use std::collections::HashMap;
use std::env;
use std::error::Error;

use http_body_util::{Either, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE};
use hyper::{Method, Request, Response, StatusCode, client, server, upgrade};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use proxy_auth_tower::server::{Algorithm, DigestOffer, Gate, ProxyAuthLayer, StoredPassword, random_key};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, service_fn};

type Body = Either<Incoming, Empty<Bytes>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("ADDRESS NAME PASSWORD [REDIS KEY]");
    let (address, name, password) = (next()?, next()?, next()?);
    let shared = next().ok();
    let key = if shared.is_some() {
        parse_key(&next()?)?
    } else {
        random_key()?
    };

    let digest = DigestOffer::new(&key, [Algorithm::Sha256, Algorithm::Md5]);
    let gate = Gate::new("proxy-auth-tower".to_owned())?
        .with_digest(&digest)
        .with_basic();
    let layer = ProxyAuthLayer::new(gate, HashMap::from([(name, StoredPassword::new(password))]));
    let layer = match shared {
        Some(address) => share(layer, &address)?,
        None => layer,
    };

    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(layer.layer(service_fn(answer)));
        let mut http = server::conn::http1::Builder::new();
        let connection = http
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection.with_upgrades());
    }
}

/// Parses a key of 64 hexadecimal digits, which several proxies share.
fn parse_key(digits: &str) -> Result<[u8; 32], Box<dyn Error>> {
    let mut key = [0; 32];
    for (number, byte) in key.iter_mut().enumerate() {
        let pair = digits.get(2 * number..2 * number + 2).ok_or("KEY is too short")?;
        *byte = u8::from_str_radix(pair, 16)?;
    }
    Ok(key)
}

type Layered = ProxyAuthLayer<HashMap<String, StoredPassword>>;

/// Shares the answers that were used with the other proxies.
#[cfg(feature = "redis")]
fn share(layer: Layered, address: &str) -> Result<Layered, Box<dyn Error>> {
    Ok(layer.with_shared_store(proxy_auth_tower::redis::RedisStore::new(address)?))
}

#[cfg(not(feature = "redis"))]
fn share(_: Layered, _: &str) -> Result<Layered, Box<dyn Error>> {
    Err("built without the feature `redis`".into())
}

/// Forwards a request that the layer let pass.
async fn answer(request: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
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
