//! Compares lenient reading with its automaton by Chow's W-method, and the automaton with that of the ABNF.

use std::collections::HashSet;

use conformance::lenient::verdict;
use conformance::{Comparison, Grammar, compare_suite, words};

/// The suite is complete for parsers with at most this many more states than the automaton.
const EXTRA_STATES: usize = 3;

#[test]
fn lenient_reading_agrees_on_the_suite_of_proxy_authenticate() {
    complete_suite(Grammar::Authenticate, EXTRA_STATES);
}

#[test]
fn lenient_reading_agrees_on_the_suite_of_proxy_authorization() {
    complete_suite(Grammar::Authorization, EXTRA_STATES);
}

#[test]
fn lenient_reading_agrees_on_the_suite_of_proxy_authentication_info() {
    complete_suite(Grammar::AuthenticationInfo, EXTRA_STATES);
}

/// Checks that lenient reading has the same classes of bytes, by every byte in each state.
#[test]
fn lenient_reading_agrees_on_every_byte_in_every_state() {
    for grammar in Grammar::ALL {
        every_byte(grammar, 0);
    }
}

/// Runs both kinds of suites for one more state.
#[test]
#[ignore = "takes a minute or two; run it with --release"]
fn lenient_reading_agrees_on_suites_for_one_more_state() {
    for grammar in Grammar::ALL {
        complete_suite(grammar, EXTRA_STATES + 1);
        every_byte(grammar, 1);
    }
}

/// The items and the automaton of verdicts, which result from the same tables, agree.
#[test]
fn verdicts_of_the_automaton_are_those_of_its_items() {
    for grammar in Grammar::ALL {
        let comparison = Comparison::new(grammar);
        let automaton = comparison.lenient().automaton();
        words::each(&mut Vec::new(), comparison.untrimmed().alphabet(), 5, &mut |value| {
            let verdict = verdict(grammar, &comparison.lenient().read(value));
            let shown = value.escape_ascii();
            assert_eq!(
                automaton.output(automaton.walk(0, value)),
                verdict,
                "{grammar:?} \"{shown}\""
            );
        });
    }
}

/// Walks both automata together, so this holds for values of every length.
#[test]
fn values_that_the_abnf_accepts_have_no_fault_in_lenient_reading() {
    for grammar in Grammar::ALL {
        let comparison = Comparison::new(grammar);
        let (strict, lenient) = (comparison.untrimmed(), comparison.lenient().automaton());
        let mut reached = HashSet::from([(0, 0)]);
        let mut pending = vec![((0, 0), Vec::new())];
        while let Some((states, value)) = pending.pop() {
            if strict.is_accepting(states.0) {
                // Every value that leads to these states has the same verdict.
                let items = comparison.lenient().read(&value);
                let shown = value.escape_ascii();
                assert_eq!(
                    lenient.output(states.1),
                    verdict(grammar, &items),
                    "{grammar:?} \"{shown}\""
                );
                assert!(
                    items.iter().all(|item| item.fault().is_none()),
                    "{grammar:?} \"{shown}\""
                );
            }
            for &byte in strict.alphabet() {
                let next = (strict.step(states.0, byte), lenient.step(states.1, byte));
                if reached.insert(next) {
                    pending.push((next, [value.as_slice(), &[byte]].concat()));
                }
            }
        }
        println!("{}: {} pairs of states", grammar.field(), reached.len());
    }
}

fn every_byte(grammar: Grammar, extra_states: usize) {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    compare(grammar, &Comparison::new(grammar), &bytes, extra_states);
}

fn complete_suite(grammar: Grammar, extra_states: usize) {
    let comparison = Comparison::new(grammar);
    // Unlike the automaton of lenient reading, that of the ABNF distinguishes SP and HTAB.
    compare(grammar, &comparison, comparison.untrimmed().alphabet(), extra_states);
}

fn compare(grammar: Grammar, comparison: &Comparison, alphabet: &[u8], extra_states: usize) {
    let lenient = comparison.lenient();
    println!("{}: {} states before minimization", grammar.field(), lenient.states());
    compare_suite(grammar, comparison, &lenient.automaton(), alphabet, extra_states);
}
