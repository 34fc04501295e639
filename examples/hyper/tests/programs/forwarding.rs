//! Tests which messages and fields the proxy forwards.

use std::net::SocketAddr;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use crate::wire::{PASSWORD, Proxy, basic_credentials, names, origin, request, server, values};

#[test]
fn proxy_authorization_is_not_forwarded() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let credentials = basic_credentials(PASSWORD);
    let answer = proxy.answer(&format!(
        "GET http://{origin}/a?b HTTP/1.1\r\nHost: elsewhere.example\r\nproxy-authorization: {credentials}\r\n\
         Authorization: Bearer for-the-origin\r\nProxy-Connection: keep-alive\r\nX-Hop: 1\r\nX-End: 2\r\n\
         Connection: close, X-Hop\r\n\r\n"
    ));
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello\n"),
        "{answer}"
    );
    // No origin server asks for this proxy's password.
    assert_eq!(values(&answer, "Proxy-Authenticate"), [""; 0]);

    let request = received.recv().unwrap();
    assert!(request.starts_with("GET /a?b HTTP/1.1\r\n"), "{request}");
    assert_eq!(names(&request), ["authorization", "connection", "host", "via", "x-end"]);
    assert_eq!(values(&request, "Authorization"), ["Bearer for-the-origin"]);
    assert_eq!(values(&request, "Host"), [origin.to_string()]);
    assert!(!request.contains(&credentials), "{request}");
}

#[test]
fn proxy_authorization_is_not_forwarded_into_a_tunnel() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let credentials = basic_credentials(PASSWORD);
    // The client does not wait for the answer. Early data goes into the tunnel.
    let answer = proxy.answer(&format!(
        "CONNECT {origin} HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {credentials}\r\n\r\n\
         GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n"
    ));
    let (head, tunnelled) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 ") && !head.contains("Content-Length"),
        "{head}"
    );
    assert!(tunnelled.ends_with("hello\n"), "{tunnelled}");
    assert_eq!(
        received.recv().unwrap(),
        format!("GET / HTTP/1.1\r\nHost: {origin}\r\n\r\n")
    );
}

#[test]
fn requests_that_are_not_for_a_proxy_are_refused() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let credentials = basic_credentials(PASSWORD);
    for start in [
        "GET /".into(),
        format!("GET ftp://{origin}/"),
        format!("GET http://user:password@{origin}/"),
        "CONNECT 127.0.0.1".into(),
    ] {
        let answer = proxy.answer(&format!(
            "{start} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\nProxy-Authorization: {credentials}\r\n\r\n"
        ));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{start}: {answer}");
    }
    assert!(received.try_recv().is_err(), "it reached the origin server");
}

#[test]
fn a_connect_with_more_than_an_authority_opens_no_tunnel() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let credentials = basic_credentials(PASSWORD);
    for target in [
        format!("http://{origin}/"),
        format!("http://{origin}"),
        format!("https://{origin}/path"),
        format!("{origin}/"),
        "/path".into(),
        "*".into(),
    ] {
        let answer = proxy.answer(&format!(
            "CONNECT {target} HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {credentials}\r\n\r\n"
        ));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{target}: {answer}");
    }
    assert!(
        received.recv_timeout(Duration::from_millis(200)).is_err(),
        "it reached the origin server"
    );
}

#[test]
fn a_query_without_a_path_is_forwarded() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    proxy.answer(&request(
        "GET",
        &format!("http://{origin}?a=b"),
        "Connection: close\r\n",
    ));
    assert!(received.recv().unwrap().starts_with("GET /?a=b HTTP/1.1\r\n"));
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let answer = proxy.answer(&format!(
        "GET http://a.example/ HTTP/1.1\r\nX: {}",
        "y".repeat(64 * 1024)
    ));
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[test]
fn an_origin_server_that_asks_for_the_password_does_not_get_it() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, _received) =
        server(["HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n".into()]);
    let answer = proxy.answer(&request("GET", &format!("http://{origin}/"), "Connection: close\r\n"));
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert_eq!(values(&answer, "Proxy-Authenticate"), [""; 0]);
}

/// Sends the content "abc", checks that it reaches the origin server, and returns the answer.
fn post_abc(proxy: &Proxy, origin: SocketAddr, received: &Receiver<String>) -> String {
    let head = request(
        "POST",
        &format!("http://{origin}"),
        "Connection: close\r\nContent-Length: 3\r\n",
    );
    let answer = proxy.answer(&format!("{head}abc"));
    let request = received.recv().unwrap();
    assert!(
        request.starts_with("POST / HTTP/1.1\r\n") && request.ends_with("\r\n\r\nabc"),
        "{request}"
    );
    answer
}

#[test]
fn content_is_forwarded() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let answer = post_abc(&proxy, origin, &received);
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello\n"),
        "{answer}"
    );
}

#[test]
fn chunked_content_is_forwarded_and_interim_responses_are_not() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n1\r\n\n\r\n0\r\nX: y\r\n\r\n";
    let (origin, received) = server([format!("HTTP/1.1 100 Continue\r\n\r\n{chunked}")]);
    let answer = post_abc(&proxy, origin, &received);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("5\r\nhello\r\n1\r\n\n\r\n0\r\n\r\n"), "{answer}");
}

#[test]
fn content_of_ambiguous_length_is_not_forwarded() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let post = |origin: SocketAddr, fields: &str| {
        let head = request(
            "POST",
            &format!("http://{origin}/"),
            &format!("Connection: close\r\n{fields}"),
        );
        format!("{head}3\r\nabc\r\n0\r\n\r\n")
    };
    for (fields, status) in [
        ("Content-Length: 3\r\nContent-Length: 4\r\n", 400),
        ("Content-Length: 3, 3\r\n", 400),
        ("Content-Length: +3\r\n", 400),
        ("Content-Length : 3\r\n", 400),
        ("X: y\r\n folded: z\r\n", 400),
        ("X: y\rContent-Length: 3\r\n", 400),
        ("Transfer-Encoding: gzip\r\n", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n", 400),
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
        ("Transfer-Encoding: chunked, chunked\r\n", 501),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 501),
    ] {
        let answer = proxy.answer(&post(origin, fields));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{fields}{answer}");
    }
    assert!(received.try_recv().is_err(), "it reached the origin server");
    // Transfer-Encoding overrides Content-Length, which is removed (RFC 9112, 6.3).
    for fields in [
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    ] {
        let (origin, received) = crate::wire::origin();
        proxy.answer(&post(origin, fields));
        let request = received.recv().unwrap();
        assert_eq!(names(&request), ["connection", "host", "transfer-encoding", "via"]);
    }
}

#[test]
fn a_response_of_ambiguous_length_is_not_relayed() {
    for fields in [
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
    ] {
        let proxy = Proxy::start(&["--offer=basic"]);
        let (origin, _received) = server([format!("HTTP/1.1 200 OK\r\n{fields}\r\n3\r\nabc\r\n0\r\n\r\n")]);
        let answer = proxy.answer(&request("GET", &format!("http://{origin}/"), "Connection: close\r\n"));
        assert!(
            answer.starts_with("HTTP/1.1 502 ") && !answer.contains("abc"),
            "{fields}{answer}"
        );
    }
}

#[test]
fn an_ambiguous_status_line_is_not_relayed() {
    // A recipient that reads the first as 204 would read the content as the next response, possibly of another origin.
    for status_line in [
        "HTTP/1.1  204 x",
        "HTTP/1.1 0204 x",
        "HTTP/1.1 +204 x",
        "HTTP/1.1 204x",
        "HTTP/1.1 20 x",
        "HTTP/1.1\t204 x",
    ] {
        let proxy = Proxy::start(&["--offer=basic"]);
        let (origin, _received) = server([format!(
            "{status_line}\r\nContent-Length: 50\r\nX-Injected: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\ninjected"
        )]);
        let answer = proxy.answer(&request("GET", &format!("http://{origin}/"), "Connection: close\r\n"));
        assert!(answer.starts_with("HTTP/1.1 502 "), "{status_line}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{status_line}: {answer}");
        assert!(!answer.to_lowercase().contains("injected"), "{status_line}: {answer}");
    }
}

#[test]
fn http_1_0_clients_can_open_tunnels_and_fetch() {
    let proxy = Proxy::start(&[]);
    let credentials = basic_credentials(PASSWORD);
    let refusal = proxy.answer("CONNECT a.example:443 HTTP/1.0\r\n\r\n");
    assert!(refusal.starts_with("HTTP/1.0 407 "), "{refusal}");
    assert_eq!(values(&refusal, "Proxy-Authenticate").len(), 3);

    let (origin, received) = origin();
    let answer = proxy.answer(&format!(
        "CONNECT {origin} HTTP/1.0\r\nProxy-Authorization: {credentials}\r\n\r\nGET /tunnel HTTP/1.0\r\n\r\n"
    ));
    assert!(
        answer.starts_with("HTTP/1.0 200 ") && answer.ends_with("hello\n"),
        "{answer}"
    );
    assert!(received.recv().unwrap().starts_with("GET /tunnel HTTP/1.0\r\n"));

    let (origin, received) = crate::wire::origin();
    let answer = proxy.answer(&format!(
        "GET http://{origin}/a HTTP/1.0\r\nProxy-Authorization: {credentials}\r\n\r\n"
    ));
    assert!(
        answer.starts_with("HTTP/1.0 200 ") && answer.ends_with("\r\n\r\nhello\n"),
        "{answer}"
    );
    assert!(received.recv().unwrap().starts_with("GET /a HTTP/1.1\r\n"));
}
