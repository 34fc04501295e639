//! Stores of used answers: in a process, shared by gates, and over a network.

use std::collections::HashSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use proxy_auth::digest::{Algorithm, Client, Login, Slot, Username};
use proxy_auth::{
    Account, AsyncReplayStore, Challenges, DigestOffer, Gate, NonceUse, Password, Reason, Refusal, ReplayStore, Ticket,
    digest,
};

use super::{BASIC, NAME, NOW, PASSWORD, STARTED, challenges, connect, gate, reason, refuse};

const MAX_AGE: Duration = Duration::from_secs(60);

/// A time whose nonces are too old now.
const BEFORE: Duration = Duration::from_secs(1_445_412_000);

fn offer() -> Gate<&'static str> {
    let digest = DigestOffer::new(&[7; 32], [Algorithm::Sha256, Algorithm::Md5]).with_max_age(MAX_AGE);
    gate().with_digest(&digest).with_basic()
}

/// Returns answers to one nonce, issued at `now`, with the counts from 1.
fn answers(gate: &Gate<&str>, now: Duration, unique: u64, count: usize) -> Vec<String> {
    let refusal = refuse(gate, &connect(), &[]);
    let denial = gate.deny(&refusal, now, unique);
    let value = denial.challenges().next().unwrap().to_string();
    let challenge = Challenges::new(&value).next().unwrap().unwrap();
    let challenge = digest::Challenge::read(&challenge).unwrap();
    let login = Login::new(Username::new(NAME).unwrap(), PASSWORD);
    let mut client = Client::new(&challenge, login, "0a4f113b").unwrap();
    (0..count).map(|_| client.answer(connect()).to_string()).collect()
}

/// Checks an answer, and lets `redeem` open the ticket.
fn with_ticket<T>(
    gate: &Gate<&str>,
    value: &str,
    now: Duration,
    redeem: impl FnOnce(Ticket<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let (request, mut scratch) = (connect(), [0; 64]);
    let attempt = gate.read(&request, [("Proxy-Authorization", value)], &mut scratch)?;
    let account = Some(Account::new(NAME, Password::new(PASSWORD)));
    redeem(attempt.check(account, now)?)
}

fn send(gate: &Gate<&str>, value: &str, store: &mut (impl ReplayStore + ?Sized)) -> Option<Reason> {
    reason(with_ticket(gate, value, NOW, |ticket| ticket.redeem(store).map(drop)))
}

/// Remembers everything.
#[derive(Default)]
struct Everything(HashSet<[u8; 20]>);

impl ReplayStore for Everything {
    fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        self.0.insert(nonce_use.key())
    }
}

#[test]
fn requests_may_overtake_each_other_but_none_passes_twice() {
    let gate = offer();
    let answers = answers(&gate, NOW, 1, 5);
    let mut window = gate.replay_window([Slot::EMPTY; 8], STARTED);
    let mut everything = Everything::default();
    for number in [1, 3, 0, 4, 2] {
        assert_eq!(send(&gate, &answers[number], &mut window), None);
        assert_eq!(send(&gate, &answers[number], &mut everything), None);
    }
    for answer in &answers {
        assert_eq!(send(&gate, answer, &mut window), Some(Reason::Replayed));
        assert_eq!(send(&gate, answer, &mut everything), Some(Reason::Replayed));
    }
    assert_eq!(everything.0.len(), 5, "each count of a nonce has a key");
}

#[test]
fn keys_differ_for_each_nonce() {
    let gate = offer();
    let mut everything = Everything::default();
    let nonces = [
        (NOW, 1),
        (NOW, 2),
        (NOW.checked_sub(MAX_AGE).unwrap(), 1),
        (NOW + Duration::from_secs(5), 1),
    ];
    for (now, unique) in nonces {
        let answer = &answers(&gate, now, unique, 1)[0];
        assert_eq!(send(&gate, answer, &mut everything), None);
    }
    assert_eq!(everything.0.len(), nonces.len());
}

#[test]
fn a_replay_is_refused_as_stale_in_each_challenge_of_digest() {
    let gate = offer();
    let answer = &answers(&gate, NOW, 1, 1)[0];
    let mut window = gate.replay_window([Slot::EMPTY; 8], STARTED);
    assert_eq!(send(&gate, answer, &mut window), None);
    let again = with_ticket(&gate, answer, NOW, |ticket| ticket.redeem(&mut window).map(drop));
    let refusal = again.unwrap_err();
    assert!(refusal.is_stale() && !refusal.is_guess());
    assert_eq!(refusal.status(gate.role()).as_u16(), 407);
    let stale: Vec<_> = challenges(&gate, &refusal)
        .iter()
        .map(|challenge| challenge.contains("stale=true"))
        .collect();
    assert_eq!(stale, [true, true, false]);
}

#[test]
fn a_store_may_be_locked_or_chosen_when_the_proxy_starts() {
    let gate = offer();
    let answers = answers(&gate, NOW, 1, 2);
    let window = Mutex::new(gate.replay_window(vec![Slot::EMPTY; 8], STARTED));
    assert_eq!(send(&gate, &answers[0], &mut *window.lock().unwrap()), None);
    let store: &mut dyn ReplayStore = &mut *window.lock().unwrap();
    assert_eq!(send(&gate, &answers[0], store), Some(Reason::Replayed));
    assert_eq!(send(&gate, &answers[1], store), None);
}

#[test]
fn gates_that_share_a_key_accept_an_answer_once_if_they_share_a_store() {
    let gates = [offer(), offer()];
    let answer = &answers(&gates[0], NOW, 1, 1)[0];
    let mut shared = Everything::default();
    assert_eq!(send(&gates[1], answer, &mut shared), None);
    assert_eq!(send(&gates[0], answer, &mut shared), Some(Reason::Replayed));
}

#[test]
fn a_key_must_be_remembered_until_its_nonce_is_too_old() {
    struct Uses(Vec<(Duration, Duration)>);

    impl ReplayStore for Uses {
        fn admit(&mut self, nonce_use: &NonceUse) -> bool {
            assert_eq!(format!("{nonce_use:?}"), "NonceUse([redacted])");
            self.0.push((nonce_use.now(), nonce_use.lifetime()));
            true
        }
    }

    let gate = offer();
    let answer = &answers(&gate, NOW, 1, 1)[0];
    let mut uses = Uses(Vec::new());
    let mut last = None;
    for seconds in 0..=60 {
        let now = NOW + Duration::from_secs(seconds);
        let passes = with_ticket(&gate, answer, now, |ticket| ticket.redeem(&mut uses).map(drop));
        assert!(passes.is_ok());
        let (at, lifetime) = *uses.0.last().unwrap();
        assert_eq!(at, now);
        // The nonce may be used until then by a clock that is behind.
        assert_eq!(at + lifetime, NOW + MAX_AGE + Duration::from_millis(5001));
        last = Some(now);
    }
    let late = last.unwrap() + Duration::from_millis(1);
    let refused = with_ticket(&gate, answer, late, |ticket| ticket.redeem(&mut uses).map(drop));
    assert_eq!(reason(refused), Some(Reason::Stale));
}

#[test]
fn a_store_is_not_asked_for_refused_answers_or_for_basic() {
    struct Unreachable;

    impl ReplayStore for Unreachable {
        fn admit(&mut self, _: &NonceUse) -> bool {
            panic!("asked")
        }
    }

    let gate = offer();
    assert_eq!(send(&gate, BASIC, &mut Unreachable), None);
    let answer = answers(&gate, NOW, 1, 1).remove(0);
    let wrong = answer.replace("nc=00000001", "nc=00000002");
    assert_eq!(send(&gate, &wrong, &mut Unreachable), Some(Reason::Wrong));
    let old = &answers(&gate, BEFORE, 1, 1)[0];
    assert_eq!(send(&gate, old, &mut Unreachable), Some(Reason::Stale));
}

/// A store over a network, which answers when it is asked the third time.
struct Remote {
    used: HashSet<[u8; 20]>,
    is_reachable: bool,
}

impl AsyncReplayStore for Remote {
    async fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        let mut polls = 0;
        std::future::poll_fn(|_| {
            polls += 1;
            if polls < 3 { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        self.is_reachable && self.used.insert(nonce_use.key())
    }
}

/// Polls a future until it is ready. Returns the number of polls, too.
fn run<T>(future: impl Future<Output = T>) -> (T, usize) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for polls in 1.. {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return (output, polls);
        }
    }
    unreachable!()
}

#[test]
fn a_ticket_waits_for_a_remote_store() {
    let gate = offer();
    let mut remote = Remote {
        used: HashSet::new(),
        is_reachable: true,
    };
    let mut send = |value: &str, is_reachable| {
        remote.is_reachable = is_reachable;
        let mut polls = 0;
        let passed = with_ticket(&gate, value, NOW, |ticket| {
            let (passed, count) = run(ticket.redeem_async(&mut remote));
            polls = count;
            passed.map(|pass| pass.user().to_vec())
        });
        (passed.map_err(|refusal| refusal.reason().clone()), polls)
    };
    let answers = answers(&gate, NOW, 1, 2);
    assert_eq!(send(&answers[0], true), (Ok(NAME.into()), 3));
    assert_eq!(send(&answers[0], true), (Err(Reason::Replayed), 3));
    assert_eq!(send(&answers[1], false), (Err(Reason::Replayed), 3));
    assert_eq!(send(&answers[1], true), (Ok(NAME.into()), 3));
    // Basic does not wait.
    assert_eq!(send(BASIC, false), (Ok(NAME.into()), 1));
}

/// The request is not forwarded if the client disconnects meanwhile, but its answer may have been used.
#[test]
fn a_ticket_that_is_dropped_while_it_waits_opens_nothing() {
    let gate = offer();
    let mut remote = Remote {
        used: HashSet::new(),
        is_reachable: true,
    };
    let answer = &answers(&gate, NOW, 1, 1)[0];
    let pending = with_ticket(&gate, answer, NOW, |ticket| {
        let mut context = Context::from_waker(Waker::noop());
        Ok(pin!(ticket.redeem_async(&mut remote)).poll(&mut context).is_pending())
    });
    assert!(pending.unwrap());
    assert!(remote.used.is_empty());
}

#[test]
fn a_store_knows_the_nonce_and_the_count_of_an_answer() {
    struct Uses(Vec<([u8; 16], u32)>);

    impl ReplayStore for Uses {
        fn admit(&mut self, nonce_use: &NonceUse) -> bool {
            self.0.push((nonce_use.nonce(), nonce_use.count()));
            true
        }
    }

    let gate = offer();
    let mut uses = Uses(Vec::new());
    for answer in answers(&gate, NOW, 1, 2).iter().chain(&answers(&gate, NOW, 2, 1)) {
        assert_eq!(send(&gate, answer, &mut uses), None);
    }
    let [(first, 1), (second, 2), (other, 1)] = uses.0[..] else {
        panic!("the counts");
    };
    assert_eq!(first, second);
    assert_ne!(first, other);
}
