//! A proxy for HTTP/1 over bytes, with `httparse`: from the head of a request to the bytes of the response.

use proxy_auth::digest::{Algorithm, ReplayWindow, Slot};
use proxy_auth::{Account, DigestOffer, FieldLine, FieldName, Gate, Password, Request, Version};

use super::{NOW, STARTED};

struct Proxy {
    gate: Gate<&'static str>,
    window: ReplayWindow<[Slot; 8]>,
    requests: u64,
}

/// The outcome of a request: the bytes to send to the origin server, or to the client.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Forward(Vec<u8>),
    Respond { response: Vec<u8>, closes: bool },
}

impl Proxy {
    fn new() -> Self {
        let digest = DigestOffer::new(&[7; 32], [Algorithm::Sha256]);
        let gate = Gate::new("apps").unwrap().with_digest(&digest).with_basic();
        Self {
            window: gate.replay_window([Slot::EMPTY; 8], STARTED),
            gate,
            requests: 0,
        }
    }

    fn handle(&mut self, bytes: &[u8]) -> Outcome {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut head = httparse::Request::new(&mut headers);
        assert!(head.parse(bytes).unwrap().is_complete());
        let request = request(&head);
        let fields = head.headers.iter().map(|header| (header.name, header.value));
        let (mut scratch, mut buffer) = ([0; 512], [0; 2048]);
        self.requests += 1;
        // authentication
        let passed = self.gate.read(&request, fields, &mut scratch).and_then(|attempt| {
            let is_known = attempt.name() == Some("aladdin");
            let account = is_known.then_some(Account::new("aladdin", Password::new("open sesame")));
            attempt.check(account, NOW)?.redeem(&mut self.window)
        });
        let Err(refusal) = passed else {
            return Outcome::Forward(without(&head, self.gate.role().authorization()));
        };
        let denial = self.gate.deny(&refusal, NOW, self.requests);
        let lines = [FieldLine::new("Content-Type", "text/plain").unwrap()];
        let response = denial.response().with_lines(&lines).with_content(b"Who?\n");
        let response = response.encode(&mut buffer).expect("2 KiB suffice").to_vec();
        // end
        let closes = refusal.closes();
        Outcome::Respond { response, closes }
    }
}

/// Returns the parts of a request that authentication depends on.
fn request<'a>(head: &httparse::Request<'_, 'a>) -> Request<'a> {
    let request = Request::new(head.method.unwrap(), head.path.unwrap()).unwrap();
    match head.version {
        Some(0) => request.with_version(Version::Http10),
        _ => request,
    }
}

/// Writes the head again, without the field with that name.
fn without(head: &httparse::Request<'_, '_>, name: FieldName) -> Vec<u8> {
    let mut written = format!("{} {} HTTP/1.1\r\n", head.method.unwrap(), head.path.unwrap()).into_bytes();
    for header in head.headers.iter().filter(|header| !name.is(header.name)) {
        written.extend_from_slice(&[header.name.as_bytes(), b": ", header.value, b"\r\n"].concat());
    }
    written.extend_from_slice(b"\r\n");
    written
}

fn respond(head: &str) -> (String, bool) {
    match Proxy::new().handle(head.as_bytes()) {
        Outcome::Respond { response, closes } => (String::from_utf8(response).unwrap(), closes),
        Outcome::Forward(head) => panic!("{}", String::from_utf8_lossy(&head)),
    }
}

#[test]
fn a_request_is_forwarded_without_its_credentials() {
    let head = concat!(
        "GET http://example.com/ HTTP/1.1\r\n",
        "Host: example.com\r\n",
        "proxy-authorization: Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n",
        "Authorization: Basic YTpi\r\n",
        "\r\n",
    );
    let expected = "GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\nAuthorization: Basic YTpi\r\n\r\n";
    assert_eq!(Proxy::new().handle(head.as_bytes()), Outcome::Forward(expected.into()));
}

#[test]
fn a_refusal_is_a_whole_message() {
    let (response, closes) = respond("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n");
    let (head, content) = response.split_once("\r\n\r\n").unwrap();
    let lines: Vec<_> = head.split("\r\n").collect();
    assert_eq!(lines[0], "HTTP/1.1 407 Proxy Authentication Required");
    assert!(lines[1].starts_with("Proxy-Authenticate: Digest realm=\"apps\", nonce=\""));
    let rest = [
        "Proxy-Authenticate: Basic realm=\"apps\", charset=\"UTF-8\"",
        "Content-Type: text/plain",
        "Content-Length: 5",
    ];
    assert_eq!(lines[2..], rest);
    assert_eq!((content, closes), ("Who?\n", false));
}

#[test]
fn the_message_ends_as_the_request_demands() {
    for (head, connection, has_content) in [
        ("HEAD http://a/ HTTP/1.1\r\n\r\n", None, false),
        ("GET http://a/ HTTP/1.0\r\n\r\n", Some("close"), true),
        (
            "CONNECT a:1 HTTP/1.0\r\nProxy-Connection: Keep-Alive\r\n\r\n",
            Some("keep-alive"),
            true,
        ),
        (
            "POST http://a/ HTTP/1.1\r\nContent-Length: 9\r\n\r\n",
            Some("close"),
            true,
        ),
    ] {
        let (response, closes) = respond(head);
        let line = response
            .split("\r\n")
            .find_map(|line| line.strip_prefix("Connection: "));
        assert_eq!(line, connection, "{head}");
        assert_eq!(closes, connection == Some("close"));
        assert_eq!(response.ends_with("\r\n\r\nWho?\n"), has_content);
    }
}

#[test]
fn two_field_lines_are_refused() {
    let line = "Proxy-Authorization: Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n";
    let (response, _) = respond(&format!("GET http://a/ HTTP/1.1\r\n{line}{line}\r\n"));
    assert!(response.starts_with("HTTP/1.1 407 "));
}
