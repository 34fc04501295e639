//! Chow's W-method ("Testing Software Design Modeled by Finite-State Machines", IEEE TSE 4(3), 1978): strings that
//! distinguish an automaton from every other automaton that has at most k more states.
//!
//! The strings are P · (Σ⁰ ∪ … ∪ Σᵏ) · W. P, the transition cover, leads to each state and from there through each
//! transition. W, the characterising set, distinguishes any two states by the verdicts on the strings after them. A
//! parser is not an automaton, but its verdicts can be compared.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::automaton::{Automaton, State};

/// A complete test suite, which generates its strings on demand.
#[derive(Clone, Debug)]
pub struct Suite {
    alphabet: Vec<u8>,
    /// Q, a shortest string to each state. Then P = Q ∪ Q·Σ, and P · (Σ⁰ ∪ … ∪ Σᵏ) = Q · (Σ⁰ ∪ … ∪ Σᵏ⁺¹).
    state_cover: Vec<Vec<u8>>,
    characterising: Vec<Vec<u8>>,
    extra_states: usize,
}

impl Suite {
    /// Creates the suite that is complete for automata with at most `extra_states` more states than `automaton`, over
    /// the bytes of `alphabet`.
    #[must_use]
    pub fn new(automaton: &Automaton, alphabet: &[u8], extra_states: usize) -> Self {
        Self {
            alphabet: alphabet.to_vec(),
            state_cover: automaton.access().to_vec(),
            characterising: characterising_set(automaton),
            extra_states,
        }
    }

    /// Returns a shortest string to each state. [`visit`](Self::visit) starts from one of these.
    #[must_use]
    pub fn state_cover(&self) -> &[Vec<u8>] {
        &self.state_cover
    }

    /// Returns the suffixes that distinguish the states.
    #[must_use]
    pub fn characterising(&self) -> &[Vec<u8>] {
        &self.characterising
    }

    /// Calls `visit` with every string of the suite that starts with `cover`, one of
    /// [`state_cover`](Self::state_cover), and with no longer one of these.
    pub fn visit(&self, cover: &[u8], mut visit: impl FnMut(&[u8])) {
        let others = self
            .state_cover
            .iter()
            .map(Vec::as_slice)
            .filter(|&other| other != cover);
        let mut string = cover.to_vec();
        self.visit_from(&mut string, self.extra_states + 1, &others.collect(), &mut visit);
    }

    fn visit_from(&self, string: &mut Vec<u8>, longest: usize, others: &HashSet<&[u8]>, visit: &mut impl FnMut(&[u8])) {
        if others.contains(string.as_slice()) {
            // The call for the longer one visits these, and goes further.
            return;
        }
        for suffix in &self.characterising {
            let middle = string.len();
            string.extend(suffix);
            visit(string);
            string.truncate(middle);
        }
        if longest == 0 {
            return;
        }
        for &byte in &self.alphabet {
            string.push(byte);
            self.visit_from(string, longest - 1, others, visit);
            string.pop();
        }
    }
}

/// Returns suffixes such that, for any two states, the verdicts on one suffix differ.
fn characterising_set(automaton: &Automaton) -> Vec<Vec<u8>> {
    let mut alike = pairs(automaton.states());
    let mut candidates: Vec<Vec<u8>> = alike.iter().map(|&pair| distinguishing(automaton, pair)).collect();
    candidates.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    candidates.dedup();

    let mut set = Vec::new();
    while !alike.is_empty() {
        let distinguished = |suffix: &Vec<u8>| {
            alike
                .iter()
                .filter(|&&pair| distinguishes(automaton, suffix, pair))
                .count()
        };
        // The first of the suffixes that distinguish most pairs, which is one of the shortest.
        let best = candidates.iter().rev().max_by_key(|suffix| distinguished(suffix));
        let best = best.expect("the suffix of a remaining pair is a candidate").clone();
        alike.retain(|&pair| !distinguishes(automaton, &best, pair));
        set.push(best);
    }
    set
}

fn pairs(states: usize) -> Vec<(State, State)> {
    (0..states).flat_map(|b| (0..b).map(move |a| (a, b))).collect()
}

fn distinguishes(automaton: &Automaton, suffix: &[u8], (a, b): (State, State)) -> bool {
    automaton.output(automaton.walk(a, suffix)) != automaton.output(automaton.walk(b, suffix))
}

/// Returns a shortest suffix that distinguishes two states.
fn distinguishing(automaton: &Automaton, pair: (State, State)) -> Vec<u8> {
    let mut suffixes = HashMap::from([(pair, Vec::new())]);
    let mut queue = VecDeque::from([pair]);
    while let Some((a, b)) = queue.pop_front() {
        let suffix = suffixes[&(a, b)].clone();
        if automaton.output(a) != automaton.output(b) {
            return suffix;
        }
        for &byte in automaton.alphabet() {
            let next = (automaton.step(a, byte), automaton.step(b, byte));
            suffixes.entry(next).or_insert_with(|| {
                queue.push_back(next);
                [suffix.as_slice(), &[byte]].concat()
            });
        }
    }
    unreachable!("no two states of a minimal automaton are equivalent")
}
