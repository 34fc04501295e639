//! Requests that the proxy forwards.

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use proxy_auth_tower::client::{ErrorKind, GiveUp, Login, Once, Policy, Proxies, Proxy, ProxyAuth, ProxyAuthLayer};
use proxy_auth_tower::server;
use tower::{Layer, ServiceExt};

use crate::support::{
    Act, LOGIN, basic_gate, client, connector, digest_and_basic, digest_gate, get, start_origin, start_proxy,
    start_script, text, users,
};

#[tokio::test]
async fn a_request_is_sent_again_with_its_content() {
    for (gate, policy) in digest_and_basic() {
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

#[tokio::test]
async fn a_client_that_passes_the_proxy_by_gets_no_credentials_of_another_client() {
    let layer = server::ProxyAuthLayer::new(basic_gate(), users());
    let (origin, server) = (start_origin().await, start_proxy(layer).await);
    let proxy = server.proxy_at(Policy::basic_only());
    let url = format!("http://{}/", origin.address);

    // One client has learned what the proxy asks for.
    let first = ProxyAuth::new(client(connector(proxy.clone())), proxy.clone());
    assert_eq!(first.oneshot(get(url.clone())).await.unwrap().status(), 200);

    let tunnels = client(connector(proxy.clone()).with_tunnels_only());
    let response = ProxyAuth::new(tunnels, proxy.clone()).oneshot(get(url.clone())).await;
    assert_eq!((response.unwrap().status().as_u16(), origin.seen()), (200, vec![]));

    let exceptions = client(connector(Proxies::new(proxy.clone()).with_exceptions("127.0.0.1")));
    let response = ProxyAuth::new(exceptions, proxy.clone())
        .oneshot(get(url.clone()))
        .await;
    assert_eq!((response.unwrap().status().as_u16(), origin.seen()), (200, vec![]));

    let builder = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new());
    let plain = builder.build_http::<Full<Bytes>>();
    let response = ProxyAuth::new(plain, proxy).oneshot(get(url)).await;
    assert_eq!((response.unwrap().status().as_u16(), origin.seen()), (200, vec![]));
}

#[tokio::test]
async fn a_proxy_of_the_connector_alone_gets_no_credentials_for_another() {
    let other = start_script(vec![Act::send(
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=evil\r\nContent-Length: 0\r\n\r\n",
    )])
    .await;
    let server = start_proxy(server::ProxyAuthLayer::new(basic_gate(), users())).await;
    let to_other = client(connector(
        Proxy::without_login(&format!("http://{}", other.address)).unwrap(),
    ));
    let service = ProxyAuth::new(to_other, server.proxy_at(Policy::basic_only()));
    let error = service.oneshot(get("http://a.example/".to_owned())).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::OtherProxies);
    assert!(
        other.seen().iter().all(|head| !head.to_lowercase().contains("basic")),
        "{:?}",
        other.seen()
    );
}

#[tokio::test]
async fn each_client_asks_once_before_it_sends_credentials() {
    for (gate, policy) in digest_and_basic() {
        let layer = server::ProxyAuthLayer::new(gate, users());
        let (origin, server) = (start_origin().await, start_proxy(layer).await);
        let proxy = server.proxy_at(policy);
        for clients in 1..=3 {
            let client = ProxyAuth::new(client(connector(proxy.clone())), proxy.clone());
            for _ in 0..2 {
                let response = client.clone().oneshot(get(format!("http://{}/", origin.address))).await;
                assert_eq!(response.unwrap().status(), 200);
            }
            assert_eq!(server.requests(), 3 * clients);
        }
    }
}
