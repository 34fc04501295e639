//! Verifies the answers of two versions of curl as a proxy does. `capture_curl.py` captured them.
//!
//! [`deviation`] lists all deviations from RFC 7616.

use std::time::Duration;

use proxy_auth::ParamValue;
use proxy_auth::digest::{
    Account, Algorithm, Login, Nonces, PasswordHash, QopOptions, ReplayWindow, Request, Slot, Username, Verdict,
    Verifier, userhash,
};

use crate::{challenge, credentials, table};

const KEY: &[u8; 32] = b"32 bytes from a random source   ";
const MADE: Duration = Duration::from_millis(1_445_412_480);
const SECOND: Duration = Duration::from_secs(1);

const OLD: &str = include_str!("curl-7.88.1.tsv");
const NEW: &str = include_str!("curl-8.23.0.tsv");

/// The outcome of verifying an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Accepted,
    /// The answer has the form of RFC 2069, like the challenge.
    Rfc2069,
    /// The proof is right, but the nonce is not the verifier's.
    Stale,
    /// The answer has the form of RFC 2069 although `qop` was offered: curl takes the white space for part of "auth".
    QopNotSeen,
    /// The proof is computed with SHA-256 instead of SHA-512/256.
    WithSha256,
    /// The proof is computed without content: curl supports auth-int only for requests without content.
    WithoutContent,
    /// The value breaks the grammar, since a quote in the target is not escaped.
    Malformed,
    /// A backslash in the target is not escaped, so the proof is for another URI.
    OtherUri,
    /// The proof is right, but non-ASCII characters in the realm are percent-encoded.
    RealmWithPercents,
    /// The proof is right, but non-ASCII characters in the name are percent-encoded.
    NameWithPercents,
}

/// Returns the deviation of `version` in `case`, if any.
fn deviation(version: &str, case: &str) -> Option<Outcome> {
    Some(match (version, case) {
        (OLD, _) if case.starts_with("SHA-512-256") => Outcome::WithSha256,
        (OLD, "url-quote") => Outcome::Malformed,
        (OLD, "url-backslash") => Outcome::OtherUri,
        (NEW, "realm-utf8") => Outcome::RealmWithPercents,
        (NEW, "user-utf8") => Outcome::NameWithPercents,
        (_, "auth-int-post") => Outcome::WithoutContent,
        (_, "qop-spaces") => Outcome::QopNotSeen,
        _ => return None,
    })
}

/// A captured answer.
type Row = [&'static str; 8];

fn outcome([case, user, password, method, target, content, asked, sent]: Row) -> Outcome {
    if proxy_auth::Credentials::parse(sent).is_err() {
        return Outcome::Malformed;
    }
    let (asked, sent) = (challenge(asked).unwrap(), credentials(sent).unwrap());
    assert_eq!(sent.nonce(), asked.nonce(), "{case}");
    assert_eq!(sent.opaque(), asked.opaque(), "{case}");
    assert_eq!(sent.algorithm(), asked.algorithm(), "{case}");

    let request = Request::new(method, target).unwrap().with_content(content.as_bytes());
    let realm = asked.realm().copy_to_string::<64>().unwrap();
    let verifier = |algorithm| {
        Verifier::new(&realm, KEY, Duration::from_secs(60))
            .unwrap()
            .with_algorithm(algorithm)
            .with_qop(asked.qop().unwrap_or(QopOptions::AUTH))
    };
    let stored = |algorithm| PasswordHash::new(algorithm, Login::new(Username::new(user).unwrap(), password), &*realm);
    let proves =
        |algorithm, request| stored(algorithm).response(&sent, request).as_str() == sent.response().to_str().unwrap();

    let hashed = userhash(asked.algorithm(), Username::new(user).unwrap(), &*realm);
    let with_sha_256 = match asked.algorithm() {
        Algorithm::Sha512_256 => Algorithm::Sha256,
        Algorithm::Sha512_256Sess => Algorithm::Sha256Sess,
        algorithm => algorithm,
    };
    assert_eq!(sent.is_userhash(), asked.is_userhash(), "{case}");
    let named = sent.username() == *if asked.is_userhash() { hashed.as_str() } else { user };

    let verdict = verifier(asked.algorithm()).verify(
        &sent,
        Some(Account::new(user, &stored(asked.algorithm()))),
        &request,
        MADE + SECOND,
    );
    if !proves(asked.algorithm(), &request) {
        assert_eq!(verdict, Verdict::Wrong, "{case}");
        return if proves(with_sha_256, &request) {
            Outcome::WithSha256
        } else if proves(asked.algorithm(), &request.with_content(b"")) {
            Outcome::WithoutContent
        } else {
            Outcome::OtherUri
        };
    }
    match verdict {
        Verdict::Accepted => Outcome::Accepted,
        Verdict::Wrong if !named => Outcome::NameWithPercents,
        Verdict::Stale => Outcome::Stale,
        Verdict::Wrong if sent.realm() != asked.realm() => Outcome::RealmWithPercents,
        Verdict::Wrong if sent.qop().is_none() && asked.qop().is_none() => Outcome::Rfc2069,
        Verdict::Wrong if sent.qop().is_none() => Outcome::QopNotSeen,
        Verdict::Wrong => panic!("{case}: wrong despite a right proof"),
    }
}

#[test]
fn curl_is_accepted_except_for_its_deviations() {
    for (version, at_least) in [(OLD, 60), (NEW, 60)] {
        let mut rows = 0;
        for row in table::<8>(version) {
            rows += 1;
            let case = row[0];
            let usually = match case {
                "rfc2069" | "rfc2069-connect" => Outcome::Rfc2069,
                "nonce-escapes" => Outcome::Stale,
                _ if case.ends_with("-none") => Outcome::Rfc2069,
                _ => Outcome::Accepted,
            };
            let expected = deviation(version, case).unwrap_or(usually);
            assert_eq!(outcome(row), expected, "{row:?}");
        }
        assert!(rows >= at_least, "{rows}");
    }
}

/// curl does not answer if no proxy could verify the answer.
#[test]
fn curl_does_not_answer_a_session_key_without_qop() {
    for version in [OLD, NEW] {
        assert!(!table::<8>(version).any(|[case, ..]| case.ends_with("-sess-none")));
    }
}

#[test]
fn the_count_of_curl_increases_and_each_is_admitted_once() {
    let verifier = Verifier::new("apps", KEY, SECOND).unwrap();
    let mut window = ReplayWindow::new(
        &verifier,
        [Slot::EMPTY; 1],
        MADE.saturating_sub(Duration::from_millis(1)),
    );
    let of_case = || table::<8>(NEW).filter(|[case, ..]| *case == "three-requests");
    for (nc, [.., sent]) in (1..).zip(of_case()) {
        let sent = credentials(sent).unwrap();
        assert_eq!(sent.nc(), Some(nc));
        assert!(window.admit(&sent, MADE));
        assert!(!window.admit(&sent, MADE));
    }
    assert_eq!(of_case().count(), 3);
}

#[test]
fn curl_sends_the_path_of_a_uri_and_the_whole_authority() {
    for version in [OLD, NEW] {
        for [case, _, _, method, target, _, _, sent] in table::<8>(version) {
            if deviation(version, case).is_none() {
                let said = credentials(sent).unwrap().uri().copy_to_string::<64>().unwrap();
                assert_eq!(said == target, method == "CONNECT", "{case}");
                let path = target
                    .strip_prefix("http://example.com")
                    .map(|rest| rest.trim_start_matches(":8080"));
                assert_eq!(said, path.unwrap_or(target), "{case}");
            }
        }
    }
}

/// `capture_curl.py` makes nonces with hashlib and hmac.
#[test]
fn nonces_equal_those_made_in_python() {
    let made = |realm: &str, unique| Nonces::new(KEY, realm).issue(MADE, unique).as_str().to_owned();
    let nonces = |case: &'static str| {
        table::<8>(NEW)
            .filter(move |row| row[0] == case)
            .map(|row| challenge(row[6]).unwrap().nonce().to_string())
    };
    assert_eq!(nonces("stale").collect::<Vec<_>>(), [made("apps", 1), made("apps", 2)]);
    assert_eq!(nonces("realm-utf8").collect::<Vec<_>>(), [made("Büro", 1)]);
    let quotes = made("test \"this\" realm!!", 1);
    assert_eq!(nonces("realm-quotes").collect::<Vec<_>>(), [&*quotes]);
    let value = ParamValue::quoted(&quotes).unwrap();
    assert_eq!(
        Nonces::new(KEY, "test \"this\" realm!!").age(value, MADE + SECOND),
        Some(SECOND)
    );
    assert_eq!(Nonces::new(KEY, "apps").age(value, MADE + SECOND), None);
}
