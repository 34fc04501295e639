//! Compares the parser with the minimal automaton of each grammar, by Chow's W-method.

use conformance::{Comparison, Grammar, compare_suite};

/// The suite is complete for parsers with at most this many more states than the automaton.
const EXTRA_STATES: usize = 3;

#[test]
fn parser_agrees_on_the_suite_of_proxy_authenticate() {
    complete_suite(Grammar::Authenticate, EXTRA_STATES);
}

#[test]
fn parser_agrees_on_the_suite_of_proxy_authorization() {
    complete_suite(Grammar::Authorization, EXTRA_STATES);
}

#[test]
fn parser_agrees_on_the_suite_of_proxy_authentication_info() {
    complete_suite(Grammar::AuthenticationInfo, EXTRA_STATES);
}

/// Checks that the parser has the same classes of bytes, by every byte in each state.
#[test]
fn parser_agrees_on_every_byte_in_every_state() {
    for grammar in Grammar::ALL {
        every_byte(grammar, 0);
    }
}

/// Runs both kinds of suites for one more state.
#[test]
#[ignore = "takes a minute or two; run it with --release"]
fn parser_agrees_on_suites_for_one_more_state() {
    for grammar in Grammar::ALL {
        complete_suite(grammar, EXTRA_STATES + 1);
        every_byte(grammar, 1);
    }
}

fn every_byte(grammar: Grammar, extra_states: usize) {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    let comparison = Comparison::new(grammar);
    compare_suite(grammar, &comparison, comparison.untrimmed(), &bytes, extra_states);
}

/// Compares with the automaton of untrimmed values, for the verdict, and with that of trimmed values, for the offset of
/// the error.
fn complete_suite(grammar: Grammar, extra_states: usize) {
    let comparison = Comparison::new(grammar);
    for automaton in [comparison.untrimmed(), comparison.value()] {
        compare_suite(grammar, &comparison, automaton, automaton.alphabet(), extra_states);
    }
}
