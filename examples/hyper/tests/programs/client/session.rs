//! Tests requests that share a session and a connection.

use super::{DIGEST, PAGE, URL, connections, credentials, fetch, fetch_all, lines, param, prepared, refusal};
use crate::wire::{Proxy, server, values};

const OTHER: &str = "http://other.example/a?b";
const USER: &str = "aladdin:open%20sesame";

#[test]
fn two_urls_take_one_challenge() {
    let (proxy, received) = prepared([refusal(&[DIGEST]), PAGE.into(), PAGE.into()]);
    let (content, said, status) = fetch_all(proxy, "u:p", &[URL, OTHER], &[]);
    assert_eq!((content.as_str(), status), ("pagepage", Some(0)), "{said}");
    let unproved = "the proxy did not prove that it knows the password";
    assert_eq!(
        lines(&said),
        [
            "request without credentials: 407; Digest (MD5) offered",
            "request with Digest: 200",
            unproved,
            "200: 4 bytes",
            "request with Digest: 200",
            unproved,
            "200: 4 bytes"
        ]
    );
    let received: Vec<_> = received.try_iter().collect();
    assert_eq!(connections(&received), [1, 1, 1]);
    let [challenged, first, second] = &received[..] else {
        panic!("{received:?}")
    };
    assert_eq!(credentials(challenged), "");
    assert!(first.1.starts_with("GET http://origin.example/ HTTP/1.1\r\n"));
    assert!(second.1.starts_with("GET http://other.example/a?b HTTP/1.1\r\n"));
    assert_eq!(values(&second.1, "Host"), ["other.example"]);
    assert_eq!(
        (param(first, "nc"), param(second, "nc")),
        ("00000001".into(), "00000002".into())
    );
    assert_eq!(param(second, "uri"), OTHER);
    assert_eq!(param(first, "cnonce"), param(second, "cnonce"));
    assert_ne!(param(first, "response"), param(second, "response"));
}

/// The example proxy accepts each count once.
#[test]
fn the_example_proxy_accepts_and_proves_each_count() {
    let proxy = Proxy::start(&[]);
    let page = || PAGE.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let (origin, _received) = server([page(), page(), page()]);
    let url = format!("http://{origin}/");
    let (content, said, status) = fetch_all(proxy.address, USER, &[url.as_str(); 3], &["--require-proof"]);
    assert_eq!((content.as_str(), status), ("pagepagepage", Some(0)), "{said}");
    let proofs = said.matches("the proxy proved that it knows the password\n").count();
    assert_eq!((said.matches("407").count(), proofs), (1, 3), "{said}");
    let log = proxy.log();
    assert_eq!(
        (log.matches("status=407").count(), log.matches("status=200").count()),
        (1, 3),
        "{log}"
    );
}

#[test]
fn basic_is_sent_with_each_request_after_the_challenge() {
    let (proxy, received) = prepared([refusal(&["Basic realm=r"]), PAGE.into(), PAGE.into()]);
    let (_, said, status) = fetch_all(proxy, "u:p", &[URL, OTHER], &["--allow-basic"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(!said.contains("prove"), "{said}");
    let received: Vec<_> = received.try_iter().collect();
    let values: Vec<_> = received.iter().map(credentials).collect();
    assert_eq!(values, ["", "Basic dTpw", "Basic dTpw"]);
}

#[test]
fn the_challenge_is_answered_on_a_new_connection_if_the_proxy_closes() {
    for (version, field) in [
        ("HTTP/1.1", "Connection: close\r\n"),
        ("HTTP/1.1", "Proxy-Connection: close\r\n"),
        ("HTTP/1.0", ""),
    ] {
        let refusal = refusal(&[DIGEST])
            .replace("HTTP/1.1", version)
            .replace("Content-Length", &format!("{field}Content-Length"));
        let (proxy, received) = prepared([refusal, PAGE.into()]);
        let (content, said, status) = fetch(proxy, "u:p", URL, &[]);
        assert_eq!((content.as_str(), status), ("page", Some(0)), "{said}");
        let received: Vec<_> = received.try_iter().collect();
        assert_eq!(connections(&received), [1, 2]);
        assert_eq!(param(&received[1], "nc"), "00000001");
    }
}

#[test]
fn a_proxy_may_close_after_each_response() {
    let closing = |answer: &str| answer.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let (proxy, received) = prepared([closing(&refusal(&[DIGEST])), closing(PAGE), closing(PAGE)]);
    let (content, said, status) = fetch_all(proxy, "u:p", &[URL, OTHER], &[]);
    assert_eq!((content.as_str(), status), ("pagepage", Some(0)), "{said}");
    let received: Vec<_> = received.try_iter().collect();
    assert_eq!(connections(&received), [1, 2, 3]);
    assert_eq!(
        (param(&received[1], "nc"), param(&received[2], "nc")),
        ("00000001".into(), "00000002".into())
    );
}

/// The client may send a request before it knows that the connection has ended.
#[test]
fn a_proxy_may_close_after_each_response_without_saying_so() {
    let (proxy, received) = server([refusal(&[DIGEST]), PAGE.into(), PAGE.into()]);
    let (content, said, status) = fetch_all(proxy, "u:p", &[URL, OTHER], &[]);
    assert_eq!((content.as_str(), status), ("pagepage", Some(0)), "{said}");
    assert_eq!(said.matches("407").count(), 1, "{said}");
    let received: Vec<_> = received.try_iter().map(|message| (0, message)).collect();
    assert_eq!(received.len(), 3);
    assert!(param(&received[1], "nc") < param(&received[2], "nc"));
}

#[test]
fn a_request_without_a_response_is_sent_again_with_a_new_count() {
    let (proxy, received) = prepared([refusal(&[DIGEST]), PAGE.into(), String::new(), PAGE.into()]);
    let (content, said, status) = fetch_all(proxy, "u:p", &[URL, OTHER], &[]);
    assert_eq!((content.as_str(), status), ("pagepage", Some(0)), "{said}");
    let received: Vec<_> = received.try_iter().collect();
    assert_eq!(connections(&received), [1, 1, 1, 2]);
    let counts: Vec<_> = received[1..].iter().map(|received| param(received, "nc")).collect();
    assert_eq!(counts, ["00000001", "00000002", "00000003"]);

    // A new connection that ends at once is an error.
    let (proxy, received) = prepared([refusal(&[DIGEST]), String::new(), String::new()]);
    let (content, said, status) = fetch(proxy, "u:p", URL, &[]);
    assert_eq!((content.as_str(), status), ("", Some(2)), "{said}");
    assert_eq!(received.try_iter().count(), 3);
}

#[test]
fn garbage_in_place_of_a_response_is_an_error() {
    let (proxy, received) = prepared([refusal(&[DIGEST]), "garbage\r\n\r\n".into(), PAGE.into()]);
    let (content, said, status) = fetch(proxy, "u:p", URL, &[]);
    assert_eq!((content.as_str(), status), ("", Some(2)), "{said}");
    assert_eq!(received.try_iter().count(), 2);
}

#[test]
fn a_wrong_password_is_sent_once() {
    for (challenge, option, scheme) in [
        (DIGEST, "--require-proof", "Digest"),
        ("Basic realm=r", "--allow-basic", "Basic"),
    ] {
        let (proxy, received) = prepared([refusal(&[challenge]), refusal(&[challenge]), "not asked".into()]);
        let (content, said, status) = fetch_all(proxy, "u:secret", &[URL, OTHER], &[option]);
        assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
        let said = lines(&said);
        assert!(
            said[1].starts_with(&format!("request with {scheme}: 407; ")),
            "{said:?}"
        );
        assert_eq!(said[2..], ["the peer refused the credentials"]);
        assert_eq!(received.try_iter().count(), 2);
    }
}

#[test]
fn a_stale_nonce_is_renewed() {
    let stale = "Digest realm=r, qop=\"auth\", nonce=m, stale=true";
    let (proxy, received) = prepared([
        refusal(&[DIGEST]),
        PAGE.into(),
        refusal(&[stale]),
        PAGE.into(),
        PAGE.into(),
    ]);
    let (_, said, status) = fetch_all(proxy, "u:p", &[URL, OTHER, URL], &[]);
    assert_eq!(status, Some(0), "{said}");
    let received: Vec<_> = received.try_iter().collect();
    let sent: Vec<_> = received[1..]
        .iter()
        .map(|received| (param(received, "nonce"), param(received, "nc")))
        .collect();
    let expected = [
        ("n", "00000001"),
        ("n", "00000002"),
        ("m", "00000001"),
        ("m", "00000002"),
    ];
    assert_eq!(sent, expected.map(|(nonce, nc)| (nonce.into(), nc.into())));
}

#[test]
fn one_stale_nonce_after_another_is_refused() {
    let refusal = |nonce: &str, stale| refusal(&[&format!("Digest realm=r, qop=\"auth\", nonce={nonce}{stale}")]);
    let stale = ", stale=true";
    let (proxy, received) = prepared([
        refusal("a", ""),
        refusal("b", stale),
        refusal("c", stale),
        "not asked".into(),
    ]);
    let (_, said, status) = fetch(proxy, "u:p", URL, &[]);
    assert_eq!(status, Some(1), "{said}");
    assert_eq!(
        lines(&said),
        [
            "request without credentials: 407; Digest (MD5) offered",
            "request with Digest: 407; Digest (MD5) offered",
            "request with Digest: 407; Digest (MD5) offered",
            "the peer asks for credentials again and again",
        ]
    );
    let requests: Vec<_> = received.try_iter().collect();
    assert_eq!(requests.len(), 3);
    assert_eq!(param(&requests[2], "nonce"), "b");
}

#[test]
fn a_weaker_challenge_than_before_is_not_answered() {
    let strong = "Digest realm=r, qop=\"auth\", nonce=n, algorithm=SHA-256";
    let stale = format!("{DIGEST}, stale=true").replace("nonce=n", "nonce=m");
    for (weaker, reason) in [
        ("Basic realm=r", "the peer refused the credentials"),
        (&stale, "the challenges are weaker than before"),
    ] {
        let (proxy, received) = prepared([refusal(&[strong]), PAGE.into(), refusal(&[weaker]), "not asked".into()]);
        let (content, said, status) = fetch_all(proxy, "u:p", &[URL, OTHER], &["--allow-basic"]);
        assert_eq!((content.as_str(), status), ("page", Some(1)), "{said}");
        assert_eq!(lines(&said).last(), Some(&reason));
        assert_eq!(received.try_iter().count(), 3);
    }
}
