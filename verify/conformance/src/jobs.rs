//! Runs many comparisons on all cores, and counts their results.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::automaton::Automaton;
use crate::comparison::{Comparison, Disagreement};
use crate::grammar::Grammar;
use crate::w_method::Suite;

/// The number of disagreements that are shown.
const SHOWN: usize = 20;

/// The number of disagreements after which a worker stops comparing.
const ENOUGH: usize = 1000;

/// The results of comparisons.
#[derive(Debug, Default)]
pub struct Tally {
    /// The number of compared strings.
    pub strings: usize,
    /// The number of strings that both sides accepted.
    pub accepted: usize,
    /// The number of strings on which the sides disagree.
    pub disagreements: usize,
    /// The first disagreements.
    pub shown: Vec<Disagreement>,
}

impl Tally {
    /// Compares on `given`, and counts the result.
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

    /// Asserts that the sides agree on every string, and that some strings were accepted and some were rejected.
    ///
    /// # Panics
    /// Panics otherwise.
    pub fn assert_agreement(&self) {
        let shown: Vec<String> = self.shown.iter().take(SHOWN).map(ToString::to_string).collect();
        let count = self.disagreements;
        assert!(
            count == 0,
            "at least {count} disagreements, including:\n{}",
            shown.join("\n")
        );
        assert!(0 < self.accepted && self.accepted < self.strings, "{self:?}");
    }
}

/// Runs each of `jobs` once, on all cores.
///
/// # Panics
/// Panics if `work` panics.
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
            all.add(worker.join().expect("no worker panics"));
        }
        all
    })
}

/// Compares on every string of the suite of `automaton`, and prints the figures.
///
/// # Panics
/// Panics if the sides disagree on a string.
pub fn compare_suite(
    grammar: Grammar,
    comparison: &Comparison,
    automaton: &Automaton,
    alphabet: &[u8],
    extra_states: usize,
) {
    let begun = Instant::now();
    let suite = Suite::new(automaton, alphabet, extra_states);
    let tally = run(suite.state_cover(), |cover, tally| {
        suite.visit(cover, |string| tally.check(comparison, string));
    });
    println!(
        "{}: {} states, {} bytes, k = {extra_states}, {} suffixes: {} strings, {} accepted, {:.1?}",
        grammar.field(),
        automaton.states(),
        alphabet.len(),
        suite.characterising().len(),
        tally.strings,
        tally.accepted,
        begun.elapsed(),
    );
    tally.assert_agreement();
}
