//! The specification of lenient reading: an automaton that reads a value byte by byte, without looking ahead.
//!
//! The tables in `README.md` are the specification, and [`table`] reads them. [`machine`] combines them into one automaton, and
//! [`recorder`] performs its actions.

mod machine;
mod recorder;
mod table;

use crate::automaton::Automaton;
use crate::comparison::trim;
use crate::grammar::Grammar;
use crate::item::Item;

use machine::Machine;
use recorder::Recorder;
use table::Class;

/// The specification of lenient reading of one field.
#[derive(Clone, Debug)]
pub struct Lenient {
    grammar: Grammar,
    machine: Machine,
}

impl Lenient {
    /// Reads the tables for `grammar`.
    #[must_use]
    pub fn new(grammar: Grammar) -> Self {
        Self {
            grammar,
            machine: Machine::new(grammar),
        }
    }

    /// Returns the items of `given`.
    #[must_use]
    pub fn read(&self, given: &[u8]) -> Vec<Item> {
        let (start, value) = trim(given);
        let mut recorder = Recorder::new(self.grammar, given, start + value.len());
        let mut state = Machine::START;
        for (at, &byte) in (start..).zip(value) {
            let step = self.machine.step(state, Class::of(byte));
            recorder.perform(&step.actions, at);
            state = step.next;
        }
        recorder.perform(self.machine.end(state), start + value.len());
        recorder.into_items()
    }

    /// Returns the number of states of the tables' combination that can be reached.
    #[must_use]
    pub fn states(&self) -> usize {
        self.machine.states()
    }

    /// Returns the minimal automaton of the verdicts on values that may have white space around them. The verdict is
    /// [`verdict`] of the items.
    #[must_use]
    pub fn automaton(&self) -> Automaton {
        self.machine.untrimmed()
    }
}

/// Returns the verdict on `items`: a number for whether there is a fault among them, and for the last item. It is 0 if there
/// is nothing but an error.
#[must_use]
pub fn verdict(grammar: Grammar, items: &[Item]) -> usize {
    let begin = Verdict::begin(grammar);
    let verdict = items.iter().fold(begin, |verdict, item| Verdict {
        faulty: verdict.faulty || item.fault().is_some(),
        last: match item {
            Item::Error { .. } => Last::Error,
            Item::Auth(_, Some(_)) => Last::Damaged,
            Item::Auth(auth, None) if auth.token68.is_some() => Last::Token68,
            Item::Auth(auth, None) => Last::params(!auth.params.is_empty()),
            Item::Params(params) => Last::params(!params.is_empty()),
        },
    });
    verdict.number(grammar)
}

/// The part of the items that a finite automaton can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Verdict {
    faulty: bool,
    last: Last,
}

/// The last item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Last {
    /// There is none.
    None,
    /// Without token68 and parameters.
    Bare,
    Token68,
    Params,
    Damaged,
    Error,
}

impl Last {
    const fn params(has_params: bool) -> Self {
        if has_params { Self::Params } else { Self::Bare }
    }
}

impl Verdict {
    /// Returns the verdict before the first byte.
    const fn begin(grammar: Grammar) -> Self {
        let last = match grammar {
            Grammar::AuthenticationInfo => Last::Bare,
            Grammar::Authenticate | Grammar::Authorization => Last::None,
        };
        Self { faulty: false, last }
    }

    /// Returns the verdict after an action.
    const fn after(self, grammar: Grammar, action: u8) -> Self {
        let is_list = matches!(grammar, Grammar::Authenticate);
        match action {
            b's' => Self {
                last: Last::Bare,
                ..self
            },
            b't' => Self {
                last: Last::Token68,
                ..self
            },
            b'p' | b'P' | b'q' | b'u' => Self {
                last: Last::Params,
                ..self
            },
            b'd' | b'D' if is_list => Self {
                faulty: true,
                last: Last::Damaged,
            },
            b'!' | b'd' | b'D' => Self {
                faulty: true,
                last: Last::Error,
            },
            _ => self,
        }
    }

    const fn number(self, grammar: Grammar) -> usize {
        match (grammar, self.faulty) {
            (Grammar::Authenticate, faulty) => 1 + self.last as usize * 2 + faulty as usize,
            (_, true) => 0,
            (_, false) => 1 + self.last as usize,
        }
    }
}
