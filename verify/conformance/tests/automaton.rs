//! The parser against the minimal automaton of each grammar, by Chow's W-method.

use std::time::Instant;

use conformance::{Automaton, Comparison, Grammar, Suite, run};

/// For how many states more than the automaton has, the suite is complete.
const EXTRA_STATES: usize = 3;

#[test]
fn authenticate() {
    complete_suite(Grammar::Authenticate, EXTRA_STATES);
}

#[test]
fn authorization() {
    complete_suite(Grammar::Authorization, EXTRA_STATES);
}

#[test]
fn authentication_info() {
    complete_suite(Grammar::AuthenticationInfo, EXTRA_STATES);
}

/// That the parser sorts bytes into the same classes: every byte after each state.
#[test]
fn every_byte_in_every_state() {
    for grammar in Grammar::ALL {
        every_byte(grammar, 0);
    }
}

/// For one state more, of either kind.
#[test]
#[ignore = "takes a minute or two; run it with --release"]
fn deeper() {
    for grammar in Grammar::ALL {
        complete_suite(grammar, EXTRA_STATES + 1);
        every_byte(grammar, 1);
    }
}

fn every_byte(grammar: Grammar, extra_states: usize) {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    let comparison = Comparison::new(grammar);
    hold_against(grammar, &comparison, comparison.untrimmed(), &bytes, extra_states);
}

/// By the automaton of what the parser is given, for its verdict; and by that of the trimmed value, which knows where the
/// error is.
fn complete_suite(grammar: Grammar, extra_states: usize) {
    let comparison = Comparison::new(grammar);
    for automaton in [comparison.untrimmed(), comparison.value()] {
        hold_against(grammar, &comparison, automaton, automaton.alphabet(), extra_states);
    }
}

fn hold_against(
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
