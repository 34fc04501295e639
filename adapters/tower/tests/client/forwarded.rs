//! Requests that the proxy forwards.

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use proxy_auth_tower::client::{ErrorKind, GiveUp, Login, Once, Policy, Proxies, ProxyAuth, ProxyAuthLayer};
use proxy_auth_tower::server;
use tower::{Layer, ServiceExt};

use crate::support::{LOGIN, basic_gate, client, connector, digest_gate, get, start_origin, start_proxy, text, users};

#[tokio::test]
async fn a_request_is_sent_again_with_its_content() {
    for (gate, policy) in [
        (digest_gate(), Policy::digest_only().with_proof_required()),
        (basic_gate(), Policy::basic_only()),
    ] {
        let layer = server::ProxyAuthLayer::new(gate, users());
        let (origin, server) = (start_origin().await, start_proxy(layer).await);
        let proxy = server.proxy_at(policy);
        let client = ProxyAuthLayer::new(proxy.clone()).layer(client(connector(proxy)));
        for requests in [2, 3, 4] {
            let request = Request::post(format!("http://{}/path?query", origin.address));
            let request = request.body(Full::from(Bytes::from("world"))).unwrap();
            let response = client.clone().oneshot(request).await.unwrap();
            assert_eq!(text(response).await, "hello world");
            assert_eq!(server.requests(), requests);
        }
        assert_eq!((origin.requests(), origin.seen()), (3, vec![]));
    }
}

#[tokio::test]
async fn content_that_is_sent_once_returns_the_407_and_passes_the_next_time() {
    let layer = server::ProxyAuthLayer::new(digest_gate(), users());
    let (origin, server) = (start_origin().await, start_proxy(layer).await);
    let proxy = server.proxy_at(Policy::digest_only());
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new());
    let client = ProxyAuth::new(client.build(connector(proxy.clone())), proxy);
    for status in [407, 200] {
        let content = Once(Full::<Bytes>::from("world"));
        let request = Request::post(format!("http://{}/", origin.address))
            .body(content)
            .unwrap();
        let response = client.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status);
    }
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_wrong_password_is_an_error() {
    let layer = server::ProxyAuthLayer::new(digest_gate(), users());
    let (origin, server) = (start_origin().await, start_proxy(layer).await);
    let wrong = Login {
        password: "wrong",
        ..LOGIN
    };
    let proxy = server.proxy_with(&wrong, Policy::digest_only());
    let client = ProxyAuth::new(client(connector(proxy.clone())), proxy);
    let error = client
        .oneshot(get(format!("http://{}/", origin.address)))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::GiveUp(GiveUp::Refused));
    assert_eq!(
        error.offered().collect::<Vec<_>>(),
        ["Digest (SHA-256)", "Digest (MD5)"]
    );
    assert_eq!(origin.requests(), 0);
}

#[tokio::test]
async fn an_origin_server_gets_no_credentials() {
    let layer = server::ProxyAuthLayer::new(basic_gate(), users());
    let (origin, server) = (start_origin().await, start_proxy(layer).await);
    let proxy = server.proxy_at(Policy::basic_only());
    let url = format!("http://{}/407", origin.address);

    // In a tunnel.
    let tunnels = connector(proxy.clone()).with_tunnels_only();
    let through = ProxyAuth::new(client(tunnels), proxy.clone());
    for _ in 0..2 {
        assert_eq!(through.clone().oneshot(get(url.clone())).await.unwrap().status(), 407);
    }

    // Without a proxy, although the service was told of one.
    let fresh = server.proxy_at(Policy::basic_only());
    let direct = connector(Proxies::new(proxy.clone()).with_exceptions("*"));
    let past = ProxyAuth::new(client(direct.clone()), fresh);
    assert_eq!(past.oneshot(get(url.clone())).await.unwrap().status(), 407);

    // Because the caller has set them.
    let proxies = Proxies::new(proxy).with_exceptions("*");
    let mut request = get(url);
    request
        .headers_mut()
        .insert("Proxy-Authorization", "Basic YTpi".parse().unwrap());
    let response = ProxyAuth::new(client(direct), proxies).oneshot(request).await.unwrap();
    assert_eq!(response.status(), 407);

    assert_eq!((origin.requests(), origin.seen()), (4, vec![]));
}
