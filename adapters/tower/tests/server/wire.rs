//! The bytes that clients see with HTTP/1.

use std::net::SocketAddr;
use std::time::Duration;

use proxy_auth_tower::server::ProxyAuthLayer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{basic_gate, start_origin, start_proxy, users};

const BASIC: &str = "Proxy-Authorization: Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==";

/// Sends bytes, and reads until the proxy closes, or for a while.
async fn converse(address: SocketAddr, text: &str) -> (String, bool) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    let read = timeout(Duration::from_millis(300), stream.read_to_end(&mut seen)).await;
    (String::from_utf8_lossy(&seen).to_ascii_lowercase(), read.is_ok())
}

#[tokio::test]
async fn a_refusal_fits_the_request() {
    let server = start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await;
    for (request, is_closed) in [
        ("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n", false),
        ("HEAD http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n", false),
        ("GET http://a.example/ HTTP/1.0\r\n\r\n", true),
        (
            "GET http://a.example/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            false,
        ),
        ("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n", true),
        (
            "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n\r\nbody",
            false,
        ),
        (
            "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 99999999\r\n\r\n",
            true,
        ),
        (
            "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
            true,
        ),
    ] {
        let (seen, closed) = converse(server.address, request).await;
        assert!(seen.starts_with("http/1."), "{request}: {seen}");
        assert!(seen[9..].starts_with("407 "), "{request}: {seen}");
        assert!(
            seen.contains("\r\ncontent-length: 0\r\n") && seen.ends_with("\r\n\r\n"),
            "{request}: {seen}"
        );
        assert!(!seen.contains(" 100 "), "{request}: {seen}");
        assert_eq!(closed, is_closed, "{request}: {seen}");
    }
}

#[tokio::test]
async fn bytes_after_a_refused_connect_are_no_request() {
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await,
    );
    let smuggled = format!("GET http://{}/ HTTP/1.1\r\nHost: x\r\n{BASIC}\r\n\r\n", origin.address);
    let (seen, closed) = converse(
        server.address,
        &format!("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n{smuggled}"),
    )
    .await;
    assert_eq!((seen.matches("http/1.1 ").count(), closed), (1, true), "{seen}");
    assert_eq!(origin.requests(), 0);
}

#[tokio::test]
async fn a_second_request_passes_on_the_connection_of_a_refused_one() {
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await,
    );
    let request = |field: &str| {
        let target = format!("POST http://{}/ HTTP/1.1\r\nHost: x\r\n", origin.address);
        format!("{target}{field}Content-Length: 4\r\n\r\nbody")
    };
    let both = request("") + &request(&format!("{BASIC}\r\n"));
    let (seen, _) = converse(server.address, &both).await;
    assert!(seen.contains("http/1.1 407 ") && seen.ends_with("hello body"), "{seen}");
    assert_eq!((server.connections(), origin.requests()), (1, 1));
}
