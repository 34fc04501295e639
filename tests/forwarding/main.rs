//! The examples `proxy` and `client`, run as programs between a client and an origin server.
#![cfg(feature = "digest")]

mod any_proxy;
mod wire;

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use wire::{PASSWORD, Proxy, basic_credentials, origin, server, values};

/// The proxy to be tested.
fn proxy() -> PathBuf {
    program("proxy")
}

/// `cargo test` builds the examples beside the tests, before it runs them; `cargo test --test forwarding` does not.
fn program(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let program = profile
        .join("examples")
        .join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "no {}: `cargo build --features digest --examples` makes it",
        program.display()
    );
    program
}

#[test]
fn chunked_content_and_interim_responses_are_forwarded() {
    let proxy = Proxy::start(&["--basic"]);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n1\r\n\n\r\n0\r\nX: y\r\n\r\n";
    let (origin, received) = server([format!("HTTP/1.1 100 Continue\r\n\r\n{chunked}")]);
    let answer = proxy.answer(&format!(
        "POST http://{origin} HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {}\r\nContent-Length: 3\r\n\r\nabc",
        basic_credentials(PASSWORD)
    ));
    let request = received.recv().unwrap();
    assert!(
        request.starts_with("POST / HTTP/1.1\r\n") && request.ends_with("\r\n\r\nabc"),
        "{request}"
    );
    let (interim, answer) = answer.split_once("\r\n\r\n").unwrap();
    assert!(interim.starts_with("HTTP/1.1 100 Continue"), "{interim}");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("5\r\nhello\r\n1\r\n\n\r\n0\r\n\r\n"), "{answer}");
}

#[test]
fn the_log_says_what_became_of_requests() {
    let proxy = Proxy::start(&["--basic"]);
    let (origin, _received) = origin();
    for (target, password) in [("/?query", "open barley"), ("/?query", PASSWORD), ("@/", PASSWORD)] {
        proxy.answer(&format!(
            "GET http://{origin}{target} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\nProxy-Authorization: {}\r\n\r\n",
            basic_credentials(password)
        ));
    }
    let lines = [
        &format!("GET {origin}: 407, wrong user or password"),
        &format!("GET {origin}: 200 OK, Basic"),
        "400 Bad Request",
    ];
    assert_eq!(proxy.log().lines().collect::<Vec<_>>(), lines);
}

#[test]
fn two_lengths_or_codings_are_not_forwarded() {
    let proxy = Proxy::start(&["--basic"]);
    let (origin, received) = origin();
    let credentials = basic_credentials(PASSWORD);
    for fields in [
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Content-Length : 3\r\n",
        "X: y\r\n folded: z\r\n",
        "X: y\rContent-Length: 3\r\n",
    ] {
        let answer = proxy.answer(&format!(
            "POST http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {credentials}\r\n{fields}\r\nabc"
        ));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{fields}{answer}");
    }
    assert!(received.try_recv().is_err(), "it reached the origin server");
}

/// What the example client prints and says when it fetches from `proxy`, and its exit status.
fn fetch(proxy: SocketAddr, userinfo: &str, url: &str) -> (String, String, Option<i32>) {
    let output = Command::new(program("client"))
        .args([&format!("http://{userinfo}@{proxy}"), url])
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn the_client_and_the_proxy_agree() {
    let proxy = Proxy::start(&[]);
    let (origin, _received) = origin();
    let url = format!("http://{origin}/");
    let (content, said, status) = fetch(proxy.address, "aladdin:open%20sesame", &url);
    assert_eq!((content.as_str(), status), ("hello\n", Some(0)), "{said}");
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "407: Digest (SHA-256), Basic offered; answering Digest",
            "the proxy proved that it knows the password",
            "200: 6 bytes"
        ]
    );
    let (content, said, status) = fetch(proxy.address, "aladdin:open%20barley", &url);
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    assert!(said.ends_with("the proxy refuses the user or the password\n"), "{said}");
}

#[test]
fn the_client_answers_a_stale_nonce_once_more() {
    let refusal = |nonce: &str, stale| {
        format!(
            "HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=r, qop=\"auth\", nonce={nonce}{stale}\r\n\
             Content-Length: 0\r\n\r\n"
        )
    };
    let stale = ", stale=true";
    let (proxy, received) = server([
        refusal("a", ""),
        refusal("b", stale),
        refusal("c", stale),
        "not asked".into(),
    ]);
    let (_, said, status) = fetch(proxy, "u:p", "http://origin.example/");
    assert_eq!(status, Some(1), "{said}");
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "407: Digest (MD5) offered; answering Digest",
            "407: Digest (MD5) offered; the nonce was stale; answering Digest",
            "407: Digest (MD5) offered; the proxy refuses the user or the password",
        ]
    );
    let requests: Vec<_> = received.try_iter().collect();
    assert_eq!(requests.len(), 3);
    assert_eq!(values(&requests[0], "Proxy-Authorization"), [""; 0]);
    assert!(values(&requests[2], "Proxy-Authorization")[0].contains("nonce=\"b\""));
}

#[test]
fn the_client_does_not_trust_a_wrong_proof() {
    let zeros = "0".repeat(32);
    let (proxy, _received) = server([
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=r, qop=\"auth\", nonce=n\r\nContent-Length: 0\r\n\r\n"
            .into(),
        format!("HTTP/1.1 200 OK\r\nProxy-Authentication-Info: rspauth=\"{zeros}\", qop=auth\r\n\r\nforged"),
    ]);
    let (content, said, status) = fetch(proxy, "u:p", "http://origin.example/");
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    assert!(said.ends_with("the proxy does not know the password\n"), "{said}");
}
