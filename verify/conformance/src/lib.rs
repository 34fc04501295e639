//! Compares `proxy-auth` with the ABNF and the corpus.
//!
//! There are two oracles, both derived from the ABNF alone. [`Automaton`] decides which values are valid, and where an
//! invalid value goes wrong. [`tree`] finds the meaning of a valid value. [`Comparison`] compares the parser with both,
//! one value at a time. [`Suite`] generates the values of a complete test, and [`words`] all short values. [`round_trip`]
//! writes what was read. `README.md` lists the figures.

#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "an oracle that contradicts itself must panic, and tell where"
)]

mod automaton;
mod comparison;
mod grammar;
mod jobs;
pub mod parser;
pub mod round_trip;
pub mod tree;
mod w_method;
pub mod words;

pub use automaton::Automaton;
pub use comparison::{Comparison, Disagreement, trim};
pub use grammar::Grammar;
pub use jobs::{Tally, run};
pub use w_method::Suite;
