//! Compares `proxy-auth` with the ABNF and the corpus.
//!
//! There are two oracles of strict reading, both derived from the ABNF alone. [`Automaton`] decides which values are valid, and
//! where an invalid value goes wrong. [`tree`] finds the meaning of a valid value. [`Lenient`] specifies lenient reading.
//! [`Comparison`] compares the parser with all of them, one value at a time. [`Suite`] generates the values of a complete test,
//! and [`words`] all short values. [`round_trip`] writes what was read. `README.md` lists the figures.

#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "an oracle that contradicts itself must panic, and tell where"
)]

mod automaton;
mod comparison;
mod grammar;
mod item;
mod jobs;
pub mod lenient;
pub mod parser;
pub mod round_trip;
pub mod tree;
mod w_method;
pub mod words;

pub use automaton::Automaton;
pub use comparison::{Comparison, Disagreement, trim};
pub use grammar::Grammar;
pub use item::Item;
pub use jobs::{Tally, compare_suite, run};
pub use lenient::Lenient;
pub use w_method::Suite;
