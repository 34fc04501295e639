//! What Digest computes: the vectors of the RFCs, values from elsewhere, and both sides together.
#![cfg(feature = "digest")]

use std::collections::HashSet;

use proptest::prelude::*;
use proxy_auth::digest::{
    Algorithm, Challenge, Client, Credentials, Info, PasswordHash, Qop, QopOptions, ReplayWindow, Request, Username,
    Verdict, Verifier, userhash,
};
use proxy_auth::{AuthenticationInfo, Challenges, Rule};

const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::Md5,
    Algorithm::Md5Sess,
    Algorithm::Sha256,
    Algorithm::Sha256Sess,
    Algorithm::Sha512_256,
    Algorithm::Sha512_256Sess,
];

fn challenge(value: &str) -> Challenge<'_> {
    Challenge::read(&Challenges::new(value).next().unwrap().unwrap()).unwrap()
}

fn credentials(value: &str) -> Credentials<'_> {
    Credentials::read(&proxy_auth::Credentials::parse(value).unwrap()).unwrap()
}

/// The response of the first answer to `challenge`.
fn response(challenge: &Challenge<'_>, username: &str, password: &str, cnonce: &str, request: Request<'_>) -> String {
    let mut client = Client::new(challenge, Username::new(username), password, cnonce).unwrap();
    client.answer(request).credentials().response().to_string()
}

#[test]
fn rfc_7616_3_9_1() {
    let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    for (algorithm, expected) in [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        (
            "SHA-256",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ] {
        let value = format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        );
        let request = Request::new("GET", "/dir/index.html").unwrap();
        assert_eq!(
            response(&challenge(&value), "Mufasa", "Circle of Life", cnonce, request),
            expected
        );
    }
}

#[test]
fn rfc_2617_3_5() {
    let challenge = challenge(
        "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
    );
    let request = Request::new("GET", "/dir/index.html").unwrap();
    assert_eq!(
        response(&challenge, "Mufasa", "Circle Of Life", "0a4f113b", request),
        "6629fae49393a05397450978507c4ef1"
    );
}

/// The response and the userhash that the RFC printed, ae66e67d…79dd and 48886947…54ec, were computed with SHA-512 cut off
/// after 256 bits; SHA-512/256 starts from other values (erratum 4897). These are right.
#[test]
fn rfc_7616_3_9_2_with_its_erratum() {
    let value = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
                 nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", charset=UTF-8, userhash=true";
    let cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v";
    let name = Username::new("J\u{E4}s\u{F8}n Doe");
    let challenge = challenge(value);
    let mut client = Client::new(&challenge, name, "Secret, or not?", cnonce).unwrap();
    let answer = client.answer(Request::new("GET", "/doe.json").unwrap());
    assert_eq!(
        answer.credentials().response(),
        "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"
    );
    let hashed = "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b";
    assert!(answer.credentials().is_userhash());
    assert_eq!(answer.credentials().username(), *hashed);
    assert_eq!(
        userhash(Algorithm::Sha512_256, name, "api@example.org").as_str(),
        hashed
    );
}

#[test]
fn a_stored_hash_is_as_many_digits_as_its_algorithm_has() {
    let md5 = "939E7578ED9E3C518A452ACEE763BCE9";
    assert_eq!(
        PasswordHash::from_hex(Algorithm::Md5Sess, md5).unwrap().to_hex(),
        md5.to_lowercase()
    );
    for (digits, offset) in [
        ("", 0),
        ("939e", 4),
        ("939g7578ed9e3c518a452acee763bce9", 3),
        (&md5.repeat(2), 32),
    ] {
        let error = PasswordHash::from_hex(Algorithm::Md5, digits).unwrap_err();
        assert_eq!((error.rule(), error.offset()), (Rule::Hex, offset), "{digits}");
    }
    assert!(PasswordHash::from_hex(Algorithm::Sha256, &md5.repeat(2)).is_ok());
}

const KEY: &[u8] = b"32 bytes from a random source   ";
const NOW: u64 = 1_445_412_480;

struct Exchange {
    verifier: Verifier<'static>,
    stored: PasswordHash,
}

impl Exchange {
    fn new(algorithm: Algorithm) -> Self {
        Self {
            verifier: Verifier::new("apps", KEY, 300).unwrap().with_algorithm(algorithm),
            stored: PasswordHash::new(algorithm, Username::new("aladdin"), "apps", "open sesame"),
        }
    }

    /// The answer of a client to a challenge made at `NOW`.
    fn answer(&self, password: &str, request: Request<'_>) -> String {
        let nonce = self.verifier.nonce(NOW, 7);
        let challenge = self.verifier.challenge(&nonce);
        let mut client = Client::new(&challenge, Username::new("aladdin"), password, "0a4f113b").unwrap();
        client.answer(request).to_string()
    }

    fn verdict(&self, answer: &str, request: Request<'_>, now: u64) -> Verdict {
        self.verifier.verify(&credentials(answer), &self.stored, &request, now)
    }
}

#[test]
fn stale_is_told_from_wrong() {
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    for algorithm in ALGORITHMS {
        let exchange = Exchange::new(algorithm);
        let right = exchange.answer("open sesame", request);
        assert_eq!(exchange.verdict(&right, request, NOW), Verdict::Accepted);
        assert_eq!(exchange.verdict(&right, request, NOW + 300), Verdict::Accepted);
        assert_eq!(exchange.verdict(&right, request, NOW + 301), Verdict::Stale);
        // Clocks of proxies that share a key differ.
        assert_eq!(exchange.verdict(&right, request, NOW - 10), Verdict::Accepted);
        let wrong = exchange.answer("open barley", request);
        assert_eq!(exchange.verdict(&wrong, request, NOW), Verdict::Wrong);
        assert_eq!(exchange.verdict(&wrong, request, NOW + 301), Verdict::Wrong);

        // A nonce of another key, or of another realm, is not ours.
        for (realm, key) in [("apps", &b"another"[..]), ("Apps", KEY)] {
            let other = Verifier::new(realm, key, 300).unwrap().with_algorithm(algorithm);
            let (nonce, ours) = (other.nonce(NOW, 7), exchange.verifier.nonce(NOW, 7));
            let forged = right.replace(ours.as_str(), nonce.as_str());
            assert_eq!(
                exchange.verdict(&forged, request, NOW),
                Verdict::Wrong,
                "the proof is for another nonce"
            );
            let challenge = Challenge::new("apps", &nonce)
                .unwrap()
                .with_algorithm(algorithm)
                .with_qop(QopOptions::AUTH);
            let mut client = Client::new(&challenge, Username::new("aladdin"), "open sesame", "x").unwrap();
            let proved = client.answer(request).to_string();
            assert_eq!(exchange.verdict(&proved, request, NOW), Verdict::Stale);
        }
    }
}

#[test]
fn every_digit_of_a_nonce_counts() {
    let request = Request::new("GET", "/").unwrap();
    let exchange = Exchange::new(Algorithm::Sha256);
    let ours = exchange.verifier.nonce(NOW, 7);
    for index in 0..64 {
        let mut digits = ours.as_str().to_owned().into_bytes();
        digits[index] = if digits[index] == b'0' { b'1' } else { b'0' };
        let challenge = Challenge::new("apps", &digits)
            .unwrap()
            .with_algorithm(Algorithm::Sha256)
            .with_qop(QopOptions::AUTH);
        let mut client = Client::new(&challenge, Username::new("aladdin"), "open sesame", "x").unwrap();
        let answer = client.answer(request).to_string();
        assert_eq!(exchange.verdict(&answer, request, NOW), Verdict::Stale, "digit {index}");
    }
}

#[test]
fn what_was_not_asked_so_is_wrong() {
    let exchange = Exchange::new(Algorithm::Sha256);
    let request = Request::new("GET", "http://example.com/a?b").unwrap();
    let nonce = exchange.verifier.nonce(NOW, 7);
    let asked = exchange.verifier.challenge(&nonce);
    let answer = |asked: Challenge<'_>, request| {
        let mut client = Client::new(&asked, Username::new("aladdin"), "open sesame", "x").unwrap();
        client.answer(request).to_string()
    };
    assert_eq!(
        exchange.verdict(&answer(asked, request), request, NOW),
        Verdict::Accepted
    );
    // Another algorithm, another protection, and none.
    let weaker = asked.with_algorithm(Algorithm::Md5);
    assert_eq!(exchange.verdict(&answer(weaker, request), request, NOW), Verdict::Wrong);
    let other = asked.with_qop(QopOptions::AUTH_INT);
    assert_eq!(exchange.verdict(&answer(other, request), request, NOW), Verdict::Wrong);
    let rfc_2069 = Challenge::new("apps", &nonce)
        .unwrap()
        .with_algorithm(Algorithm::Sha256);
    assert_eq!(
        exchange.verdict(&answer(rfc_2069, request), request, NOW),
        Verdict::Wrong
    );
    // Another realm.
    let realm = Challenge::new("other", &nonce)
        .unwrap()
        .with_algorithm(Algorithm::Sha256)
        .with_qop(QopOptions::AUTH);
    assert_eq!(exchange.verdict(&answer(realm, request), request, NOW), Verdict::Wrong);
    // Another method, and another target. The path and query of the target are the target.
    for (method, target, verdict) in [
        ("GET", "/a?b", Verdict::Accepted),
        ("GET", "/a", Verdict::Wrong),
        ("GET", "/a?b&c", Verdict::Wrong),
        ("GET", "http://example.org/a?b", Verdict::Wrong),
        ("POST", "http://example.com/a?b", Verdict::Wrong),
    ] {
        let sent = answer(asked, Request::new(method, target).unwrap());
        assert_eq!(exchange.verdict(&sent, request, NOW), verdict, "{method} {target}");
    }
    // A password of another algorithm.
    let stored = PasswordHash::new(Algorithm::Md5, Username::new("aladdin"), "apps", "open sesame");
    let sent = answer(asked, request);
    assert_eq!(
        exchange.verifier.verify(&credentials(&sent), &stored, &request, NOW),
        Verdict::Wrong
    );
}

#[test]
fn auth_int_protects_the_content() {
    let exchange = Exchange {
        verifier: Verifier::new("apps", KEY, 300)
            .unwrap()
            .with_qop(QopOptions::AUTH_AND_AUTH_INT),
        ..Exchange::new(Algorithm::Sha256)
    };
    let nonce = exchange.verifier.nonce(NOW, 7);
    let challenge = exchange.verifier.challenge(&nonce);
    let request = Request::new("POST", "/").unwrap().with_content(b"a");
    let client = Client::new(&challenge, Username::new("aladdin"), "open sesame", "x").unwrap();
    let answer = client.clone().with_auth_int().answer(request);
    assert_eq!(answer.credentials().qop(), Some(Qop::AuthInt));
    let sent = answer.to_string();
    assert_eq!(exchange.verdict(&sent, request, NOW), Verdict::Accepted);
    assert_eq!(exchange.verdict(&sent, request.with_content(b"b"), NOW), Verdict::Wrong);
    // Without being told so, a client protects no content.
    let answer = client.clone().answer(request);
    assert_eq!(answer.credentials().qop(), Some(Qop::Auth));
    assert_eq!(
        exchange.verdict(&answer.to_string(), request.with_content(b"b"), NOW),
        Verdict::Accepted
    );
}

#[test]
fn a_client_counts_and_goes_on_with_the_next_nonce() {
    let challenge = challenge("Digest realm=r, nonce=n, qop=auth, opaque=\"o\\\"o\"");
    let request = Request::new("GET", "/").unwrap();
    let mut client = Client::new(&challenge, Username::new("u"), "p", "c").unwrap();
    for nc in 1..=3 {
        assert_eq!(client.answer(request).credentials().nc(), Some(nc));
    }
    assert!(client.answer(request).to_string().contains(r#"opaque="o\"o""#));
    let info = AuthenticationInfo::parse("nextnonce=m").unwrap();
    let mut client = client.with_nextnonce(Info::read(&info).unwrap().nextnonce().unwrap());
    let answer = client.answer(request);
    assert_eq!(
        (answer.credentials().nc(), answer.credentials().nonce().as_str()),
        (Some(1), Some("m"))
    );
    assert_eq!(
        answer.credentials().response(),
        &*response(
            &self::challenge("Digest realm=r, nonce=m, qop=auth"),
            "u",
            "p",
            "c",
            request
        )
    );
}

#[test]
fn a_client_knows_its_proxy() {
    let request = Request::new("GET", "/").unwrap();
    for algorithm in ALGORITHMS {
        let exchange = Exchange::new(algorithm);
        let nonce = exchange.verifier.nonce(NOW, 7);
        let challenge = exchange.verifier.challenge(&nonce);
        let mut client = Client::new(&challenge, Username::new("aladdin"), "open sesame", "x").unwrap();
        let answer = client.answer(request);
        let credentials = answer.credentials();
        let info = |hash: &PasswordHash| {
            let rspauth = hash.rspauth(&credentials, b"");
            Info::new()
                .with_rspauth(rspauth.as_bytes(), &credentials)
                .unwrap()
                .to_string()
        };
        let verify = |value: &str| {
            let info = AuthenticationInfo::parse(value).unwrap();
            client.verify(&answer, &Info::read(&info).unwrap(), b"")
        };
        let right = info(&exchange.stored);
        assert!(verify(&right), "{right}");
        let other = PasswordHash::new(algorithm, Username::new("aladdin"), "apps", "open barley");
        assert!(!verify(&info(&other)));
        assert!(!verify(&right.replace("00000001", "00000002")));
        assert!(!verify(&right.replace("cnonce=\"x\"", "cnonce=\"y\"")));
        assert!(!verify("nextnonce=x"));
    }
}

/// Credentials of that nonce and count, which nobody verified.
fn used(nonce: &str, nc: u32) -> String {
    Credentials::new(Username::new("u"), "r", nonce, "/", &"0".repeat(32))
        .unwrap()
        .with_qop(Qop::Auth, "c", nc)
        .unwrap()
        .to_string()
}

#[test]
fn a_window_of_64_counts_slides() {
    let verifier = Verifier::new("r", KEY, 1).unwrap();
    let nonce = verifier.nonce(NOW, 1);
    let mut window = ReplayWindow::<4>::new();
    for (nc, admitted) in [
        (1, true),
        (1, false),
        (3, true),
        (2, true),
        (2, false),
        (100, true),
        (37, true),
        (37, false),
        (36, false),
        (99, true),
        (163, true),
        (100, false),
        (u32::MAX, true),
        (u32::MAX, false),
        (164, false),
        (u32::MAX - 63, true),
        (u32::MAX - 64, false),
    ] {
        assert_eq!(window.admit(&credentials(&used(nonce.as_str(), nc))), admitted, "{nc}");
    }
    // What is no nonce of ours, or has no count, is not admitted.
    assert!(!window.admit(&credentials(&used("abc", 1))));
    let response = "0".repeat(32);
    let rfc_2069 = Credentials::new(Username::new("u"), "r", nonce.as_str(), "/", &response).unwrap();
    assert!(!window.admit(&rfc_2069));
}

#[test]
fn a_full_window_forgets_the_oldest_and_refuses_it() {
    let verifier = Verifier::new("r", KEY, 1).unwrap();
    let nonces: Vec<_> = (0..5).map(|second| verifier.nonce(NOW + second, 0)).collect();
    let admit =
        |window: &mut ReplayWindow<2>, index: usize, nc| window.admit(&credentials(&used(nonces[index].as_str(), nc)));
    let mut window = ReplayWindow::<2>::new();
    assert!(admit(&mut window, 1, 1) && admit(&mut window, 2, 1));
    assert!(!admit(&mut window, 0, 1), "older than all that there is room for");
    assert!(admit(&mut window, 1, 2));
    assert!(admit(&mut window, 3, 1), "in place of 1");
    assert!(!admit(&mut window, 1, 3), "forgotten");
    assert!(admit(&mut window, 2, 2) && !admit(&mut window, 2, 2));
    assert!(admit(&mut window, 4, 1) && !admit(&mut window, 2, 3));
    assert!(!ReplayWindow::<0>::new().admit(&credentials(&used(nonces[0].as_str(), 1))));
}

#[test]
fn a_nonce_takes_32_bytes_in_the_window() {
    assert_eq!(size_of::<ReplayWindow<11>>() - size_of::<ReplayWindow<1>>(), 320);
}

#[test]
fn nothing_secret_is_shown() {
    let exchange = Exchange::new(Algorithm::Sha256);
    let nonce = exchange.verifier.nonce(NOW, 7);
    let challenge = exchange.verifier.challenge(&nonce);
    let mut client = Client::new(&challenge, Username::new("aladdin"), "open sesame", "0a4f113b").unwrap();
    let answer = client.answer(Request::new("GET", "/").unwrap());
    let response = answer.credentials().response().to_string();
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        exchange.verifier,
        exchange.stored,
        client,
        answer,
        answer.credentials(),
        userhash(Algorithm::Md5, Username::new("a"), "b"),
    );
    for secret in [
        "aladdin",
        "open sesame",
        "32 bytes",
        &response,
        exchange.stored.to_hex(),
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

proptest! {
    #[test]
    fn client_and_proxy_agree(
        name in r"\PC{0,12}",
        realm in r"[ -~]{0,12}",
        password in r"\PC{0,12}",
        path in r"/[ -~]{0,12}",
        content in prop::collection::vec(any::<u8>(), 0..40),
        algorithm in prop::sample::select(&ALGORITHMS[..]),
        both: bool, hashed: bool, connect: bool,
    ) {
        let verifier = Verifier::new(&realm, KEY, 60).unwrap().with_algorithm(algorithm);
        let verifier = if both { verifier.with_qop(QopOptions::AUTH_AND_AUTH_INT) } else { verifier };
        let nonce = verifier.nonce(NOW, 1);
        let asked = verifier.challenge(&nonce).utf8();
        let value = if hashed { asked.userhash() } else { asked }.to_string();
        let request = if connect { Request::new("CONNECT", "a:1") } else { Request::new("GET", &path) };
        let request = request.unwrap().with_content(&content);

        let mut client = Client::new(&challenge(&value), Username::new(&name), &password, "cnonce").unwrap().with_auth_int();
        let sent = client.answer(request).to_string();
        let read = credentials(&sent);
        let expected = userhash(algorithm, Username::new(&name), &realm);
        prop_assert_eq!(read.username() == *if hashed { expected.as_str() } else { &name }, true);
        let stored = PasswordHash::new(algorithm, Username::new(&name), &realm, &password);
        prop_assert_eq!(verifier.verify(&read, &stored, &request, NOW), Verdict::Accepted);
        prop_assert_eq!(read.to_string(), &sent[..]);
        let other = PasswordHash::new(algorithm, Username::new(&name), &realm, &format!("{password}x"));
        prop_assert_eq!(verifier.verify(&read, &other, &request, NOW), Verdict::Wrong);
    }

    #[test]
    fn no_answer_is_admitted_twice(uses in prop::collection::vec((0..6_u64, 0..130_u32), 0..300)) {
        let verifier = Verifier::new("r", KEY, 1).unwrap();
        let mut window = ReplayWindow::<3>::new();
        let mut admitted = HashSet::new();
        for (unique, nc) in uses {
            let value = used(verifier.nonce(NOW, unique).as_str(), nc);
            if window.admit(&credentials(&value)) {
                prop_assert!(admitted.insert((unique, nc)), "{unique} {nc}");
            }
        }
    }
}
