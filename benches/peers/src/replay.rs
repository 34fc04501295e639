//! The store of used answers with a full window, from 64 slots to a million.

use std::hint::black_box;
use std::time::{Duration, Instant};

use proxy_auth::digest::{self, ReplayWindow, Slot};
use proxy_auth::{Credentials, DigestOffer, Gate};

use crate::measure::median;

pub(crate) const SIZES: [usize; 4] = [64, 1024, 65_536, 1_000_000];

/// The slots of a set, which a nonce can be in.
const SET: usize = 8;
/// The slots of a set take 320 bytes.
const LINES: usize = 5;
const ROUNDS: u32 = 31;
/// The number of answers in a round.
const BATCH: u16 = 1024;
const STARTED: Duration = Duration::from_secs(1_445_412_481);

/// How long a window takes for an answer, in nanoseconds.
pub(crate) struct Window {
    pub(crate) slots: usize,
    /// For the next answer to a nonce in the window.
    pub(crate) next: f64,
    /// For the first answer to a new nonce, which displaces another.
    pub(crate) new: f64,
    /// For reading memory of that size, each time in the places of a set: a lower bound that depends on the size.
    pub(crate) memory: f64,
    /// `next` and `new`, divided by those of the smallest window: the medians of the rounds.
    pub(crate) ratios: [f64; 2],
}

/// A nonce: its time of issue, its number within that time, and the set that it belongs to.
#[derive(Clone, Copy)]
struct Nonce {
    millis: u64,
    unique: usize,
    set: usize,
}

/// A full window, and the nonce in each slot.
struct Full {
    window: ReplayWindow<Vec<Slot>>,
    nonces: Vec<Nonce>,
    /// As much memory as the window has: the lines of 64 bytes of each set.
    memory: Vec<[[u64; 8]; LINES]>,
    random: u64,
    clock: u64,
}

/// Measures each size. The sizes take turns, so that other load affects all of them.
pub(crate) fn windows() -> [Window; 4] {
    let mut full = SIZES.map(Full::new);
    let rounds: Vec<[[f64; 3]; 4]> = (0..ROUNDS)
        .map(|round| {
            // A count is accepted once.
            let nc = round + 2;
            full.each_mut()
                .map(|full| [full.next(nc), full.new_nonces(), full.read_memory()])
        })
        .collect();
    let of = |place: usize, kind: usize| median(rounds.iter().map(|round| round[place][kind]));
    let ratio = |place: usize, kind: usize| median(rounds.iter().map(|round| round[place][kind] / round[0][kind]));
    [0, 1, 2, 3].map(|place| Window {
        slots: SIZES[place],
        next: of(place, 0),
        new: of(place, 1),
        memory: of(place, 2),
        ratios: [ratio(place, 0), ratio(place, 1)],
    })
}

impl Full {
    fn new(slots: usize) -> Self {
        let offer = DigestOffer::new(b"32 bytes from a random source   ", [digest::Algorithm::Md5]);
        let gate = Gate::new("apps").expect("a realm").with_digest(&offer);
        let sets = slots / SET;
        let nonces = (0..slots).map(|unique| Nonce {
            millis: millis() + 1,
            unique,
            set: unique % sets,
        });
        let mut this = Self {
            window: gate.replay_window(vec![Slot::EMPTY; slots], STARTED),
            nonces: nonces.collect(),
            memory: vec![[[1; 8]; LINES]; sets],
            random: 0x9E37_79B9_7F4A_7C15,
            clock: millis() + 1,
        };
        for index in 0..slots {
            let text = answer(this.nonces[index], 1);
            assert!(this.window.admit(&read(&text), this.now()), "no slot is displaced yet");
        }
        this
    }

    fn now(&self) -> Duration {
        Duration::from_millis(self.clock)
    }

    /// Returns the time for the next count of a nonce. The nonces are in random places.
    fn next(&mut self, nc: u32) -> f64 {
        // Each place once, because a count is accepted once.
        let step = self.nonces.len().div_ceil(BATCH.into());
        let batch = self.nonces.len().min(BATCH.into());
        let offset = self.below(step);
        let mut places: Vec<_> = (0..batch)
            .map(|index| (offset + index * step) % self.nonces.len())
            .collect();
        for index in 1..places.len() {
            let other = self.below(index + 1);
            places.swap(index, other);
        }
        let nonces: Vec<_> = places.into_iter().map(|place| self.nonces[place]).collect();
        self.admit(&nonces, nc)
    }

    /// Returns the time for the first answer to a nonce that was issued after all others, so that it displaces an older one.
    fn new_nonces(&mut self) -> f64 {
        let batch = self.nonces.len().min(BATCH.into());
        let sets = self.nonces.len() / SET;
        let nonces: Vec<_> = (0..batch)
            .map(|_| {
                self.clock += 1;
                Nonce {
                    millis: self.clock,
                    unique: 0,
                    set: self.below(sets),
                }
            })
            .collect();
        let time = self.admit(&nonces, 1);
        // The oldest nonce of the set was displaced.
        for nonce in nonces {
            let sets = self.nonces.len() / SET;
            let slots = (0..SET).map(|index| nonce.set + index * sets);
            let oldest = slots.min_by_key(|&slot| self.nonces[slot].millis).expect("a set");
            self.nonces[oldest] = nonce;
        }
        time
    }

    /// Returns the time for one of these answers. Each must be accepted.
    fn admit(&mut self, nonces: &[Nonce], nc: u32) -> f64 {
        let texts: Vec<_> = nonces.iter().map(|&nonce| answer(nonce, nc)).collect();
        let answers: Vec<_> = texts.iter().map(|text| read(text)).collect();
        let now = self.now();
        let start = Instant::now();
        let admitted = answers
            .iter()
            .filter(|answer| self.window.admit(black_box(answer), now))
            .count();
        let time = start.elapsed();
        assert_eq!(admitted, nonces.len(), "not a replay");
        let count = u16::try_from(admitted).expect("a batch at most");
        time.as_secs_f64() * 1e9 / f64::from(count)
    }

    /// Returns the time for reading from a random set of the memory. Each place depends on what was read before, as a proxy does not
    /// know its next request either.
    fn read_memory(&mut self) -> f64 {
        let places: Vec<_> = (0..BATCH).map(|_| self.below(self.memory.len())).collect();
        let start = Instant::now();
        let mut zero = 0;
        for place in places {
            let set = &self.memory[place + zero];
            // All words are 1.
            zero = usize::from(set.iter().any(|line| black_box(line[0]) != 1));
        }
        let time = start.elapsed();
        assert_eq!(black_box(zero), 0);
        time.as_secs_f64() * 1e9 / f64::from(BATCH)
    }

    /// Returns a number below `end`, from a generator that is the same in each run (xorshift).
    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % end as u64).expect("below a usize")
    }
}

fn millis() -> u64 {
    u64::try_from(STARTED.as_millis()).expect("a time of this century")
}

/// Writes the credentials of a user of one's own. The tag of a genuine nonce is evenly distributed, and its first digits choose the
/// set. Here they are the set, so that each set is full.
fn answer(nonce: Nonce, nc: u32) -> String {
    let Nonce { millis, unique, set } = nonce;
    format!(
        "Digest username=\"user{millis}-{unique}-{set}\", realm=\"apps\", uri=\"example.com:443\", algorithm=MD5, \
         nonce=\"{millis:016x}{unique:016x}{set:016x}{:016x}\", nc={nc:08x}, cnonce=\"0a4f113b0a4f113b\", qop=auth, \
         response=\"8ca523f5e9506fed4657c9700eebdbec\"",
        0
    )
}

fn read(answer: &str) -> digest::Credentials<'_> {
    let credentials = Credentials::parse(answer).expect("credentials");
    digest::Credentials::read(&credentials).expect("of Digest")
}
