//! What holds for each of the example proxies.

use proxy_auth::digest::{self, Request, Username};
use proxy_auth::{AuthenticationInfo, Candidate, Challenges, Chosen, Scheme, basic, choose};

use crate::wire::{PASSWORD, Proxy, USER, basic_credentials, names, origin, server, values};

#[test]
fn proxy_authorization_is_not_forwarded() {
    let proxy = Proxy::start(&["--basic"]);
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
    let proxy = Proxy::start(&["--basic"]);
    let (origin, received) = origin();
    let credentials = basic_credentials(PASSWORD);
    // The client does not wait for the answer; what comes early goes into the tunnel.
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
fn a_wrong_password_is_refused() {
    for (options, schemes) in [
        (&["--basic"][..], &["Basic"][..]),
        (&["--digest"], &["Digest"]),
        (&[], &["Digest", "Basic"]),
    ] {
        let proxy = Proxy::start(options);
        let (origin, received) = origin();
        for (method, target) in [("GET", format!("http://{origin}/")), ("CONNECT", origin.to_string())] {
            let answer = proxy.answer(&format!(
                "{method} {target} HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {}\r\nConnection: close\r\n\r\n",
                basic_credentials("open barley")
            ));
            assert!(
                answer.starts_with("HTTP/1.1 407 Proxy Authentication Required\r\n"),
                "{answer}"
            );
            assert!(answer.ends_with("\r\n\r\n"), "{answer}");
            assert_eq!(values(&answer, "Content-Length"), ["0"]);
            assert_eq!(values(&answer, "Connection"), ["close"]);
            let offered: Vec<_> = Challenges::from_fields(values(&answer, "Proxy-Authenticate"))
                .map(|challenge| challenge.unwrap().scheme().to_string())
                .collect();
            assert_eq!(offered, schemes);
        }
        assert!(received.try_recv().is_err(), "it reached the origin server");
    }
}

#[test]
fn a_refusal_leaves_the_connection_open() {
    let proxy = Proxy::start(&[]);
    let (origin, _received) = origin();
    let request = format!("GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\n");
    let credentials = basic_credentials(PASSWORD);
    let answers = proxy.answer(&format!(
        "{request}\r\n{request}Proxy-Authorization: {credentials}\r\nConnection: close\r\n\r\n"
    ));
    let (refusal, answer) = answers.split_once("\r\n\r\n").unwrap();
    assert!(
        refusal.starts_with("HTTP/1.1 407 ") && !refusal.contains("\r\nConnection:"),
        "{refusal}"
    );
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn two_lines_of_credentials_are_refused() {
    let proxy = Proxy::start(&["--basic"]);
    let (origin, received) = origin();
    let right = basic_credentials(PASSWORD);
    for other in [&right, &basic_credentials("open barley")] {
        for lines in [[&right, other], [other, &right]] {
            let [first, second] = lines;
            let answer = proxy.answer(&format!(
                "GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\n\
                 Proxy-Authorization: {first}\r\nProxy-Authorization: {second}\r\n\r\n"
            ));
            assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
        }
    }
    assert!(received.try_recv().is_err(), "it reached the origin server");
}

#[test]
fn what_is_not_for_a_proxy_is_refused() {
    let proxy = Proxy::start(&["--basic"]);
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
fn a_head_that_is_too_long_is_refused() {
    let proxy = Proxy::start(&["--basic"]);
    let answer = proxy.answer(&format!(
        "GET http://a.example/ HTTP/1.1\r\nX: {}",
        "y".repeat(64 * 1024)
    ));
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[test]
fn an_origin_server_that_asks_for_the_password_does_not_get_it() {
    let proxy = Proxy::start(&["--basic"]);
    let (origin, _received) =
        server(["HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n".into()]);
    let answer = proxy.answer(&format!(
        "GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\nProxy-Authorization: {}\r\n\r\n",
        basic_credentials(PASSWORD)
    ));
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert_eq!(values(&answer, "Proxy-Authenticate"), [""; 0]);
}

/// The challenge of Digest in a 407.
fn challenge(refusal: &str) -> digest::Challenge<'_> {
    let lines = values(refusal, "Proxy-Authenticate");
    let choice = choose(Challenges::from_fields(lines), &[Candidate::Scheme(Scheme::Digest)]);
    match choice.map(|choice| choice.chosen()) {
        Ok(Chosen::Digest(challenge)) => challenge,
        _ => panic!("{refusal}"),
    }
}

#[test]
fn an_answer_is_good_for_one_request() {
    let proxy = Proxy::start(&["--digest"]);
    let (origin, _received) = origin();
    let target = format!("http://{origin}/");
    let fields = format!("Host: {origin}\r\nConnection: close\r\n");

    let refusal = proxy.answer(&format!("GET {target} HTTP/1.1\r\n{fields}\r\n"));
    let challenge = challenge(&refusal);
    assert!(!challenge.is_stale());
    let mut client = digest::Client::new(&challenge, Username::new(USER).unwrap(), PASSWORD, "0a4f113b").unwrap();
    let answer = client.answer(Request::new("GET", &target).unwrap());
    let fields = format!("{fields}Proxy-Authorization: {answer}\r\n\r\n");

    // It says nothing about another request,
    for request in [format!("HEAD {target}"), format!("GET {target}other")] {
        let refusal = proxy.answer(&format!("{request} HTTP/1.1\r\n{fields}"));
        assert!(
            refusal.starts_with("HTTP/1.1 407 ") && !refusal.contains("stale"),
            "{refusal}"
        );
    }
    // and the proxy proves that it knows the password, too.
    let request = format!("GET {target} HTTP/1.1\r\n{fields}");
    let accepted = proxy.answer(&request);
    assert!(accepted.starts_with("HTTP/1.1 200 "), "{accepted}");
    let info = values(&accepted, "Proxy-Authentication-Info")[0];
    let info = AuthenticationInfo::parse(info).unwrap();
    assert!(client.verify(&answer, &digest::Info::read(&info).unwrap(), b"hello\n"));

    // The same answer again is stale, as is one to a nonce of another proxy's.
    for proxy in [proxy, Proxy::start(&["--digest"])] {
        let refusal = proxy.answer(&request);
        assert!(
            refusal.starts_with("HTTP/1.1 407 ") && self::challenge(&refusal).is_stale(),
            "{refusal}"
        );
    }
}

#[test]
fn another_user_with_the_password_is_refused() {
    let proxy = Proxy::start(&[]);
    let (origin, received) = origin();
    let target = format!("http://{origin}/");
    let request = format!("GET {target} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\n");
    let refusal = proxy.answer(&format!("{request}\r\n"));
    let challenge = challenge(&refusal);
    let mut client = digest::Client::new(&challenge, Username::new(USER).unwrap(), PASSWORD, "0a4f113b").unwrap();
    // The proof is computed from what the proxy has stored for its user, so it stays right for another name.
    let answer = client.answer(Request::new("GET", &target).unwrap()).to_string();
    let digest = answer.replace(USER, "kassim");
    let basic = basic::Credentials::new("kassim", PASSWORD).unwrap().to_string();
    for credentials in [digest, basic] {
        let refusal = proxy.answer(&format!("{request}Proxy-Authorization: {credentials}\r\n\r\n"));
        assert!(refusal.starts_with("HTTP/1.1 407 "), "{refusal}");
    }
    assert!(received.try_recv().is_err(), "it reached the origin server");
}

#[test]
fn content_is_forwarded() {
    let proxy = Proxy::start(&["--basic"]);
    let (origin, received) = origin();
    let answer = proxy.answer(&format!(
        "POST http://{origin} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\nProxy-Authorization: {}\r\n\
         Content-Length: 3\r\n\r\nabc",
        basic_credentials(PASSWORD)
    ));
    let request = received.recv().unwrap();
    assert!(
        request.starts_with("POST / HTTP/1.1\r\n") && request.ends_with("\r\n\r\nabc"),
        "{request}"
    );
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello\n"),
        "{answer}"
    );
}

#[test]
fn secrets_are_not_logged() {
    let proxy = Proxy::start(&["--basic"]);
    let (origin, _received) = origin();
    let credentials = ["open barley", PASSWORD].map(basic_credentials);
    for credentials in &credentials {
        proxy.answer(&format!(
            "GET http://{origin}/?token=query HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\n\
             Proxy-Authorization: {credentials}\r\n\r\n"
        ));
    }
    let log = proxy.log();
    for secret in ["open barley", PASSWORD, "query"]
        .into_iter()
        .chain(credentials.iter().map(String::as_str))
    {
        assert!(!log.contains(secret), "{log}");
    }
}
