//! Tests requests through tunnels.

use super::{DIGEST, PAGE, URL, connections, credentials, fetch, fetch_all, lines, param, prepared, refusal};
use crate::wire::{Proxy, names, server};

const OPENED: &str = "HTTP/1.1 200 OK\r\n\r\n";
const USER: &str = "aladdin:open%20sesame";

#[test]
fn the_client_and_the_proxy_open_tunnels() {
    for (offer, option, scheme) in [
        ("sha-256,md5,basic", "--require-proof", "Digest"),
        ("md5", "--require-proof", "Digest"),
        ("basic", "--allow-basic", "Basic"),
    ] {
        let proxy = Proxy::start(&["--offer", offer]);
        let (origin, received) = server([PAGE.into(), PAGE.into()]);
        let url = format!("http://{origin}/path?query");
        let (content, said, status) = fetch_all(proxy.address, USER, &[url.as_str(); 2], &[option, "--tunnel"]);
        assert_eq!((content.as_str(), status), ("pagepage", Some(0)), "{said}");
        assert_eq!(
            said.matches(&format!("request with {scheme}: 200\n")).count(),
            2,
            "{said}"
        );
        let proofs = said.matches("the proxy proved that it knows the password\n").count();
        assert_eq!(proofs, if scheme == "Digest" { 2 } else { 0 }, "{said}");
        let requests: Vec<_> = received.try_iter().collect();
        assert_eq!(requests.len(), 2);
        for request in &requests {
            assert!(request.starts_with("GET /path?query HTTP/1.1\r\n"), "{request}");
            assert_eq!(names(request), ["connection", "host"]);
        }
        let log = proxy.log();
        assert_eq!(log.matches("method=\"CONNECT\"").count(), 3, "{log}");
        assert_eq!(
            (log.matches("status=407").count(), log.matches("status=200").count()),
            (1, 2),
            "{log}"
        );
    }
}

#[test]
fn a_refused_connect_is_answered_on_the_same_connection() {
    let (proxy, received) = prepared([
        refusal(&[DIGEST]),
        OPENED.into(),
        PAGE.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
        OPENED.into(),
        PAGE.into(),
    ]);
    let urls = ["http://origin.example?a", "http://[::1]:8080/"];
    let (content, said, status) = fetch_all(proxy, "u:p", &urls, &["--tunnel"]);
    assert_eq!((content.as_str(), status), ("pagepage", Some(0)), "{said}");
    let received: Vec<_> = received.try_iter().collect();
    assert_eq!(connections(&received), [1, 1, 1, 2, 2]);
    let heads: Vec<_> = received.iter().map(|(_, message)| lines(message)[0]).collect();
    assert_eq!(
        heads,
        [
            "CONNECT origin.example:80 HTTP/1.1",
            "CONNECT origin.example:80 HTTP/1.1",
            "GET /?a HTTP/1.1",
            "CONNECT [::1]:8080 HTTP/1.1",
            "GET / HTTP/1.1"
        ]
    );
    assert_eq!(
        (param(&received[1], "uri"), param(&received[1], "nc")),
        ("origin.example:80".into(), "00000001".into())
    );
    assert_eq!(
        (param(&received[3], "uri"), param(&received[3], "nc")),
        ("[::1]:8080".into(), "00000002".into())
    );
    assert_eq!((credentials(&received[2]), credentials(&received[4])), ("", ""));
}

#[test]
fn a_challenge_in_the_tunnel_is_not_answered() {
    let challenge = refusal(&["Basic realm=r"]).replace("Length: 0\r\n\r\n", "Length: 4\r\n\r\nfake");
    let (proxy, received) = prepared([
        refusal(&["Basic realm=r"]),
        OPENED.into(),
        challenge,
        "not asked".into(),
    ]);
    let (content, said, status) = fetch(proxy, "u:p", URL, &["--tunnel", "--allow-basic"]);
    assert_eq!((content.as_str(), status), ("fake", Some(0)), "{said}");
    assert_eq!(lines(&said).last(), Some(&"407: 4 bytes"));
    let received: Vec<_> = received.try_iter().collect();
    assert_eq!(received.len(), 3);
    assert_eq!(credentials(&received[2]), "");
}

/// The proxy's content could be taken for that of the URL.
#[test]
fn the_content_of_a_failed_connect_is_not_shown() {
    for status_line in ["502 Bad Gateway", "302 Found", "403 Forbidden"] {
        let failed = format!("HTTP/1.1 {status_line}\r\nContent-Length: 6\r\n\r\nforged");
        let (proxy, received) = prepared([failed, "not asked".into()]);
        let (content, said, status) = fetch_all(proxy, "u:p", &[URL, URL], &["--tunnel"]);
        assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
        let sent = format!("request without credentials: {}", &status_line[..3]);
        assert_eq!(lines(&said), [sent.as_str(), "the proxy opens no tunnel"]);
        assert_eq!(received.try_iter().count(), 1);
    }
}

#[test]
fn a_tunnel_without_a_proof_is_not_used() {
    let zeros = "0".repeat(32);
    let forged = format!("HTTP/1.1 200 OK\r\nProxy-Authentication-Info: rspauth=\"{zeros}\"\r\n\r\n");
    for (opened, options, reason) in [
        (
            OPENED,
            &["--tunnel", "--require-proof"][..],
            "the response contains no proof",
        ),
        (&forged, &["--tunnel"], "the proof in the response is wrong"),
    ] {
        let (proxy, received) = prepared([refusal(&[DIGEST]), opened.into(), PAGE.into()]);
        let (content, said, status) = fetch(proxy, "u:p", URL, options);
        assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
        assert_eq!(lines(&said).last(), Some(&reason));
        assert_eq!(received.try_iter().count(), 2);
    }
}

#[test]
fn a_wrong_password_for_a_tunnel_is_sent_once() {
    let proxy = Proxy::start(&[]);
    let (content, said, status) = fetch_all(proxy.address, "aladdin:x", &[URL, URL], &["--tunnel"]);
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    assert_eq!(lines(&said).last(), Some(&"the peer refused the credentials"));
    let log = proxy.log();
    assert_eq!(log.matches("status=407").count(), 2, "{log}");
}

#[test]
fn only_http_goes_through_a_tunnel() {
    for url in ["https://origin.example/", "ftp://origin.example/", "origin.example:80"] {
        let (proxy, received) = prepared(["not asked".into()]);
        let (content, said, status) = fetch_all(proxy, "u:p", &[URL, url], &["--tunnel"]);
        assert_eq!((content.as_str(), status), ("", Some(2)), "{said}");
        assert_eq!(said, "client: the URL does not start with http://\n");
        assert_eq!(received.try_iter().count(), 0);
    }
}
