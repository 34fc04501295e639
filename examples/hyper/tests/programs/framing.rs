//! Tests that a client, the proxy and an origin server see the end of each message at the same byte.

use std::time::Duration;

use crate::wire::{PASSWORD, Proxy, basic_credentials, names, origin, request, server, values};

/// Sends a request through a proxy to an origin server with the given response. Returns the answer that the client gets, and
/// the proxy's log.
fn relayed(method: &str, response: &str) -> (String, String) {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, _received) = server([response.into()]);
    let answer = proxy.answer(&request(method, &format!("http://{origin}/"), "Connection: close\r\n"));
    (answer, proxy.log())
}

#[test]
fn a_204_has_no_content_length() {
    for fields in ["Content-Length: 2\r\n", "Content-Length: 0\r\n", ""] {
        let (answer, _) = relayed("GET", &format!("HTTP/1.1 204 No\r\n{fields}X-End: 1\r\n\r\n"));
        assert!(
            answer.starts_with("HTTP/1.1 204 ") && answer.ends_with("\r\n\r\n"),
            "{answer}"
        );
        assert_eq!(values(&answer, "Content-Length"), [""; 0]);
        assert_eq!(values(&answer, "X-End"), ["1"]);
    }
    // A response to HEAD keeps the length that GET would have.
    let (answer, _) = relayed("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    assert_eq!(values(&answer, "Content-Length"), ["2"]);
}

#[test]
fn a_response_with_length_and_chunks_becomes_a_502() {
    for fields in [
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    ] {
        for method in ["GET", "HEAD"] {
            let response = format!("HTTP/1.1 200 OK\r\n{fields}\r\n3\r\nabc\r\n0\r\n\r\n");
            let (answer, log) = relayed(method, &response);
            assert!(
                answer.starts_with("HTTP/1.1 502 ") && !answer.contains("abc"),
                "{fields}{answer}"
            );
            assert!(log.contains("status=502"), "{log}");
        }
    }
}

#[test]
fn connection_does_not_remove_fields_that_delimit_a_request() {
    for (fields, content, name) in [
        ("Content-Length: 3\r\n", "abc", "content-length"),
        (
            "Transfer-Encoding: chunked\r\n",
            "3\r\nabc\r\n0\r\n\r\n",
            "transfer-encoding",
        ),
    ] {
        let proxy = Proxy::start(&["--offer=basic"]);
        let (origin, received) = origin();
        proxy.answer(&format!(
            "GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {}\r\n\
             Connection: close, Content-Length, transfer-encoding, host, x-hop\r\nX-Hop: 1\r\n{fields}\r\n{content}",
            basic_credentials(PASSWORD)
        ));
        let request = received.recv().unwrap();
        let mut kept = ["connection", "host", "via", name];
        kept.sort_unstable();
        assert_eq!(names(&request), kept);
        assert_eq!(values(&request, "Host"), [origin.to_string()]);
    }
}

#[test]
fn connection_does_not_remove_fields_that_delimit_a_response() {
    let fields = "Connection: close, content-length, transfer-encoding, x-hop\r\nX-Hop: 1\r\n";
    for (method, content) in [("GET", "abc"), ("HEAD", "")] {
        let (answer, _) = relayed(
            method,
            &format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: 3\r\n\r\n{content}"),
        );
        assert_eq!(values(&answer, "Content-Length"), ["3"]);
        assert_eq!(values(&answer, "X-Hop"), [""; 0]);
        assert!(answer.ends_with(&format!("\r\n\r\n{content}")), "{answer}");
    }
}

#[test]
fn no_request_is_read_after_an_unknown_transfer_coding() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let right = basic_credentials(PASSWORD);
    for codings in [
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    ] {
        for (status, credentials) in [(501, &right), (407, &basic_credentials("open barley"))] {
            let request = format!(
                "POST http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {credentials}\r\n\
                 {codings}\r\n3\r\nabc\r\n0\r\n\r\n"
            );
            let next = format!(
                "GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {right}\r\n\
                 Connection: close\r\n\r\n"
            );
            let answers = proxy.answer(&format!("{request}{next}"));
            assert!(answers.starts_with(&format!("HTTP/1.1 {status} ")), "{answers}");
            assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{answers}");
            assert_eq!(values(&answers, "Connection"), ["close"]);
        }
    }
    assert!(
        received.recv_timeout(Duration::from_millis(200)).is_err(),
        "it reached the origin server"
    );
}

#[test]
fn a_connect_with_content_opens_no_tunnel() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let credentials = basic_credentials(PASSWORD);
    for (fields, content) in [
        ("Content-Length: 3\r\n", "abc"),
        ("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        ("Transfer-Encoding: gzip, chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        (
            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
            "3\r\nabc\r\n0\r\n\r\n",
        ),
    ] {
        let answer = proxy.answer(&format!(
            "CONNECT {origin} HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {credentials}\r\n{fields}\r\n\
             {content}GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n"
        ));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{fields}{answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{fields}{answer}");
        assert_eq!(values(&answer, "Connection"), ["close"]);
    }
    assert!(
        received.recv_timeout(Duration::from_millis(200)).is_err(),
        "it reached the origin server"
    );
    // Windows sends this field with each CONNECT. The tunnel loses nothing.
    let answer = proxy.answer(&format!(
        "CONNECT {origin} HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {credentials}\r\nContent-Length: 0\r\n\r\n\
         GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n"
    ));
    assert!(answer.ends_with("hello\n"), "{answer}");
    assert_eq!(
        received.recv().unwrap(),
        format!("GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n")
    );
}
