//! Tests both sides and the replay window, beyond `digest_compute.rs`.

use std::collections::HashSet;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use proxy_auth::digest::{
    Account, Algorithm, Challenge, Client, Credentials, Info, Login, Nonces, PasswordHash, Qop, QopOptions,
    ReplayWindow, Request, Slot, Username, Verdict, Verifier,
};
use proxy_auth::{Encode, ParamValue};

use crate::{challenge, credentials, info};

const KEY: &[u8; 32] = b"32 bytes from a random source   ";
const NOW: Duration = secs(1_445_412_480);
/// The window of used answers is created earlier: nonces of its first moment are stale.
const STARTED: Duration = secs(1_445_412_479);

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn verifier() -> Verifier<'static> {
    Verifier::new("apps", KEY, secs(300)).unwrap()
}

fn stored() -> PasswordHash {
    PasswordHash::new(
        Algorithm::Sha256,
        Login::new(Username::new("aladdin").unwrap(), "open sesame"),
        "apps",
    )
}

/// Verifies credentials of the existing user "aladdin".
fn verify(
    verifier: &Verifier<'_>,
    credentials: &Credentials<'_>,
    stored: &PasswordHash,
    request: &Request<'_>,
    now: Duration,
) -> Verdict {
    verifier.verify(credentials, Some(Account::new("aladdin", stored)), request, now)
}

fn client<'a>(challenge: &Challenge<'a>) -> Client<'a> {
    Client::new_allowing_rfc2069(
        challenge,
        Login::new(Username::new("aladdin").unwrap(), "open sesame"),
        "0a4f113b",
    )
    .unwrap()
}

/// Returns the verdict on a right answer for `said` to a request for `target`.
fn verdict_for(said: &str, target: &str) -> Verdict {
    let verifier = verifier();
    let nonce = verifier.nonce(NOW, 1);
    let sent = client(&verifier.challenge(&nonce))
        .answer(Request::new("GET", said).unwrap())
        .to_string();
    let request = Request::new("GET", target).unwrap();
    verify(&verifier, &credentials(&sent).unwrap(), &stored(), &request, NOW)
}

#[test]
fn a_uri_must_be_the_target_or_its_path_and_query() {
    for target in [
        "http://example.com/a?b=http://c/d",
        "http://user@example.com:8080/a?b",
        "http://example.com/",
        "ftp://example.com//a",
        "http://example.com/a b\"c\\d",
        "example.com:443",
        "[2001:db8::1]:443",
        "*",
        "/a?b=http://c/d",
        "",
    ] {
        assert_eq!(verdict_for(target, target), Verdict::Accepted, "{target}");
    }
    for (said, target) in [
        ("/a?b=http://c/d", "http://example.com/a?b=http://c/d"),
        ("/a?b", "http://user@example.com:8080/a?b"),
        ("//a", "ftp://example.com//a"),
        ("/", "http://example.com/"),
        ("/a b\"c\\d", "http://example.com/a b\"c\\d"),
    ] {
        assert_eq!(verdict_for(said, target), Verdict::Accepted, "{said} for {target}");
    }
    for (said, target) in [
        ("/a", "http://example.com/a?b"),
        ("/a?b", "http://example.com/a"),
        ("/A", "http://example.com/a"),
        ("/%61", "http://example.com/a"),
        ("a", "http://example.com/a"),
        ("", "http://example.com/"),
        ("//example.com/a", "http://example.com/a"),
        ("https://example.com/a", "http://example.com/a"),
        ("/d", "http://example.com/a?b=http://c/d"),
        (":443", "example.com:443"),
        ("example.com", "example.com:443"),
        ("example.com:80", "example.com:443"),
    ] {
        assert_eq!(verdict_for(said, target), Verdict::Wrong, "{said} for {target}");
    }
}

/// An answer for `/admin` must not give access to another resource. A target that starts with a path is not a URI, even if its
/// query contains one.
#[test]
fn a_uri_in_a_query_is_not_the_target() {
    for (said, target) in [
        ("/admin", "/go?to=http://x/admin"),
        ("/d", "/a?b=c://x/d"),
        ("/d", "*://x/d"),
        ("/d", "example.com:443?://x/d"),
    ] {
        assert_eq!(verdict_for(said, target), Verdict::Wrong, "{said} for {target}");
    }
}

#[test]
fn a_nextnonce_is_accepted_and_counted_from_one() {
    let verifier = verifier();
    let (first, next) = (verifier.nonce(NOW, 1), verifier.nonce(NOW + secs(200), 2));
    let asked = verifier.challenge(&first);
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let mut client = client(&asked);
    let mut window = ReplayWindow::new(&verifier, [Slot::EMPTY; 4], STARTED);
    let mut admitted = |client: &mut Client<'_>, now| {
        let sent = client.answer(request).to_string();
        let sent = credentials(&sent).unwrap();
        (
            sent.nc(),
            verify(&verifier, &sent, &stored(), &request, now),
            window.admit(&sent, now),
        )
    };
    assert_eq!(admitted(&mut client, NOW), (Some(1), Verdict::Accepted, true));
    assert_eq!(admitted(&mut client, NOW), (Some(2), Verdict::Accepted, true));
    let said = Info::new().with_nextnonce(&next).unwrap().to_string();
    let said = info(&said).unwrap();
    let mut client = client.with_nextnonce(said.nextnonce().unwrap());
    assert_eq!(
        admitted(&mut client, NOW + secs(400)),
        (Some(1), Verdict::Accepted, true)
    );
    assert_eq!(
        admitted(&mut client, NOW + secs(500)),
        (Some(2), Verdict::Accepted, true)
    );
    assert_eq!(admitted(&mut client, NOW + secs(501)), (Some(3), Verdict::Stale, false));
}

#[test]
fn with_auth_int_has_effect_only_if_the_challenge_offers_it() {
    let asked = Challenge::new("r", "n").unwrap();
    for (offered, plain, with) in [
        (None, None, None),
        (Some(QopOptions::AUTH), Some(Qop::Auth), Some(Qop::Auth)),
        (Some(QopOptions::AUTH_INT), Some(Qop::AuthInt), Some(Qop::AuthInt)),
        (Some(QopOptions::AUTH_AND_AUTH_INT), Some(Qop::Auth), Some(Qop::AuthInt)),
    ] {
        let asked = offered.map_or(asked, |offered| asked.with_qop(offered));
        let request = Request::new("GET", "/").unwrap();
        assert_eq!(client(&asked).answer(request).credentials().qop(), plain);
        let answer = client(&asked).with_auth_int().answer(request);
        let sent = answer.credentials();
        assert_eq!(sent.qop(), with);
        // The form of RFC 2069 has neither nc nor cnonce.
        assert_eq!(
            (sent.nc().is_some(), sent.cnonce().is_some()),
            (with.is_some(), with.is_some())
        );
    }
}

#[test]
fn an_answer_repeats_only_parameters_of_the_challenge() {
    let request = Request::new("GET", "/").unwrap();
    let mut client = client(&Challenge::new("r", "n").unwrap());
    let value = client.answer(request).to_string();
    let response = credentials(&value).unwrap().response().to_string();
    assert_eq!(
        value,
        format!("Digest username=\"aladdin\", realm=\"r\", nonce=\"n\", uri=\"/\", response=\"{response}\"")
    );
    // The answer names the algorithm only if the challenge does.
    let said = challenge("Digest realm=r, nonce=n, algorithm=md5, domain=\"/\", x=y, charset=UTF-8").unwrap();
    let value = self::client(&said).answer(request).to_string();
    assert_eq!(
        value,
        format!(
            "Digest username=\"aladdin\", realm=\"r\", nonce=\"n\", uri=\"/\", response=\"{response}\", algorithm=MD5"
        )
    );
    assert!(Client::new_allowing_rfc2069(&said, Login::new(Username::new("u").unwrap(), "p"), "c\n").is_err());
}

/// The digits of a proof are in lower case (`LHEX`).
#[test]
fn a_proof_in_upper_case_is_wrong() {
    let verifier = verifier();
    let nonce = verifier.nonce(NOW, 1);
    let asked = verifier.challenge(&nonce);
    let request = Request::new("GET", "/").unwrap();
    let mut client = client(&asked);
    let answer = client.answer(request);
    let sent = answer.to_string();
    let response = answer.credentials().response().to_string();
    let shouted = sent.replace(&response, &response.to_uppercase());
    let verdict = |value: &str| verify(&verifier, &credentials(value).unwrap(), &stored(), &request, NOW);
    assert_eq!(verdict(&sent), Verdict::Accepted);
    assert_eq!(verdict(&shouted), Verdict::Wrong);
}

#[test]
fn every_digit_of_a_proof_is_checked_on_both_sides() {
    let verifier = verifier();
    let nonce = verifier.nonce(NOW, 1);
    let asked = verifier.challenge(&nonce);
    let request = Request::new("GET", "/").unwrap();
    let mut client = client(&asked);
    let answer = client.answer(request);
    let sent = answer.credentials();
    let response = sent.response().to_string();
    let rspauth = stored().rspauth(&sent, b"");
    let written = answer.to_string();
    let said = Info::new().with_rspauth(rspauth.as_bytes(), &sent).unwrap().to_string();
    assert!(client.verify(&answer, &info(&said).unwrap(), b""));
    let tampered = |digits: &str, index: usize| {
        let other = if digits.as_bytes()[index] == b'0' { "1" } else { "0" };
        format!("{}{other}{}", &digits[..index], &digits[index + 1..])
    };
    for index in 0..64 {
        let value = written.replace(&response, &tampered(&response, index));
        let verdict = verify(&verifier, &credentials(&value).unwrap(), &stored(), &request, NOW);
        assert_eq!(verdict, Verdict::Wrong, "digit {index}");
        let value = said.replace(rspauth.as_str(), &tampered(rspauth.as_str(), index));
        assert!(!client.verify(&answer, &info(&value).unwrap(), b""), "digit {index}");
    }
    for (said, wrong) in [
        (rspauth.as_str(), ""),
        (rspauth.as_str(), &rspauth.as_str()[1..]),
        (rspauth.as_str(), &response),
    ]
    .map(|(right, wrong)| (said.replace(right, wrong), wrong))
    {
        assert!(!client.verify(&answer, &info(&said).unwrap(), b""), "{wrong}");
    }
    // The parameters that the proof covers are required, too.
    for (right, wrong) in [("qop=auth", "qop=auth-int"), ("qop=auth, ", ""), ("nc=00000001", "x=y")] {
        let value = said.replace(right, wrong);
        assert_ne!(value, said);
        assert!(!client.verify(&answer, &info(&value).unwrap(), b""), "{value}");
    }
}

#[test]
fn only_genuine_nonces_have_an_age() {
    let nonces = Nonces::new(KEY, "apps");
    let ours = nonces.issue(NOW, 7);
    let ours = ours.as_str();
    let age = |text: &str, now| nonces.age(ParamValue::quoted(text).unwrap(), now);
    assert_eq!(age(ours, NOW), Some(secs(0)));
    assert_eq!(age(ours, NOW + secs(1)), Some(secs(1)));
    let end = Duration::from_millis(u64::MAX);
    assert_eq!(age(ours, Duration::MAX), Some(end.saturating_sub(NOW)));
    assert_eq!(age(ours, NOW.saturating_sub(secs(5))), Some(secs(0)));
    assert_eq!(age(ours, NOW.saturating_sub(Duration::from_millis(5001))), None);
    assert_eq!(age(ours, secs(0)), None);
    for other in [
        String::new(),
        ours[1..].to_owned(),
        format!("{ours}0"),
        format!("{ours}{ours}"),
        ours.replacen('0', "g", 1),
        ours.replacen('0', "+", 1),
        ours.replacen("00", "é", 1),
        format!("{}{}", &ours[..32], "0".repeat(32)),
        "0".repeat(64),
    ] {
        assert_eq!(age(&other, NOW), None, "{other}");
    }
    // A nonce with escapes is not genuine, even if it is equal.
    let value = format!("Digest realm=r, nonce=\"\\{ours}\"");
    let escaped = challenge(&value).unwrap().nonce();
    assert_eq!(escaped, ours);
    assert_eq!(nonces.age(escaped, NOW), None);
    // Every byte of the key and of the realm matters.
    let value = ParamValue::quoted(ours).unwrap();
    for byte in 0..32 {
        let mut key = *KEY;
        key[byte] ^= 1;
        assert_eq!(Nonces::new(&key, "apps").age(value, NOW), None, "byte {byte}");
    }
    for realm in ["app", "apps ", ""] {
        assert_eq!(Nonces::new(KEY, realm).age(value, NOW), None, "{realm}");
    }
    // The latest time is valid.
    let nonce = nonces.issue(Duration::MAX, u64::MAX);
    let value = ParamValue::quoted(&nonce).unwrap();
    assert_eq!(nonces.age(value, Duration::MAX), Some(secs(0)));
    assert_eq!(nonces.age(value, secs(0)), None);
}

#[test]
fn nonces_differ_by_time_and_unique_number() {
    let nonces = Nonces::new(KEY, "apps");
    let made: HashSet<_> = (0..20_u64)
        .flat_map(|made| (0..20_u64).map(move |unique| (made, unique)))
        .map(|(made, unique)| nonces.issue(Duration::from_millis(made), unique).as_str().to_owned())
        .collect();
    assert_eq!(made.len(), 400);
}

/// The digits of a nonce are case-insensitive.
#[test]
fn a_nonce_in_capitals_is_the_same_nonce() {
    let verifier = verifier();
    let nonce = verifier.nonce(NOW, 7);
    let capitals = nonce.as_str().to_uppercase();
    assert_ne!(nonce.as_str(), capitals);
    let mut window = ReplayWindow::new(&verifier, [Slot::EMPTY; 2], STARTED);
    let mut admit = |nonce: &str, nc| window.admit(&credentials(&used(nonce, nc)).unwrap(), NOW);
    assert!(admit(nonce.as_str(), 1));
    assert!(!admit(&capitals, 1));
    assert!(admit(&capitals, 2));
}

/// Returns unverified credentials with the given nonce and count.
fn used(nonce: &str, nc: u32) -> String {
    let response = "0".repeat(32);
    format!(
        "Digest username=u, realm=r, nonce=\"{nonce}\", uri=\"/\", response={response}, cnonce=c, qop=auth, nc={nc:08x}"
    )
}

#[test]
fn debug_shows_no_secrets() {
    let nonces = Nonces::new(KEY, "apps");
    assert_eq!(format!("{nonces:?}"), "Nonces([redacted])");
    let shown = format!("{:?} {:#?}", stored(), stored());
    assert!(!shown.contains(stored().as_hex()) && shown.contains("Sha256"));
    let verifier = verifier();
    let nonce = verifier.nonce(NOW, 1);
    let mut client = client(&verifier.challenge(&nonce).with_userhash());
    let answer = client.answer(Request::new("GET", "/").unwrap());
    let sent = answer.credentials();
    for secret in [sent.response(), sent.cnonce().unwrap()] {
        let secret = secret.to_string();
        for shown in [
            format!("{client:?}"),
            format!("{client:#?}"),
            format!("{answer:?}"),
            format!("{verifier:?}"),
        ] {
            assert!(!shown.contains(&secret), "{shown}");
        }
    }
    assert_eq!(format!("{answer:?}"), "Answer([redacted])");
}

/// Returns a configuration that writes no files. The output of a failure contains the whole case.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// Uses realms, targets and cnonces that need escapes, and content with and without protection. Each side reads the values
    /// that the other one wrote.
    #[test]
    fn both_sides_agree_on_written_values(
        realm in r#"["\\a é]{0,8}"#,
        path in r#"/["\\a?é%]{0,8}"#,
        cnonce in r#"["\\a é\t]{1,8}"#,
        user in r#"["\\a%é]{0,8}"#,
        password in prop::collection::vec(any::<u8>(), 0..8),
        content in prop::collection::vec(any::<u8>(), 0..8),
        answered in prop::collection::vec(any::<u8>(), 0..8),
        algorithm in select(&Algorithm::ALL[..]),
        qop in select(vec![QopOptions::AUTH, QopOptions::AUTH_INT, QopOptions::AUTH_AND_AUTH_INT]),
        hashed: bool, auth_int: bool, absolute: bool, age in 0..400_u64,
    ) {
        let verifier = Verifier::new(&realm, KEY, secs(300)).unwrap().with_algorithm(algorithm).with_qop(qop);
        let nonce = verifier.nonce(NOW, 1);
        let asked = verifier.challenge(&nonce);
        let asked = if hashed { asked.with_userhash() } else { asked };
        let mut buffer = vec![0; asked.encoded_len()];
        let value = asked.encode(&mut buffer).unwrap();
        let read = challenge(value).unwrap();
        let name = Username::new(&user).unwrap();
        let client = Client::new(&read, Login::new(name, &password), &cnonce).unwrap();
        let mut client = if auth_int { client.with_auth_int() } else { client };

        let target = format!("http://example.com{path}");
        let said = Request::new("POST", if absolute { &target } else { &path }).unwrap().with_content(&content);
        let answer = client.answer(said);
        let mut buffer = vec![0; answer.encoded_len()];
        let sent = credentials(answer.encode(&mut buffer).unwrap()).unwrap();

        let request = Request::new("POST", &target).unwrap().with_content(&content);
        let stored = PasswordHash::new(algorithm, Login::new(name, &password), &realm);
        let expected = if age <= 300 { Verdict::Accepted } else { Verdict::Stale };
        let account = |stored| Some(Account::new(&user, stored));
        prop_assert_eq!(verifier.verify(&sent, account(&stored), &request, NOW + secs(age)), expected);
        let from_hex = PasswordHash::from_hex(algorithm, &stored.as_hex().to_uppercase()).unwrap();
        prop_assert_eq!(verifier.verify(&sent, account(&from_hex), &request, NOW + secs(age)), expected);

        let other = [&content[..], b"x"].concat();
        let tampered = verifier.verify(&sent, account(&stored), &request.with_content(&other), NOW + secs(age));
        let protected = sent.qop() == Some(Qop::AuthInt);
        prop_assert_eq!(tampered, if protected { Verdict::Wrong } else { expected });

        let rspauth = stored.rspauth(&sent, &answered);
        let said = Info::new().with_rspauth(rspauth.as_bytes(), &sent).unwrap();
        let mut buffer = vec![0; said.encoded_len()];
        let said = info(said.encode(&mut buffer).unwrap()).unwrap();
        prop_assert!(client.verify(&answer, &said, &answered));
    }
}
