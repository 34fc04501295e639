//! What a client learns from a refusal, and who passes as whom.

use proxy_auth::digest::{Algorithm, Credentials, Login, PasswordHash, Proof, Qop, Username};
use proxy_auth::{Account, DigestOffer, Gate, Password, Reason, Refusal, Request, Secret, Verified};

use super::server::{KEY, NOW, PASSWORD, answer};

fn gate() -> Gate<&'static str> {
    let digest = DigestOffer::new(&KEY, [Algorithm::Sha256, Algorithm::Md5]).with_userhash();
    let gate = Gate::new("apps").unwrap().with_digest(&digest);
    gate.with_basic().with_bearer()
}

fn request() -> Request<'static> {
    Request::new("GET", "http://a.example/").unwrap()
}

fn refuse<S: Secret>(value: &str, account: Option<Account<'_, S>>) -> Refusal {
    let (gate, request, mut scratch) = (gate(), request(), [0; 512]);
    let attempt = gate.read(&request, [("Proxy-Authorization", value)], &mut scratch);
    attempt.unwrap().check(account, NOW).unwrap_err()
}

fn message(refusal: &Refusal) -> String {
    let gate = gate();
    let denial = gate.deny(refusal, NOW, 1);
    denial.response().encode_string::<1024>().unwrap().to_string()
}

fn hash(algorithm: Algorithm, password: &str) -> PasswordHash {
    PasswordHash::new(
        algorithm,
        Login::new(Username::new("aladdin").unwrap(), password),
        "apps",
    )
}

/// The refusals of an unknown user, of a wrong password, of another user and of a secret of another kind look the same.
#[test]
fn a_refusal_does_not_tell_whether_the_user_exists() {
    let digest = answer(&gate(), &request(), "aladdin", &gate().nonce(NOW, 1).unwrap());
    for value in [&digest[..], "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="] {
        let (other, right) = (hash(Algorithm::Sha256, "other"), hash(Algorithm::Md5, PASSWORD));
        let none: &[PasswordHash] = &[];
        let refusals = [
            refuse(value, None::<Account<'_, Password<'_>>>),
            refuse(value, None::<Account<'_, &PasswordHash>>),
            refuse(value, None::<Account<'_, &[PasswordHash]>>),
            refuse(value, None::<Account<'_, Verified>>),
            refuse(value, Some(Account::new("aladdin", Password::new("other")))),
            refuse(value, Some(Account::new("aladdin", Password::new("")))),
            refuse(value, Some(Account::new("jafar", Password::new(PASSWORD)))),
            refuse(value, Some(Account::new("", Password::new(PASSWORD)))),
            refuse(value, Some(Account::new("aladdin", &other))),
            refuse(value, Some(Account::new("jafar", &right))),
            refuse(value, Some(Account::new("aladdin", none))),
        ];
        let first = message(&refusals[0]);
        assert!(first.contains("\r\nProxy-Authenticate: Digest "));
        for refusal in &refusals {
            assert_eq!(message(refusal), first, "{refusal:?}");
            assert!(!refusal.is_stale());
        }
    }
}

/// The hash that stands for nobody is known to everybody. No proof that is computed with it passes.
#[test]
fn the_hash_of_nobody_opens_nothing() {
    let nonce = gate().nonce(NOW, 1).unwrap();
    let nobody = PasswordHash::from_hex(Algorithm::Sha256, &"0".repeat(64)).unwrap();
    let with_response = |response: &str| {
        let proof = Proof {
            username: Username::new("aladdin").unwrap(),
            realm: b"apps",
            nonce: nonce.as_ref(),
            uri: b"http://a.example/",
            response: response.as_bytes(),
        };
        let credentials = Credentials::new(&proof).unwrap().with_algorithm(Algorithm::Sha256);
        let credentials = credentials.with_qop(Qop::Auth, "c", 1).unwrap();
        (
            nobody.response(&credentials, &request()).to_string(),
            credentials.to_string(),
        )
    };
    let (_, value) = with_response(&with_response("").0);
    let (right, empty): (_, &[PasswordHash]) = (hash(Algorithm::Md5, PASSWORD), &[]);
    assert_eq!(
        refuse(&value, None::<Account<'_, &PasswordHash>>).reason(),
        &Reason::UnknownUser
    );
    for refusal in [
        refuse(&value, Some(Account::new("aladdin", &right))),
        refuse(&value, Some(Account::new("aladdin", Verified))),
        refuse(&value, Some(Account::new("aladdin", empty))),
    ] {
        assert_eq!(refusal.reason(), &Reason::Unverifiable);
    }
}

/// The bytes of "ä" in UTF-8 are those of "Ã¤" in ISO-8859-1. Neither user passes with the password of the other.
#[test]
fn two_readings_of_a_name_are_not_one_user() {
    // The bytes C3 A4, a colon and "1".
    let value = "Basic w6Q6MQ==";
    let (gate, request, mut scratch) = (gate(), request(), [0; 64]);
    let attempt = gate.read(&request, [("Proxy-Authorization", value)], &mut scratch);
    assert_eq!(attempt.unwrap().name(), Some("ä"));
    for (name, password, reason) in [
        ("Ã¤", "2", Reason::Wrong),
        ("ä", "2", Reason::Wrong),
        ("Ä", "1", Reason::OtherUser),
        ("Ã", "1", Reason::OtherUser),
        ("", "1", Reason::OtherUser),
    ] {
        let refusal = refuse(value, Some(Account::new(name, Password::new(password))));
        assert_eq!(refusal.reason(), &reason, "{name}");
    }
}
