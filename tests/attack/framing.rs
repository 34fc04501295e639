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
