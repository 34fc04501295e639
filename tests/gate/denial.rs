//! The response to a refused request, in three forms that agree.

use proxy_auth::negotiate::Mechanism;
use proxy_auth::{Account, Denial, FieldLine, Gate, Refusal, Request, Role, Verified, Version};

use super::{NOW, connect, gate, refuse, send};

fn gates() -> Vec<Gate<&'static str>> {
    #[cfg_attr(not(feature = "digest"), expect(unused_mut, reason = "only Digest adds a gate"))]
    let mut gates = vec![
        gate().with_basic(),
        gate().with_basic().with_role(Role::Server),
        gate().with_bearer().with_basic(),
        gate()
            .with_negotiate(Mechanism::Negotiate)
            .with_negotiate(Mechanism::Ntlm),
    ];
    #[cfg(feature = "digest")]
    {
        use proxy_auth::DigestOffer;
        use proxy_auth::digest::Algorithm::{Md5, Sha256};
        let offer = DigestOffer::new(&[1; 32], [Sha256, Md5]).with_userhash();
        gates.push(gate().with_digest(&offer).with_basic());
    }
    gates
}

fn requests() -> Vec<Request<'static>> {
    let get = Request::new("GET", "http://example.com/").unwrap();
    let head = Request::new("HEAD", "http://example.com/").unwrap();
    let versions = |request: Request<'static>| {
        let old = request.with_version(Version::Http10);
        [request, old, request.with_version(Version::Http2)]
    };
    [get, head, connect()].into_iter().flat_map(versions).collect()
}

/// Refuses a request without credentials, and one with a token, with other field lines before them.
fn refusals(gate: &Gate<&str>, request: &Request<'_>) -> Vec<Refusal> {
    let token = (gate.role().authorization().as_str(), "Bearer");
    let before = [
        ("Host", "a"),
        ("Content-Length", "4"),
        ("Proxy-Connection", "Keep-Alive"),
    ];
    let refusals = before
        .into_iter()
        .flat_map(|first| [refuse(gate, request, &[first]), refuse(gate, request, &[first, token])]);
    refusals.collect()
}

/// Splits a message into the status code, the field lines and the content.
fn split(message: &str) -> (u16, Vec<(&str, &str)>, &str) {
    let (head, content) = message.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().strip_prefix("HTTP/1.1 ").unwrap();
    let fields = lines.map(|line| line.split_once(": ").unwrap()).collect();
    (status[..3].parse().unwrap(), fields, content)
}

fn each(check: impl Fn(&Request<'_>, &Denial<'_, &str>)) {
    for gate in gates() {
        for request in requests() {
            for refusal in refusals(&gate, &request) {
                check(&request, &gate.deny(&refusal, NOW, 1));
            }
        }
    }
}

#[test]
fn the_message_has_the_status_and_the_challenges_of_the_denial() {
    each(|_, denial| {
        let message = denial.response().encode_string::<2048>().unwrap();
        let (status, fields, _) = split(&message);
        assert_eq!(status, denial.status().as_u16());
        assert_eq!(denial.response().status(), denial.status());
        let lines: Vec<_> = denial.challenges().map(|challenge| challenge.to_string()).collect();
        let expected: Vec<_> = lines
            .iter()
            .map(|line| (denial.name().as_str(), line.as_str()))
            .collect();
        assert_eq!(fields[..expected.len()], expected);
        assert!(
            fields[expected.len()..]
                .iter()
                .all(|(name, _)| !name.ends_with("Authenticate"))
        );
        assert_eq!(denial.response().encoded_len(), message.len());
    });
}

#[cfg(feature = "http")]
#[test]
fn the_response_of_the_crate_http_is_the_message() {
    each(|_, denial| {
        let response = denial.response().with_content(b"Who?");
        let message = response.encode_string::<2048>().unwrap();
        let (status, mut fields, content) = split(&message);
        let converted = response.to_response().unwrap();
        assert_eq!(converted.status().as_u16(), status);
        assert_eq!(converted.body(), content.as_bytes());
        // The server adds Content-Length, unless the content is omitted.
        if !content.is_empty() {
            fields.retain(|(name, _)| *name != "Content-Length");
        }
        let headers = converted.headers().iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap()))
            .collect();
        let expected: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.to_lowercase(), *value))
            .collect();
        assert_eq!(headers, expected);
    });
}

#[test]
fn the_end_of_the_message_depends_on_the_request() {
    each(|request, denial| {
        let response = denial.response().with_content(b"Who?");
        let message = response.encode_string::<2048>().unwrap();
        let (_, fields, content) = split(&message);
        let get = |name| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        assert_eq!(
            content,
            if request.method() == "HEAD" { "" } else { "Who?" },
            "{request:?}"
        );
        assert_eq!(get("Content-Length"), Some("4"));
        assert_eq!(get("Transfer-Encoding"), None);
    });
}

#[test]
fn the_option_of_connection_depends_on_the_request() {
    let get = Request::new("GET", "http://example.com/").unwrap();
    let gate = gate().with_basic();
    let old = get.with_version(Version::Http10);
    let (keep, close) = (("Connection", "a, Keep-Alive"), ("Proxy-Connection", "close"));
    let (content, chunks) = (("content-length", "1"), ("Transfer-Encoding", "chunked"));
    for (request, fields, expected) in [
        (get, &[][..], None),
        (get, &[keep], None),
        (get, &[close], Some("close")),
        (get, &[content], Some("close")),
        (get, &[chunks], Some("close")),
        (get, &[("Content-Length", " 0 ")], None),
        (get, &[("Content-Length", "0x")], Some("close")),
        (get.with_drained_content(), &[content], None),
        (get.with_content(b"1"), &[content], None),
        (get.with_drained_content(), &[close, content], Some("close")),
        (old, &[], Some("close")),
        (old, &[keep], Some("keep-alive")),
        (old, &[keep, close], Some("close")),
        (old, &[keep, chunks], Some("close")),
        (old.with_drained_content(), &[content, keep], Some("keep-alive")),
        (old.with_drained_content(), &[chunks, keep], Some("close")),
        (connect().with_version(Version::Http10), &[], Some("close")),
        (get.with_version(Version::Http2), &[], None),
        (get.with_version(Version::Http2), &[content], None),
    ] {
        let refusal = refuse(&gate, &request, fields);
        let message = gate.deny(&refusal, NOW, 1).response().encode_string::<256>().unwrap();
        let connection = message.split("\r\n").find_map(|line| line.strip_prefix("Connection: "));
        assert_eq!(connection, expected, "{request:?} {fields:?}");
        assert_eq!(refusal.closes(), expected == Some("close"));
    }
}

#[test]
fn further_lines_can_be_added() {
    let gate = gate().with_basic();
    let refusal = refuse(&gate, &connect(), &[]);
    let denial = gate.deny(&refusal, NOW, 1);
    let lines = [FieldLine::new("Content-Type", "text/plain").unwrap()];
    let response = denial.response().with_lines(&lines).with_content(b"Who?");
    assert_eq!(
        response.encode_string::<256>().unwrap(),
        concat!(
            "HTTP/1.1 407 Proxy Authentication Required\r\n",
            "Proxy-Authenticate: Basic realm=\"apps\", charset=\"UTF-8\"\r\n",
            "Content-Type: text/plain\r\n",
            "Content-Length: 4\r\n",
            "\r\n",
            "Who?",
        )
    );
}

#[test]
fn a_buffer_that_is_too_small_is_an_error_with_the_needed_length() {
    let gate = gate().with_basic();
    let refusal = refuse(&gate, &connect(), &[]);
    let denial = gate.deny(&refusal, NOW, 1);
    let response = denial.response();
    let needed = response.encoded_len();
    let error = response.encode(&mut vec![0; needed - 1]).unwrap_err();
    assert_eq!(error.needed, needed);
    assert_eq!(response.encode(&mut vec![0; needed]).unwrap().len(), needed);
}

#[test]
fn debug_shows_the_reason() {
    let gate = gate().with_basic();
    let refusal = send(&gate, "Basic YTpi", None::<Account<'_, Verified>>).unwrap_err();
    let shown = format!("{:?}", gate.deny(&refusal, NOW, 1));
    assert!(shown.contains("UnknownUser") && shown.contains("407"), "{shown}");
}
