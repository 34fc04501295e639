//! Tests the client, with the example proxy and with proxies that send prepared responses.

use std::net::SocketAddr;
use std::process::Command;

use crate::wire::{Proxy, origin, server, values};

/// Fetches from `proxy`. Returns the client's output, its messages, and its exit status.
fn fetch(proxy: SocketAddr, userinfo: &str, url: &str, options: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_client"))
        .env_remove("PROXY_PASSWORD")
        .args([&format!("http://{userinfo}@{proxy}"), url])
        .args(options)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// Returns a 407 with the given challenges.
fn refusal(challenges: &[&str]) -> String {
    let lines = challenges.join("\r\nProxy-Authenticate: ");
    format!("HTTP/1.1 407 No\r\nProxy-Authenticate: {lines}\r\nContent-Length: 0\r\n\r\n")
}

const DIGEST: &str = "Digest realm=r, qop=\"auth\", nonce=n";

#[test]
fn the_client_and_the_proxy_agree() {
    let proxy = Proxy::start(&[]);
    let (origin, _received) = origin();
    let url = format!("http://{origin}/");
    let (content, said, status) = fetch(proxy.address, "aladdin:open%20sesame", &url, &["--require-proof"]);
    assert_eq!((content.as_str(), status), ("hello\n", Some(0)), "{said}");
    assert_eq!(
        lines(&said),
        [
            "407: Digest (SHA-256), Digest (MD5), Basic offered; answering Digest (SHA-256)",
            "the proxy proved that it knows the password",
            "200: 6 bytes"
        ]
    );
    let (content, said, status) = fetch(proxy.address, "aladdin:open%20barley", &url, &[]);
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    assert!(said.ends_with("the proxy refuses the user or the password\n"), "{said}");
}

#[test]
fn the_client_answers_a_stale_nonce_once_more() {
    let refusal = |nonce: &str, stale| refusal(&[&format!("Digest realm=r, qop=\"auth\", nonce={nonce}{stale}")]);
    let stale = ", stale=true";
    let (proxy, received) = server([
        refusal("a", ""),
        refusal("b", stale),
        refusal("c", stale),
        "not asked".into(),
    ]);
    let (_, said, status) = fetch(proxy, "u:p", "http://origin.example/", &[]);
    assert_eq!(status, Some(1), "{said}");
    assert_eq!(
        lines(&said),
        [
            "407: Digest (MD5) offered; answering Digest (MD5)",
            "407: Digest (MD5) offered; the nonce was stale; answering Digest (MD5)",
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
        refusal(&[DIGEST]),
        format!(
            "HTTP/1.1 200 OK\r\nProxy-Authentication-Info: rspauth=\"{zeros}\", qop=auth\r\n\
             Content-Length: 6\r\n\r\nforged"
        ),
    ]);
    let (content, said, status) = fetch(proxy, "u:p", "http://origin.example/", &[]);
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    assert!(said.ends_with("the proxy does not know the password\n"), "{said}");
}

#[test]
fn a_missing_proof_is_reported_and_can_be_refused() {
    for (options, page, status) in [(&[][..], "page", 0), (&["--require-proof"], "", 1)] {
        let (proxy, _received) = server([
            refusal(&[DIGEST]),
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage".into(),
        ]);
        let (content, said, code) = fetch(proxy, "u:p", "http://origin.example/", options);
        assert_eq!((content.as_str(), code), (page, Some(status)), "{said}");
        assert!(
            said.contains("the proxy did not prove that it knows the password\n"),
            "{said}"
        );
    }
}

#[test]
fn basic_is_answered_only_if_it_is_allowed() {
    let offers: [&[&str]; 5] = [
        &["Basic realm=r"],
        &["Digest realm=r, nonce=n, algorithm=SHA256", "Basic realm=r"],
        &["Digest realm=r, qop=\"auth\"", "Basic realm=r"],
        &["Digest realm=r, nonce=n", "Basic realm=r"],
        &["Negotiate, Basic realm=r"],
    ];
    for challenges in offers {
        let (proxy, received) = server([refusal(challenges), "not asked".into()]);
        let (_, said, status) = fetch(proxy, "u:p", "http://origin.example/", &[]);
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains("--allow-basic allows it"), "{said}");
        assert_eq!(received.try_iter().count(), 1);
    }
}

#[test]
fn the_client_reports_a_stronger_challenge_that_it_passes_over() {
    let answered = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage";
    for (challenges, passed_over) in [
        (&["Basic realm=r"][..], ""),
        (&["Digest realm=r, qop=\"auth\"", "Basic realm=r"], "Digest: "),
        (
            &["Digest realm=r, nonce=n, algorithm=SHA256", "Basic realm=r"],
            "Digest: ",
        ),
        (&["Digest realm=r, nonce=n", "Basic realm=r"], "Digest: "),
        (&["@@@", "Basic realm=r"], "expected "),
    ] {
        let (proxy, received) = server([refusal(challenges), answered.into()]);
        let (content, said, status) = fetch(proxy, "u:p", "http://origin.example/", &["--allow-basic"]);
        assert_eq!((content.as_str(), status), ("page", Some(0)), "{said}");
        assert!(lines(&said)[0].ends_with("offered; answering Basic"), "{said}");
        let report = format!("\na challenge that may have been stronger cannot be answered: {passed_over}");
        assert_eq!(said.contains(&report), !passed_over.is_empty(), "{said}");
        let requests: Vec<_> = received.try_iter().collect();
        assert_eq!(values(&requests[1], "Proxy-Authorization"), ["Basic dTpw"]);
    }
    // The client still answers Digest.
    let (proxy, _received) = server([refusal(&["Basic realm=r", DIGEST]), answered.into()]);
    let (_, said, status) = fetch(proxy, "u:p", "http://origin.example/", &["--allow-basic"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.starts_with("407: Basic, Digest (MD5) offered; answering Digest (MD5)\n"),
        "{said}"
    );
}

#[test]
fn the_client_does_not_fall_back_to_basic_after_digest() {
    let (proxy, received) = server([refusal(&[DIGEST]), refusal(&["Basic realm=r"]), "not asked".into()]);
    let (_, said, status) = fetch(proxy, "u:p", "http://origin.example/", &["--allow-basic"]);
    assert_eq!(status, Some(1), "{said}");
    assert_eq!(received.try_iter().count(), 2);
}

#[test]
fn the_client_tolerates_deviations_of_real_proxies() {
    // The values have an extra comma, a parameter without quotes, white space around the equals sign, and damage at the start.
    let (proxy, received) = server([
        refusal(&["@@@", ", Digest realm = r,, qop=\"auth\" , nonce=n,"]),
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage".into(),
    ]);
    let (content, said, status) = fetch(proxy, "u:p", "http://origin.example/", &[]);
    assert_eq!((content.as_str(), status), ("page", Some(0)), "{said}");
    assert!(
        lines(&said)[0].ends_with("Digest (MD5) offered; answering Digest (MD5)"),
        "{said}"
    );
    assert_eq!(received.try_iter().count(), 2);
}

#[test]
fn errors_differ_from_refusals_and_show_no_password() {
    let (silent, _received) = server([String::new()]);
    let unused: SocketAddr = "127.0.0.1:1".parse().unwrap();
    for (proxy, userinfo, url) in [
        (silent, "u:secret", "http://origin.example/"),
        (unused, "u:secret", "http://origin.example/"),
        (unused, "u", "http://origin.example/"),
        (unused, "u:secret%ff", "http://origin.example/"),
        (unused, "u:secret@x", "http://origin.example/"),
        (unused, "u:secret", "https://origin.example/"),
        (unused, "u:secret", "/path"),
    ] {
        let (content, said, status) = fetch(proxy, userinfo, url, &[]);
        assert_eq!((content.as_str(), status), ("", Some(2)), "{said}");
        assert!(said.starts_with("client: ") && !said.contains("secret"), "{said}");
    }
}

#[test]
fn the_password_can_come_from_a_file_or_the_environment() {
    let proxy = Proxy::start(&[]);
    let file = std::env::temp_dir().join(format!("proxy-auth-client-password-{}", std::process::id()));
    std::fs::write(&file, "open sesame\n").unwrap();
    for (userinfo, from_file, environment) in [
        ("aladdin", true, None),
        ("aladdin:wrong", true, Some("wrong")),
        ("aladdin", false, Some("open sesame")),
        ("aladdin:open%20sesame", false, Some("wrong")),
    ] {
        let (origin, _received) = origin();
        let mut client = Command::new(env!("CARGO_BIN_EXE_client"));
        client.args([
            format!("http://{userinfo}@{}", proxy.address),
            format!("http://{origin}/"),
        ]);
        client
            .env_remove("PROXY_PASSWORD")
            .envs(environment.map(|password| ("PROXY_PASSWORD", password)));
        if from_file {
            client.arg("--password-file").arg(&file);
        }
        let output = client.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn a_response_without_a_challenge_is_not_a_proof() {
    for status_line in ["200 OK", "302 Found", "403 Forbidden", "502 Bad Gateway"] {
        let (proxy, received) = server([format!("HTTP/1.1 {status_line}\r\nContent-Length: 6\r\n\r\nforged")]);
        let (content, said, status) = fetch(proxy, "u:p", "http://origin.example/", &["--require-proof"]);
        assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
        assert_eq!(
            lines(&said),
            ["the proxy neither asked for the password nor proved that it knows it"]
        );
        assert_eq!(received.try_iter().count(), 1);
    }
}

#[test]
fn basic_is_not_a_proof() {
    let (proxy, received) = server([refusal(&["Basic realm=x"]), "not asked".into()]);
    let (content, said, status) = fetch(proxy, "u:p", "http://origin.example/", &["--require-proof"]);
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    // The hint would be wrong, because the options exclude each other.
    assert!(!said.contains("--allow-basic"), "{said}");
    assert_eq!(received.try_iter().count(), 1);

    let options = ["--require-proof", "--allow-basic"];
    let (proxy, received) = server(["not asked".into()]);
    let (content, said, status) = fetch(proxy, "u:p", "http://origin.example/", &options);
    assert_eq!((content.as_str(), status), ("", Some(2)), "{said}");
    assert!(options.iter().all(|option| said.contains(option)), "{said}");
    assert_eq!(received.try_iter().count(), 0);
}

#[test]
fn a_password_in_the_url_is_neither_sent_nor_shown() {
    for url in [
        "http://me:secret@example.com/",
        "http://secret@example.com/",
        "http://me:secret@example.com:80/path",
        "http://me:secret @example.com/",
        "http://me:secret@",
        "https://me:secret@example.com/",
        "me:secret@example.com",
    ] {
        let (proxy, received) = server(["not asked".into()]);
        let (content, said, status) = fetch(proxy, "u:p", url, &[]);
        assert_eq!((content.as_str(), status), ("", Some(2)), "{url}: {said}");
        assert!(
            said.starts_with("client: the URL ") && !said.contains("secret"),
            "{url}: {said}"
        );
        assert_eq!(received.try_iter().count(), 0, "{url}");
    }
    // After the host, "@" is an ordinary character.
    let (proxy, received) = server(["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".into()]);
    let (_, said, status) = fetch(proxy, "u:p", "http://example.com/a:b@c?d@e", &[]);
    assert_eq!(status, Some(0), "{said}");
    assert!(
        received
            .recv()
            .unwrap()
            .starts_with("GET http://example.com/a:b@c?d@e HTTP/1.1\r\n")
    );
}
