//! Tests the log of the proxy.

use crate::wire::{PASSWORD, Proxy, basic_credentials, origin};

/// Returns the lines of a log without the time and the client's address.
fn lines(log: &str) -> Vec<String> {
    let line = |line: &str| {
        let (_, rest) = line.split_once("client=127.0.0.1:").unwrap();
        rest.split_once(' ').unwrap().1.into()
    };
    log.lines().map(line).collect()
}

fn request(target: &str, password: &str) -> String {
    format!(
        "GET {target} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nProxy-Authorization: {}\r\n\r\n",
        basic_credentials(password)
    )
}

#[test]
fn the_log_has_the_outcome_of_each_request() {
    let proxy = Proxy::start(&[]);
    let (origin, _received) = origin();
    let port = origin.port();
    proxy.answer(&request(&format!("http://{origin}/?query"), "open barley"));
    proxy.answer(&request(&format!("http://{origin}/?query"), PASSWORD));
    proxy.answer("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n");
    assert_eq!(
        lines(&proxy.log()),
        [
            format!(r#"method="GET" host="127.0.0.1" port={port} status=407 refused="a wrong password or token""#),
            format!(r#"method="GET" host="127.0.0.1" port={port} status=200 scheme="Basic" user="aladdin""#),
            r#"method="CONNECT" host="a.example" port=443 status=407 refused="no credentials""#.into(),
        ]
    );
}

#[test]
fn secrets_are_not_logged() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, _received) = origin();
    for target in [
        format!("http://{origin}/path?token=query"),
        format!("http://somebody:userinfo@{origin}/path"),
        "gopher://a.example/path".into(),
        "/path".into(),
    ] {
        for password in ["open barley", PASSWORD] {
            proxy.answer(&request(&target, password));
        }
    }
    let credentials = ["open barley", PASSWORD].map(basic_credentials);
    let token68 = credentials.each_ref().map(|credentials| &credentials["Basic ".len()..]);
    let log = proxy.log();
    assert_eq!(log.lines().count(), 8, "{log}");
    for secret in ["barley", "sesame", "query", "path", "userinfo", token68[0], token68[1]] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn control_and_bidirectional_characters_do_not_reach_the_log() {
    let user = "ali\u{202e}\u{7}\u{1b}[2J\nbaba";
    // A name with control characters is one of Digest only, so the offer is refused with Basic.
    let proxy = Proxy::start(&[]);
    for start in [
        "GET http://a.example/\u{202e}",
        "GET http://\u{202e}.example/",
        "G\u{7}T http://a.example/",
        "GET http://a\u{1b}[2J.example/",
        "CONNECT \u{2066}a.example:443",
    ] {
        proxy.answer(&format!(
            "{start} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
        ));
        let credentials = format!("Digest username=\"{user}\"");
        proxy.answer(&format!(
            "{start} HTTP/1.1\r\nHost: {user}\r\nConnection: close\r\nProxy-Authorization: {credentials}\r\n\r\n"
        ));
    }
    let log = proxy.log();
    assert_eq!(log.lines().count(), 10, "{log}");
    let is_plain = |char: char| char == '\n' || char.is_ascii() && !char.is_control();
    assert!(log.chars().all(is_plain), "{log:?}");
}

#[test]
fn a_user_with_bidirectional_characters_is_escaped_in_the_log() {
    let user = "ali\u{202e}baba";
    let proxy = Proxy::start_for(user, &[]);
    let (origin, _received) = origin();
    let credentials = proxy_auth::basic::Credentials::new(user, PASSWORD).unwrap();
    proxy.answer(&format!(
        "GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\nProxy-Authorization: {credentials}\r\n\r\n"
    ));
    let log = proxy.log();
    assert!(log.contains(r#"user="ali\u{202e}baba""#), "{log}");
}
