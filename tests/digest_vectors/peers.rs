//! What curl answers, verified as a proxy does: `capture_curl.py` for how it was asked.
//!
//! Two versions. Where one does other than RFC 7616 says, it stands in [`otherwise`], and nowhere else.

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

/// What comes of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Accepted,
    /// Answered in the form of RFC 2069, as it was asked.
    Rfc2069,
    /// Its nonce is right, but was none of the verifier's.
    Stale,
    /// Answered in the form of RFC 2069 though `qop` was offered: curl takes the white space after "auth" for a part of it.
    QopNotSeen,
    /// Computed with SHA-256 in place of SHA-512/256.
    WithSha256,
    /// Computed for no content: curl knows auth-int for requests without content only.
    WithoutContent,
    /// The value breaks the grammar, since a quote in the target is not escaped.
    Malformed,
    /// A backslash in the target is not escaped, so the uri means another than the one it was computed for.
    OtherUri,
    /// The proof is right, but what is not ASCII in the realm was written with percent signs.
    RealmWithPercents,
    /// The proof is right, but what is not ASCII in the name was written with percent signs.
    NameWithPercents,
}

/// What `version` does otherwise in `case`.
fn otherwise(version: &str, case: &str) -> Option<Outcome> {
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

/// An answer that was captured.
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
        Verdict::Wrong => panic!("{case}: proved, and wrong"),
    }
}

#[test]
fn curl_is_accepted_but_where_it_does_otherwise() {
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
            let expected = otherwise(version, case).unwrap_or(usually);
            assert_eq!(outcome(row), expected, "{row:?}");
        }
        assert!(rows >= at_least, "{rows}");
    }
}

/// What curl cannot answer in a way that anybody could verify, it does not answer.
#[test]
fn curl_leaves_a_session_key_without_qop_unanswered() {
    for version in [OLD, NEW] {
        assert!(!table::<8>(version).any(|[case, ..]| case.ends_with("-sess-none")));
    }
}

#[test]
fn the_count_of_curl_goes_up_and_each_is_admitted_once() {
    let verifier = Verifier::new("apps", KEY, SECOND).unwrap();
    let mut window = ReplayWindow::new(&verifier, [Slot::EMPTY; 1], MADE);
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
fn the_target_is_the_path_of_a_uri_and_the_whole_of_an_authority() {
    for version in [OLD, NEW] {
        for [case, _, _, method, target, _, _, sent] in table::<8>(version) {
            if otherwise(version, case).is_none() {
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
fn nonces_are_made_as_python_makes_them() {
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
