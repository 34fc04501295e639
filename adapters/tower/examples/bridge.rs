//! A proxy without a password on this machine, in front of one with a password, for programs that know only Basic or nothing, such as
//! reqwest, ureq, cargo and git:
//! `cargo run -p proxy-auth-tower --example bridge -- 127.0.0.1:3128 http://aladdin:open%20sesame@proxy.example:3128`.
//!
//! It prints the address that it listens on. **All users of this machine can use it.** It answers Digest, and no Basic.

use std::env;
use std::error::Error;

use http_body_util::{Either, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HOST, TRANSFER_ENCODING};
use hyper::{Method, Request, Response, StatusCode, server, upgrade};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use proxy_auth_tower::client::{Once, Policy, Proxy, ProxyAuth, ProxyConnector};
use tokio::io::copy_bidirectional;
use tokio::net::TcpListener;
use tower::{Service, ServiceExt, service_fn};

type Body = Either<Incoming, Empty<Bytes>>;
type Connector = ProxyConnector<HttpConnector>;
type Sent = Either<Empty<Bytes>, Once<Incoming>>;
type Forward = ProxyAuth<Client<Connector, Sent>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("ADDRESS PROXY");
    let (address, proxy) = (next()?, Proxy::parse(&next()?, Policy::digest_only())?);
    let mut http = HttpConnector::new();
    http.set_nodelay(true);
    let connector = ProxyConnector::new(http, proxy.clone());
    let client = ProxyAuth::new(Client::builder(TokioExecutor::new()).build(connector.clone()), proxy);

    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (connector, client) = (connector.clone(), client.clone());
        let service = hyper_util::service::TowerToHyperService::new(service_fn(move |request| {
            answer(connector.clone(), client.clone(), request)
        }));
        let mut http = server::conn::http1::Builder::new();
        let connection = http
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection.with_upgrades());
    }
}

async fn answer(
    mut connector: Connector,
    client: Forward,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, hyper::Error> {
    let refused = |error: &dyn Error| {
        eprintln!("{error}");
        let mut response = Response::new(Either::Right(Empty::new()));
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        Ok(response)
    };
    if request.method() == Method::CONNECT {
        // A URI without a scheme is one for a tunnel.
        let stream = match connector.call(request.uri().clone()).await {
            Ok(stream) => stream,
            Err(error) => return refused(&error),
        };
        tokio::spawn(async move {
            if let Ok(client) = upgrade::on(request).await {
                let _ = copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(stream)).await;
            }
        });
        return Ok(Response::new(Either::Right(Empty::new())));
    }
    for name in [CONNECTION, HOST, TRANSFER_ENCODING] {
        request.headers_mut().remove(name);
    }
    // Content that arrives as a stream cannot be sent again. Until the proxy is known, the response to it is the 407.
    let request = request.map(|content| {
        if hyper::body::Body::is_end_stream(&content) {
            Either::Left(Empty::new())
        } else {
            Either::Right(Once(content))
        }
    });
    match client.oneshot(request).await {
        Ok(response) => Ok(response.map(Either::Left)),
        Err(error) => refused(&error),
    }
}
