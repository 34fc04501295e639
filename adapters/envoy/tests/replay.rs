//! The slots for nonces in use, with answers of Digest to a real gate.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use proxy_auth::digest::Algorithm;
use proxy_auth::{Account, DigestOffer, Gate, Login, Password, Policy, Request, Session, Turn};
use proxy_auth_envoy::replay::{Replays, Shared, get_or_make};

const KEY: &[u8; 32] = b"32 bytes from a random source   ";
const NOW: Duration = Duration::from_millis(1_445_412_480_123);

/// Shared data, which another worker writes before the first `races` writes.
#[derive(Default)]
struct Memory {
    values: RefCell<HashMap<String, (Vec<u8>, u32)>>,
    races: Cell<u32>,
}

impl Shared for Memory {
    fn get(&self, key: &str) -> Option<(Vec<u8>, u32)> {
        self.values.borrow().get(key).cloned()
    }

    fn set(&self, key: &str, value: &[u8], version: Option<u32>) -> bool {
        let mut values = self.values.borrow_mut();
        if self.races.get() > 0 {
            self.races.set(self.races.get() - 1);
            if let Some((_, version)) = values.get_mut(key) {
                *version += 1;
            }
            return false;
        }
        if values.get(key).map(|(_, version)| *version) != version {
            return false;
        }
        values.insert(key.to_owned(), (value.to_vec(), version.unwrap_or(0) + 1));
        true
    }
}

fn gate() -> Gate<&'static str> {
    let offer = DigestOffer::new(KEY, [Algorithm::Sha256]);
    Gate::new("apps").unwrap().with_digest(&offer)
}

/// Returns answers to one challenge, with the counts 1, 2 and so on.
fn answers(gate: &Gate<&str>, now: Duration, unique: u64, count: usize) -> Vec<String> {
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let login = Login {
        name: "aladdin",
        password: "open sesame",
    };
    let mut session = Session::<512>::new(Policy::digest_only());
    let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
    let refusal = gate.read(&request, [("Host", "x")], &mut []).unwrap_err();
    let challenge = gate
        .deny(&refusal, now, unique)
        .challenges()
        .next()
        .unwrap()
        .to_string();
    let _ = session.receive(pending, 407, [("Proxy-Authenticate", &challenge)]);
    let answer = || {
        session
            .authorize(Turn::FIRST, &login, &request, [7; 16])
            .unwrap()
            .0
            .unwrap()
            .to_string()
    };
    std::iter::repeat_with(answer).take(count).collect()
}

fn passes(gate: &Gate<&str>, memory: &Memory, slots: u32, answer: &str, now: Duration) -> bool {
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let mut scratch = [0; 512];
    let attempt = gate
        .read(&request, [("Proxy-Authorization", answer)], &mut scratch)
        .unwrap();
    let account = Account::new("aladdin", Password::new("open sesame"));
    let mut store = Replays {
        shared: memory,
        prefix: "p",
        slots,
    };
    attempt
        .check(Some(account), now)
        .is_ok_and(|ticket| ticket.redeem(&mut store).is_ok())
}

#[test]
fn an_answer_passes_once() {
    let (gate, memory) = (gate(), Memory::default());
    let answers = answers(&gate, NOW, 1, 70);
    for answer in answers.iter().rev().take(64) {
        assert!(passes(&gate, &memory, 64, answer, NOW));
    }
    for answer in &answers {
        assert!(!passes(&gate, &memory, 64, answer, NOW));
    }
}

#[test]
fn a_race_is_repeated_but_not_for_ever() {
    let (gate, memory) = (gate(), Memory::default());
    let answers = answers(&gate, NOW, 1, 2);
    memory.races.set(3);
    assert!(passes(&gate, &memory, 8, &answers[0], NOW));
    memory.races.set(1000);
    assert!(!passes(&gate, &memory, 8, &answers[1], NOW));
}

#[test]
fn full_slots_refuse_until_nonces_are_too_old() {
    let (gate, memory) = (gate(), Memory::default());
    let answer = |now, unique| answers(&gate, now, unique, 1).remove(0);
    for unique in 0..8 {
        assert!(passes(&gate, &memory, 8, &answer(NOW, unique), NOW));
    }
    assert!(!passes(&gate, &memory, 8, &answer(NOW, 8), NOW));
    let later = NOW + Duration::from_secs(400);
    assert!(passes(&gate, &memory, 8, &answer(later, 9), later));
    // The clock is set back: what was forgotten does not pass again.
    assert!(!passes(&gate, &memory, 8, &answer(NOW, 0), NOW));
    assert_eq!(memory.values.borrow().len(), 1);
}

#[test]
fn damaged_memory_refuses() {
    let (gate, memory) = (gate(), Memory::default());
    memory.values.borrow_mut().insert("p/0".to_owned(), (vec![1; 9], 1));
    assert!(!passes(&gate, &memory, 8, &answers(&gate, NOW, 1, 1)[0], NOW));
}

#[test]
fn a_key_is_made_once() {
    let memory = Memory::default();
    assert_eq!(get_or_make(&memory, "k", || Some([1; 4])), Some([1; 4]));
    assert_eq!(get_or_make(&memory, "k", || Some([2; 4])), Some([1; 4]));
    assert_eq!(get_or_make::<4>(&memory, "other", || None), None);
}
