//! The oracles against each other, so that what the parser is held against is right.

use conformance::{Automaton, Comparison, Grammar, Suite, tree, trim, words};

/// An automaton from regular expressions, and a backtracking matcher: neither knows of the other.
#[test]
fn what_is_accepted_has_one_tree_and_what_is_rejected_has_none() {
    for grammar in Grammar::ALL {
        let automaton = Automaton::compile(&grammar.value());
        words::each(&mut Vec::new(), automaton.alphabet(), 5, &mut |value| {
            let trees = tree::all(grammar, value).len();
            let accepted = usize::from(automaton.accepts(value));
            assert_eq!(trees, accepted, "{grammar:?} \"{}\"", value.escape_ascii());
        });
    }
}

/// Then OWS around the value may be part of what the automaton is given, or not: it makes no difference.
#[test]
fn trimming_changes_no_verdict() {
    for grammar in Grammar::ALL {
        let (value, untrimmed) = (
            Automaton::compile(&grammar.value()),
            Automaton::compile(&grammar.untrimmed()),
        );
        words::each(&mut Vec::new(), value.alphabet(), 5, &mut |given| {
            let trimmed = trim(given).1;
            let shown = given.escape_ascii();
            assert_eq!(
                value.accepts(trimmed),
                untrimmed.accepts(given),
                "{grammar:?} \"{shown}\""
            );
            assert!(
                value.accepts(trimmed) || !value.accepts(given),
                "{grammar:?} \"{shown}\""
            );
        });
    }
}

/// Then a byte is dead for trimmed values where it is dead for the automaton, which knows of no trimming.
#[test]
fn what_is_not_dead_can_go_on_to_a_trimmed_value() {
    for grammar in Grammar::ALL {
        let automaton = Automaton::compile(&grammar.value());
        for access in automaton.access() {
            let mut goes_on = false;
            words::each(&mut access.clone(), automaton.alphabet(), 4, &mut |string| {
                goes_on |= string.len() > access.len()
                    && !string.ends_with(b" ")
                    && !string.ends_with(b"\t")
                    && automaton.accepts(string);
            });
            let dead = automaton.first_dead_offset(access).is_some();
            assert_eq!(goes_on, !dead, "{grammar:?} \"{}\"", access.escape_ascii());
        }
    }
}

/// The classes of bytes are those that the ABNF names, and the parts that those leave of each other.
#[test]
fn bytes_are_sorted_by_the_rules_that_tell_them_apart() {
    for grammar in Grammar::ALL {
        let comparison = Comparison::new(grammar);
        let expected: &[u8] = match grammar {
            // tchar and token68, tchar alone, DQUOTE, other VCHAR and obs-text, comma, token68 alone, "=", backslash,
            // control characters, HTAB, SP
            Grammar::Authenticate | Grammar::Authorization => b"a!\"(,/=\\\x00\t ",
            // There is no token68 here, and SP is like HTAB.
            Grammar::AuthenticationInfo => b"a\"(,=\\\x00\t",
        };
        let alphabet = comparison.untrimmed().alphabet();
        assert_eq!(alphabet.escape_ascii().to_string(), expected.escape_ascii().to_string());
        assert_eq!(comparison.value().alphabet(), comparison.untrimmed().alphabet());
    }
}

/// The suite for no more states finds every automaton that differs by one transition.
#[test]
fn a_suite_tells_every_wrong_transition() {
    for grammar in Grammar::ALL {
        let automaton = Automaton::compile(&grammar.value());
        let suite = strings(&automaton, 0);
        for from in 0..automaton.states() {
            for &byte in automaton.alphabet() {
                for to in (0..automaton.states()).filter(|&to| to != automaton.step(from, byte)) {
                    let wrong = |state, next| {
                        if (state, next) == (from, byte) {
                            to
                        } else {
                            automaton.step(state, next)
                        }
                    };
                    let accepts = |string: &[u8]| automaton.is_accepting(string.iter().copied().fold(0, wrong));
                    let found = suite.iter().any(|string| accepts(string) != automaton.accepts(string));
                    assert!(found, "{grammar:?}: from {from} by {byte:?} to {to}");
                }
            }
        }
    }
}

/// The suite for one state more finds every automaton that has one, behind one transition, with one transition wrong.
#[test]
fn a_suite_tells_every_state_too_many() {
    let automaton = Automaton::compile(&Grammar::AuthenticationInfo.value());
    let suite = strings(&automaton, 1);
    let extra = automaton.states();
    for from in 0..extra {
        for &byte in automaton.alphabet() {
            let like = automaton.step(from, byte);
            for &differs in automaton.alphabet() {
                for to in (0..extra).filter(|&to| to != automaton.step(like, differs)) {
                    let wrong = |state, next| match (state, next) {
                        step if step == (from, byte) => extra,
                        step if step == (extra, differs) => to,
                        (state, next) => automaton.step(if state == extra { like } else { state }, next),
                    };
                    let accepts = |string: &[u8]| {
                        let state = string.iter().copied().fold(0, wrong);
                        automaton.is_accepting(if state == extra { like } else { state })
                    };
                    let found = suite.iter().any(|string| accepts(string) != automaton.accepts(string));
                    assert!(found, "behind {byte:?} from {from}, by {differs:?} to {to}");
                }
            }
        }
    }
}

fn strings(automaton: &Automaton, extra_states: usize) -> Vec<Vec<u8>> {
    let suite = Suite::new(automaton, automaton.alphabet(), extra_states);
    let mut strings = Vec::new();
    for cover in suite.state_cover() {
        suite.visit(cover, |string| strings.push(string.to_vec()));
    }
    strings
}
