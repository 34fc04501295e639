//! Negotiate and NTLM, with libraries that stand for GSSAPI and SSPI, on both sides.

use std::time::Duration;

use hyper::Uri;
use proxy_auth_tower::client::{ErrorKind, GiveUp, Proxy, TokenContext, TokenProvider};
use proxy_auth_tower::proxy_auth::negotiate::Mechanism;
use proxy_auth_tower::server::{AcceptContext, Accepted, Gate, ProxyAuthLayer, TokenAcceptor};
use proxy_auth_tower::{BoxError, client};
use tower::Service;

use crate::support::{Act, Server, connector, get, start_origin, start_proxy, start_script, text, users};

/// The library of a client.
pub(crate) struct Initiators;
struct Initiator;

impl TokenProvider for Initiators {
    fn mechanism(&self) -> Mechanism {
        Mechanism::Negotiate
    }

    fn requires_proof(&self) -> bool {
        true
    }

    fn start(&self, host: &str) -> Result<Box<dyn TokenContext>, BoxError> {
        assert_eq!(host, "127.0.0.1");
        Ok(Box::new(Initiator))
    }
}

impl TokenContext for Initiator {
    fn step(&mut self, received: Option<&[u8]>) -> Result<Vec<u8>, BoxError> {
        match received {
            None => Ok(b"hello".into()),
            Some(b"who?") => Ok(b"jasmine".into()),
            Some(_) => Err("an unknown token".into()),
        }
    }

    fn verify(&mut self, last: &[u8]) -> Result<(), BoxError> {
        if last == b"mine" {
            Ok(())
        } else {
            Err("a wrong token".into())
        }
    }
}

/// The library of the proxy.
struct Acceptors {
    last: &'static [u8],
}
struct Acceptor {
    last: &'static [u8],
    is_greeted: bool,
}

impl TokenAcceptor for Acceptors {
    fn start(&self, mechanism: Mechanism) -> Result<Box<dyn AcceptContext>, BoxError> {
        assert_eq!(mechanism, Mechanism::Negotiate);
        let last = self.last;
        Ok(Box::new(Acceptor {
            last,
            is_greeted: false,
        }))
    }
}

impl AcceptContext for Acceptor {
    fn step(&mut self, token: &[u8]) -> Result<Accepted, BoxError> {
        match (std::mem::replace(&mut self.is_greeted, true), token) {
            (false, b"hello") => Ok(Accepted::Continue(b"who?".into())),
            (true, b"jasmine") => Ok(Accepted::Done {
                user: "jasmine".into(),
                last: Some(self.last.into()),
            }),
            _ => Err("an unknown client".into()),
        }
    }
}

async fn proxy_with(last: &'static [u8]) -> Server {
    let gate = Gate::new("apps".to_owned()).unwrap();
    let gate = gate.with_negotiate(Mechanism::Negotiate).with_basic();
    start_proxy(ProxyAuthLayer::new(gate, users()).with_token_acceptor(Acceptors { last })).await
}

fn proxy(server: &Server) -> Proxy {
    let proxy = Proxy::from_provider(&format!("http://{}", server.address), Initiators).unwrap();
    proxy.with_time_limit(Duration::from_secs(5))
}

#[tokio::test]
async fn a_handshake_stays_on_its_connection() {
    let (origin, server) = (start_origin().await, proxy_with(b"mine").await);
    let client = crate::support::client(connector(proxy(&server)));
    for number in [1, 2] {
        // Also for http://, since the connection must not be shared.
        let response = client
            .request(get(format!("http://{}/", origin.address)))
            .await
            .unwrap();
        assert_eq!(text(response).await, "hello ");
        // The refusal of the first CONNECT closes its connection.
        assert_eq!((server.requests(), server.connections()), (3 * number, 2 * number));
    }
    let seen = server.seen();
    assert_eq!(
        &seen[..3],
        ["Negotiate aGVsbG8=", "Negotiate amFzbWluZQ==", "user jasmine"]
    );
    assert_eq!(origin.seen(), Vec::<String>::new());
}

#[tokio::test]
async fn a_proxy_that_the_library_does_not_trust_gets_no_requests() {
    let (origin, server) = (start_origin().await, proxy_with(b"another").await);
    let error = connector(proxy(&server))
        .call(format!("http://{}/", origin.address).parse().unwrap())
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Tokens);
    assert!(
        std::error::Error::source(&error)
            .unwrap()
            .to_string()
            .contains("a wrong token")
    );
    assert_eq!(origin.requests(), 0);
}

#[tokio::test]
async fn a_user_that_the_library_refuses_does_not_pass() {
    struct Stranger;
    impl TokenProvider for Stranger {
        fn mechanism(&self) -> Mechanism {
            Mechanism::Negotiate
        }
        fn start(&self, _: &str) -> Result<Box<dyn TokenContext>, BoxError> {
            Ok(Box::new(Self))
        }
    }
    impl TokenContext for Stranger {
        fn step(&mut self, _: Option<&[u8]>) -> Result<Vec<u8>, BoxError> {
            Ok(b"jafar".into())
        }
        fn verify(&mut self, _: &[u8]) -> Result<(), BoxError> {
            Ok(())
        }
    }
    let server = proxy_with(b"mine").await;
    let proxy = Proxy::from_provider(&format!("http://{}", server.address), Stranger).unwrap();
    let error = connector(proxy)
        .call(Uri::from_static("https://example.com/"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::GiveUp(GiveUp::Refused));
    assert_eq!(error.offered().collect::<Vec<_>>(), ["Negotiate", "Basic"]);
}

#[tokio::test]
async fn a_proxy_that_closes_during_a_handshake_is_an_error() {
    let offer = "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";
    let next = "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate d2hvPw==\r\nContent-Length: 0\r\n\r\n";
    for (script, kind) in [
        (
            vec![Act::send(offer), Act::close_after(next), Act::Wait],
            ErrorKind::Closed,
        ),
        (
            vec![
                Act::send(offer),
                Act::close_after(&next.replace("Content", "Connection: close\r\nContent")),
            ],
            ErrorKind::GiveUp(GiveUp::ConnectionCloses),
        ),
        (
            vec![Act::send(offer), Act::send(next), Act::close_after("")],
            ErrorKind::Closed,
        ),
    ] {
        let server = start_script(script).await;
        let error: client::Error = connector(proxy(&server))
            .call(Uri::from_static("https://example.com/"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), &kind, "{error:?}");
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_proxy_that_closes_before_a_handshake_is_connected_again() {
    let offer = "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";
    let next = Act::send("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate d2hvPw==\r\nContent-Length: 0\r\n\r\n");
    let last = Act::send("HTTP/1.1 200 OK\r\nProxy-Authenticate: Negotiate bWluZQ==\r\n\r\n");
    let server = start_script(vec![Act::close_after(offer), next, last]).await;
    connector(proxy(&server))
        .call(Uri::from_static("https://example.com/"))
        .await
        .unwrap();
    assert_eq!((server.connections(), server.requests()), (2, 3));
}

#[tokio::test]
async fn a_first_token_goes_to_a_new_connection_if_the_proxy_has_closed_the_old_one() {
    let offer = "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";
    let next = Act::send("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate d2hvPw==\r\nContent-Length: 0\r\n\r\n");
    let last = Act::send("HTTP/1.1 200 OK\r\nProxy-Authenticate: Negotiate bWluZQ==\r\n\r\n");
    // The proxy closes when it receives the first token.
    let server = start_script(vec![Act::send(offer), Act::close_after(""), next, last]).await;
    connector(proxy(&server))
        .call(Uri::from_static("https://example.com/"))
        .await
        .unwrap();
    assert_eq!((server.connections(), server.requests()), (2, 4));
    assert!(server.seen()[2].contains("Negotiate aGVsbG8="), "{}", server.seen()[2]);
}
