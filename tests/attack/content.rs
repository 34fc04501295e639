//! Answers that sign the content of a request.

use proxy_auth::Request;
use proxy_auth::digest::QopOptions;

use super::server::{NOW, answer, gate, offer, send, window};

/// The client signs a request without content, somebody on the way adds some, and the proxy does not say what the content is.
#[test]
fn an_answer_that_signs_content_needs_the_content() {
    for qop in [QopOptions::AUTH_INT, QopOptions::AUTH_AND_AUTH_INT] {
        let gate = gate(&offer().with_qop(qop));
        let request = Request::new("POST", "http://a.example/pay").unwrap();
        let empty = request.with_content(b"");
        let value = answer(&gate, &empty, "aladdin", &gate.nonce(NOW, 1).unwrap());
        let is_signed = value.contains("qop=auth-int");
        assert_eq!(is_signed, qop == QopOptions::AUTH_INT);
        let passes = |request| send(&gate, request, &value, &mut window(&gate, 8, NOW), NOW).is_ok();
        assert!(passes(&empty));
        assert_eq!(passes(&request), !is_signed);
        assert_eq!(passes(&request.with_content(b"amount=1000")), !is_signed);
    }
}
