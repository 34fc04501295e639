//! Tests which challenges the client answers, and which responses it trusts.

use super::{DIGEST, PAGE, URL, credentials, fetch, lines, param, prepared, refusal};
use crate::wire::{Proxy, origin};

#[test]
fn the_client_and_the_proxy_agree() {
    let proxy = Proxy::start(&[]);
    let (origin, _received) = origin();
    let url = format!("http://{origin}/");
    let (content, said, status) = fetch(proxy.address, "aladdin:open%20sesame", &url, &["--require-proof"]);
    assert_eq!((content.as_str(), status), ("hello\n", Some(0)), "{said}");
    assert_eq!(
        lines(&said),
        [
            "request without credentials: 407; Digest (SHA-256), Digest (MD5), Basic offered",
            "request with Digest: 200",
            "the proxy proved that it knows the password",
            "200: 6 bytes"
        ]
    );
    let (content, said, status) = fetch(proxy.address, "aladdin:open%20barley", &url, &[]);
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    assert!(said.ends_with("\nthe peer refused the credentials\n"), "{said}");
}

#[test]
fn the_client_does_not_trust_a_wrong_proof() {
    let zeros = "0".repeat(32);
    let (proxy, _received) = prepared([
        refusal(&[DIGEST]),
        format!(
            "HTTP/1.1 200 OK\r\nProxy-Authentication-Info: rspauth=\"{zeros}\", qop=auth\r\n\
             Content-Length: 6\r\n\r\nforged"
        ),
    ]);
    let (content, said, status) = fetch(proxy, "u:p", URL, &[]);
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    assert!(said.ends_with("\nthe proof in the response is wrong\n"), "{said}");
}

#[test]
fn a_missing_proof_is_reported_and_can_be_refused() {
    for (options, page, status, report) in [
        (&[][..], "page", 0, "the proxy did not prove that it knows the password"),
        (&["--require-proof"], "", 1, "the response contains no proof"),
    ] {
        let (proxy, _received) = prepared([refusal(&[DIGEST]), PAGE.into()]);
        let (content, said, code) = fetch(proxy, "u:p", URL, options);
        assert_eq!((content.as_str(), code), (page, Some(status)), "{said}");
        assert_eq!(lines(&said)[1..3], ["request with Digest: 200", report]);
    }
}

#[test]
fn basic_is_answered_only_if_it_is_allowed() {
    let offers: [&[&str]; 5] = [
        &["Basic realm=r"],
        &["Digest realm=r, nonce=n, algorithm=SHA256", "Basic realm=r"],
        &["Digest realm=r, qop=\"auth\"", "Basic realm=r"],
        &["Digest realm=r, nonce=n", "Basic realm=r"],
        &["Negotiate, Basic realm=r"],
    ];
    for challenges in offers {
        let (proxy, received) = prepared([refusal(challenges), "not asked".into()]);
        let (_, said, status) = fetch(proxy, "u:p", URL, &[]);
        assert_eq!(status, Some(1), "{said}");
        assert!(said.contains("--allow-basic allows it"), "{said}");
        assert_eq!(received.try_iter().count(), 1);
    }
}

#[test]
fn basic_is_not_answered_beside_a_stronger_challenge_that_is_unusable() {
    for (challenge, reason) in [
        ("Digest realm=r, qop=\"auth\"", "unusable: "),
        ("Digest realm=r, nonce=n, algorithm=SHA256", "unusable: "),
        ("Digest realm=r, nonce=n", "unusable: "),
        ("@@@", "damaged: "),
    ] {
        let (proxy, received) = prepared([refusal(&[challenge, "Basic realm=r"]), "not asked".into()]);
        let (content, said, status) = fetch(proxy, "u:p", URL, &["--allow-basic"]);
        assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
        let expected = format!("a challenge that may be the strongest is {reason}");
        assert!(lines(&said)[1].starts_with(&expected), "{said}");
        assert_eq!(received.try_iter().count(), 1);
    }
}

#[test]
fn the_strongest_algorithm_is_answered() {
    let sha_256 = format!("{DIGEST}, algorithm=SHA-256");
    let (proxy, received) = prepared([refusal(&[DIGEST, &sha_256, "Basic realm=r"]), PAGE.into()]);
    let (content, said, status) = fetch(proxy, "u:p", URL, &["--allow-basic"]);
    assert_eq!((content.as_str(), status), ("page", Some(0)), "{said}");
    let received: Vec<_> = received.try_iter().collect();
    assert_eq!(param(&received[1], "algorithm"), "SHA-256");
}

#[test]
fn digest_is_answered_even_if_basic_is_allowed() {
    for (challenges, scheme) in [
        (&["Basic realm=r", DIGEST][..], "Digest"),
        (&["Basic realm=r"], "Basic"),
        (&["Negotiate", "Basic realm=r"], "Basic"),
    ] {
        let (proxy, received) = prepared([refusal(challenges), PAGE.into()]);
        let (content, said, status) = fetch(proxy, "u:p", URL, &["--allow-basic"]);
        assert_eq!((content.as_str(), status), ("page", Some(0)), "{said}");
        assert_eq!(lines(&said)[1], format!("request with {scheme}: 200"));
        let received: Vec<_> = received.try_iter().collect();
        assert!(credentials(&received[1]).starts_with(&format!("{scheme} ")));
    }
}

#[test]
fn the_client_does_not_fall_back_to_basic_after_digest() {
    let (proxy, received) = prepared([refusal(&[DIGEST]), refusal(&["Basic realm=r"]), "not asked".into()]);
    let (_, said, status) = fetch(proxy, "u:p", URL, &["--allow-basic"]);
    assert_eq!(status, Some(1), "{said}");
    assert_eq!(received.try_iter().count(), 2);
}

#[test]
fn the_client_tolerates_deviations_of_real_proxies() {
    // The values have an extra comma, a parameter without quotes, white space around the equals sign, and damage at the start.
    let (proxy, received) = prepared([
        refusal(&["@@@", ", Digest realm = r,, qop=\"auth\" , nonce=n,"]),
        PAGE.into(),
    ]);
    let (content, said, status) = fetch(proxy, "u:p", URL, &[]);
    assert_eq!((content.as_str(), status), ("page", Some(0)), "{said}");
    assert!(lines(&said)[0].ends_with(", Digest (MD5) offered"), "{said}");
    assert_eq!(lines(&said)[1], "request with Digest: 200");
    assert_eq!(received.try_iter().count(), 2);
}

#[test]
fn a_response_without_a_challenge_is_not_a_proof() {
    for status_line in ["200 OK", "302 Found", "403 Forbidden", "502 Bad Gateway"] {
        let (proxy, received) = prepared([format!("HTTP/1.1 {status_line}\r\nContent-Length: 6\r\n\r\nforged")]);
        let (content, said, status) = fetch(proxy, "u:p", URL, &["--require-proof"]);
        assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
        let sent = format!("request without credentials: {}", &status_line[..3]);
        assert_eq!(lines(&said), [sent.as_str(), "the response contains no proof"]);
        assert_eq!(received.try_iter().count(), 1);
    }
}

#[test]
fn basic_is_not_a_proof() {
    let (proxy, received) = prepared([refusal(&["Basic realm=x"]), "not asked".into()]);
    let (content, said, status) = fetch(proxy, "u:p", URL, &["--require-proof"]);
    assert_eq!((content.as_str(), status), ("", Some(1)), "{said}");
    // The hint would be wrong, because the options exclude each other.
    assert!(!said.contains("--allow-basic"), "{said}");
    assert_eq!(received.try_iter().count(), 1);

    let options = ["--require-proof", "--allow-basic"];
    let (proxy, received) = prepared(["not asked".into()]);
    let (content, said, status) = fetch(proxy, "u:p", URL, &options);
    assert_eq!((content.as_str(), status), ("", Some(2)), "{said}");
    assert!(options.iter().all(|option| said.contains(option)), "{said}");
    assert_eq!(received.try_iter().count(), 0);
}
