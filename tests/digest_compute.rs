//! Tests the computations of Digest: the vectors of the RFCs, and both sides together.
#![cfg(feature = "digest")]

use std::time::Duration;

use proptest::prelude::*;
use proxy_auth::digest::{
    Account, Algorithm, Challenge, Client, Credentials, HexHash, Info, Login, PasswordHash, Proof, Qop, QopOptions,
    ReplayWindow, Request, Slot, Username, Verdict, Verifier, userhash,
};
use proxy_auth::{AuthenticationInfo, Challenges, Rule, SchemeError};

fn challenge(value: &str) -> Challenge<'_> {
    Challenge::read(&Challenges::new(value).next().unwrap().unwrap()).unwrap()
}

fn credentials(value: &str) -> Credentials<'_> {
    Credentials::read(&proxy_auth::Credentials::parse(value).unwrap()).unwrap()
}

/// Returns the response in the first answer to `challenge`.
fn response(challenge: &Challenge<'_>, username: &str, password: &str, cnonce: &str, request: Request<'_>) -> String {
    let mut client = Client::new(
        challenge,
        Login::new(Username::new(username).unwrap(), password),
        cnonce,
    )
    .unwrap();
    client.answer(request).credentials().response().to_string()
}

#[test]
fn the_responses_of_rfc_7616_3_9_1_are_computed() {
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
fn the_response_of_rfc_2617_3_5_is_computed() {
    let challenge = challenge(
        "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
    );
    let request = Request::new("GET", "/dir/index.html").unwrap();
    assert_eq!(
        response(&challenge, "Mufasa", "Circle Of Life", "0a4f113b", request),
        "6629fae49393a05397450978507c4ef1"
    );
}

/// The RFC printed the response ae66e67d…79dd and the userhash 48886947…54ec, computed with SHA-512 truncated to 256 bits.
/// SHA-512/256 has other initial values (erratum 4897). The values here are correct.
#[test]
fn the_response_of_rfc_7616_3_9_2_is_computed_with_its_erratum() {
    let value = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
                 nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", charset=UTF-8, userhash=true";
    let cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v";
    let name = Username::new("J\u{E4}s\u{F8}n Doe").unwrap();
    let challenge = challenge(value);
    let mut client = Client::new(&challenge, Login::new(name, "Secret, or not?"), cnonce).unwrap();
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
fn a_stored_hash_has_the_length_of_its_algorithm() {
    let md5 = "939E7578ED9E3C518A452ACEE763BCE9";
    assert_eq!(
        PasswordHash::from_hex(Algorithm::Md5Sess, md5).unwrap().as_hex(),
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

const KEY: &[u8; 32] = b"32 bytes from a random source   ";
const NOW: Duration = secs(1_445_412_480);
/// The window of used answers is created earlier: nonces of its first moment are stale.
const STARTED: Duration = secs(1_445_412_479);

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

struct Exchange {
    verifier: Verifier<'static>,
    stored: PasswordHash,
}

impl Exchange {
    fn new(algorithm: Algorithm) -> Self {
        Self {
            verifier: Verifier::new("apps", KEY, secs(300)).unwrap().with_algorithm(algorithm),
            stored: PasswordHash::new(
                algorithm,
                Login::new(Username::new("aladdin").unwrap(), "open sesame"),
                "apps",
            ),
        }
    }

    /// Returns a client's answer to a challenge issued at `NOW`.
    fn answer(&self, password: &str, request: Request<'_>) -> String {
        let nonce = self.verifier.nonce(NOW, 7);
        let challenge = self.verifier.challenge(&nonce);
        let mut client = Client::new(
            &challenge,
            Login::new(Username::new("aladdin").unwrap(), password),
            "0a4f113b",
        )
        .unwrap();
        client.answer(request).to_string()
    }

    fn verdict(&self, answer: &str, request: Request<'_>, now: Duration) -> Verdict {
        let account = Account::new("aladdin", &self.stored);
        self.verifier.verify(&credentials(answer), Some(account), &request, now)
    }
}

#[test]
fn stale_differs_from_wrong() {
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    for algorithm in Algorithm::ALL {
        let exchange = Exchange::new(algorithm);
        let right = exchange.answer("open sesame", request);
        assert_eq!(exchange.verdict(&right, request, NOW), Verdict::Accepted);
        assert_eq!(exchange.verdict(&right, request, NOW + secs(300)), Verdict::Accepted);
        assert_eq!(exchange.verdict(&right, request, NOW + secs(301)), Verdict::Stale);
        // The clocks of proxies that share a key may differ by 5 seconds.
        assert_eq!(
            exchange.verdict(&right, request, NOW.saturating_sub(secs(5))),
            Verdict::Accepted
        );
        assert_eq!(
            exchange.verdict(&right, request, NOW.saturating_sub(secs(6))),
            Verdict::Stale
        );
        let wrong = exchange.answer("open barley", request);
        assert_eq!(exchange.verdict(&wrong, request, NOW), Verdict::Wrong);
        assert_eq!(exchange.verdict(&wrong, request, NOW + secs(301)), Verdict::Wrong);

        // A nonce of another key or realm is not genuine.
        for (realm, key) in [
            ("apps", b"32 bytes from another source      "[..32].try_into().unwrap()),
            ("Apps", KEY),
        ] {
            let other = Verifier::new(realm, key, secs(300)).unwrap().with_algorithm(algorithm);
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
            let mut client = Client::new(
                &challenge,
                Login::new(Username::new("aladdin").unwrap(), "open sesame"),
                "x",
            )
            .unwrap();
            let proved = client.answer(request).to_string();
            assert_eq!(exchange.verdict(&proved, request, NOW), Verdict::Stale);
        }
    }
}

#[test]
fn every_digit_of_a_nonce_is_checked() {
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
        let mut client = Client::new(
            &challenge,
            Login::new(Username::new("aladdin").unwrap(), "open sesame"),
            "x",
        )
        .unwrap();
        let answer = client.answer(request).to_string();
        assert_eq!(exchange.verdict(&answer, request, NOW), Verdict::Stale, "digit {index}");
    }
}

#[test]
fn an_answer_that_deviates_from_the_challenge_is_wrong() {
    let exchange = Exchange::new(Algorithm::Sha256);
    let request = Request::new("GET", "http://example.com/a?b").unwrap();
    let nonce = exchange.verifier.nonce(NOW, 7);
    let asked = exchange.verifier.challenge(&nonce);
    let answer = |asked: Challenge<'_>, request| {
        let mut client = Client::new_allowing_rfc2069(
            &asked,
            Login::new(Username::new("aladdin").unwrap(), "open sesame"),
            "x",
        )
        .unwrap();
        client.answer(request).to_string()
    };
    assert_eq!(
        exchange.verdict(&answer(asked, request), request, NOW),
        Verdict::Accepted
    );
    // Another algorithm, another qop, and no qop.
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
    // Another method, and other targets. The path and query alone are accepted as the target.
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
    // A password hash of another algorithm.
    let stored = PasswordHash::new(
        Algorithm::Md5,
        Login::new(Username::new("aladdin").unwrap(), "open sesame"),
        "apps",
    );
    let sent = answer(asked, request);
    assert_eq!(
        exchange.verifier.verify(
            &credentials(&sent),
            Some(Account::new("aladdin", &stored)),
            &request,
            NOW
        ),
        Verdict::Wrong
    );
}

#[test]
fn auth_int_protects_the_content() {
    let exchange = Exchange {
        verifier: Verifier::new("apps", KEY, secs(300))
            .unwrap()
            .with_qop(QopOptions::AUTH_AND_AUTH_INT),
        ..Exchange::new(Algorithm::Sha256)
    };
    let nonce = exchange.verifier.nonce(NOW, 7);
    let challenge = exchange.verifier.challenge(&nonce);
    let request = Request::new("POST", "/").unwrap().with_content(b"a");
    let client = Client::new(
        &challenge,
        Login::new(Username::new("aladdin").unwrap(), "open sesame"),
        "x",
    )
    .unwrap();
    let answer = client.clone().with_auth_int().answer(request);
    assert_eq!(answer.credentials().qop(), Some(Qop::AuthInt));
    let sent = answer.to_string();
    assert_eq!(exchange.verdict(&sent, request, NOW), Verdict::Accepted);
    assert_eq!(exchange.verdict(&sent, request.with_content(b"b"), NOW), Verdict::Wrong);
    // By default, a client does not protect the content.
    let answer = client.clone().answer(request);
    assert_eq!(answer.credentials().qop(), Some(Qop::Auth));
    assert_eq!(
        exchange.verdict(&answer.to_string(), request.with_content(b"b"), NOW),
        Verdict::Accepted
    );
}

#[test]
fn a_client_counts_and_continues_with_the_next_nonce() {
    let challenge = challenge("Digest realm=r, nonce=n, qop=auth, opaque=\"o\\\"o\"");
    let request = Request::new("GET", "/").unwrap();
    let mut client = Client::new(&challenge, Login::new(Username::new("u").unwrap(), "p"), "c").unwrap();
    for nc in 1..=3 {
        assert_eq!(client.answer(request).credentials().nc(), Some(nc));
    }
    assert!(client.answer(request).to_string().contains(r#"opaque="o\"o""#));
    let info = AuthenticationInfo::parse("nextnonce=m").unwrap();
    let mut client = client.with_nextnonce(Info::read(&info).unwrap().nextnonce().unwrap());
    let answer = client.answer(request);
    assert_eq!(
        (answer.credentials().nc(), answer.credentials().nonce().to_str()),
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
fn a_client_accepts_only_a_proof_of_its_proxy() {
    let request = Request::new("GET", "/").unwrap();
    for algorithm in Algorithm::ALL {
        let exchange = Exchange::new(algorithm);
        let nonce = exchange.verifier.nonce(NOW, 7);
        let challenge = exchange.verifier.challenge(&nonce);
        let mut client = Client::new(
            &challenge,
            Login::new(Username::new("aladdin").unwrap(), "open sesame"),
            "x",
        )
        .unwrap();
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
        let other = PasswordHash::new(
            algorithm,
            Login::new(Username::new("aladdin").unwrap(), "open barley"),
            "apps",
        );
        assert!(!verify(&info(&other)));
        assert!(!verify(&right.replace("00000001", "00000002")));
        assert!(!verify(&right.replace("cnonce=\"x\"", "cnonce=\"y\"")));
        assert!(!verify("nextnonce=x"));
    }
}

fn proof<'a>(nonce: &'a str, response: &'a str) -> Proof<'a> {
    Proof {
        username: Username::new("u").unwrap(),
        realm: b"r",
        nonce: nonce.as_bytes(),
        uri: b"/",
        response: response.as_bytes(),
    }
}

/// Returns unverified credentials with the given nonce and count.
fn used(nonce: &str, nc: u32) -> String {
    let response = "0".repeat(32);
    Credentials::new(&proof(nonce, &response))
        .unwrap()
        .with_qop(Qop::Auth, "c", nc)
        .unwrap()
        .to_string()
}

#[test]
fn the_63_counts_before_the_greatest_are_remembered() {
    let verifier = Verifier::new("r", KEY, secs(1)).unwrap();
    let nonce = verifier.nonce(NOW, 1);
    let mut window = ReplayWindow::new(&verifier, [Slot::EMPTY; 4], STARTED);
    for (nc, admitted) in [
        (0, false),
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
        assert_eq!(
            window.admit(&credentials(&used(nonce.as_str(), nc)), NOW),
            admitted,
            "{nc}"
        );
    }
    // Credentials without a genuine nonce, or without a count, are not admitted.
    assert!(!window.admit(&credentials(&used("abc", 1)), NOW));
    let response = "0".repeat(32);
    let rfc_2069 = Credentials::new(&proof(nonce.as_str(), &response)).unwrap();
    assert!(!window.admit(&rfc_2069, NOW));
}

#[test]
fn debug_shows_no_secrets() {
    let exchange = Exchange::new(Algorithm::Sha256);
    let nonce = exchange.verifier.nonce(NOW, 7);
    let challenge = exchange.verifier.challenge(&nonce);
    let mut client = Client::new(
        &challenge,
        Login::new(Username::new("aladdin").unwrap(), "open sesame"),
        "0a4f113b",
    )
    .unwrap();
    let answer = client.answer(Request::new("GET", "/").unwrap());
    let response = answer.credentials().response().to_string();
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        exchange.verifier,
        exchange.stored,
        client,
        answer,
        answer.credentials(),
        userhash(Algorithm::Md5, Username::new("a").unwrap(), "b"),
    );
    for secret in [
        "aladdin",
        "open sesame",
        "32 bytes",
        &response,
        exchange.stored.as_hex(),
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

proptest! {
    #[test]
    fn client_and_proxy_agree(
        name in r"[^\pC:]{0,12}",
        realm in r"[ -~]{0,12}",
        password in r"\PC{0,12}",
        path in r"/[ -~]{0,12}",
        content in prop::collection::vec(any::<u8>(), 0..40),
        algorithm in prop::sample::select(&Algorithm::ALL[..]),
        both: bool, hashed: bool, connect: bool,
    ) {
        let verifier = Verifier::new(&realm, KEY, secs(60)).unwrap().with_algorithm(algorithm);
        let verifier = if both { verifier.with_qop(QopOptions::AUTH_AND_AUTH_INT) } else { verifier };
        let nonce = verifier.nonce(NOW, 1);
        let asked = verifier.challenge(&nonce).with_utf8();
        let value = if hashed { asked.with_userhash() } else { asked }.to_string();
        let request = if connect { Request::new("CONNECT", "a:1") } else { Request::new("GET", &path) };
        let request = request.unwrap().with_content(&content);

        let user = Username::new(&name).unwrap();
        let mut client = Client::new(&challenge(&value), Login::new(user, &password), "cnonce").unwrap().with_auth_int();
        let sent = client.answer(request).to_string();
        let read = credentials(&sent);
        let expected = userhash(algorithm, Username::new(&name).unwrap(), &realm);
        prop_assert_eq!(read.username() == *if hashed { expected.as_str() } else { &name }, true);
        let stored = PasswordHash::new(algorithm, Login::new(Username::new(&name).unwrap(), &password), &realm);
        let verdict = |stored: &PasswordHash| verifier.verify(&read, Some(Account::new(&name, stored)), &request, NOW);
        prop_assert_eq!(verdict(&stored), Verdict::Accepted);
        prop_assert_eq!(read.to_string(), &sent[..]);
        let other = PasswordHash::new(algorithm, Login::new(Username::new(&name).unwrap(), &format!("{password}x")), &realm);
        prop_assert_eq!(verdict(&other), Verdict::Wrong);
        prop_assert_eq!(verifier.verify(&read, None, &request, NOW), Verdict::Wrong);
    }
}

#[test]
fn a_proof_relabelled_with_another_name_is_wrong() {
    let request = Request::new("GET", "/").unwrap();
    for algorithm in Algorithm::ALL {
        let exchange = Exchange::new(algorithm);
        let right = exchange.answer("open sesame", request);
        let relabelled = right.replace("aladdin", "kassim");
        // Both the name and the proof must belong to the account, whichever account the proxy looks up.
        let kassim = PasswordHash::new(
            algorithm,
            Login::new(Username::new("kassim").unwrap(), "swordfish"),
            "apps",
        );
        for account in [
            Account::new("aladdin", &exchange.stored),
            Account::new("kassim", &kassim),
            Account::new("", &exchange.stored),
        ] {
            let verdict = exchange
                .verifier
                .verify(&credentials(&relabelled), Some(account), &request, NOW);
            assert_eq!(verdict, Verdict::Wrong, "{algorithm}");
        }
        let verdict = |account| {
            exchange
                .verifier
                .verify(&credentials(&right), Some(account), &request, NOW)
        };
        assert_eq!(verdict(Account::new("aladdin", &exchange.stored)), Verdict::Accepted);
        assert_eq!(verdict(Account::new("kassim", &exchange.stored)), Verdict::Wrong);
    }
}

#[test]
fn a_userhash_must_belong_to_the_account() {
    let request = Request::new("GET", "/").unwrap();
    for algorithm in Algorithm::ALL {
        let exchange = Exchange::new(algorithm);
        let nonce = exchange.verifier.nonce(NOW, 7);
        let challenge = exchange.verifier.challenge(&nonce).with_userhash();
        let user = Username::new("aladdin").unwrap();
        let mut client = Client::new(&challenge, Login::new(user, "open sesame"), "x").unwrap();
        let hashed = client.answer(request).to_string();
        assert_eq!(exchange.verdict(&hashed, request, NOW), Verdict::Accepted);
        // The hash does not count as a name, nor the name as a hash.
        let plain = hashed.replace(", userhash=true", "");
        assert_eq!(exchange.verdict(&plain, request, NOW), Verdict::Wrong);
        let named = exchange.answer("open sesame", request) + ", userhash=true";
        assert_eq!(exchange.verdict(&named, request, NOW), Verdict::Wrong);
        let other = Account::new("kassim", &exchange.stored);
        let verdict = exchange
            .verifier
            .verify(&credentials(&hashed), Some(other), &request, NOW);
        assert_eq!(verdict, Verdict::Wrong);
    }
}

/// The verifier uses a hash of zeros for an unknown user. It must not accept a proof computed from that hash.
#[test]
fn no_proof_is_accepted_for_an_unknown_user() {
    let request = Request::new("GET", "/").unwrap();
    for algorithm in [Algorithm::Md5, Algorithm::Sha256, Algorithm::Sha512_256] {
        let exchange = Exchange::new(algorithm);
        let sent = exchange.answer("open sesame", request);
        let zeros = "0".repeat(algorithm.hash_len() * 2);
        let nobody = PasswordHash::from_hex(algorithm, &zeros).unwrap();
        let proof = nobody.response(&credentials(&sent), &request);
        let response = credentials(&sent).response().to_string();
        for name in ["aladdin", ""] {
            let forged = sent.replace(&response, proof.as_str()).replace("aladdin", name);
            for sent in [&forged, &sent, &format!("{forged}, userhash=true")] {
                let verdict = |now| exchange.verifier.verify(&credentials(sent), None, &request, now);
                assert_eq!(verdict(NOW), Verdict::Wrong);
                assert_eq!(verdict(NOW + secs(1000)), Verdict::Wrong);
            }
        }
    }
}

#[test]
fn a_nonce_from_the_future_is_not_genuine() {
    let verifier = Verifier::new("r", KEY, secs(300)).unwrap();
    let mut window = ReplayWindow::new(&verifier, [Slot::EMPTY; 8], secs(5));
    let future = verifier.nonce(secs(1_000_001), 1);
    let value = used(future.as_str(), 1);
    assert!(!window.admit(&credentials(&value), secs(5)));
    assert!(!window.admit(&credentials(&value), secs(1_000_001 - 6)));
    assert!(window.admit(&credentials(&value), secs(1_000_001 - 5)));
    // The window and the verifier have the same limits for nonces from the future and for old nonces.
    let exchange = Exchange::new(Algorithm::Sha256);
    let request = Request::new("GET", "/").unwrap();
    let sent = exchange.answer("open sesame", request);
    for (now, verdict, admitted) in [
        (NOW.saturating_sub(secs(6)), Verdict::Stale, false),
        (NOW.saturating_sub(secs(5)), Verdict::Accepted, true),
        (NOW + secs(300), Verdict::Accepted, true),
        (NOW + secs(300) + Duration::from_millis(1), Verdict::Stale, false),
    ] {
        let mut window = ReplayWindow::new(&exchange.verifier, [Slot::EMPTY; 8], secs(0));
        assert_eq!(exchange.verdict(&sent, request, now), verdict, "{now:?}");
        assert_eq!(window.admit(&credentials(&sent), now), admitted, "{now:?}");
    }
}

#[test]
fn digest_without_qop_is_answered_only_if_it_is_allowed() {
    let user = Username::new("u").unwrap();
    let without = challenge("Digest realm=r, nonce=n");
    assert_eq!(
        Client::new(&without, Login::new(user, "p"), "c").map(|client| client.nc()),
        Err(SchemeError::Missing { param: "qop" })
    );
    let mut client = Client::new_allowing_rfc2069(&without, Login::new(user, "p"), "c").unwrap();
    let answer = client.answer(Request::new("GET", "/").unwrap());
    assert_eq!(answer.credentials().qop(), None);

    // The proof for this nonce without qop equals the proof for the nonce "n" with qop.
    let evil = "Digest realm=r, nonce=\"n:00000001:EVIL:auth\"";
    let error = Client::new_allowing_rfc2069(&challenge(evil), Login::new(user, "p"), "c").map(|client| client.nc());
    assert_eq!(
        error,
        Err(SchemeError::Invalid {
            param: "nonce",
            offset: 22
        })
    );
    // With qop, the colons have no effect.
    assert!(Client::new(&challenge(&format!("{evil}, qop=auth")), Login::new(user, "p"), "c").is_ok());
}

#[test]
fn a_proof_of_the_proxy_needs_qop() {
    let user = Username::new("u").unwrap();
    let without = challenge("Digest realm=r, nonce=n");
    let mut client = Client::new_allowing_rfc2069(&without, Login::new(user, "p"), "c").unwrap();
    let answer = client.answer(Request::new("GET", "/").unwrap());
    let rspauth = PasswordHash::new(Algorithm::Md5, Login::new(user, "p"), "r").rspauth(&answer.credentials(), b"");
    let info = Info::new()
        .with_rspauth(rspauth.as_bytes(), &answer.credentials())
        .unwrap();
    assert!(!client.verify(&answer, &info, b""));
}

#[test]
fn a_cnonce_must_not_be_empty() {
    let user = Username::new("u").unwrap();
    let asked = challenge("Digest realm=r, nonce=n, qop=auth");
    for (cnonce, offset) in [("", 0), ("ab\n", 2)] {
        let error = Client::new(&asked, Login::new(user, "p"), cnonce).map(|client| client.nc());
        assert_eq!(
            error,
            Err(SchemeError::Invalid {
                param: "cnonce",
                offset
            })
        );
    }
}

#[test]
fn a_session_keeps_its_nonce_despite_a_nextnonce() {
    let request = Request::new("GET", "/").unwrap();
    for algorithm in [Algorithm::Md5Sess, Algorithm::Sha256Sess, Algorithm::Sha512_256Sess] {
        let exchange = Exchange::new(algorithm);
        let nonces = [
            exchange.verifier.nonce(NOW, 1),
            exchange.verifier.nonce(NOW + secs(200), 2),
        ];
        let challenge = exchange.verifier.challenge(&nonces[0]);
        let user = Username::new("aladdin").unwrap();
        let mut client = Client::new(&challenge, Login::new(user, "open sesame"), "x").unwrap();
        assert_eq!(client.answer(request).credentials().nc(), Some(1));
        let info = format!("nextnonce={}", nonces[1].as_str());
        let info = AuthenticationInfo::parse(&info).unwrap();
        let mut client = client.with_nextnonce(Info::read(&info).unwrap().nextnonce().unwrap());
        let sent = client.answer(request).to_string();
        assert_eq!((client.nonce().to_str(), client.nc()), (Some(nonces[0].as_str()), 2));
        assert_eq!(exchange.verdict(&sent, request, NOW + secs(300)), Verdict::Accepted);
        // An old nonce is stale, not wrong, so the client starts a new session by itself.
        assert_eq!(exchange.verdict(&sent, request, NOW + secs(301)), Verdict::Stale);
    }
}

#[test]
fn an_empty_path_equals_the_root_except_for_options() {
    let exchange = Exchange::new(Algorithm::Sha256);
    let verdict = |method, said, target| {
        let sent = exchange.answer("open sesame", Request::new(method, said).unwrap());
        exchange.verdict(&sent, Request::new(method, target).unwrap(), NOW)
    };
    let (empty, root) = ("http://example.com", "http://example.com/");
    for (said, target) in [(empty, root), (root, empty), ("/", empty), ("/", root)] {
        assert_eq!(verdict("GET", said, target), Verdict::Accepted, "{said} for {target}");
    }
    assert_eq!(
        verdict("GET", "http://example.com?a", "http://example.com/?a"),
        Verdict::Accepted
    );
    assert_eq!(verdict("GET", "/?a", "http://example.com?a"), Verdict::Accepted);
    for (said, target) in [
        (empty, "http://example.org/"),
        ("http://example.org", root),
        ("", root),
        ("*", root),
        ("/", "example.com:443"),
        ("", "/"),
    ] {
        assert_eq!(verdict("GET", said, target), Verdict::Wrong, "{said} for {target}");
    }
    // RFC 9112, section 3.2.4.
    assert_eq!(verdict("OPTIONS", "*", empty), Verdict::Accepted);
    for (said, target) in [("*", root), ("/", empty), (empty, root), (root, empty)] {
        assert_eq!(verdict("OPTIONS", said, target), Verdict::Wrong, "{said} for {target}");
    }
    assert_eq!(verdict("OPTIONS", "/?a", "http://example.com?a"), Verdict::Accepted);
}

#[test]
fn connect_has_no_path() {
    let exchange = Exchange::new(Algorithm::Sha256);
    for target in ["http://example.com:80/", "http://example.com:80"] {
        let sent = exchange.answer("open sesame", Request::new("CONNECT", "/").unwrap());
        let request = Request::new("CONNECT", target).unwrap();
        assert_eq!(exchange.verdict(&sent, request, NOW), Verdict::Wrong, "{target}");
    }
}

#[test]
fn a_nextnonce_with_a_colon_is_not_answered_without_qop() {
    let request = Request::new("GET", "/").unwrap();
    let without = challenge("Digest realm=r, nonce=n");
    let client = Client::new_allowing_rfc2069(&without, Login::new(Username::new("u").unwrap(), "p"), "c").unwrap();
    let evil = AuthenticationInfo::parse("nextnonce=\"genuine:00000001:c:auth\"").unwrap();
    let mut client = client.with_nextnonce(Info::read(&evil).unwrap().nextnonce().unwrap());
    assert_eq!(client.answer(request).credentials().nonce(), "n");
    // With qop, the colons have no effect.
    let with = challenge("Digest realm=r, nonce=n, qop=auth");
    let client = Client::new(&with, Login::new(Username::new("u").unwrap(), "p"), "c").unwrap();
    let mut client = client.with_nextnonce(Info::read(&evil).unwrap().nextnonce().unwrap());
    assert_eq!(client.answer(request).credentials().nonce(), "genuine:00000001:c:auth");
}

#[test]
fn an_exact_target_is_compared_byte_by_byte() {
    let mut exchange = Exchange::new(Algorithm::Sha256);
    exchange.verifier = exchange.verifier.with_exact_target();
    for (said, target, verdict) in [
        ("http://example.com/a", "http://example.com/a", Verdict::Accepted),
        ("example.com:443", "example.com:443", Verdict::Accepted),
        ("/a", "http://example.com/a", Verdict::Wrong),
        ("http://example.com", "http://example.com/", Verdict::Wrong),
    ] {
        let sent = exchange.answer("open sesame", Request::new("GET", said).unwrap());
        let request = Request::new("GET", target).unwrap();
        assert_eq!(exchange.verdict(&sent, request, NOW), verdict, "{said} for {target}");
    }
}

#[test]
fn a_name_with_a_colon_is_refused() {
    // The user "a:r" of the realm "p" and the user "a" of the realm "r:p" would have the same hash.
    for name in ["a:r", ":", "ä:"] {
        let offset = name.find(':').unwrap();
        for error in [Username::new(name).unwrap_err(), Username::plain(name).unwrap_err()] {
            assert_eq!((error.rule(), error.offset()), (Rule::UserId, offset), "{name}");
        }
    }
    for name in ["a\r", "a\0", "a\t", "\u{7f}"] {
        assert!(
            Username::new(name).is_err() && Username::plain(name).is_err(),
            "{name:?}"
        );
    }
}

#[test]
fn hashes_are_compared_and_shown() {
    let hash = |name| userhash(Algorithm::Md5, Username::new(name).unwrap(), "r");
    assert_eq!(hash("a"), hash("a"));
    assert_ne!(hash("a"), hash("b"));
    assert_ne!(hash("a"), userhash(Algorithm::Sha256, Username::new("a").unwrap(), "r"));
    let shown: HexHash = hash("a");
    assert_eq!(shown.to_string(), shown.as_str());
    assert_eq!(shown.as_str().len(), 32);
}

#[test]
fn getters_return_the_parts() {
    let exchange = Exchange::new(Algorithm::Md5);
    assert_eq!(exchange.stored.algorithm(), Algorithm::Md5);
    assert_eq!(exchange.verifier.realm(), "apps");
    assert_eq!(exchange.verifier.algorithm(), Algorithm::Md5);
    assert_eq!(exchange.verifier.qop(), QopOptions::AUTH);
    assert_eq!(exchange.verifier.max_age(), secs(300));
    let request = Request::new("GET", "/").unwrap();
    assert_eq!((request.method(), request.target()), ("GET", "/"));
    assert_eq!("sha-512-256-SESS".parse(), Ok(Algorithm::Sha512_256Sess));
    let error = "SHA256".parse::<Algorithm>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected MD5, SHA-256 or SHA-512-256, alone or with -sess"
    );
    assert_eq!(Username::new("Jäsøn").unwrap().to_string(), "Jäsøn");
    assert_eq!(Username::plain(b"J\xE4s").unwrap().to_string(), "J\u{FFFD}s");
}
