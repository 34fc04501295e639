//! Requests to the layer, without a network.

use std::convert::Infallible;
use std::pin::Pin;
use std::time::Duration;

use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::{Request, Response, StatusCode, Version};
use proxy_auth_tower::BoxError;
use proxy_auth_tower::proxy_auth::digest::{self, PasswordHash};
use proxy_auth_tower::proxy_auth::{NonceUse, Policy, Reason, Session, Step, Turn, Verified};
use proxy_auth_tower::server::{
    Account, Algorithm, Attempt, AuthenticatedUser, DigestOffer, Gate, ProxyAuthLayer, Refused, ResponseBody, Role,
    SharedReplayStore, Unavailable, Users, claimed_name,
};
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::support::{LOGIN, NAME, PASSWORD, basic_gate, digest_gate, users};

const BASIC: &str = "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==";

type Content = Full<Bytes>;

/// Says who the user is, and sends what an origin server might send to get the proxy's password.
async fn inner(request: Request<Content>) -> Result<Response<Content>, Infallible> {
    for name in ["proxy-authorization", "authorization"] {
        assert!(!request.headers().contains_key(name));
    }
    let user = request.extensions().get::<AuthenticatedUser>().unwrap();
    let text = format!(
        "{} {} {}",
        user.name(),
        user.scheme(),
        request.headers()["kept"].to_str().unwrap()
    );
    let status = match request.uri().path() {
        "/407" => 407,
        "/502" => 502,
        _ => 200,
    };
    let response = Response::builder().status(status);
    let response = response.header("Proxy-Authenticate", "Basic realm=\"evil\"");
    let response = response.header("Proxy-Authentication-Info", "rspauth=\"evil\"");
    Ok(response.header("Via", "1.1 inner").body(text.into()).unwrap())
}

fn request(method: &str, target: &str, authorization: Option<(&str, &str)>) -> Request<Content> {
    let mut request = Request::builder().method(method).uri(target).header("Kept", "kept");
    if let Some((name, value)) = authorization {
        request = request.header(name, value);
    }
    request.body(Content::default()).unwrap()
}

async fn answer<U: Users>(layer: &ProxyAuthLayer<U>, request: Request<Content>) -> Response<ResponseBody<Content>> {
    layer.layer(service_fn(inner)).oneshot(request).await.unwrap()
}

fn reason<B>(response: &Response<B>) -> Reason {
    response
        .extensions()
        .get::<Refused>()
        .unwrap()
        .refusal()
        .reason()
        .clone()
}

async fn text(response: Response<ResponseBody<Content>>) -> String {
    let content = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(content.to_vec()).unwrap()
}

#[tokio::test]
async fn a_user_passes_and_the_credentials_do_not() {
    for (role, name) in [(Role::Proxy, "Proxy-Authorization"), (Role::Server, "Authorization")] {
        let layer = ProxyAuthLayer::new(basic_gate().with_role(role), users());
        let response = answer(&layer, request("GET", "http://a.example/", Some((name, BASIC)))).await;
        assert_eq!(response.status(), 200);
        let is_proxy = role == Role::Proxy;
        assert_eq!(response.headers().contains_key("Proxy-Authenticate"), !is_proxy);
        assert_eq!(response.headers().contains_key("Proxy-Authentication-Info"), !is_proxy);
        assert_eq!(text(response).await, "aladdin Basic kept");
    }
}

#[tokio::test]
async fn a_request_without_correct_credentials_is_refused() {
    for (role, status, name, asking) in [
        (Role::Proxy, 407, "Proxy-Authorization", "Proxy-Authenticate"),
        (Role::Server, 401, "Authorization", "WWW-Authenticate"),
    ] {
        let layer = ProxyAuthLayer::new(digest_gate().with_basic().with_role(role), users());
        for (value, expected) in [
            (None, Reason::Missing),
            (Some("Basic YWxhZGRpbjp4"), Reason::Wrong),
            (Some("Basic eDp5"), Reason::UnknownUser),
            (Some("Bearer x"), Reason::NotOffered),
        ] {
            let response = answer(
                &layer,
                request("GET", "http://a.example/", value.map(|value| (name, value))),
            )
            .await;
            assert_eq!((response.status().as_u16(), reason(&response)), (status, expected));
            assert_eq!(response.headers().get_all(asking).iter().count(), 3);
            assert!(!response.headers().contains_key("connection"));
            assert_eq!(text(response).await, "");
        }
    }
}

#[tokio::test]
async fn an_answer_of_digest_passes_once_and_is_confirmed() {
    let layer = ProxyAuthLayer::new(digest_gate(), users());
    tokio::time::sleep(Duration::from_millis(5)).await;
    let mut session = Session::<512>::new(Policy::digest_only().with_proof_required());
    let signed = proxy_auth_tower::proxy_auth::Request::new("CONNECT", "a.example:443").unwrap();
    let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &signed, [7; 16]).unwrap();
    let response = answer(&layer, request("CONNECT", "a.example:443", None)).await;
    let step = session.receive(pending, response.status().as_u16(), response.headers());
    let (Step::Again(turn) | Step::NewConnection(turn)) = step else {
        panic!("{step:?}")
    };
    let (answer_value, pending) = session.authorize(turn, &LOGIN, &signed, [7; 16]).unwrap();
    let value = answer_value.unwrap().to_string();
    let with_answer = || request("CONNECT", "a.example:443", Some(("Proxy-Authorization", &value)));

    let response = answer(&layer, with_answer()).await;
    assert_eq!(response.status(), 200);
    let step = session.receive(pending, 200, response.headers());
    assert_eq!(step, Step::Done { proved: true });

    // Each service of the layer knows.
    let response = answer(&layer, with_answer()).await;
    assert_eq!((response.status().as_u16(), reason(&response)), (407, Reason::Replayed));
    let challenge = response.headers()["Proxy-Authenticate"].to_str().unwrap();
    assert!(challenge.contains("stale=true"), "{challenge}");
}

#[tokio::test]
async fn a_407_of_an_origin_server_becomes_a_502() {
    let credentials = Some(("Proxy-Authorization", BASIC));
    let layer = ProxyAuthLayer::new(basic_gate(), users());
    let response = answer(&layer, request("GET", "http://a.example/407", credentials)).await;
    assert_eq!(response.status(), 502);
    assert!(!response.headers().contains_key("Proxy-Authenticate"));
    assert_eq!(text(response).await, "");
}

#[tokio::test]
async fn a_failed_connect_closes_the_connection_of_http1_alone() {
    let layer = ProxyAuthLayer::new(basic_gate(), users());
    for (version, closes) in [(Version::HTTP_11, true), (Version::HTTP_2, false)] {
        let mut request = request("CONNECT", "a.example:443", None);
        *request.version_mut() = version;
        let response = answer(&layer, request).await;
        assert_eq!(response.status(), 407);
        assert_eq!(response.headers().contains_key("connection"), closes);
    }
    let response = answer(
        &layer,
        request("GET", "http://a.example/502", Some(("Proxy-Authorization", BASIC))),
    )
    .await;
    assert!(!response.headers().contains_key("connection"));
}

/// Content that arrives in 100 parts of 1 KiB, with a pause before each. Its length is not known.
fn slow_content(
    pause: Duration,
) -> StreamBody<impl futures_core::Stream<Item = Result<Frame<Bytes>, Infallible>> + Send> {
    StreamBody::new(Box::pin(async_stream(pause)))
}

fn async_stream(pause: Duration) -> impl futures_core::Stream<Item = Result<Frame<Bytes>, Infallible>> + Send {
    struct Parts(u32, std::pin::Pin<Box<tokio::time::Sleep>>, Duration);
    impl futures_core::Stream for Parts {
        type Item = Result<Frame<Bytes>, Infallible>;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            std::task::ready!(self.1.as_mut().poll(context));
            let pause = self.2;
            self.1.as_mut().reset(tokio::time::Instant::now() + pause);
            self.0 += 1;
            let is_part = self.0 <= 100;
            std::task::Poll::Ready(is_part.then(|| Ok(Frame::data(Bytes::from_static(&[0; 1024])))))
        }
    }
    Parts(0, Box::pin(tokio::time::sleep(pause)), pause)
}

#[tokio::test]
async fn content_of_a_refused_request_is_read_up_to_a_bound() {
    async fn ignore<B>(_: Request<B>) -> Result<Response<Content>, Infallible> {
        unreachable!()
    }
    let millisecond = Duration::from_millis(1);
    for (max, time, pause, closes) in [
        (102_400, 10_000, Duration::ZERO, false),
        (102_399, 10_000, Duration::ZERO, true),
        (102_400, 50, millisecond * 10, true),
    ] {
        let layer = ProxyAuthLayer::new(basic_gate(), users()).with_discarded_content(max, millisecond * time);
        let request = Request::post("http://a.example/").header("Transfer-Encoding", "chunked");
        let request = request.body(slow_content(pause)).unwrap();
        let response = layer.layer(service_fn(ignore)).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 407);
        assert_eq!(response.headers().contains_key("connection"), closes, "{max} {time}");
    }
    // The client waits for 100 (Continue), so it sends nothing.
    let request = Request::post("http://a.example/").header("Content-Length", "102400");
    let request = request
        .header("Expect", "100-continue")
        .body(slow_content(Duration::ZERO))
        .unwrap();
    let layer = ProxyAuthLayer::new(basic_gate(), users());
    let response = layer.layer(service_fn(ignore)).oneshot(request).await.unwrap();
    assert_eq!(response.headers()["connection"], "close");
}

#[tokio::test]
async fn stored_secrets_of_each_kind_pass() {
    struct Hashes(Vec<PasswordHash>);
    impl Users for Hashes {
        type Secret = Vec<PasswordHash>;
        async fn find(&self, attempt: &Attempt<'_, String>) -> Result<Option<Account<Vec<PasswordHash>>>, BoxError> {
            tokio::task::yield_now().await;
            let is_known = claimed_name(attempt).as_deref() == Some(NAME);
            Ok(is_known.then(|| Account::new(NAME, self.0.clone())))
        }
    }
    struct Verdicts;
    impl Users for Verdicts {
        type Secret = Verified;
        async fn find(&self, attempt: &Attempt<'_, String>) -> Result<Option<Account<Verified>>, BoxError> {
            let is_right = attempt.password() == Some(PASSWORD.as_bytes());
            Ok((is_right && claimed_name(attempt).as_deref() == Some(NAME)).then(|| Account::new(NAME, Verified)))
        }
    }
    let login = digest::Login::new(digest::Username::new(NAME).unwrap(), PASSWORD);
    let hash = PasswordHash::new(Algorithm::Sha256, login, "apps");
    let hashes = ProxyAuthLayer::new(basic_gate(), Hashes(vec![hash]));
    let verdicts = ProxyAuthLayer::new(basic_gate(), Verdicts);
    for (value, status) in [(BASIC, 200), ("Basic YWxhZGRpbjp4", 407), ("Basic eDp5", 407)] {
        let request = || request("GET", "http://a.example/", Some(("Proxy-Authorization", value)));
        assert_eq!(answer(&hashes, request()).await.status(), status);
        assert_eq!(answer(&verdicts, request()).await.status(), status);
    }
}

#[tokio::test]
async fn names_in_latin1_are_found() {
    let users =
        std::collections::HashMap::from([("Jäsøn".to_owned(), proxy_auth_tower::server::StoredPassword::new("ñ"))]);
    let layer = ProxyAuthLayer::new(basic_gate(), users);
    for value in ["Basic SsOkc8O4bjrDsQ==", "Basic SuRz+G468Q=="] {
        let response = answer(
            &layer,
            request("GET", "http://a.example/", Some(("Proxy-Authorization", value))),
        )
        .await;
        assert_eq!(text(response).await, "Jäsøn Basic kept");
    }
}

#[tokio::test]
async fn users_that_cannot_be_asked_are_a_503() {
    struct Away;
    impl Users for Away {
        type Secret = Verified;
        async fn find(&self, _: &Attempt<'_, String>) -> Result<Option<Account<Verified>>, BoxError> {
            Err("the database is away".into())
        }
    }
    let layer = ProxyAuthLayer::new(basic_gate(), Away);
    let response = answer(
        &layer,
        request("GET", "http://a.example/", Some(("Proxy-Authorization", BASIC))),
    )
    .await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let error = response.extensions().get::<Unavailable>().unwrap().error().to_string();
    assert_eq!(error, "the database is away");
    assert_eq!(
        answer(&layer, request("GET", "http://a.example/", None)).await.status(),
        407
    );
}

/// Returns the credentials of a new client that has met the challenge of the layer.
async fn credentials_for(layer: &ProxyAuthLayer<crate::support::TestUsers>) -> String {
    let mut session = Session::<512>::new(Policy::digest_only());
    let signed = proxy_auth_tower::proxy_auth::Request::new("GET", "http://a.example/").unwrap();
    let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &signed, [7; 16]).unwrap();
    let response = answer(layer, request("GET", "http://a.example/", None)).await;
    let Step::Again(turn) = session.receive(pending, 407, response.headers()) else {
        panic!()
    };
    let (value, _) = session.authorize(turn, &LOGIN, &signed, [8; 16]).unwrap();
    value.unwrap().to_string()
}

#[tokio::test]
async fn few_replay_slots_refuse_but_never_let_pass_twice() {
    let layer = ProxyAuthLayer::new(digest_gate(), users()).with_replay_slots(1);
    tokio::time::sleep(Duration::from_millis(5)).await;
    let mut values = Vec::new();
    for _ in 0..3 {
        values.push(credentials_for(&layer).await);
    }
    for value in &values {
        let mut passed = 0;
        for _ in 0..3 {
            let request = request("GET", "http://a.example/", Some(("Proxy-Authorization", value)));
            passed += usize::from(answer(&layer, request).await.status() == 200);
        }
        assert!(passed <= 1);
    }
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let layer = ProxyAuthLayer::new(
        Gate::new("apps".to_owned()).unwrap().with_digest(&DigestOffer::new(
            b"a key of 32 bytes, never written",
            [Algorithm::Sha256],
        )),
        users(),
    );
    let account = Account::new(NAME, proxy_auth_tower::server::StoredPassword::new(PASSWORD));
    let mut service = layer.layer(service_fn(inner));
    let response = Service::call(&mut service, request("GET", "http://a.example/", None))
        .await
        .unwrap();
    let shown = format!(
        "{layer:?} {service:?} {account:?} {:?}",
        response.extensions().get::<Refused>()
    );
    assert!(!shown.contains("sesame") && !shown.contains("a key of"), "{shown}");
}

#[tokio::test]
async fn a_shared_store_is_not_replaced_by_slots() {
    struct Away;
    impl SharedReplayStore for Away {
        fn admit(&self, _: NonceUse) -> Pin<Box<dyn Future<Output = bool> + Send + '_>> {
            Box::pin(std::future::ready(false))
        }
    }
    let before = ProxyAuthLayer::new(digest_gate(), users()).with_replay_slots(8);
    let after = ProxyAuthLayer::new(digest_gate(), users()).with_shared_store(Away);
    for layer in [before.with_shared_store(Away), after.with_replay_slots(8)] {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let value = credentials_for(&layer).await;
        let response = answer(
            &layer,
            request("GET", "http://a.example/", Some(("Proxy-Authorization", &value))),
        );
        assert_eq!(reason(&response.await), Reason::Replayed);
    }
}

#[tokio::test]
async fn content_that_the_client_holds_back_is_not_waited_for() {
    async fn ignore<B>(_: Request<B>) -> Result<Response<Content>, Infallible> {
        panic!("refused");
    }
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let layer = ProxyAuthLayer::new(basic_gate(), users());
        let content = StreamBody::new(async_stream(Duration::from_secs(3600)));
        let request = Request::post("http://a.example/").version(version);
        let request = request.header("Expect", "100-continue").body(content).unwrap();
        let response = layer.layer(service_fn(ignore)).oneshot(request);
        let response = tokio::time::timeout(Duration::from_secs(1), response).await.unwrap();
        assert_eq!(response.unwrap().status(), 407);
    }
}
