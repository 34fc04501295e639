//! Answers that are used twice.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use proxy_auth::digest::Algorithm;
use proxy_auth::{DigestOffer, Gate, NonceUse, Reason, ReplayStore, Request};

use super::server::{KEY, NOW, answer, gate, offer, send, window};

const OTHER_KEY: [u8; 32] = *b"32 other bytes, from there, too.";

fn request() -> Request<'static> {
    Request::new("GET", "http://a.example/").unwrap()
}

#[test]
fn a_restart_a_new_key_and_another_spelling_do_not_reopen_a_used_answer() {
    let old = gate(&offer());
    let nonce = old.nonce(NOW, 1).unwrap();
    let value = answer(&old, &request(), "aladdin", &nonce);
    let mut store = window(&old, 8, NOW);
    let later = NOW + Duration::from_secs(1);
    assert!(send(&old, &request(), &value, &mut store, later).is_ok());
    assert_eq!(send(&old, &request(), &value, &mut store, later), Err(Reason::Replayed));

    // The key is replaced, and the store is kept.
    let new = gate(&DigestOffer::new(&OTHER_KEY, [Algorithm::Sha256]).with_previous_key(&KEY));
    assert_eq!(send(&new, &request(), &value, &mut store, later), Err(Reason::Replayed));
    // The proxy restarts.
    for gate in [&old, &new] {
        let mut store = window(gate, 8, later);
        assert_eq!(send(gate, &request(), &value, &mut store, later), Err(Reason::Replayed));
    }
    // The previous key is forgotten.
    let newest = gate(&DigestOffer::new(&OTHER_KEY, [Algorithm::Sha256]));
    assert_eq!(send(&newest, &request(), &value, &mut store, later), Err(Reason::Stale));
    // What the proof covers cannot be changed.
    for (from, to) in [
        (nonce.as_str(), nonce.as_str().to_uppercase()),
        ("nc=00000001", "nc=00000002".into()),
    ] {
        let other = value.replace(from, &to);
        assert_ne!(other, value);
        assert_eq!(send(&old, &request(), &other, &mut store, later), Err(Reason::Wrong));
    }
    // Another spelling of the same values does not make it another answer.
    for (from, to) in [
        ("username=\"aladdin\"", "username=\"a\\laddin\""),
        ("username=\"aladdin\"", "username*=UTF-8''%61laddin"),
        ("cnonce=\"0a4f113b\"", "cnonce=0a4f113b"),
        (" nonce=\"", " nonce=\"\\"),
        ("nc=00000001", "nc=\"00000001\""),
        ("uri=\"h", "uri=\"\\h"),
        ("Digest ", "dIGEST ,, x=y, "),
    ] {
        let other = value.replacen(from, to, 1);
        assert_ne!(other, value);
        let outcome = send(&old, &request(), &other, &mut store, later);
        assert!(
            matches!(outcome, Err(Reason::Replayed | Reason::Stale)),
            "{other}: {outcome:?}"
        );
    }
}

/// Two proxies issued the same nonce, each to a user. It is used once.
#[test]
fn equal_nonces_of_two_proxies_are_used_once() {
    let gate = gate(&offer());
    let nonce = gate.nonce(NOW, 1).unwrap();
    let mut store = window(&gate, 8, NOW);
    let first = answer(&gate, &request(), "aladdin", &nonce);
    let second = answer(&gate, &request(), "jafar", &nonce);
    let mut outcome = |value: &str| send(&gate, &request(), value, &mut store, NOW);
    assert_eq!(outcome(&first).as_deref(), Ok("aladdin"));
    assert_eq!(outcome(&second), Err(Reason::Replayed));
    assert_eq!(outcome(&first), Err(Reason::Replayed));
}

#[derive(Default)]
struct Everything(HashSet<[u8; 20]>);

impl ReplayStore for Everything {
    fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        self.0.insert(nonce_use.key())
    }
}

/// No other count is read as the one that was signed.
#[test]
fn a_count_has_one_spelling() {
    let gate = gate(&offer());
    let value = answer(&gate, &request(), "aladdin", &gate.nonce(NOW, 1).unwrap());
    for nc in [
        "00000000",
        "ffffffff",
        "100000001",
        "0000001",
        "-0000001",
        "+0000001",
        "0x000001",
    ] {
        let other = value.replace("nc=00000001", &format!("nc=\"{nc}\""));
        assert_ne!(other, value);
        let outcome = send(&gate, &request(), &other, &mut Everything::default(), NOW);
        assert!(
            matches!(outcome, Err(Reason::Wrong | Reason::Invalid(_))),
            "{nc}: {outcome:?}"
        );
    }
}

/// A window of another gate refuses what it cannot remember for long enough.
#[test]
fn a_window_of_another_gate_forgets_no_answer_that_is_still_fresh() {
    let short = gate(&offer().with_max_age(Duration::from_secs(10)));
    let long = gate(&offer().with_max_age(Duration::from_secs(1000)));
    let none = Gate::new("apps").unwrap().with_basic();
    let value = answer(&long, &request(), "aladdin", &long.nonce(NOW, 1).unwrap());
    let later = NOW + Duration::from_secs(11);
    for owner in [&short, &none] {
        let mut store = window(owner, 8, NOW);
        assert_eq!(
            send(&long, &request(), &value, &mut store, later),
            Err(Reason::Replayed)
        );
    }
    let mut store = window(&short, 8, NOW);
    assert!(send(&long, &request(), &value, &mut store, NOW).is_ok());
    for seconds in [0, 9, 11, 500, 1000, 1001] {
        let later = NOW + Duration::from_secs(seconds);
        assert!(send(&long, &request(), &value, &mut store, later).is_err());
    }
}

/// A user with many nonces fills the window. What others have used stays used, and their nonces can still be used.
#[test]
fn one_user_neither_reopens_nor_closes_the_nonces_of_another() {
    let gate = gate(&offer());
    for slots in [8, 16, 64] {
        let mut store = window(&gate, slots, NOW);
        let victim = answer(&gate, &request(), "aladdin", &gate.nonce(NOW, 1).unwrap());
        assert!(send(&gate, &request(), &victim, &mut store, NOW).is_ok());
        let mut used = vec![victim];
        for index in 0..200 {
            let now = NOW + Duration::from_millis(index);
            let value = answer(&gate, &request(), "jafar", &gate.nonce(now, 2).unwrap());
            let _ = send(&gate, &request(), &value, &mut store, now);
            used.push(value);
        }
        let now = NOW + Duration::from_millis(200);
        for value in &used {
            assert_eq!(send(&gate, &request(), value, &mut store, now), Err(Reason::Replayed));
        }
        let value = answer(&gate, &request(), "aladdin", &gate.nonce(now, 3).unwrap());
        assert!(send(&gate, &request(), &value, &mut store, now).is_ok(), "{slots}");
    }
}

/// The time of an attempt was read long before it was checked, because the proxy waited for the content of the request.
#[test]
fn an_attempt_with_an_old_time_reopens_nothing() {
    let gate = gate(&offer());
    let mut store = window(&gate, 8, NOW);
    let (old, now) = (NOW + Duration::from_secs(1), NOW + Duration::from_secs(20));
    let mut used = Vec::new();
    for unique in 0..8 {
        let value = answer(&gate, &request(), "aladdin", &gate.nonce(now, unique).unwrap());
        assert!(send(&gate, &request(), &value, &mut store, now).is_ok());
        used.push(value);
    }
    for unique in 0..20 {
        let slow = answer(&gate, &request(), "jafar", &gate.nonce(old, unique).unwrap());
        let _ = send(&gate, &request(), &slow, &mut store, old);
    }
    for value in &used {
        assert_eq!(send(&gate, &request(), value, &mut store, now), Err(Reason::Replayed));
    }
}

/// The clock of another proxy is ahead. Threads call the window out of order, by less than a late call.
#[test]
fn calls_out_of_order_do_not_reopen_a_nonce_of_a_clock_that_is_ahead() {
    let gate = gate(&offer());
    let (ahead, before) = (
        NOW + Duration::from_secs(5),
        NOW.saturating_sub(Duration::from_millis(1)),
    );
    let answer = |user, made, unique| answer(&gate, &request(), user, &gate.nonce(made, unique).unwrap());
    for of_others in [NOW, ahead] {
        for count in [7, 8] {
            let mut store = window(&gate, 8, NOW.saturating_sub(Duration::from_secs(10)));
            let mut used = vec![answer("aladdin", ahead, 0)];
            used.extend((1..=count).map(|unique| answer("aladdin", of_others, unique)));
            let mut send = |value: &str, now| send(&gate, &request(), value, &mut store, now);
            for value in &used {
                assert!(send(value, NOW).is_ok());
            }
            let _ = send(&answer("jafar", before, 9), before);
            for value in &used {
                assert_eq!(send(value, NOW), Err(Reason::Replayed), "{count}");
            }
        }
    }
}

/// Two attempts waited for their content, one for longer than a nonce lives. The window does not take the clock for set back.
#[test]
fn attempts_with_old_times_far_apart_reopen_nothing() {
    for max_age in [Duration::from_secs(2), Duration::from_secs(300)] {
        let gate = gate(&offer().with_max_age(max_age));
        let mut store = window(&gate, 8, NOW);
        let now = NOW + Duration::from_secs(10_000);
        let answer = |user, made, unique| answer(&gate, &request(), user, &gate.nonce(made, unique).unwrap());
        let used: Vec<_> = (0..8).map(|unique| answer("aladdin", now, unique)).collect();
        let mut send = |value: &str, now| send(&gate, &request(), value, &mut store, now);
        for value in &used {
            assert!(send(value, now).is_ok());
        }
        let waited = [
            Duration::from_millis(6001).saturating_add(max_age),
            Duration::from_secs(6),
        ];
        for old in waited.map(|waited| now.saturating_sub(waited)) {
            let _ = send(&answer("jafar", old, 9), old);
        }
        for value in &used {
            assert_eq!(send(value, now), Err(Reason::Replayed), "{max_age:?}");
        }
    }
}

/// A store forgets a use as soon as its lifetime has passed. The nonce, whose clock was ahead, is stale by then.
#[test]
fn a_store_does_not_forget_a_use_before_its_nonce_is_stale() {
    struct Uses(HashMap<[u8; 20], Duration>);

    impl ReplayStore for Uses {
        fn admit(&mut self, nonce_use: &NonceUse) -> bool {
            self.0.retain(|_, until| *until >= nonce_use.now());
            let until = nonce_use.now() + nonce_use.lifetime();
            self.0.insert(nonce_use.key(), until).is_none()
        }
    }

    let max_age = Duration::from_secs(300);
    let gate = gate(&offer().with_max_age(max_age));
    let micros = Duration::from_micros;
    for ahead in [Duration::ZERO, Duration::from_millis(4999), Duration::from_secs(5)] {
        for within in [0, 1, 500, 999].map(micros) {
            let value = answer(&gate, &request(), "aladdin", &gate.nonce(NOW + ahead, 1).unwrap());
            for later in [0, 1, 500, 999, 1000, 2000].map(micros) {
                let later = NOW + ahead + max_age + later;
                let mut store = Uses(HashMap::new());
                assert!(send(&gate, &request(), &value, &mut store, NOW + within).is_ok());
                let outcome = send(&gate, &request(), &value, &mut store, later);
                assert!(outcome.is_err(), "{ahead:?} {within:?} {later:?}");
            }
        }
    }
}
