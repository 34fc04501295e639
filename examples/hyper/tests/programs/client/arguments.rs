//! Tests the arguments of the client, and the sources of the password.

use std::net::SocketAddr;
use std::process::Command;

use super::{DIGEST, URL, fetch, fetch_all, lines, prepared, refusal};
use crate::wire::{Proxy, origin};

#[test]
fn errors_differ_from_refusals_and_show_no_password() {
    let (silent, _received) = prepared([String::new()]);
    let unused: SocketAddr = "127.0.0.1:1".parse().unwrap();
    for (proxy, userinfo, url) in [
        (silent, "u:secret", URL),
        (unused, "u:secret", URL),
        (unused, "u", URL),
        (unused, "u:secret%ff", URL),
        (unused, "u:secret@x", URL),
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
        let (proxy, received) = prepared(["not asked".into()]);
        let (content, said, status) = fetch(proxy, "u:p", url, &[]);
        assert_eq!((content.as_str(), status), ("", Some(2)), "{url}: {said}");
        assert!(
            said.starts_with("client: the URL ") && !said.contains("secret"),
            "{url}: {said}"
        );
        assert_eq!(received.try_iter().count(), 0, "{url}");
    }
    // After the host, "@" is an ordinary character.
    let (proxy, received) = prepared(["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".into()]);
    let (_, said, status) = fetch(proxy, "u:p", "http://example.com/a:b@c?d@e", &[]);
    assert_eq!(status, Some(0), "{said}");
    assert!(
        received
            .recv()
            .unwrap()
            .1
            .starts_with("GET http://example.com/a:b@c?d@e HTTP/1.1\r\n")
    );
}

#[test]
fn a_name_that_no_scheme_can_carry_is_an_error() {
    for (challenge, option) in [(DIGEST, "--require-proof"), ("Basic realm=r", "--allow-basic")] {
        let (proxy, received) = prepared([refusal(&[challenge]), "not asked".into()]);
        let (content, said, status) = fetch(proxy, "a%3Ab:secret", URL, &[option]);
        assert_eq!((content.as_str(), status), ("", Some(2)), "{said}");
        let error = lines(&said)[1];
        assert!(
            error.starts_with("client: the name or the password cannot be sent: "),
            "{said}"
        );
        assert!(!said.contains("secret"), "{said}");
        assert_eq!(received.try_iter().count(), 1);
    }
}

#[test]
fn all_urls_are_checked_before_the_first_is_fetched() {
    for url in [
        "https://origin.example/",
        "http://origin.example:65536/",
        "http://origin.example:x/",
        "http://:80/",
    ] {
        let (proxy, received) = prepared(["not asked".into()]);
        let (content, said, status) = fetch_all(proxy, "u:secret", &[URL, url], &[]);
        assert_eq!((content.as_str(), status), ("", Some(2)), "{url}: {said}");
        assert!(said.starts_with("client: the URL "), "{url}: {said}");
        assert_eq!(received.try_iter().count(), 0, "{url}");
    }
}

#[test]
fn a_url_is_needed() {
    let (proxy, received) = prepared(["not asked".into()]);
    let (content, said, status) = fetch_all(proxy, "u:secret", &[], &[]);
    assert_eq!((content.as_str(), status), ("", Some(2)), "{said}");
    assert!(said.contains("<URL>...") && !said.contains("secret"), "{said}");
    assert_eq!(received.try_iter().count(), 0);
}
