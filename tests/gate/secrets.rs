//! Each kind of secret with the schemes other than Digest.

use proxy_auth::{Account, Challenge, Gate, Password, Reason, Scheme, Secret, Verified, basic};

use super::{BASIC, NAME, PASSWORD, gate, reason, send};

fn offer() -> Gate<&'static str> {
    gate()
        .with_basic()
        .with_bearer()
        .with_challenge(Challenge::new(Scheme::Hoba))
}

const WRONG: &str = "Basic YWxhZGRpbjp3cm9uZw==";

/// Sends the right and a wrong password, a token, and credentials of the caller's scheme.
fn reasons<S: Secret + Copy>(name: &str, secret: S) -> [Option<Reason>; 4] {
    [BASIC, WRONG, "Bearer x", "HOBA result=x"]
        .map(|value| reason(send(&offer(), value, Some(Account::new(name, secret)))))
}

/// The expected reasons for a secret that verifies Basic alone.
const VERIFIES_BASIC: [Option<Reason>; 4] = [
    None,
    Some(Reason::Wrong),
    Some(Reason::Unverifiable),
    Some(Reason::Unverifiable),
];

#[test]
fn a_password_passes_for_its_user_alone() {
    assert_eq!(reasons(NAME, Password::new(PASSWORD)), VERIFIES_BASIC);
    // The accounts of other users, with the same password.
    for name in ["jafar", "Aladdin", "aladdin ", "", "aladdi"] {
        let [right, wrong, ..] = reasons(name, Password::new(PASSWORD));
        assert_eq!(
            (right, wrong),
            (Some(Reason::OtherUser), Some(Reason::OtherUser)),
            "{name}"
        );
    }
}

#[test]
fn a_verdict_passes_with_the_name_of_the_account() {
    for name in [NAME, "uid=aladdin"] {
        assert_eq!(reasons(name, Verified), [const { None }; 4]);
        let account = Some(Account::new(name, Verified));
        assert_eq!(send(&offer(), BASIC, account).unwrap(), name);
    }
}

/// Sends credentials without an account, also those that the work for nobody might accept.
fn nobody<S: Secret>() {
    let written = |name: &str, password: &str| basic::Credentials::new(name, password).unwrap().to_string();
    let zeros = "0".repeat(64);
    let values = [
        written(NAME, PASSWORD),
        written(NAME, "wrong"),
        written(NAME, ""),
        written("", ""),
        written(NAME, &zeros),
    ];
    for value in values {
        let refused = send(&offer(), &value, None::<Account<'_, S>>);
        assert_eq!(reason(refused), Some(Reason::UnknownUser), "{value}");
    }
    for value in ["Bearer x", "HOBA result=x", "hoba"] {
        let refused = send(&offer(), value, None::<Account<'_, S>>);
        assert_eq!(reason(refused), Some(Reason::Wrong), "{value}");
    }
}

#[test]
fn nobody_passes_whatever_the_kind_of_secret() {
    nobody::<Password<'_>>();
    nobody::<Verified>();
    #[cfg(feature = "digest")]
    {
        nobody::<&proxy_auth::digest::PasswordHash>();
        nobody::<&[proxy_auth::digest::PasswordHash]>();
    }
}

#[cfg(feature = "digest")]
mod hashes {
    use proxy_auth::digest::{
        Algorithm::{self, Md5, Sha256, Sha256Sess, Sha512_256},
        Login, PasswordHash, Username,
    };
    use proxy_auth::{DigestOffer, Gate, Reason};

    use super::super::{BASIC, NAME, PASSWORD, gate, reason, send};
    use super::{VERIFIES_BASIC, reasons};

    fn hash_of(algorithm: Algorithm, password: &str, realm: &str) -> PasswordHash {
        PasswordHash::new(algorithm, Login::new(Username::new(NAME).unwrap(), password), realm)
    }

    fn hash(algorithm: Algorithm) -> PasswordHash {
        hash_of(algorithm, PASSWORD, "apps")
    }

    #[test]
    fn a_hash_of_any_algorithm_verifies_basic() {
        for algorithm in [Md5, Sha256, Sha512_256, Sha256Sess] {
            assert_eq!(reasons(NAME, &hash(algorithm)), VERIFIES_BASIC, "{algorithm}");
            let hashes = [hash(algorithm)];
            assert_eq!(reasons(NAME, &hashes[..]), VERIFIES_BASIC, "{algorithm}");
        }
    }

    #[test]
    fn a_hash_is_for_its_user_its_password_and_its_realm() {
        assert_eq!(reasons("jafar", &hash(Sha256))[0], Some(Reason::OtherUser));
        for other in [hash_of(Sha256, "x", "apps"), hash_of(Sha256, PASSWORD, "other")] {
            assert_eq!(reasons(NAME, &other)[0], Some(Reason::Wrong));
        }
        let zeros = PasswordHash::from_hex(Sha256, &"0".repeat(64)).unwrap();
        assert_eq!(reasons(NAME, &zeros)[0], Some(Reason::Wrong));
    }

    #[test]
    fn of_several_hashes_that_of_the_first_algorithm_on_offer_counts() {
        let digest = |algorithms| gate().with_digest(&DigestOffer::new(&[1; 32], algorithms)).with_basic();
        let sent = |gate: &Gate<&str>, hashes: &[PasswordHash]| {
            reason(send(gate, BASIC, Some(proxy_auth::Account::new(NAME, hashes))))
        };
        let wrong = || hash_of(Md5, "old", "apps");
        for hashes in [[wrong(), hash(Sha256)], [hash(Sha256), wrong()]] {
            assert_eq!(sent(&digest([Sha256, Md5]), &hashes), None);
            assert_eq!(sent(&digest([Md5, Sha256]), &hashes), Some(Reason::Wrong));
        }
        // If there is no hash of this algorithm, the first counts.
        assert_eq!(sent(&digest([Sha512_256, Md5]), &[hash(Sha256), wrong()]), None);
        assert_eq!(
            sent(&digest([Sha512_256, Md5]), &[wrong(), hash(Sha256)]),
            Some(Reason::Wrong)
        );
    }

    #[test]
    fn an_account_without_a_hash_does_not_pass() {
        let none: &[PasswordHash] = &[];
        let refused = reasons(NAME, none);
        assert!(refused.iter().all(Option::is_some), "{refused:?}");
    }
}
