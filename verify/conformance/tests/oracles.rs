//! Compares the oracles with each other.

use conformance::{Automaton, Comparison, Grammar, Lenient, Suite, tree, trim, words};

/// The automaton from regular expressions and the backtracking matcher share no code.
#[test]
fn accepted_values_have_one_tree_and_rejected_values_have_none() {
    for grammar in Grammar::ALL {
        let automaton = Automaton::compile(&grammar.value());
        words::each(&mut Vec::new(), automaton.alphabet(), 5, &mut |value| {
            let trees = tree::all(grammar, value).len();
            let accepted = usize::from(automaton.accepts(value));
            assert_eq!(trees, accepted, "{grammar:?} \"{}\"", value.escape_ascii());
        });
    }
}

/// The automaton of untrimmed values accepts a value if the automaton of trimmed values accepts it without OWS around
/// it.
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

/// So a byte is an error in a trimmed value exactly where the automaton dies, which does not trim.
#[test]
fn strings_that_are_not_dead_can_continue_to_a_trimmed_value() {
    for grammar in Grammar::ALL {
        let automaton = Automaton::compile(&grammar.value());
        for access in automaton.access() {
            let mut continues = false;
            words::each(&mut access.clone(), automaton.alphabet(), 4, &mut |string| {
                continues |= string.len() > access.len()
                    && !string.ends_with(b" ")
                    && !string.ends_with(b"\t")
                    && automaton.accepts(string);
            });
            let dead = automaton.first_dead_offset(access).is_some();
            assert_eq!(continues, !dead, "{grammar:?} \"{}\"", access.escape_ascii());
        }
    }
}

/// The classes of bytes are those of the ABNF, split where they overlap.
#[test]
fn classes_of_bytes_are_those_of_the_abnf() {
    for grammar in Grammar::ALL {
        let comparison = Comparison::new(grammar);
        let expected: &[u8] = match grammar {
            // tchar and token68, tchar alone, DQUOTE, other VCHAR and obs-text, comma, token68 alone, "=", backslash,
            // control characters, HTAB, SP
            Grammar::Authenticate | Grammar::Authorization => b"a!\"(,/=\\\x00\t ",
            // Without token68, SP and HTAB form a class.
            Grammar::AuthenticationInfo => b"a\"(,=\\\x00\t",
        };
        let alphabet = comparison.untrimmed().alphabet();
        assert_eq!(alphabet.escape_ascii().to_string(), expected.escape_ascii().to_string());
        assert_eq!(comparison.value().alphabet(), comparison.untrimmed().alphabet());
    }
}

/// The suite for k = 0 finds every automaton with one wrong transition.
#[test]
fn suite_finds_every_wrong_transition() {
    for grammar in Grammar::ALL {
        finds_every_wrong_transition(&Automaton::compile(&grammar.value()));
    }
    for grammar in [Grammar::Authorization, Grammar::AuthenticationInfo] {
        finds_every_wrong_transition(&Lenient::new(grammar).automaton());
    }
}

#[test]
#[ignore = "takes some seconds; run it with --release"]
fn suite_finds_every_wrong_transition_of_lenient_challenges() {
    finds_every_wrong_transition(&Lenient::new(Grammar::Authenticate).automaton());
}

fn finds_every_wrong_transition(automaton: &Automaton) {
    let suite = strings(automaton, 0);
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
                let wrongly = |string: &[u8]| automaton.output(string.iter().copied().fold(0, wrong));
                let found = suite
                    .iter()
                    .any(|string| wrongly(string) != automaton.output(automaton.walk(0, string)));
                assert!(found, "{} states: from {from} by {byte:?} to {to}", automaton.states());
            }
        }
    }
}

/// The suite for k = 1 finds every automaton with an additional state behind one transition that has one wrong
/// transition.
#[test]
fn suite_finds_every_additional_state() {
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
