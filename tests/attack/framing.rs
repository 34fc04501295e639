//! Content that would be read as the next request.

use std::time::Duration;

use proxy_auth::{Gate, Request, Version};

/// The content of a refused request is not read, so the connection is closed, even if the caller asks to keep it.
#[test]
fn a_connection_with_unread_content_cannot_be_kept() {
    let gate = Gate::new("apps").unwrap().with_basic();
    for version in [Version::Http10, Version::Http11] {
        let request = Request::new("POST", "http://a.example/").unwrap().with_version(version);
        for (request, closes) in [(request, true), (request.with_drained_content(), false)] {
            let fields = [("Connection", "keep-alive"), ("Content-Length", "40")];
            let refusal = gate.read(&request, fields, &mut []).unwrap_err();
            let denial = gate.deny(&refusal, Duration::ZERO, 1);
            let message = denial.response().with_keep_alive().encode_string::<256>().unwrap();
            assert_eq!(refusal.closes(), closes);
            assert_eq!(message.contains("\r\nConnection: close\r\n"), closes, "{message}");
            assert_eq!(message.contains("\r\nConnection: keep-alive\r\n"), !closes, "{message}");
        }
    }
}

fn closes(request: &Request<'_>, fields: &[(&str, &str)]) -> bool {
    let gate = Gate::new("apps").unwrap().with_basic();
    let refusal = gate.read(request, fields.iter().copied(), &mut []).unwrap_err();
    let denial = gate.deny(&refusal, Duration::ZERO, 1);
    let message = denial.response().encode_string::<256>().unwrap();
    assert_eq!(message.contains("\r\nConnection: close\r\n"), refusal.closes());
    refusal.closes()
}

/// Two readers disagree about the end of such a request, so the connection is closed, even if the caller has read its content
/// (RFC 9112, 6.1 and 6.3).
#[test]
fn a_connection_with_an_ambiguous_request_cannot_be_kept() {
    let request = Request::new("POST", "http://a.example/").unwrap();
    let (length, chunked) = (("Content-Length", "4"), ("Transfer-Encoding", "chunked"));
    for fields in [
        &[length, chunked][..],
        &[chunked, length],
        &[("content-length", "0"), chunked],
        &[length, ("Content-Length", "5")],
        &[("Content-Length", "0"), length],
        &[chunked, ("Transfer-Encoding", "identity")],
        &[("Content-Length", "4, 5")],
        &[("Content-Length", "+4")],
        &[("Content-Length", "-0")],
        &[("Content-Length", "0x0")],
        &[("Content-Length", "")],
        &[("Content-Length", "\u{b}0")],
        &[("Content-Length", "18446744073709551616")],
        &[("Content-Length ", "4")],
        &[("Content-Length\t", "0")],
        &[(" Transfer-Encoding", "chunked")],
        &[("Transfer-Encoding", "xchunked")],
        &[("Transfer-Encoding", "chunked, identity")],
        &[("Transfer-Encoding", "\u{b}chunked")],
        &[("Transfer-Encoding", "\"chunked\"")],
        &[("Transfer-Encoding", "")],
    ] {
        for request in [request, request.with_content(b"four"), request.with_drained_content()] {
            assert!(closes(&request, fields), "{request:?} {fields:?}");
        }
    }
    for fields in [&[][..], &[length], &[chunked], &[("TRANSFER-ENCODING", " Chunked\t")]] {
        assert!(!closes(&request.with_drained_content(), fields), "{fields:?}");
    }
    // HTTP/1.0 has no transfer codings.
    let old = request.with_version(Version::Http10).with_drained_content();
    let keep = ("Connection", "keep-alive");
    assert!(closes(&old, &[chunked, keep]));
    assert!(!closes(&old, &[length, keep]));
}

/// A caller that takes CONNECT for a request without content has not read the content that the client announces.
#[test]
fn content_of_another_length_is_not_the_content_of_the_request() {
    let request = Request::new("CONNECT", "a.example:443").unwrap();
    for (content, fields, is_read) in [
        (&b""[..], &[][..], true),
        (b"", &[("Content-Length", "0")], true),
        (b"", &[("Content-Length", "40")], false),
        (b"", &[("Transfer-Encoding", "chunked")], false),
        (b"four", &[("Content-Length", "4")], true),
        (b"four", &[("Content-Length", "004")], true),
        (b"four", &[("Content-Length", "40")], false),
        (b"four", &[("Transfer-Encoding", "chunked")], true),
    ] {
        assert_eq!(closes(&request.with_content(content), fields), !is_read, "{fields:?}");
    }
}
