//! Compares the parser with the oracles on every short string over one byte of each class of its grammar.

use std::time::Instant;

use conformance::{Comparison, Grammar, Tally, run, words};

/// The length of the longest strings.
const LONGEST: usize = 7;

#[test]
fn parser_agrees_on_short_values_of_proxy_authenticate() {
    every_string(Grammar::Authenticate, LONGEST);
}

#[test]
fn parser_agrees_on_short_values_of_proxy_authorization() {
    every_string(Grammar::Authorization, LONGEST);
}

#[test]
fn parser_agrees_on_short_values_of_proxy_authentication_info() {
    every_string(Grammar::AuthenticationInfo, LONGEST);
}

/// Compares on strings with one more byte.
#[test]
#[ignore = "takes a minute or two; run it with --release"]
fn parser_agrees_on_longer_values() {
    for grammar in Grammar::ALL {
        every_string(grammar, LONGEST + 1);
    }
}

fn every_string(grammar: Grammar, longest: usize) {
    let begun = Instant::now();
    let comparison = Comparison::new(grammar);
    let alphabet = comparison.untrimmed().alphabet();
    let mut tally = run(alphabet, |&first, tally: &mut Tally| {
        words::each(&mut vec![first], alphabet, longest - 1, &mut |string| {
            tally.check(&comparison, string);
        });
    });
    tally.check(&comparison, b"");
    println!(
        "{}: every string up to {longest} bytes over \"{}\": {} strings, {} accepted, {:.1?}",
        grammar.field(),
        alphabet.escape_ascii(),
        tally.strings,
        tally.accepted,
        begun.elapsed(),
    );
    assert_eq!(tally.strings, words::count(alphabet, longest));
    tally.assert_agreement();
}
