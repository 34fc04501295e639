//! Tests whether the response to a refused request closes the connection.

use core::time::Duration;

use proxy_auth::{Gate, Refusal, Request, Version};

const VERSIONS: [Version; 3] = [Version::Http10, Version::Http11, Version::Http2];

fn refusal(request: &Request<'_>) -> Refusal {
    let gate = Gate::new("apps").unwrap().with_basic();
    gate.read(request, [("Host", "a.example")], &mut []).unwrap_err()
}

/// Returns the value of Connection in the response.
fn connection(refusal: &Refusal) -> Option<String> {
    let gate = Gate::new("apps").unwrap().with_basic();
    let denial = gate.deny(refusal, Duration::ZERO, 1);
    let message = denial.response().encode_string::<256>().unwrap();
    let mut values = message.lines().filter_map(|line| line.strip_prefix("Connection: "));
    let value = values.next().map(String::from);
    assert_eq!(values.next(), None);
    value
}

fn request(version: Version) -> Request<'static> {
    let request = Request::new("POST", "http://a.example/").unwrap();
    request.with_version(version)
}

#[test]
fn a_connection_is_kept_if_the_version_allows_it() {
    for (version, value) in VERSIONS.into_iter().zip([Some("close"), None, None]) {
        let refusal = refusal(&request(version));
        assert_eq!(refusal.closes(), value.is_some(), "{version:?}");
        assert_eq!(connection(&refusal).as_deref(), value, "{version:?}");
    }
    for (version, value) in VERSIONS.into_iter().zip([Some("keep-alive"), None, None]) {
        let refusal = refusal(&request(version).with_keep_alive());
        assert!(!refusal.closes(), "{version:?}");
        assert_eq!(connection(&refusal).as_deref(), value, "{version:?}");
    }
}

#[test]
fn unread_content_closes_a_connection_that_is_not_shared() {
    for (version, closes) in VERSIONS.into_iter().zip([true, true, false]) {
        for request in [request(version), request(version).with_keep_alive()] {
            let refusals = [
                refusal(&request.with_unread_content()),
                refusal(&request).with_close(),
                refusal(&request).with_close().with_close(),
            ];
            for refusal in refusals {
                assert_eq!(refusal.closes(), closes, "{request:?}");
                assert_eq!(
                    connection(&refusal).as_deref(),
                    closes.then_some("close"),
                    "{request:?}"
                );
            }
        }
    }
}

#[test]
fn a_closing_refusal_keeps_its_reason() {
    let kept = refusal(&request(Version::Http11));
    let closing = kept.clone().with_close();
    assert_eq!(closing.reason(), kept.reason());
    assert_ne!(closing, kept);
}
