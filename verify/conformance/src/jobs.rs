//! Many comparisons on all cores, and what came of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::comparison::{Comparison, Disagreement};

/// How many disagreements are shown.
const SHOWN: usize = 20;

/// After how many a worker looks for no more.
const ENOUGH: usize = 1000;

/// What came of comparisons.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many strings were compared.
    pub strings: usize,
    /// How many of them were accepted, by both sides.
    pub accepted: usize,
    /// On how many the sides disagree.
    pub disagreements: usize,
    /// The first of those.
    pub shown: Vec<Disagreement>,
}

impl Tally {
    /// Checks `given`, and counts what came of it.
    pub fn check(&mut self, comparison: &Comparison, given: &[u8]) {
        self.strings += 1;
        if self.disagreements == ENOUGH {
            return;
        }
        match comparison.check(given) {
            Ok(accepted) => self.accepted += usize::from(accepted),
            Err(disagreement) => {
                self.disagreements += 1;
                if self.shown.len() < SHOWN {
                    self.shown.push(disagreement);
                }
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.strings += other.strings;
        self.accepted += other.accepted;
        self.disagreements += other.disagreements;
        self.shown.extend(other.shown);
    }

    /// That the sides agree on every string, and that there were some of either verdict.
    ///
    /// # Panics
    /// When not.
    pub fn assert_agreement(&self) {
        let shown: Vec<String> = self.shown.iter().take(SHOWN).map(ToString::to_string).collect();
        let count = self.disagreements;
        assert!(
            count == 0,
            "{count} disagreements or more, of which:\n{}",
            shown.join("\n")
        );
        assert!(0 < self.accepted && self.accepted < self.strings, "{self:?}");
    }
}

/// Does each of `jobs` once, on all cores.
///
/// # Panics
/// When `work` does.
pub fn run<J: Sync>(jobs: &[J], work: impl Fn(&J, &mut Tally) + Sync) -> Tally {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut tally = Tally::default();
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(job, &mut tally);
        }
        tally
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        let mut all = Tally::default();
        for worker in workers {
            all.add(worker.join().expect("a worker that comes to its end"));
        }
        all
    })
}
