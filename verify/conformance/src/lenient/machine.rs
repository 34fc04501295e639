//! Combines the tables into one automaton: state, context and scan.

use std::collections::HashMap;
use std::hash::Hash;

use crate::automaton::{Automaton, State, Table};
use crate::grammar::Grammar;

use super::Verdict;
use super::table::{Cell, Class, Tables};

/// The state of each table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Combined {
    state: &'static str,
    /// The context, where it matters.
    context: &'static str,
    /// The state of the scan for the end of damage, while it runs.
    scan: Option<&'static str>,
}

/// The states that depend on the context.
const IN_CONTEXT: [&str; 3] = ["between", "word", "space"];

/// The states in which a scan starts, and while only the scan runs.
const SKIP: &str = "skip";
const SKIP_QUOTED: &str = "skip-quoted";
const RESUME: &str = "resume";

/// The automaton that results from the tables.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    grammar: Grammar,
    /// The step from each state, for each class.
    steps: Vec<Vec<Step>>,
    /// The actions at the end in each state.
    ends: Vec<Option<&'static [u8]>>,
}

/// A step: actions, and the next state.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) actions: Vec<u8>,
    pub(super) next: State,
}

impl Machine {
    pub(super) const START: State = 0;

    /// Combines the tables for `grammar`.
    pub(super) fn new(grammar: Grammar) -> Self {
        let list = grammar == Grammar::Authenticate;
        let tables = Tables::new(list);
        let start = match grammar {
            Grammar::Authenticate => enter(&tables, "start", "", None),
            Grammar::Authorization => enter(&tables, "scheme", "", None),
            Grammar::AuthenticationInfo => enter(&tables, "params", "", None),
        };
        let mut reached = Reached::new(start);
        let (mut steps, mut ends) = (Vec::new(), Vec::new());
        while let Some(from) = reached.get(steps.len()) {
            let step_for = |class| {
                let (actions, to) = step(&tables, list, from, class);
                let next = reached.number(to);
                Step { actions, next }
            };
            steps.push(Class::ALL.map(step_for).to_vec());
            ends.push(match from.state {
                RESUME => Some(&[][..]),
                state => tables.end(state),
            });
        }
        Self { grammar, steps, ends }
    }

    pub(super) fn states(&self) -> usize {
        self.steps.len()
    }

    pub(super) fn step(&self, state: State, class: Class) -> &Step {
        &self.steps[state][class as usize]
    }

    /// Returns the actions at the end of a trimmed value.
    pub(super) fn end(&self, state: State) -> &'static [u8] {
        self.ends[state].expect("a trimmed value does not end after white space")
    }

    /// Returns the minimal automaton of the verdicts on values with any white space around them.
    pub(super) fn untrimmed(&self) -> Automaton {
        let start = (Self::START, Verdict::begin(self.grammar));
        // The state after the last byte that is not white space, and the state after all bytes.
        let mut reached = Reached::new((start, start));
        let mut table = Table {
            next: Vec::new(),
            outputs: Vec::new(),
        };
        while let Some((trimmed, (state, verdict))) = reached.get(table.next.len()) {
            let next = Class::ALL.map(|class| {
                let step = self.step(state, class);
                let after = (step.next, self.after(verdict, &step.actions));
                reached.number((if class == Class::WhiteSpace { trimmed } else { after }, after))
            });
            let bytes = 0..=u8::MAX;
            table
                .next
                .push(bytes.map(|byte| next[Class::of(byte) as usize]).collect());
            let (state, verdict) = trimmed;
            table
                .outputs
                .push(self.after(verdict, self.end(state)).number(self.grammar));
        }
        Automaton::minimise(&table)
    }

    fn after(&self, verdict: Verdict, actions: &[u8]) -> Verdict {
        let after = |verdict: Verdict, &action: &u8| verdict.after(self.grammar, action);
        actions.iter().fold(verdict, after)
    }
}

/// Returns the actions and the next state for a byte of `class`. Without a `list`, nothing follows damage.
fn step(tables: &Tables, list: bool, from: Combined, class: Class) -> (Vec<u8>, Combined) {
    if from.state == RESUME {
        return if list {
            resume(tables, Vec::new(), from.scan.unwrap_or(SKIP), class)
        } else {
            (Vec::new(), from)
        };
    }
    let mut cell: &Cell = tables.cell(from.state, class);
    let mut actions = cell.actions.to_vec();
    if cell.next == Some("context") {
        cell = tables.context(from.context).expect("a context");
        actions.extend(cell.actions);
    }
    match cell.next.unwrap_or(from.state) {
        RESUME | "resume-quoted" if !list => (actions, enter(tables, RESUME, "", None)),
        RESUME => resume(tables, actions, from.scan.unwrap_or(SKIP), class),
        "resume-quoted" => resume(tables, actions, SKIP_QUOTED, class),
        next => {
            let scan = if actions.contains(&b'x') { Some(SKIP) } else { from.scan };
            let scan = scan
                .filter(|_| list)
                .map(|scan| tables.cell(scan, class).next.unwrap_or(scan));
            (actions, enter(tables, next, from.context, scan))
        }
    }
}

/// Returns the state after damage, where only the scan runs.
fn resume(tables: &Tables, mut actions: Vec<u8>, scan: &'static str, class: Class) -> (Vec<u8>, Combined) {
    let cell = tables.cell(scan, class);
    actions.extend(cell.actions);
    match cell.next.unwrap_or(scan) {
        context if tables.context(context).is_some() => (actions, enter(tables, context, "", None)),
        scan => {
            let context = "";
            let state = RESUME;
            (
                actions,
                Combined {
                    state,
                    context,
                    scan: Some(scan),
                },
            )
        }
    }
}

/// Returns the combined state for `next`, a state or a context. It keeps the context and the scan where they matter.
fn enter(tables: &Tables, next: &'static str, context: &'static str, scan: Option<&'static str>) -> Combined {
    if tables.context(next).is_some() {
        return Combined {
            state: "between",
            context: next,
            scan: None,
        };
    }
    Combined {
        state: next,
        context: if IN_CONTEXT.contains(&next) { context } else { "" },
        scan: scan.filter(|_| next != RESUME && tables.scans(next)),
    }
}

/// States in the order in which they were reached.
struct Reached<S> {
    order: Vec<S>,
    numbers: HashMap<S, State>,
}

impl<S: Copy + Eq + Hash> Reached<S> {
    fn new(start: S) -> Self {
        Self {
            order: vec![start],
            numbers: HashMap::from([(start, Machine::START)]),
        }
    }

    fn get(&self, number: State) -> Option<S> {
        self.order.get(number).copied()
    }

    fn number(&mut self, state: S) -> State {
        *self.numbers.entry(state).or_insert_with(|| {
            self.order.push(state);
            self.order.len() - 1
        })
    }
}
