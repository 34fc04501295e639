//! A proxy judges answers of Digest to its own nonces: in any order, late, repeated, or with another password.
#![no_main]

use std::collections::HashSet;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use proxy_auth::digest::{
    Algorithm, Credentials, PasswordHash, Qop, ReplayWindow, Request, Username, Verdict, Verifier,
};
use proxy_auth_fuzz::written;

/// How many nonces the proxy remembers.
const REMEMBERED: usize = 3;
const MAX_AGE: u64 = 8;

#[derive(Arbitrary, Debug)]
struct Answer {
    /// When its nonce was made, and which one of then.
    made: u8,
    unique: bool,
    /// How often the client used the nonce, or so it says.
    nc: u32,
    /// How much later it comes.
    later: u8,
    knows_password: bool,
}

fuzz_target!(|answers: Vec<Answer>| {
    let stored = |password: &str| PasswordHash::new(Algorithm::Sha256, Username::new("user"), "realm", password);
    let (right, wrong) = (stored("password"), stored("another"));
    let verifier = Verifier::new("realm", b"the key of a test", MAX_AGE).unwrap();
    let request = Request::new("GET", "http://example.com/").unwrap();

    let mut replay_window = ReplayWindow::<REMEMBERED>::new();
    let mut nonces = HashSet::new();
    let mut admitted = HashSet::new();
    for answer in answers {
        let (made, later) = (u64::from(answer.made % 4), u64::from(answer.later));
        let nonce = verifier.nonce(made, u64::from(answer.unique));
        let credentials = |response: &str| {
            let credentials = Credentials::new(
                Username::new("user"),
                "realm",
                nonce.as_str(),
                "http://example.com/",
                response,
            );
            let credentials = credentials.unwrap().with_algorithm(Algorithm::Sha256);
            written(&credentials.with_qop(Qop::Auth, "cnonce", answer.nc).unwrap())
        };
        let unproved = credentials(&"0".repeat(64));
        let unproved = proxy_auth::Credentials::parse(&unproved).unwrap();
        let password = if answer.knows_password { &right } else { &wrong };
        let proof = password.response(&Credentials::read(&unproved).unwrap(), &request);

        let bytes = credentials(proof.as_str());
        let read = proxy_auth::Credentials::parse(&bytes).unwrap();
        let read = Credentials::read(&read).unwrap();
        let expected = match answer.knows_password {
            false => Verdict::Wrong,
            true if later > MAX_AGE => Verdict::Stale,
            true => Verdict::Accepted,
        };
        assert_eq!(verifier.verify(&read, &right, &request, made + later), expected);
        if expected == Verdict::Accepted {
            nonces.insert(nonce.as_str().to_owned());
            let first = !admitted.iter().any(|(of, nc)| of == nonce.as_str() && *nc >= answer.nc);
            let is_admitted = replay_window.admit(&read);
            if is_admitted {
                assert!(
                    admitted.insert((nonce.as_str().to_owned(), answer.nc)),
                    "an answer was admitted twice"
                );
            } else {
                // While there is room for all nonces, a count that is greater than all before is new.
                assert!(!first || nonces.len() > REMEMBERED, "a new answer was refused");
            }
        }
    }
});
