//! Checks every case of the corpus, without exceptions. `tests/corpus/README.md` describes its format.

#![allow(clippy::unwrap_used, reason = "the test fails if it cannot read the corpus")]

use std::fs;

use conformance::parser;
use conformance::tree::{self, Auth, Param, Tree};
use conformance::{Comparison, Grammar, Item, trim};
use serde_json::Value;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/cases.jsonl");

/// A line of the corpus.
struct Case {
    id: String,
    grammar: Grammar,
    value: Vec<u8>,
    /// The tree, unless the value is invalid.
    strict: Option<Tree>,
    /// The result of lenient reading of an invalid value, if the case contains it: the tree, and the offsets of its
    /// faults.
    lenient: Option<(Tree, Vec<usize>)>,
}

/// Reads leniently. Returns the tree, and the offsets of the faults.
fn lenient(grammar: Grammar, value: &[u8]) -> (Tree, Vec<usize>) {
    let items = parser::lenient(grammar, value);
    let faults = items.iter().filter_map(Item::fault).collect();
    (Item::tree(grammar, &items), faults)
}

#[test]
fn parser_and_oracles_read_every_case_as_the_corpus_demands() {
    let comparisons = Grammar::ALL.map(|grammar| (grammar, Comparison::new(grammar)));
    for (grammar, comparison) in comparisons {
        let cases: Vec<Case> = cases().filter(|case| case.grammar == grammar).collect();
        let (valid, invalid): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.strict.is_some());
        println!("{}: {} valid, {} invalid", grammar.field(), valid.len(), invalid.len());
        assert!(!valid.is_empty() && !invalid.is_empty());

        for case in &cases {
            let shown = format!("{} \"{}\"", case.id, case.value.escape_ascii());
            let value = trim(&case.value).1;

            assert_eq!(
                comparison.value().accepts(value),
                case.strict.is_some(),
                "automaton, {shown}"
            );
            let trees: Vec<Tree> = tree::all(grammar, value).into_iter().collect();
            assert_eq!(trees.as_slice(), case.strict.as_slice(), "tree, {shown}");

            assert_eq!(
                parser::strict(grammar, &case.value).ok(),
                case.strict,
                "strict, {shown}"
            );
            if let Some(tree) = &case.strict {
                assert_eq!(
                    lenient(grammar, &case.value),
                    (tree.clone(), vec![]),
                    "lenient, {shown}"
                );
            }
            if let Some(expected) = &case.lenient {
                assert_eq!(&lenient(grammar, &case.value), expected, "lenient, {shown}");
            }
            // No case contains the offset of the error of strict reading, nor that lenient reading ends.
            if let Err(disagreement) = comparison.check(&case.value) {
                panic!("{}: {disagreement}", case.id);
            }
        }
    }
}

fn cases() -> impl Iterator<Item = Case> {
    let lines = fs::read_to_string(CASES).unwrap();
    let lines: Vec<String> = lines.lines().map(str::to_owned).collect();
    lines
        .into_iter()
        .map(|line| case(&serde_json::from_str(&line).unwrap()))
}

fn case(line: &Value) -> Case {
    let field = text(&line["field"]);
    let grammar = Grammar::ALL
        .into_iter()
        .find(|grammar| grammar.field().eq_ignore_ascii_case(field));
    let grammar = grammar.unwrap();
    let strict = (line["must_fail"] != true).then(|| tree_of(grammar, &line["tree"]));
    let lenient = line["lenient"].as_array().map(|items| {
        let faults = items.iter().filter_map(|item| {
            let offset = item["err"].as_u64().or(item["damage"].as_u64());
            offset.map(|offset| usize::try_from(offset).unwrap())
        });
        let read: Vec<Value> = items.iter().filter(|item| item["err"].is_null()).cloned().collect();
        (tree_of(grammar, &Value::Array(read)), faults.collect())
    });
    Case {
        id: text(&line["id"]).to_owned(),
        grammar,
        value: latin1(&line["raw"]),
        strict,
        lenient,
    }
}

fn tree_of(grammar: Grammar, items: &Value) -> Tree {
    match grammar {
        Grammar::Authenticate | Grammar::Authorization => Tree::Auths(list(items, auth)),
        Grammar::AuthenticationInfo => Tree::Params(list(items, param)),
    }
}

fn auth(auth: &Value) -> Auth {
    Auth {
        scheme: latin1(&auth["scheme"]),
        token68: (!auth["token68"].is_null()).then(|| latin1(&auth["token68"])),
        params: list(&auth["params"], param),
    }
}

fn param(param: &Value) -> Param {
    (latin1(&param[0]), latin1(&param[1]))
}

fn list<T>(list: &Value, item: impl Fn(&Value) -> T) -> Vec<T> {
    list.as_array().unwrap().iter().map(item).collect()
}

fn text(text: &Value) -> &str {
    text.as_str().unwrap()
}

/// Returns the bytes of a text in which each character is one byte.
fn latin1(text: &Value) -> Vec<u8> {
    let bytes = self::text(text).chars().map(u8::try_from);
    bytes.collect::<Result<_, _>>().unwrap()
}
