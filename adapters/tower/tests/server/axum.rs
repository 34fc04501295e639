//! The layer around a router of axum.

use axum::routing::get;
use axum::{Extension, Router};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use proxy_auth_tower::server::{AuthenticatedUser, ProxyAuthLayer, Role};

use crate::support::{basic_gate, text, users};

#[tokio::test]
async fn a_router_knows_the_user() {
    let hello = |Extension(user): Extension<AuthenticatedUser>| async move { format!("Hello, {}!", user.name()) };
    let layer = ProxyAuthLayer::new(basic_gate().with_role(Role::Server), users());
    let app = Router::new().route("/", get(hello)).layer(layer);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await.unwrap() });

    let client = Client::builder(TokioExecutor::new()).build_http();
    for (value, status, content) in [
        ("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==", 200, "Hello, aladdin!"),
        ("Basic YWxhZGRpbjp4", 401, ""),
    ] {
        let request = hyper::Request::get(format!("http://{address}/")).header("Authorization", value);
        let request = request
            .body(http_body_util::Empty::<hyper::body::Bytes>::new())
            .unwrap();
        let response = client.request(request).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(text(response).await, content);
    }
}
