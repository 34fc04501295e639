//! Tests the replay window: the counts that it remembers, displacement, and refusals.
#![cfg(feature = "digest")]

use std::collections::{BTreeMap, HashSet};
use std::thread;
use std::time::Duration;

use proptest::prelude::*;
use proxy_auth::digest::{Credentials, ReplayWindow, Slot, Verifier};

const KEY: &[u8; 32] = b"32 bytes from a random source   ";

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Returns a verifier whose nonces are valid for 300 seconds.
fn verifier() -> Verifier<'static> {
    Verifier::new("r", KEY, secs(300)).unwrap()
}

/// The time of issue of a nonce, and its unique number.
type Made = (Duration, u64);

/// Asks `window` at `now` to admit a use of a nonce, as if it had been verified.
fn admits<S: AsMut<[Slot]>>(
    window: &mut ReplayWindow<S>,
    user: &str,
    (made, unique): Made,
    nc: u32,
    now: Duration,
) -> bool {
    let nonce = verifier().nonce(made, unique);
    let value = format!(
        "Digest username=\"{user}\", realm=r, nonce={}, uri=\"/\", response={}, cnonce=c, qop=auth, nc={nc:08x}",
        nonce.as_str(),
        "0".repeat(32),
    );
    let credentials = proxy_auth::Credentials::parse(&value).unwrap();
    window.admit(&Credentials::read(&credentials).unwrap(), now)
}

#[test]
fn a_slot_takes_40_bytes() {
    assert_eq!(size_of::<Slot>(), 40);
    assert_eq!(size_of::<[Slot; 100]>(), 4000);
}

#[test]
fn a_large_window_needs_no_stack() {
    let small_stack = thread::Builder::new().stack_size(64 * 1024);
    let admitted = small_stack.spawn(|| {
        let mut window = ReplayWindow::new(&verifier(), vec![Slot::EMPTY; 131_072], secs(0));
        (1..=2)
            .map(|_| admits(&mut window, "u", (secs(1), 0), 1, secs(1)))
            .collect::<Vec<_>>()
    });
    assert_eq!(admitted.unwrap().join().unwrap(), [true, false]);
}

#[test]
fn any_memory_can_hold_the_slots() {
    let mut slots = [Slot::EMPTY; 8];
    let mut borrowed = ReplayWindow::new(&verifier(), &mut slots[..], secs(0));
    assert!(admits(&mut borrowed, "u", (secs(1), 0), 1, secs(1)));
    // The old contents are overwritten.
    let mut again = ReplayWindow::new(&verifier(), slots, secs(0));
    assert!(admits(&mut again, "u", (secs(1), 0), 1, secs(1)));
    let boxed: Box<[Slot]> = vec![Slot::EMPTY; 3].into();
    assert!(admits(
        &mut ReplayWindow::new(&verifier(), boxed, secs(0)),
        "u",
        (secs(1), 0),
        1,
        secs(1)
    ));
    // Without memory, every answer is refused.
    let mut nothing = ReplayWindow::new(&verifier(), [Slot::EMPTY; 0], secs(0));
    assert!(!admits(&mut nothing, "u", (secs(1), 0), 1, secs(1)));
}

#[test]
fn a_count_of_zero_is_refused() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(0));
    assert!(!admits(&mut window, "u", (secs(1), 0), 0, secs(1)));
    assert!(admits(&mut window, "u", (secs(1), 0), 1, secs(1)));
    assert!(!admits(&mut window, "u", (secs(1), 0), 0, secs(1)));
}

/// Without `qop`, the proof does not cover the count, so anyone can change it.
#[test]
fn a_count_without_qop_is_refused() {
    let nonce = verifier().nonce(secs(1), 1);
    let value = format!(
        "Digest username=u, realm=r, nonce={}, uri=\"/\", response={}, nc=00000001",
        nonce.as_str(),
        "0".repeat(32),
    );
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(0));
    for (more, admitted) in [("", false), (", cnonce=c", false), (", cnonce=c, qop=auth", true)] {
        let value = format!("{value}{more}");
        let credentials = proxy_auth::Credentials::parse(&value).unwrap();
        let credentials = Credentials::read(&credentials).unwrap();
        assert_eq!(window.admit(&credentials, secs(1)), admitted, "{more}");
    }
}

#[test]
fn nonces_issued_before_a_restart_are_refused() {
    let created = Duration::from_millis(1500);
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], created);
    for (millis, is_after) in [(1000, false), (1499, false), (1500, false), (1501, true)] {
        let made = Duration::from_millis(millis);
        assert_eq!(admits(&mut window, "u", (made, 0), 1, secs(2)), is_after, "{millis}");
    }
    // A nonce may have been used in the millisecond of the creation, before the restart.
    assert!(!admits(&mut window, "u", (created, 0), 1, created));
}

#[test]
fn old_nonces_are_refused_and_make_room() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(0));
    for unique in 0..8 {
        assert!(admits(&mut window, "a", (secs(1), unique), 1, secs(1)));
    }
    assert!(admits(&mut window, "a", (secs(1), 0), 2, secs(301)));
    assert!(!admits(&mut window, "a", (secs(1), 0), 3, secs(302)));
    // Another user's nonces take the free slots, so none is displaced.
    for unique in 0..8 {
        assert!(admits(&mut window, "b", (secs(2), unique), 1, secs(302)));
    }
    for unique in 0..8 {
        assert!(admits(&mut window, "b", (secs(2), unique), 2, secs(302)), "{unique}");
    }
    // If the clock is set back, the old nonces stay refused.
    for unique in 0..8 {
        assert!(!admits(&mut window, "a", (secs(1), unique), 1, secs(301)), "{unique}");
    }
}

#[test]
fn the_nonces_of_one_user_do_not_displace_those_of_another() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(0));
    for (unique, user) in ["a", "b", "c"].into_iter().enumerate() {
        assert!(admits(&mut window, user, (secs(1), unique as u64), 1, secs(1)));
    }
    let greedy = |unique| (Duration::from_millis(2000 + unique), unique);
    for unique in 100..200 {
        assert!(admits(&mut window, "greedy", greedy(unique), 1, secs(3)), "{unique}");
    }
    for (unique, user) in ["a", "b", "c"].into_iter().enumerate() {
        assert!(
            admits(&mut window, user, (secs(1), unique as u64), 2, secs(3)),
            "{user}"
        );
    }
    // The oldest nonces of "greedy" were displaced, and stay refused.
    let left: Vec<_> = (100..200)
        .filter(|&unique| admits(&mut window, "greedy", greedy(unique), 2, secs(3)))
        .collect();
    assert_eq!(left, [195, 196, 197, 198, 199]);
}

#[test]
fn the_oldest_nonce_is_displaced_and_stays_refused() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 2], secs(0));
    let mut admits = |second, nc| admits(&mut window, "u", (secs(second), 0), nc, secs(10));
    assert!(admits(2, 1) && admits(3, 1));
    assert!(admits(4, 1), "replaces 2");
    assert!(!admits(2, 2), "displaced");
    assert!(
        !admits(1, 1),
        "older than a displaced nonce, so it may have been displaced, too"
    );
    assert!(admits(3, 2) && !admits(3, 2));
    assert!(admits(5, 1), "replaces 3");
    assert!(!admits(3, 3) && admits(4, 2));
}

#[test]
fn nonces_of_the_first_moment_are_refused_once_displaced() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 1], secs(0));
    let first = Duration::from_millis(1);
    assert!(admits(&mut window, "u", (first, 0), 1, first));
    assert!(admits(&mut window, "u", (secs(1), 0), 1, secs(1)));
    assert!(!admits(&mut window, "u", (first, 0), 1, secs(1)));
}

#[test]
fn nonces_from_the_future_are_displaced_after_the_clock_is_set_back() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(0));
    for unique in 0..8 {
        assert!(admits(&mut window, "u", (secs(1_000_000), unique), 1, secs(1_000_000)));
    }
    // The clock was wrong, so the window is full of nonces from the future. Then the clock is set back. At first, the calls may be late.
    assert!(!admits(&mut window, "u", (secs(100), 8), 1, secs(100)));
    assert!(!admits(&mut window, "u", (secs(3700), 8), 1, secs(3700)));
    for unique in 0..8 {
        assert!(
            admits(&mut window, "u", (secs(3701), unique), 1, secs(3701)),
            "{unique}"
        );
        assert!(
            !admits(&mut window, "u", (secs(3701), unique), 1, secs(3701)),
            "{unique}"
        );
        assert!(
            !admits(&mut window, "u", (secs(1_000_000), unique), 1, secs(3701)),
            "{unique}"
        );
    }
    // Nonces issued before the window's creation are refused.
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(1_000_000));
    assert!(!admits(&mut window, "u", (secs(100), 0), 1, secs(100)));
}

#[test]
fn a_clock_that_was_ahead_does_not_lock_the_window() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(900));
    // While the clock is ahead, nonces are displaced, and become too old.
    for unique in 0..9 {
        let ahead = secs(1_000_000 + unique);
        assert!(admits(&mut window, "u", (ahead, unique), 1, ahead));
    }
    // For an hour and 5 seconds, current nonces are refused, because they may have been displaced.
    for now in [1000, 1301, 4600, 4601, 4606] {
        assert!(!admits(&mut window, "u", (secs(now), 1), 1, secs(now)), "{now}");
    }
    assert!(admits(&mut window, "u", (secs(4607), 2), 1, secs(4607)));
    assert!(!admits(&mut window, "u", (secs(4607), 2), 1, secs(4607)));
}

#[test]
fn a_late_call_displaces_nothing() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(0));
    let fill =
        |window: &mut ReplayWindow<_>, nc| (0..7).all(|unique| admits(window, "u", (secs(100), unique), nc, secs(100)));
    assert!(fill(&mut window, 1));
    // A free slot may be used.
    assert!(admits(&mut window, "late", (secs(94), 1), 1, secs(94)));
    assert!(!admits(&mut window, "late", (secs(94), 1), 1, secs(94)));
    assert!(admits(&mut window, "late", (secs(94), 1), 2, secs(94)));
    // However many late calls follow, none displaces a nonce, as long as a call is in time now and then.
    for second in 0..600 {
        if second % 100 == 0 {
            assert!(!admits(&mut window, "u", (secs(100), 0), 1, secs(100)));
        }
        let now = secs(90 + second % 5);
        assert!(!admits(&mut window, "late", (secs(90), second), 1, now), "{second}");
    }
    assert!(!(0..7).any(|unique| admits(&mut window, "u", (secs(100), unique), 1, secs(100))));
    assert!(fill(&mut window, 2));
}

#[test]
fn nonces_from_the_future_are_kept_while_there_is_space() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(900));
    assert!(admits(&mut window, "u", (secs(1000), 1), 1, secs(1000)));
    // The clock is set back by ten seconds.
    for unique in 2..=8 {
        assert!(admits(&mut window, "u", (secs(990), unique), 1, secs(990)));
    }
    assert!(
        !admits(&mut window, "u", (secs(1000), 1), 1, secs(1000)),
        "an answer was admitted twice"
    );
}

#[test]
fn a_call_a_little_before_the_latest_forgets_no_nonce_from_the_future() {
    // The nonce was issued within the tolerated 5 seconds after the first call. The second call is less than 5 seconds before it.
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 1], secs(0));
    assert!(admits(&mut window, "u", (secs(255), 0), 1, secs(253)));
    assert!(admits(&mut window, "u", (secs(253), 1), 1, secs(249)));
    assert!(
        !admits(&mut window, "u", (secs(255), 0), 1, secs(253)),
        "an answer was admitted twice"
    );
}

#[test]
fn a_call_a_little_before_the_latest_readmits_no_displaced_nonce_from_the_future() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 1], secs(0));
    assert!(admits(&mut window, "u", (secs(105), 0), 1, secs(100)));
    assert!(admits(&mut window, "u", (secs(100), 1), 1, secs(100)));
    assert!(!admits(&mut window, "u", (secs(96), 2), 1, secs(96)));
    assert!(
        !admits(&mut window, "u", (secs(105), 0), 1, secs(100)),
        "an answer was admitted twice"
    );
}

#[test]
fn excess_slots_belong_to_the_last_set() {
    let mut window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 15], secs(0));
    for nc in 1..=2 {
        for unique in 0..15 {
            assert!(
                admits(
                    &mut window,
                    "u",
                    (Duration::from_millis(unique + 1), unique),
                    nc,
                    secs(1)
                ),
                "{unique} {nc}"
            );
        }
    }
}

#[test]
fn many_nonces_spread_over_the_sets() {
    let mut window = ReplayWindow::new(&verifier(), vec![Slot::EMPTY; 2048], secs(0));
    let mut admits = |unique, nc| {
        admits(
            &mut window,
            "u",
            (Duration::from_millis(unique + 1), unique),
            nc,
            secs(2),
        )
    };
    for unique in 0..1024 {
        assert!(admits(unique, 1));
    }
    // With twice as many slots as nonces, few are displaced: by chance, some sets have more nonces than others.
    let kept = (0..1024).filter(|&unique| admits(unique, 2)).count();
    assert!(kept > 980, "{kept}");
    for unique in 0..1024 {
        assert!(!admits(unique, 1) && !admits(unique, 2), "{unique}");
    }
}

#[test]
fn debug_shows_no_secrets() {
    let window = ReplayWindow::new(&verifier(), [Slot::EMPTY; 8], secs(0));
    assert_eq!(
        format!("{window:?}"),
        "ReplayWindow { max_age_seconds: 300, created: 0, .. }"
    );
    assert_eq!(format!("{:?}", Slot::EMPTY), "Slot { .. }");
}

/// A use of a nonce: the user, the seconds since the last use, the nonce, and its count.
fn uses() -> impl Strategy<Value = Vec<(usize, u64, u64, u32)>> {
    prop::collection::vec((0..3_usize, 0..40_u64, 0..12_u64, 0..70_u32), 0..300)
}

/// A model of one set of slots with one user, which uses ordinary sets.
struct Model {
    capacity: usize,
    used: BTreeMap<Duration, HashSet<u32>>,
    /// The newest nonce that was displaced.
    displaced: Option<Duration>,
}

impl Model {
    fn admits(&mut self, made: Duration, nc: u32) -> bool {
        if nc == 0 {
            return false;
        }
        if let Some(used) = self.used.get_mut(&made) {
            let greatest = *used.iter().max().unwrap();
            return (nc > greatest || greatest - nc < 64) && used.insert(nc);
        }
        if self.capacity == 0 || self.displaced.is_some_and(|displaced| made <= displaced) {
            return false;
        }
        if self.used.len() == self.capacity {
            let (oldest, _) = self.used.pop_first().unwrap();
            self.displaced = self.displaced.max(Some(oldest));
        }
        self.used.insert(made, HashSet::from([nc]));
        true
    }
}

proptest! {
    #[test]
    fn a_window_admits_exactly_the_answers_that_the_model_admits(
        uses in prop::collection::vec(
            (0..12_u64, prop_oneof![0..140_u32, prop::sample::select(vec![1000, 1063, 1064, u32::MAX - 1, u32::MAX])]),
            0..300,
        ),
        capacity in 0..=8_usize,
    ) {
        let mut window = ReplayWindow::new(&verifier(), vec![Slot::EMPTY; capacity], secs(0));
        let mut model = Model { capacity, used: BTreeMap::new(), displaced: None };
        for (made, nc) in uses {
            let made = secs(made + 1);
            let admitted = admits(&mut window, "u", (made, 0), nc, secs(13));
            prop_assert_eq!(admitted, model.admits(made, nc), "capacity {}, made {:?}, count {}", capacity, made, nc);
        }
    }

    #[test]
    fn no_answer_is_admitted_twice(uses in uses(), slots in 0..20_usize, age in 0..100_u64) {
        let mut window = ReplayWindow::new(&verifier(), vec![Slot::EMPTY; slots], secs(1000));
        let mut admitted = HashSet::new();
        let mut now = secs(1000);
        for (user, passed, unique, nc) in uses {
            now += secs(passed);
            // Some nonces are from the past, some from before the window's creation, and some are too old.
            let made = now.saturating_sub(secs(age * unique));
            if admits(&mut window, ["a", "b", "c"][user], (made, unique), nc, now) {
                prop_assert!(nc > 0 && made > secs(1000));
                prop_assert!(admitted.insert((made, unique, nc)), "{made:?} {unique} {nc}");
            }
        }
    }

    #[test]
    fn known_nonces_are_distinguished_from_new_ones(uses in uses(), slots in 1..40_usize) {
        // Use few nonces, so that most uses are of a known nonce.
        let mut window = ReplayWindow::new(&verifier(), vec![Slot::EMPTY; slots], secs(0));
        let mut admitted = HashSet::new();
        for (user, _, unique, nc) in uses {
            let made = secs(unique / 4 + 1);
            if admits(&mut window, ["a", "b", "c"][user], (made, unique), nc, secs(10)) {
                prop_assert!(admitted.insert((unique, nc)), "{unique} {nc}");
            }
        }
    }
}
