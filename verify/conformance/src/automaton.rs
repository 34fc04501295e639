//! A minimal complete deterministic automaton over bytes.
//!
//! `regex-automata` determinises a regular expression. Its automata report a match one byte late, and have a transition
//! for the end of the input. This module removes both, and minimises the plain automaton by Moore's refinement.

use std::collections::{BTreeMap, HashMap, VecDeque};

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use regex_automata::{Anchored, MatchKind};

/// A state. States are numbered in the order of their access strings, and the start is 0.
pub(crate) type State = usize;

/// The verdict on the strings that lead to a state. 0 rejects them.
pub(crate) type Output = usize;

/// A minimal complete deterministic automaton.
#[derive(Clone, Debug)]
pub struct Automaton {
    /// The class of each byte.
    class_of: Vec<usize>,
    /// The byte that represents each class.
    alphabet: Vec<u8>,
    /// The next state, for each state and each class.
    next: Vec<Vec<State>>,
    outputs: Vec<Output>,
    /// A shortest string that leads to each state.
    access: Vec<Vec<u8>>,
    dead: Option<State>,
}

const START: State = 0;

impl Automaton {
    /// Compiles a regular expression that must match the whole string.
    ///
    /// # Panics
    /// Panics if `expression` is not a regular expression over bytes.
    #[must_use]
    pub fn compile(expression: &str) -> Self {
        Self::minimise(&Table::determinise(expression))
    }

    /// Merges the states of `table` that no string distinguishes.
    pub(crate) fn minimise(table: &Table) -> Self {
        let blocks = table.equivalent_states();
        // The row of one state of each block.
        let rows: BTreeMap<usize, &Vec<State>> = blocks.iter().copied().zip(&table.next).collect();
        let outputs: BTreeMap<usize, Output> = blocks.iter().copied().zip(table.outputs.iter().copied()).collect();

        let (class_of, alphabet) = byte_classes(|byte| rows.values().map(|row| blocks[row[byte]]).collect());

        // Breadth-first search finds the shortest access strings.
        let mut numbers = HashMap::from([(blocks[START], START)]);
        let mut queue = VecDeque::from([(blocks[START], Vec::new())]);
        let (mut order, mut access) = (Vec::new(), Vec::new());
        while let Some((block, string)) = queue.pop_front() {
            for &byte in &alphabet {
                let next = blocks[rows[&block][usize::from(byte)]];
                let number = numbers.len();
                numbers.entry(next).or_insert_with(|| {
                    queue.push_back((next, [string.as_slice(), &[byte]].concat()));
                    number
                });
            }
            order.push(block);
            access.push(string);
        }
        let next: Vec<Vec<State>> = order
            .iter()
            .map(|block| {
                let row = rows[block];
                let number = |&byte: &u8| numbers[&blocks[row[usize::from(byte)]]];
                alphabet.iter().map(number).collect()
            })
            .collect();
        let outputs: Vec<Output> = order.iter().map(|block| outputs[block]).collect();
        let is_dead = |&state: &State| outputs[state] == 0 && next[state].iter().all(|&to| to == state);
        let dead = (0..next.len()).find(is_dead);
        Self {
            class_of,
            alphabet,
            next,
            outputs,
            access,
            dead,
        }
    }

    /// Returns the number of states, including the dead state.
    #[must_use]
    pub fn states(&self) -> usize {
        self.next.len()
    }

    /// Returns one byte of each class. No state distinguishes the bytes of a class.
    #[must_use]
    pub fn alphabet(&self) -> &[u8] {
        &self.alphabet
    }

    /// Returns a shortest string that leads to each state.
    #[must_use]
    pub fn access(&self) -> &[Vec<u8>] {
        &self.access
    }

    /// Returns the verdict on strings that lead to `state`. 0 rejects them.
    #[must_use]
    pub fn output(&self, state: State) -> Output {
        self.outputs[state]
    }

    /// Checks that the automaton accepts strings that lead to `state`.
    #[must_use]
    pub fn is_accepting(&self, state: State) -> bool {
        self.outputs[state] != 0
    }

    /// Returns the state from which nothing is accepted.
    #[must_use]
    pub const fn dead(&self) -> Option<State> {
        self.dead
    }

    /// Returns the state after `byte`.
    #[must_use]
    pub fn step(&self, state: State, byte: u8) -> State {
        self.next[state][self.class_of[usize::from(byte)]]
    }

    /// Returns the state after `string`, starting from `state`.
    #[must_use]
    pub fn walk(&self, state: State, string: &[u8]) -> State {
        string.iter().fold(state, |state, &byte| self.step(state, byte))
    }

    /// Checks that the automaton accepts the whole of `string`.
    #[must_use]
    pub fn accepts(&self, string: &[u8]) -> bool {
        self.is_accepting(self.walk(START, string))
    }

    /// Returns the offset of the first byte after which no continuation is accepted.
    #[must_use]
    pub fn first_dead_offset(&self, string: &[u8]) -> Option<usize> {
        let dead = self.dead?;
        let mut state = START;
        string.iter().position(|&byte| {
            state = self.step(state, byte);
            state == dead
        })
    }
}

/// A complete deterministic automaton that is not minimal, with a column for each byte.
pub(crate) struct Table {
    pub(crate) next: Vec<Vec<State>>,
    pub(crate) outputs: Vec<Output>,
}

impl Table {
    fn determinise(expression: &str) -> Self {
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            // All matches count, not only the first.
            .match_kind(MatchKind::All);
        let dfa = dense::Builder::new()
            .configure(config)
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .build(expression)
            .expect("a regular expression over bytes");
        let start = dfa
            .universal_start_state(Anchored::Yes)
            .expect("the start does not depend on the bytes before the string");

        let mut numbers = HashMap::from([(start, START)]);
        let mut states: Vec<StateID> = vec![start];
        let mut next: Vec<Vec<State>> = Vec::new();
        while let Some(&state) = states.get(next.len()) {
            let mut row = Vec::new();
            for byte in 0..=u8::MAX {
                let to = dfa.next_state(state, byte);
                assert!(!dfa.is_quit_state(to), "the automaton never gives up");
                let number = *numbers.entry(to).or_insert_with(|| {
                    states.push(to);
                    states.len() - 1
                });
                row.push(number);
            }
            next.push(row);
        }
        let outputs = states
            .iter()
            .map(|&state| usize::from(dfa.is_match_state(dfa.next_eoi_state(state))))
            .collect();
        Self { next, outputs }
    }

    /// Returns the block of each state, by Moore's refinement: the states after which every string has the same verdict.
    fn equivalent_states(&self) -> Vec<usize> {
        let mut blocks = self.outputs.clone();
        let mut count = 0;
        loop {
            let mut signatures = HashMap::new();
            blocks = (0..blocks.len())
                .map(|state| {
                    let row: Vec<usize> = self.next[state].iter().map(|&to| blocks[to]).collect();
                    let number = signatures.len();
                    *signatures.entry((blocks[state], row)).or_insert(number)
                })
                .collect();
            if signatures.len() == count {
                return blocks;
            }
            count = signatures.len();
        }
    }
}

/// Returns the class of each byte, and the byte that represents each class. Bytes with equal columns form a class.
fn byte_classes(column: impl Fn(usize) -> Vec<usize>) -> (Vec<usize>, Vec<u8>) {
    let mut classes: HashMap<Vec<usize>, usize> = HashMap::new();
    let mut alphabet = Vec::new();
    let mut class_of = vec![0; 256];
    // Letters represent their classes, or else visible characters, if there are any.
    let mut bytes: Vec<u8> = (0..=u8::MAX).collect();
    bytes.sort_by_key(|byte| (!byte.is_ascii_lowercase(), !byte.is_ascii_graphic(), *byte));
    for byte in bytes {
        let class = *classes.entry(column(usize::from(byte))).or_insert_with(|| {
            alphabet.push(byte);
            alphabet.len() - 1
        });
        class_of[usize::from(byte)] = class;
    }
    (class_of, alphabet)
}
