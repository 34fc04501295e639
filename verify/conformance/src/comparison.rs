//! Compares the parser with the oracles, one value at a time.

use std::fmt;
use std::panic::catch_unwind;

use proxy_auth::ParseError;

use crate::automaton::Automaton;
use crate::grammar::Grammar;
use crate::item::Item;
use crate::lenient::Lenient;
use crate::parser;
use crate::tree::{self, Tree};

/// A grammar and its oracles.
#[derive(Clone, Debug)]
pub struct Comparison {
    grammar: Grammar,
    value: Automaton,
    untrimmed: Automaton,
    lenient: Lenient,
}

impl Comparison {
    /// Creates the oracles of `grammar`.
    #[must_use]
    pub fn new(grammar: Grammar) -> Self {
        Self {
            grammar,
            value: Automaton::compile(&grammar.value()),
            untrimmed: Automaton::compile(&grammar.untrimmed()),
            lenient: Lenient::new(grammar),
        }
    }

    /// Returns the automaton of values without white space around them. The error is where this automaton dies.
    #[must_use]
    pub const fn value(&self) -> &Automaton {
        &self.value
    }

    /// Returns the automaton of values that may have white space around them, as the parser gets them.
    #[must_use]
    pub const fn untrimmed(&self) -> &Automaton {
        &self.untrimmed
    }

    /// Returns the specification of lenient reading.
    #[must_use]
    pub const fn lenient(&self) -> &Lenient {
        &self.lenient
    }

    /// Compares the parser with the oracles on `given`, and returns `true` if both accept it. They agree if:
    ///
    /// - the parser accepts exactly what the automaton accepts;
    /// - an accepted value has one tree, and both strict and lenient reading return that tree;
    /// - the error is at the first byte after which no continuation is accepted, or at the end of the value if
    ///   something is missing there;
    /// - lenient reading yields the items of its specification, with the offsets of faults and the bytes that errors skip,
    ///   and finds no fault before the error of strict reading.
    ///
    /// # Errors
    /// Returns a [`Disagreement`] if the parser and the oracles disagree.
    pub fn check(&self, given: &[u8]) -> Result<bool, Disagreement> {
        let (start, value) = trim(given);
        let accepted = self.value.accepts(value);
        let disagreement = |oracle: String, parser: String| Disagreement {
            grammar: self.grammar,
            given: given.to_vec(),
            oracle,
            parser,
        };
        if self.untrimmed.accepts(given) != accepted {
            let oracle = format!("accepted when trimmed: {accepted}; the opposite with OWS around the value");
            return Err(disagreement(oracle, "not asked".to_owned()));
        }
        let Ok(reading) = catch_unwind(|| Reading::of(self.grammar, given)) else {
            return Err(disagreement(format!("accepted: {accepted}"), "panicked".to_owned()));
        };
        let agreement = if accepted {
            self.on_tree(value, &reading)
        } else {
            self.on_offset(start, value, &reading)
        };
        match agreement.and_then(|()| self.on_items(given, &reading)) {
            Ok(()) => Ok(accepted),
            Err(oracle) => Err(disagreement(oracle, reading.to_string())),
        }
    }

    /// Checks that the parser returned the only tree. Otherwise, returns the verdict of the oracles.
    fn on_tree(&self, value: &[u8], reading: &Reading) -> Result<(), String> {
        let trees: Vec<Tree> = tree::all(self.grammar, value).into_iter().collect();
        let is_only = |tree: &Tree| matches!(trees.as_slice(), [only] if only == tree);
        let lenient = Item::tree(self.grammar, &reading.lenient);
        let faultless = reading.lenient.iter().all(|item| item.fault().is_none());
        if reading.strict.as_ref().is_ok_and(is_only) && is_only(&lenient) && faultless {
            return Ok(());
        }
        let trees: Vec<String> = trees.iter().map(Tree::to_string).collect();
        Err(format!("accepted, {} tree(s): {}", trees.len(), trees.join("; ")))
    }

    /// Checks that lenient reading returned the items of its specification. Otherwise, returns these.
    fn on_items(&self, given: &[u8], reading: &Reading) -> Result<(), String> {
        let items = self.lenient.read(given);
        let first = reading.strict.as_ref().map_or_else(ParseError::offset, |_| given.len());
        if items != reading.lenient {
            return Err(format!("leniently {items:?}"));
        }
        let is_late = |item: &Item| item.fault().is_none_or(|offset| first <= offset);
        if items.iter().all(is_late) {
            Ok(())
        } else {
            Err(format!("no fault before byte {first}"))
        }
    }

    /// Checks that the error is where the automaton dies. Otherwise, returns the verdict of the oracles.
    fn on_offset(&self, start: usize, value: &[u8], reading: &Reading) -> Result<(), String> {
        let offset = start + self.value.first_dead_offset(value).unwrap_or(value.len());
        if reading.strict.as_ref().is_err_and(|error| error.offset() == offset) {
            return Ok(());
        }
        Err(format!("rejected at byte {offset}"))
    }
}

/// Returns the offset of a value and the value, without the white space around it (RFC 9110, 5.5).
#[must_use]
pub fn trim(given: &[u8]) -> (usize, &[u8]) {
    let is_text = |byte: &u8| *byte != b' ' && *byte != b'\t';
    let end = given.iter().rposition(is_text).map_or(0, |last| last + 1);
    let start = given.iter().position(is_text).unwrap_or(0);
    (start, &given[start..end])
}

/// The results of the parser for a value.
struct Reading {
    strict: Result<Tree, ParseError>,
    lenient: Vec<Item>,
}

impl Reading {
    fn of(grammar: Grammar, given: &[u8]) -> Self {
        Self {
            strict: parser::strict(grammar, given),
            lenient: parser::lenient(grammar, given),
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.strict {
            Ok(tree) => write!(f, "accepted, {tree}")?,
            Err(error) => write!(f, "rejected, {error}")?,
        }
        write!(f, "; leniently {:?}", self.lenient)
    }
}

/// A value on which the parser and the oracles disagree.
#[derive(Clone, Debug)]
pub struct Disagreement {
    grammar: Grammar,
    given: Vec<u8>,
    oracle: String,
    parser: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: \"{}\"", self.grammar.field(), self.given.escape_ascii())?;
        writeln!(f, "    oracle: {}", self.oracle)?;
        write!(f, "    parser: {}", self.parser)
    }
}
