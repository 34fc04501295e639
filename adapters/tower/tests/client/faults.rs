//! Proxies that break off, repeat themselves, send garbage, are slow, or send too much: an error says what, soon.

use std::time::{Duration, Instant};

use hyper::Uri;
use proxy_auth_tower::client::{Error, ErrorKind, GiveUp, Policy};
use tower::Service;

use crate::support::{Act, Server, connector, start_script};

const DIGEST: &str = r#"Proxy-Authenticate: Digest realm="apps", nonce="5f2c", qop="auth", algorithm=SHA-256"#;

/// Opens a tunnel, which must fail in good time.
async fn fail(server: &Server) -> Error {
    let started = Instant::now();
    let proxy = server
        .proxy_at(Policy::digest_only())
        .with_time_limit(Duration::from_secs(1));
    let result = connector(proxy).call(Uri::from_static("https://example.com/")).await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    let error = result.unwrap_err();
    for secret in ["aladdin", "sesame", "5f2c"] {
        assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
    }
    error
}

#[tokio::test]
async fn a_proxy_that_closes_in_the_middle() {
    let challenge = format!("HTTP/1.1 407 No\r\n{DIGEST}\r\nContent-Length: 0\r\n\r\n");
    let scripts = [
        vec![Act::close_after("")],
        vec![Act::close_after("HTTP/1.1 4")],
        vec![Act::close_after("HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=")],
        vec![Act::send(&challenge), Act::close_after("HTTP/1.1 2")],
    ];
    for script in scripts {
        let error = fail(&start_script(script).await).await;
        assert_eq!(error.kind(), &ErrorKind::Closed, "{error:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_nobody_reaches() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut server = start_script(vec![Act::Wait]).await;
    server.address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(fail(&server).await.kind(), &ErrorKind::Connect);
}

#[tokio::test]
async fn a_proxy_that_answers_407_for_ever() {
    for (nonces, requests, reason) in [
        (["5f2c"; 4], 2, GiveUp::Refused),
        (["a", "b", "c", "d"], 3, GiveUp::TooManyRounds),
    ] {
        let script = nonces.map(|nonce| {
            let challenge = DIGEST.replace("5f2c", nonce) + ", stale=true";
            Act::send(&format!("HTTP/1.1 407 No\r\n{challenge}\r\nContent-Length: 0\r\n\r\n"))
        });
        let server = start_script(script.to_vec()).await;
        let error = fail(&server).await;
        assert_eq!(error.kind(), &ErrorKind::GiveUp(reason));
        assert_eq!((server.requests(), error.status().unwrap().as_u16()), (requests, 407));
        assert_eq!(error.offered().collect::<Vec<_>>(), ["Digest (SHA-256)"]);
    }
}

#[tokio::test]
async fn a_proxy_that_says_nothing_of_use() {
    let nothing = "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n";
    let damaged =
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Digest \"\r\nProxy-Authenticate: =\r\nContent-Length: 0\r\n\r\n";
    for response in [nothing, damaged] {
        let server = start_script(vec![Act::send(response)]).await;
        let error = fail(&server).await;
        assert!(matches!(error.kind(), ErrorKind::GiveUp(_)), "{error:?}");
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn a_proxy_that_sends_garbage() {
    let garbage = [
        "\0\u{1}\u{2}\u{3}".repeat(100),
        "220 mail.example ESMTP\r\n".into(),
        "HTTP/1.1 abc\r\n\r\n".into(),
    ];
    for garbage in garbage {
        let error = fail(&start_script(vec![Act::send(&garbage)]).await).await;
        assert_eq!(error.kind(), &ErrorKind::Response, "{error:?}");
    }
    let tls_alert = vec![0x15, 3, 1, 0, 2, 2, 0x46];
    let error = fail(&start_script(vec![Act::SendAndClose(tls_alert)]).await).await;
    assert_eq!(error.kind(), &ErrorKind::Response, "{error:?}");
}

#[tokio::test]
async fn a_proxy_that_is_slow() {
    let pause = Duration::from_millis(100);
    let challenge = format!("HTTP/1.1 407 No\r\n{DIGEST}\r\nContent-Length: 100\r\n\r\n");
    let scripts = [
        vec![Act::Wait],
        vec![Act::SendSlowly(challenge.clone().into(), pause)],
        // The content of the 407 never ends, and neither does the connection.
        vec![Act::send(&challenge)],
        vec![Act::SendSlowly(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), pause)],
    ];
    for script in scripts {
        let error = fail(&start_script(script).await).await;
        assert_eq!(error.kind(), &ErrorKind::Timeout, "{error:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_sends_many_challenges() {
    // In one line, and in 90 lines.
    let other = r#"Other realm="apps, and more apps", "#.repeat(64 * 1024 / 35);
    let lines = "Proxy-Authenticate: Other realm=\"x\"\r\n".repeat(90);
    let digest_last =
        format!("HTTP/1.1 407 No\r\nProxy-Authenticate: {other}Next\r\n{DIGEST}\r\nContent-Length: 0\r\n\r\n");
    for (response, is_answered) in [
        (digest_last, true),
        (
            format!("HTTP/1.1 407 No\r\nProxy-Authenticate: {other}Next\r\nContent-Length: 0\r\n\r\n"),
            false,
        ),
        (format!("HTTP/1.1 407 No\r\n{lines}Content-Length: 0\r\n\r\n"), false),
    ] {
        assert!(response.len() < 80 * 1024);
        let server = start_script(vec![Act::send(&response)]).await;
        let error = fail(&server).await;
        let expected = ErrorKind::GiveUp(GiveUp::Refused);
        assert_eq!(error.kind() == &expected, is_answered, "{error:?}");
        assert_eq!(server.requests(), 1 + usize::from(is_answered));
        assert!(error.to_string().len() < 500, "{error}");
    }
}

#[tokio::test]
async fn a_proxy_that_sends_too_much() {
    let endless = Act::SendForEver(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\n".to_vec());
    let error = fail(&start_script(vec![endless]).await).await;
    assert_eq!(error.kind(), &ErrorKind::Response, "{error:?}");

    let long = Act::SendForEver(b"HTTP/1.1 407 No and no and no".to_vec());
    let error = fail(&start_script(vec![long]).await).await;
    assert_eq!(error.kind(), &ErrorKind::Response, "{error:?}");

    // Content without end is not read to its end: the request is sent on a new connection.
    let content = format!("HTTP/1.1 407 No\r\n{DIGEST}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunks = "5\r\nagain\r\n".repeat(100_000);
    let server = start_script(vec![
        Act::SendAndClose((content + &chunks).into()),
        Act::close_after("HTTP/1.1 403 No\r\n\r\n"),
    ])
    .await;
    let error = fail(&server).await;
    assert_eq!((error.kind(), server.connections()), (&ErrorKind::Status, 2));
}
