//! Reads, writes and reads again: every short value over one byte of each class, and every small tree.

use std::time::Instant;

use conformance::round_trip::{self, Auth, Param, Value};
use conformance::{Comparison, Grammar, Tally, run, words};

/// The length of the longest valid values.
const LONGEST: usize = 8;

/// The length of the longest values that are read leniently, most of which are not valid.
const LONGEST_LENIENT: usize = 6;

/// A byte of each class that a quoted-string can carry.
const TEXT: &[u8] = b"a!\"(,/=\\\t \xFF";

#[test]
fn every_short_valid_value_is_written_and_read_as_the_same_tree() {
    valid_values(LONGEST);
}

#[test]
fn everything_that_lenient_reading_finds_in_short_values_is_written_and_read_as_the_same_tree() {
    lenient_values(LONGEST_LENIENT);
}

/// Up to two parameters, whose values have up to two bytes.
#[test]
fn every_small_tree_is_written_and_read_as_the_same_tree() {
    let auths = auths(&token68s(2), &lists(&params(2), 2));
    for grammar in [Grammar::Authenticate, Grammar::Authorization] {
        trees(grammar, &auths, 1..=1);
    }
    let infos = lists(&params(2), 2).into_iter().map(|params| auth("", None, params));
    trees(Grammar::AuthenticationInfo, &infos.collect::<Vec<_>>(), 1..=1);
}

/// Up to three challenges with a token68 or up to one parameter, whose value has up to one byte.
#[test]
fn every_short_list_of_small_challenges_is_written_and_read_as_the_same_tree() {
    trees(
        Grammar::Authenticate,
        &auths(&token68s(1), &lists(&params(1), 1)),
        0..=3,
    );
}

/// Values with one more byte, and lists of two challenges with up to two parameters.
#[test]
#[ignore = "takes a minute; run it with --release"]
fn longer_values_and_lists_are_written_and_read_as_the_same_tree() {
    valid_values(LONGEST + 1);
    lenient_values(LONGEST_LENIENT + 1);
    trees(
        Grammar::Authenticate,
        &auths(&token68s(1), &lists(&params(1), 2)),
        2..=2,
    );
}

fn valid_values(longest: usize) {
    for grammar in Grammar::ALL {
        let begun = Instant::now();
        let comparison = Comparison::new(grammar);
        let automaton = comparison.untrimmed();
        let mut tally = run(automaton.alphabet(), |&first, tally: &mut Tally| {
            words::each_accepted(automaton, &mut vec![first], longest - 1, &mut |value| {
                round_trip::check_value(grammar, value);
                tally.strings += 1;
            });
        });
        if automaton.accepts(b"") {
            round_trip::check_value(grammar, b"");
            tally.strings += 1;
        }
        let strings = tally.strings;
        assert!(strings > 1000, "there are few valid values");
        println!(
            "{}: {strings} valid values up to {longest} bytes, {:.1?}",
            grammar.field(),
            begun.elapsed()
        );
    }
}

fn lenient_values(longest: usize) {
    for grammar in Grammar::ALL {
        let begun = Instant::now();
        let comparison = Comparison::new(grammar);
        let alphabet = comparison.untrimmed().alphabet();
        let tally = run(alphabet, |&first, tally: &mut Tally| {
            words::each(&mut vec![first], alphabet, longest - 1, &mut |value| {
                tally.accepted += round_trip::check_lenient(grammar, value);
                tally.strings += 1;
            });
        });
        let (strings, found) = (tally.strings, tally.accepted);
        assert!(found > 1000, "lenient reading finds little");
        println!(
            "{}: {strings} values up to {longest} bytes, {found} items, {:.1?}",
            grammar.field(),
            begun.elapsed()
        );
    }
}

/// Checks every list of `auths` whose length is in `lengths`.
fn trees(grammar: Grammar, auths: &[Auth], lengths: std::ops::RangeInclusive<usize>) {
    let begun = Instant::now();
    let comparison = Comparison::new(grammar);
    let check = |list: &[Auth], tally: &mut Tally| {
        let value = round_trip::check_trees(grammar, list);
        assert!(
            comparison.value().accepts(&value),
            "\"{}\" is not valid",
            value.escape_ascii()
        );
        tally.strings += 1;
    };
    let mut tally = run(auths, |first, tally: &mut Tally| {
        let rest = lists(auths, lengths.end() - 1)
            .into_iter()
            .filter(|rest| lengths.contains(&(1 + rest.len())));
        rest.for_each(|rest| check(&[vec![first.clone()], rest].concat(), tally));
    });
    if lengths.contains(&0) {
        check(&[], &mut tally);
    }
    let lists: usize = lengths
        .clone()
        .map(|length| auths.len().pow(u32::try_from(length).unwrap_or(u32::MAX)))
        .sum();
    assert_eq!(tally.strings, lists);
    println!("{}: {lists} trees, {:.1?}", grammar.field(), begun.elapsed());
}

/// Returns every challenge of two schemes, with nothing, with a token68, or with parameters.
fn auths(token68s: &[Vec<u8>], params: &[Vec<Param>]) -> Vec<Auth> {
    let of_scheme = |scheme| {
        let with_token68 = token68s
            .iter()
            .map(move |token68| auth(scheme, Some(token68.clone()), Vec::new()));
        with_token68.chain(params.iter().map(move |params| auth(scheme, None, params.clone())))
    };
    ["a", "!"].into_iter().flat_map(of_scheme).collect()
}

fn auth(scheme: &str, token68: Option<Vec<u8>>, params: Vec<Param>) -> Auth {
    Auth {
        scheme: scheme.as_bytes().to_vec(),
        token68,
        params,
    }
}

/// Returns every token68 of up to `longest` bytes and up to two "=".
fn token68s(longest: usize) -> Vec<Vec<u8>> {
    let padded = |text: Vec<u8>| ["", "=", "=="].map(|padding| [&text, padding.as_bytes()].concat());
    texts(b"a/", longest).into_iter().skip(1).flat_map(padded).collect()
}

/// Returns every parameter of two names, with a token or a quoted-string of up to `longest` bytes.
fn params(longest: usize) -> Vec<Param> {
    let value = |quoted| move |text| Value { text, quoted };
    let tokens = texts(b"a!", longest).into_iter().skip(1).map(value(false));
    let values: Vec<Value> = tokens
        .chain(texts(TEXT, longest).into_iter().map(value(true)))
        .collect();
    let of_name = |name: &str| {
        values
            .iter()
            .map(|value| (name.as_bytes().to_vec(), value.clone()))
            .collect::<Vec<_>>()
    };
    [of_name("a"), of_name("!")].concat()
}

/// Returns every text of up to `longest` bytes. The first one is empty.
fn texts(alphabet: &[u8], longest: usize) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    words::each(&mut Vec::new(), alphabet, longest, &mut |text| {
        texts.push(text.to_vec());
    });
    texts
}

/// Returns every list of up to `longest` of `items`. The first one is empty.
fn lists<T: Clone>(items: &[T], longest: usize) -> Vec<Vec<T>> {
    let mut lists = vec![Vec::new()];
    let mut last = lists.clone();
    for _ in 0..longest {
        let longer = |list: &Vec<T>| {
            items
                .iter()
                .map(|item| [&list[..], std::slice::from_ref(item)].concat())
                .collect::<Vec<_>>()
        };
        last = last.iter().flat_map(longer).collect();
        lists.extend_from_slice(&last);
    }
    lists
}
