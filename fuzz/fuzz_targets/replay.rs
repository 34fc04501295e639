//! Lets a proxy verify answers of Digest to its own nonces: in any order, late, early, repeated, relabelled, or with another
//! password, while its clock jumps.
#![no_main]

use std::collections::HashSet;
use std::time::Duration;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use proxy_auth::digest::{
    Account, Algorithm, Credentials, Login, PasswordHash, Proof, Qop, ReplayWindow, Request, Slot, Username, Verdict,
    Verifier,
};
use proxy_auth_fuzz::written;

const MAX_AGE: Duration = Duration::from_secs(8);
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(5);
const USERS: [&str; 3] = ["aladdin", "kassim", "morgiana"];

#[derive(Arbitrary, Debug)]
struct Exchange {
    slots: u8,
    created: u8,
    answers: Vec<Answer>,
}

#[derive(Arbitrary, Debug)]
struct Answer {
    /// The time of issue of its nonce, and the nonce's unique number.
    made: u8,
    unique: bool,
    /// The count that the client claims for the nonce.
    nc: u32,
    /// The time when the answer arrives.
    now: u8,
    /// The user whose password was used, the user named in the answer, and the user that the proxy looks up.
    password_of: u8,
    said: u8,
    looked_up: Option<u8>,
    userhash: bool,
}

fn user(index: u8) -> &'static str {
    USERS[usize::from(index) % USERS.len()]
}

fn time(seconds: u8) -> Duration {
    Duration::from_secs(seconds.into())
}

fuzz_target!(|exchange: Exchange| {
    let stored = |user: &str| {
        PasswordHash::new(
            Algorithm::Sha256,
            Login::new(Username::new(user).unwrap(), user),
            "realm",
        )
    };
    let verifier = Verifier::new("realm", b"32 bytes from a random source   ", MAX_AGE).unwrap();
    let request = Request::new("GET", "http://example.com/").unwrap();

    let slots = vec![Slot::EMPTY; usize::from(exchange.slots) % 24];
    let slot_count = slots.len();
    let mut window = ReplayWindow::new(&verifier, slots, time(exchange.created));
    let mut nonces = HashSet::new();
    let mut admitted = HashSet::new();
    for answer in exchange.answers {
        let (made, now) = (time(answer.made), time(answer.now));
        let nonce = verifier.nonce(made, u64::from(answer.unique));
        let name = user(answer.said);
        let hashed = proxy_auth::digest::userhash(Algorithm::Sha256, Username::new(name).unwrap(), "realm");
        let said = if answer.userhash { hashed.as_str() } else { name };
        let credentials = |response: &str| {
            let credentials = Credentials::new(&Proof {
                username: Username::new(said).unwrap(),
                realm: b"realm",
                nonce: nonce.as_str().as_bytes(),
                uri: b"http://example.com/",
                response: response.as_bytes(),
            });
            let credentials = credentials.unwrap().with_algorithm(Algorithm::Sha256);
            let credentials = credentials.with_qop(Qop::Auth, "cnonce", answer.nc).unwrap();
            written(&if answer.userhash {
                credentials.with_userhash()
            } else {
                credentials
            })
        };
        let unproved = credentials(&"0".repeat(64));
        let unproved = proxy_auth::Credentials::parse(&unproved).unwrap();
        let unproved = Credentials::read(&unproved).unwrap();
        let proof = stored(user(answer.password_of)).response(&unproved, &request);

        let bytes = credentials(proof.as_str());
        let read = proxy_auth::Credentials::parse(&bytes).unwrap();
        let read = Credentials::read(&read).unwrap();
        let looked_up = answer.looked_up.map(user);
        let hash = stored(looked_up.unwrap_or_default());
        let account = looked_up.map(|name| Account::new(name, &hash));

        let is_right = looked_up == Some(name) && user(answer.password_of) == name;
        let is_live = made <= now + MAX_CLOCK_SKEW && now.saturating_sub(made) <= MAX_AGE;
        let expected = match (is_right, is_live) {
            (false, _) => Verdict::Wrong,
            (true, false) => Verdict::Stale,
            (true, true) => Verdict::Accepted,
        };
        assert_eq!(verifier.verify(&read, account, &request, now), expected);
        if expected != Verdict::Accepted {
            continue;
        }
        let key = nonce.as_str().to_owned();
        nonces.insert(key.clone());
        let is_greatest = !admitted.iter().any(|(of, nc)| *of == key && *nc >= answer.nc);
        if window.admit(&read, now) {
            let is_new = admitted.insert((key, answer.nc));
            // All times are within an hour, so the window does not take the clock for set back.
            assert!(is_new, "an answer was admitted twice");
            assert!(answer.nc > 0 && made > time(exchange.created));
        } else if answer.nc > 0 && made > time(exchange.created) {
            // If one set has room for all nonces, a count that is greater than all previous counts is new.
            let has_room = slot_count > 0 && slot_count <= 8 && nonces.len() <= slot_count;
            assert!(!is_greatest || !has_room, "a new answer was refused");
        }
    }
});
