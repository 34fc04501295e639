//! Tests the handling of the content of a refused request. The client must be able to read the 407, and the content must not be
//! read as a request.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use crate::wire::{PASSWORD, Proxy, basic_credentials, origin, values};

/// A length that exceeds the buffers of both sockets.
const LARGE: usize = 10 * 1024 * 1024;

fn head(fields: &str) -> String {
    format!(
        "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nProxy-Authorization: {}\r\n{fields}\r\n",
        basic_credentials("open barley")
    )
}

/// Reads up to the end of the connection, and fails if that is a reset.
fn read_to_end(mut stream: &TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn assert_refused_and_closed(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    assert_eq!(values(answer, "Connection"), ["close"]);
}

#[test]
fn the_407_can_be_read_after_large_content() {
    let content = vec![b'x'; LARGE];
    let chunk = format!("{LARGE:x}\r\n");
    for (fields, before, after) in [
        (format!("Content-Length: {LARGE}\r\n"), "", ""),
        ("Transfer-Encoding: chunked\r\n".into(), chunk.as_str(), "\r\n0\r\n\r\n"),
    ] {
        let proxy = Proxy::start(&[]);
        let mut stream = proxy.connect();
        stream.write_all(head(&fields).as_bytes()).unwrap();
        stream.write_all(before.as_bytes()).unwrap();
        stream.write_all(&content).unwrap();
        stream.write_all(after.as_bytes()).unwrap();
        assert_refused_and_closed(&read_to_end(&stream));
    }
}

#[test]
fn the_407_arrives_while_the_client_still_sends() {
    let proxy = Proxy::start(&[]);
    let stream = proxy.connect();
    (&stream)
        .write_all(head("Content-Length: 1000000000\r\n").as_bytes())
        .unwrap();
    thread::scope(|scope| {
        scope.spawn(|| while (&stream).write_all(&[b'x'; 1024]).is_ok() {});
        assert_refused_and_closed(&read_to_end(&stream));
        let _ = stream.shutdown(Shutdown::Both);
    });
}

#[test]
fn small_content_is_discarded_and_the_connection_is_kept() {
    let proxy = Proxy::start(&[]);
    let content = "GET http://trap.example/ HTTP/1.1\r\nHost: trap.example\r\n\r\n";
    let length = content.len();
    for request in [
        format!("{}{content}", head(&format!("Content-Length: {length}\r\n"))),
        format!(
            "{}{length:x}\r\n{content}\r\n0\r\n\r\n",
            head("Transfer-Encoding: chunked\r\n")
        ),
    ] {
        let (origin, _received) = origin();
        let answers = proxy.answer(&format!(
            "{request}GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {}\r\n\
             Connection: close\r\n\r\n",
            basic_credentials(PASSWORD)
        ));
        let (refusal, answer) = answers.split_once("\r\n\r\n").unwrap();
        assert!(
            refusal.starts_with("HTTP/1.1 407 ") && !refusal.contains("close"),
            "{answers}"
        );
        assert!(
            answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello\n"),
            "{answers}"
        );
    }
}

#[test]
fn missing_content_is_awaited_only_briefly() {
    let proxy = Proxy::start(&["--refusal-time=0.5"]);
    let stream = proxy.connect();
    (&stream)
        .write_all(head("Content-Length: 1000\r\n").as_bytes())
        .unwrap();
    assert_refused_and_closed(&read_to_end(&stream));
}

#[test]
fn content_with_expect_is_not_requested_after_a_refusal() {
    for fields in [
        "Expect: 100-continue\r\nContent-Length: 4\r\n".into(),
        "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n".into(),
        format!("Expect: 100-continue\r\nContent-Length: {LARGE}\r\n"),
    ] {
        let proxy = Proxy::start(&["--refusal-time=1"]);
        assert_refused_and_closed(&proxy.answer(&head(&fields)));
        // The result is the same if the client sends the content anyway.
        let request = head(&fields);
        let length = if fields.contains("Length: 4") { 4 } else { LARGE };
        let mut stream = proxy.connect();
        stream.write_all(request.as_bytes()).unwrap();
        // The write fails if the proxy has already closed the connection.
        let _ = stream.write_all(&vec![b'x'; length]);
        assert_refused_and_closed(&read_to_end(&stream));
    }
}

#[test]
fn content_with_expect_is_requested_if_the_request_passes() {
    let proxy = Proxy::start(&[]);
    let (origin, received) = origin();
    let mut stream = proxy.connect();
    let request = format!(
        "POST http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {}\r\nConnection: close\r\n\
         Expect: 100-continue\r\nContent-Length: 4\r\n\r\n",
        basic_credentials(PASSWORD)
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(str::from_utf8(&interim), Ok("HTTP/1.1 100 Continue\r\n\r\n"));
    stream.write_all(b"abcd").unwrap();
    let answer = read_to_end(&stream);
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("hello\n"),
        "{answer}"
    );
    assert!(received.recv().unwrap().ends_with("\r\n\r\nabcd"));
}

#[test]
fn http_1_0_clients_keep_their_connection_if_they_ask() {
    let proxy = Proxy::start(&[]);
    // Sends a request with content and another one. Returns the first option of Connection in each response. hyper adds keep-alive
    // to close if the client asked for it, and closes the connection.
    let options = |fields: &str| {
        let request = format!("POST http://a.example/ HTTP/1.0\r\n{fields}\r\nabc");
        let answers = proxy.answer(&format!("{request}GET http://a.example/ HTTP/1.0\r\n\r\n"));
        let answers = answers.split_inclusive("\r\n\r\n");
        let options = answers.map(|answer| {
            assert!(answer.starts_with("HTTP/1.0 407 "), "{answer}");
            values(answer, "Connection")[0].split(", ").next().unwrap().to_string()
        });
        options.collect::<Vec<_>>()
    };
    assert_eq!(options("Content-Length: 3\r\n"), ["close"]);
    for keep_alive in ["Connection: keep-alive\r\n", "Connection: x, Keep-Alive\r\n"] {
        let small = format!("{keep_alive}Content-Length: 3\r\n");
        assert_eq!(options(&small), ["keep-alive", "close"]);
        // The content is not read.
        for fields in [
            format!("Content-Length: {LARGE}\r\n"),
            "Expect: 100-continue\r\nContent-Length: 3\r\n".into(),
        ] {
            assert_eq!(options(&format!("{keep_alive}{fields}")), ["close"]);
        }
    }
}

#[test]
fn data_after_a_refused_or_failed_connect_is_not_a_request() {
    let proxy = Proxy::start(&[]);
    let (origin, received) = origin();
    let right = basic_credentials(PASSWORD);
    let inner = format!("GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {right}\r\n\r\n");
    for (status, target, credentials) in [
        (407, origin.to_string(), basic_credentials("open barley")),
        // A port without a listener.
        (502, "127.0.0.1:1".into(), right.clone()),
        // No port at all.
        (400, "127.0.0.1".into(), right.clone()),
    ] {
        let answer = proxy.answer(&format!(
            "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nProxy-Authorization: {credentials}\r\n\r\n{inner}"
        ));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert_eq!(values(&answer, "Connection"), ["close"]);
    }
    // Wait for a request that might still arrive.
    assert!(
        received.recv_timeout(Duration::from_millis(200)).is_err(),
        "it reached the origin server"
    );
}
