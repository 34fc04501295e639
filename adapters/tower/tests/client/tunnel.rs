//! Tunnels through proxies with Digest and Basic.

use std::time::Duration;

use hyper::Uri;
use proxy_auth_tower::client::{Error, ErrorKind, GiveUp, Login, Policy, Proxies, Proxy, ProxyConnector};
use proxy_auth_tower::server::{Algorithm, DigestOffer, Gate, ProxyAuthLayer};
use tower::Service;

use crate::support::{
    Act, LOGIN, basic_gate, client, connector, digest_gate, get, start_origin, start_proxy, start_script, text, users,
};

#[tokio::test]
async fn only_the_first_tunnel_costs_a_second_round_trip() {
    for (gate, policy, scheme) in [
        (digest_gate(), Policy::digest_only().with_proof_required(), "Digest "),
        (basic_gate(), Policy::basic_only(), "Basic "),
    ] {
        let (origin, server) = (
            start_origin().await,
            start_proxy(ProxyAuthLayer::new(gate, users())).await,
        );
        let client = client(connector(server.proxy_at(policy)).with_tunnels_only());
        for number in 1..=5 {
            let response = client
                .request(get(format!("http://{}/", origin.address)))
                .await
                .unwrap();
            assert_eq!(text(response).await, "hello ");
            assert_eq!(server.requests(), 1 + number, "{scheme}");
        }
        let seen = server.seen();
        let [answers, users]: [Vec<_>; 2] = [scheme, "user "].map(|start| {
            let found = seen.iter().filter(|value| value.starts_with(start));
            found.collect()
        });
        assert_eq!((answers.len(), users.len()), (5, 5));
        assert_eq!((origin.requests(), origin.seen()), (5, vec![]));
    }
}

#[tokio::test]
async fn tunnels_that_open_at_once_share_the_session() {
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(digest_gate(), users())).await,
    );
    let client = client(connector(server.proxy_at(Policy::digest_only())).with_tunnels_only());
    let fetches = (0..20).map(|_| {
        let (client, url) = (client.clone(), format!("http://{}/", origin.address));
        tokio::spawn(async move { text(client.request(get(url)).await.unwrap()).await })
    });
    for fetch in fetches.collect::<Vec<_>>() {
        assert_eq!(fetch.await.unwrap(), "hello ");
    }
    assert_eq!(origin.requests(), 20);
}

#[tokio::test]
async fn a_stale_nonce_is_replaced() {
    let digest = DigestOffer::new(&[7; 32], [Algorithm::Sha256]).with_max_age(Duration::from_millis(50));
    let gate = Gate::new("apps".to_owned()).unwrap().with_digest(&digest);
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(gate, users())).await,
    );
    let client = client(connector(server.proxy_at(Policy::digest_only())).with_tunnels_only());
    for requests in [2, 4] {
        let response = client
            .request(get(format!("http://{}/", origin.address)))
            .await
            .unwrap();
        assert_eq!(text(response).await, "hello ");
        assert_eq!(server.requests(), requests);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_wrong_password_is_sent_once_until_it_is_replaced() {
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(digest_gate(), users())).await,
    );
    let wrong = Login {
        password: "wrong",
        ..LOGIN
    };
    let proxy = server.proxy_with(&wrong, Policy::digest_only());
    let client = client(connector(proxy.clone()).with_tunnels_only());
    let url = format!("http://{}/", origin.address);
    for requests in [2, 2] {
        let error = client.request(get(url.clone())).await.unwrap_err();
        let error = Error::find_in(&error).unwrap();
        assert_eq!(error.kind(), &ErrorKind::GiveUp(GiveUp::Refused));
        assert_eq!(server.requests(), requests);
    }
    proxy.set_login(&LOGIN);
    assert_eq!(text(client.request(get(url)).await.unwrap()).await, "hello ");
}

#[tokio::test]
async fn an_error_says_what_the_proxy_answered() {
    let server = start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await;
    let mut basic = connector(server.proxy_at(Policy::digest_only()));
    let error = basic.call(Uri::from_static("https://example.com/")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::GiveUp(GiveUp::NothingFits(_))));
    assert_eq!(error.status().unwrap(), 407);
    assert_eq!(error.offered().collect::<Vec<_>>(), ["Basic"]);
    assert!(
        error.to_string().ends_with("(status code 407; the proxy offers Basic)"),
        "{error}"
    );

    let server = start_script(vec![Act::send(
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!",
    )])
    .await;
    let mut forbidden = connector(server.proxy_at(Policy::digest_only()));
    let error = forbidden
        .call(Uri::from_static("https://example.com/"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (&ErrorKind::Status, 403)
    );
    assert_eq!(error.to_string(), "the proxy opens no tunnel (status code 403)");
}

const DIGEST: &str = r#"Proxy-Authenticate: Digest realm="apps", nonce="5f2c", qop="auth", algorithm=SHA-256"#;

#[tokio::test]
async fn a_connection_that_the_proxy_closes_is_replaced() {
    let open = Act::send("HTTP/1.1 200 OK\r\n\r\n");
    let closing = [
        // It says so.
        Act::close_after(&format!(
            "HTTP/1.1 407 No\r\n{DIGEST}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        )),
        // It says so, with content until the end.
        Act::close_after(&format!(
            "HTTP/1.1 407 No\r\n{DIGEST}\r\nConnection: close\r\n\r\nsome content"
        )),
        // HTTP/1.0 need not say so.
        Act::close_after(&format!("HTTP/1.0 407 No\r\n{DIGEST}\r\nContent-Length: 0\r\n\r\n")),
        Act::close_after(&format!("HTTP/1.0 407 No\r\n{DIGEST}\r\n\r\nsome content")),
        // It does not say so.
        Act::close_after(&format!("HTTP/1.1 407 No\r\n{DIGEST}\r\nContent-Length: 0\r\n\r\n")),
        Act::close_after(&format!("HTTP/1.1 407 No\r\n{DIGEST}\r\nContent-Length: 9\r\n\r\nnot")),
        // There is too much content.
        Act::close_after(&format!(
            "HTTP/1.1 407 No\r\n{DIGEST}\r\nContent-Length: 1000000\r\n\r\n{}",
            "x".repeat(1_000_000)
        )),
    ];
    for (number, act) in closing.into_iter().enumerate() {
        let server = start_script(vec![act, open.clone()]).await;
        let mut connector = connector(server.proxy_at(Policy::digest_only()));
        connector.call(Uri::from_static("https://example.com/")).await.unwrap();
        assert_eq!((server.connections(), server.requests()), (2, 2), "{number}");
        let seen = server.seen();
        assert!(seen[0].starts_with("CONNECT example.com:443 HTTP/1.1\r\n"));
        assert!(seen[1].contains("uri=\"example.com:443\""));
    }
}

#[tokio::test]
async fn a_connection_that_the_proxy_keeps_is_used_again() {
    let keeping = [
        format!("HTTP/1.1 407 No\r\n{DIGEST}\r\nContent-Length: 5\r\n\r\nagain"),
        format!("HTTP/1.1 407 No\r\n{DIGEST}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nagain\r\n0\r\n\r\n"),
        format!(
            "HTTP/1.1 407 No\r\n{}\r\nContent-Length: 0\r\n\r\n",
            DIGEST.replace(", qop", ",\r\n qop")
        ),
    ];
    for act in keeping {
        let server = start_script(vec![Act::send(&act), Act::send("HTTP/1.0 200 OK\r\n\r\n")]).await;
        let mut connector = connector(server.proxy_at(Policy::digest_only()));
        connector.call(Uri::from_static("https://[::1]:8443/")).await.unwrap();
        assert_eq!((server.connections(), server.requests()), (1, 2), "{act}");
        assert!(server.seen()[0].starts_with("CONNECT [::1]:8443 HTTP/1.1\r\nhost: [::1]:8443\r\n"));
    }
}

#[tokio::test]
async fn bytes_after_the_head_belong_to_the_tunnel() {
    use tokio::io::AsyncReadExt;
    let server = start_script(vec![Act::send("HTTP/1.1 200 OK\r\n\r\n220 mail.example")]).await;
    let mut connector = connector(server.proxy_at(Policy::digest_only()));
    let stream = connector
        .call(Uri::from_static("https://mail.example:25/"))
        .await
        .unwrap();
    let mut greeting = [0; 16];
    let mut stream = hyper_util::rt::TokioIo::new(stream);
    stream.read_exact(&mut greeting).await.unwrap();
    assert_eq!(&greeting, b"220 mail.example");
}

#[tokio::test]
async fn a_host_that_needs_no_proxy_is_connected_directly() {
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(digest_gate(), users())).await,
    );
    let proxies = Proxies::new(server.proxy_at(Policy::digest_only())).with_exceptions("127.0.0.1");
    let client = client(connector(proxies).with_tunnels_only());
    let response = client
        .request(get(format!("http://{}/", origin.address)))
        .await
        .unwrap();
    assert_eq!(text(response).await, "hello ");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_uri_without_a_host_is_refused() {
    let server = start_script(vec![Act::Wait]).await;
    let proxies = server.proxy_at(Policy::digest_only());
    let error = connector(proxies).call(Uri::from_static("/path")).await.unwrap_err();
    assert_eq!((error.kind(), server.connections()), (&ErrorKind::Connect, 0));
}

#[tokio::test]
async fn a_proxy_in_front_of_the_proxy_gets_no_credentials_for_it() {
    let challenge = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n";
    let front = start_script(vec![Act::send(challenge)]).await;
    let server = start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await;
    let to_front = connector(Proxy::without_login(&format!("http://{}", front.address)).unwrap());
    // The connector to the proxy in front forwards requests for http://, so it leads to no other proxy.
    let mut chained = ProxyConnector::new(to_front, server.proxy_at(Policy::basic_only()));
    for uri in ["https://example.com/", "http://example.com/"] {
        let error = chained.call(Uri::from_static(uri)).await.unwrap_err();
        assert_eq!((error.kind(), front.requests()), (&ErrorKind::Connect, 0), "{uri}");
    }
}

#[tokio::test]
async fn proxies_are_chained_through_tunnels() {
    let (origin, server) = (
        start_origin().await,
        start_proxy(ProxyAuthLayer::new(basic_gate(), users())).await,
    );
    let front = start_proxy(ProxyAuthLayer::new(digest_gate(), users())).await;
    let to_front = connector(front.proxy_at(Policy::digest_only())).with_tunnels_only();
    let chained = ProxyConnector::new(to_front, server.proxy_at(Policy::basic_only())).with_tunnels_only();
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new());
    let response = client
        .build(chained)
        .request(get(format!("http://{}/", origin.address)))
        .await;
    assert_eq!(text(response.unwrap()).await, "hello ");
    assert!(
        front.seen().iter().all(|value| !value.starts_with("Basic")),
        "{:?}",
        front.seen()
    );
}

#[tokio::test]
async fn an_invalid_port_is_refused() {
    let server = start_script(vec![Act::Wait]).await;
    let proxies = server.proxy_at(Policy::digest_only());
    for uri in [
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://[::1]:65536/",
        "https://[::1]x:1/",
    ] {
        let Ok(uri) = uri.parse::<Uri>() else { continue };
        let error = connector(proxies.clone()).call(uri.clone()).await.unwrap_err();
        assert_eq!(
            (error.kind(), server.requests()),
            (&ErrorKind::InvalidTarget, 0),
            "{uri}"
        );
    }
}
