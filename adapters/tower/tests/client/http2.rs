//! Proxies that speak HTTP/2: one connection for all tunnels, lower-case names, and no target as sent.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::{Method, Request, Uri, client::conn::http2};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::{TokioExecutor, TokioIo};
use proxy_auth_tower::client::{Error, ErrorKind, Policy, Proxy, ProxyAuth, ProxyConnector};
use proxy_auth_tower::server::ProxyAuthLayer;
use tokio::net::TcpStream;
use tower::{Service, ServiceExt};

use crate::support::{LOGIN, basic_gate, digest_and_basic, digest_gate, start_origin, start_proxy, text, users};
use crate::tokens::Initiators;

/// A connector that says that HTTP/2 was negotiated, as one for TLS does after ALPN.
#[derive(Clone)]
struct Http2(HttpConnector);

struct Stream(TokioIo<TcpStream>);

impl Service<Uri> for Http2 {
    type Response = Stream;
    type Error = <HttpConnector as Service<Uri>>::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        Box::pin(async { connecting.await.map(Stream) })
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().negotiated_h2()
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

fn connector(proxy: &Proxy) -> ProxyConnector<Http2> {
    ProxyConnector::new(Http2(HttpConnector::new()), proxy.clone())
}

fn client(connector: ProxyConnector<Http2>) -> Client<ProxyConnector<Http2>, Full<Bytes>> {
    Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build(connector)
}

fn get(url: String) -> Request<Full<Bytes>> {
    Request::get(url).body(Full::default()).unwrap()
}

#[tokio::test]
async fn tunnels_share_a_connection() {
    for (gate, policy) in digest_and_basic() {
        let (origin, server) = (
            start_origin().await,
            start_proxy(ProxyAuthLayer::new(gate, users())).await,
        );
        let client = client(connector(&server.proxy_at(policy)).with_tunnels_only());
        for requests in [2, 3, 4] {
            let response = client
                .request(get(format!("http://{}/", origin.address)))
                .await
                .unwrap();
            assert_eq!(text(response).await, "hello ");
            assert_eq!((server.requests(), server.connections()), (requests, 1));
        }
        assert_eq!((origin.requests(), origin.seen()), (3, vec![]));
    }
}

#[tokio::test]
async fn a_connection_that_has_ended_is_replaced() {
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(digest_gate(), users())).await,
    );
    let connector = connector(&server.proxy_at(Policy::digest_only())).with_tunnels_only();
    // The task of the connection ends with its runtime.
    let (url, first) = (format!("http://{}/", origin.address), connector.clone());
    let address = url.clone();
    let other = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let response = client(first).request(get(address)).await;
            assert_eq!(text(response.unwrap()).await, "hello ");
        });
    });
    tokio::task::spawn_blocking(|| other.join().unwrap()).await.unwrap();
    let response = client(connector).request(get(url)).await;
    assert_eq!(text(response.unwrap()).await, "hello ");
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_that_is_dead_is_replaced_after_the_time_limit() {
    let layer = ProxyAuthLayer::new(digest_gate(), users());
    let (origin, server) = (start_origin().await, start_proxy(layer).await);
    let (tap, address) = crate::support::start_tap(server.address).await;
    let url = format!("http://{}/", origin.address);
    let proxy = Proxy::new(&format!("http://{address}"), &LOGIN, Policy::digest_only()).unwrap();
    let proxy = proxy.with_time_limit(Duration::from_millis(500));
    let client = client(connector(&proxy).with_tunnels_only());
    assert_eq!(text(client.request(get(url.clone())).await.unwrap()).await, "hello ");
    // From now on, what the first connection carries is lost.
    tap.store(true, Ordering::SeqCst);
    let error = client.request(get(url.clone())).await.unwrap_err();
    assert_eq!(Error::find_in(&error).unwrap().kind(), &ErrorKind::Timeout);
    assert_eq!(text(client.request(get(url)).await.unwrap()).await, "hello ");
}

#[tokio::test]
async fn requests_are_forwarded() {
    let layer = ProxyAuthLayer::new(digest_gate(), users());
    let (origin, server) = (start_origin().await, start_proxy(layer).await);
    let proxy = server.proxy_at(Policy::digest_only().with_proof_required());
    let client = ProxyAuth::new(client(connector(&proxy)), proxy);
    for requests in [2, 3] {
        let request = get(format!("http://{}/path", origin.address));
        let response = client.clone().oneshot(request).await.unwrap();
        assert_eq!(text(response).await, "hello ");
        assert_eq!(server.requests(), requests);
    }
}

#[tokio::test]
async fn an_error_says_what_the_proxy_answered() {
    let server = start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await;
    let client = client(connector(&server.proxy_at(Policy::digest_only())).with_tunnels_only());
    let error: ClientError = client.request(get("http://127.0.0.1:1/".into())).await.unwrap_err();
    let error = Error::find_in(&error).unwrap();
    assert!(matches!(error.kind(), ErrorKind::GiveUp(_)), "{error}");
    assert_eq!(error.offered().collect::<Vec<_>>(), ["Basic"]);
}

#[tokio::test]
async fn schemes_that_authenticate_a_connection_are_not_used() {
    let server = start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await;
    let proxy = Proxy::from_provider(&format!("http://{}", server.address), Initiators).unwrap();
    let error = connector(&proxy)
        .call(Uri::from_static("https://example.com/"))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), server.requests()), (&ErrorKind::BoundToConnection, 0));
}

#[tokio::test]
async fn a_client_of_hyper_passes_the_layer_with_content() {
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await,
    );
    let stream = TokioIo::new(TcpStream::connect(server.address).await.unwrap());
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    for (authorization, status) in [(None, 407), (Some("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="), 200)] {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(format!("http://{}/", origin.address));
        if let Some(value) = authorization {
            request = request.header("proxy-authorization", value);
        }
        let response = sender
            .send_request(request.body(Full::<Bytes>::from("world")).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), status);
        assert!(!response.headers().contains_key("connection"));
    }
}

#[tokio::test]
async fn connectors_do_not_share_connections() {
    let layer = ProxyAuthLayer::new(digest_gate(), users());
    let (origin, server) = (start_origin().await, start_proxy(layer).await);
    let proxy = server.proxy_at(Policy::digest_only());
    // Each connector checks the identity of the proxy in its own way.
    for connections in [1, 2] {
        let client = client(connector(&proxy).with_tunnels_only());
        for _ in 0..2 {
            let response = client.request(get(format!("http://{}/", origin.address))).await;
            assert_eq!(text(response.unwrap()).await, "hello ");
        }
        assert_eq!(server.connections(), connections);
    }
}
