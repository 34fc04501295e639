//! Holds `proxy-auth` against the ABNF and the corpus.
//!
//! Two oracles, each written down from the ABNF and from nothing else: [`Automaton`] says which values are right, and where
//! a wrong one goes wrong; [`tree`] says what a right one means. [`Comparison`] holds the parser against both, one value
//! at a time. Which values: [`Suite`] for a complete test, [`words`] for all short ones. `README.md` has the figures.

#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "an oracle that is wrong about itself must stop, and say where"
)]

mod automaton;
mod comparison;
mod grammar;
mod jobs;
pub mod parser;
pub mod tree;
mod w_method;
pub mod words;

pub use automaton::Automaton;
pub use comparison::{Comparison, Disagreement, trim};
pub use grammar::Grammar;
pub use jobs::{Tally, run};
pub use w_method::Suite;
