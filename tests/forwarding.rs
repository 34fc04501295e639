//! The examples `proxy` and `client`, run as programs between a client and an origin server.
#![cfg(feature = "digest")]

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use proxy_auth::digest::{self, Request, Username};
use proxy_auth::{Candidate, Challenges, Chosen, Scheme, basic, choose};

const USER: &str = "aladdin";
const PASSWORD: &str = "open sesame";

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

/// The example proxy, as long as the test runs.
struct Proxy {
    child: Child,
    address: SocketAddr,
    log: BufReader<ChildStdout>,
}

impl Proxy {
    fn start(options: &[&str]) -> Self {
        let mut child = Command::new(program("proxy"))
            .args(["--user", USER, "--password", PASSWORD])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        log.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on ").unwrap().trim_end();
        Self {
            address: address.parse().unwrap(),
            child,
            log,
        }
    }

    /// What the proxy answers, up to the end of the connection.
    fn answer(&self, message: &str) -> String {
        exchange(self.address, message)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn exchange(address: SocketAddr, message: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(message.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A server that gives each connection the next of these answers, once it has read a head and as much after it as
/// Content-Length says. What it has read can be received.
fn server<const N: usize>(answers: [String; N]) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            sender.send(read_message(&stream)).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, receiver)
}

fn read_message(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut message, mut length) = (String::new(), 0);
    while !message.ends_with("\r\n\r\n") {
        let mut line = String::new();
        assert_ne!(reader.read_line(&mut line).unwrap(), 0, "{message}");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        message += &line;
    }
    reader.take(length).read_to_string(&mut message).unwrap();
    message
}

/// A server that says hello.
fn origin() -> (SocketAddr, Receiver<String>) {
    server(["HTTP/1.1 200 OK\r\nContent-Length: 6\r\nProxy-Authenticate: Basic realm=x\r\n\r\nhello\n".into()])
}

/// The value of Proxy-Authorization with the scheme Basic.
fn basic_credentials(password: &str) -> String {
    basic::Credentials::new(USER, password).unwrap().to_string()
}

/// The values of the field lines of that name.
fn values<'m>(message: &'m str, name: &str) -> Vec<&'m str> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let fields = head.lines().skip(1).map(|line| line.split_once(": ").unwrap());
    fields
        .filter(|(field, _)| field.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect()
}

/// A message's field names, in lower case and in order.
fn names(message: &str) -> Vec<String> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let names = head.lines().skip(1).map(|line| line.split(':').next().unwrap());
    let mut names: Vec<_> = names.map(str::to_ascii_lowercase).collect();
    names.sort();
    names
}

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
fn content_is_forwarded() {
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
fn secrets_are_not_logged() {
    let mut proxy = Proxy::start(&["--basic"]);
    let (origin, _received) = origin();
    for (target, password) in [
        ("/?token=query", "open barley"),
        ("/?token=query", PASSWORD),
        ("@/", PASSWORD),
    ] {
        proxy.answer(&format!(
            "GET http://{origin}{target} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\nProxy-Authorization: {}\r\n\r\n",
            basic_credentials(password)
        ));
    }
    proxy.child.kill().unwrap();
    let mut log = String::new();
    proxy.log.read_to_string(&mut log).unwrap();
    let lines = [
        &format!("GET {origin}: 407, wrong user or password"),
        &format!("GET {origin}: 200 OK, Basic"),
        "400 Bad Request",
    ];
    assert_eq!(log.lines().collect::<Vec<_>>(), lines);
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
    let answer = proxy.answer(&format!(
        "GET http://{origin}/ HTTP/1.1\r\nX: {}",
        "y".repeat(64 * 1024)
    ));
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[test]
fn an_answer_used_twice_is_stale() {
    let proxy = Proxy::start(&["--digest"]);
    let (origin, _received) = origin();
    let target = format!("http://{origin}/");
    let request = format!("GET {target} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\n");

    let refusal = proxy.answer(&format!("{request}\r\n"));
    let lines = values(&refusal, "Proxy-Authenticate");
    let digest = [Candidate::Scheme(Scheme::Digest)];
    let Ok(Chosen::Digest(challenge)) = choose(Challenges::from_fields(lines), &digest) else {
        panic!("{refusal}");
    };
    assert!(!challenge.is_stale());
    let mut client = digest::Client::new(&challenge, Username::new(USER), PASSWORD, "0a4f113b").unwrap();
    let answer = client.answer(Request::new("GET", &target).unwrap());
    let request = format!("{request}Proxy-Authorization: {answer}\r\n\r\n");

    let accepted = proxy.answer(&request);
    assert!(accepted.starts_with("HTTP/1.1 200 "), "{accepted}");
    let info = values(&accepted, "Proxy-Authentication-Info")[0];
    let info = proxy_auth::AuthenticationInfo::parse(info).unwrap();
    assert!(client.verify(&answer, &digest::Info::read(&info).unwrap(), b"hello\n"));

    let refusal = proxy.answer(&request);
    assert!(
        refusal.starts_with("HTTP/1.1 407 ") && refusal.contains("stale=true"),
        "{refusal}"
    );
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
