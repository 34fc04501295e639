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
fn a_refusal_can_close_a_connection_that_is_not_shared() {
    for (version, closes) in VERSIONS.into_iter().zip([true, true, false]) {
        let kept = refusal(&request(version));
        for refusal in [kept.clone().with_close(), kept.with_close().with_close()] {
            assert_eq!(refusal.closes(), closes, "{version:?}");
            assert_eq!(
                connection(&refusal).as_deref(),
                closes.then_some("close"),
                "{version:?}"
            );
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
