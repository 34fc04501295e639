//! The corpus has the form that `tests/corpus/README.md` documents.

#![allow(clippy::unwrap_used, reason = "a corpus that cannot be read is a failure")]

use std::collections::HashSet;

use serde_json::Value;

const CASES: &str = include_str!("../../../tests/corpus/cases.jsonl");
const README: &str = include_str!("../../../tests/corpus/README.md");

#[test]
fn every_case_has_the_documented_members_only() {
    assert!(CASES.is_ascii());
    for (line, case) in cases() {
        let outcome = if has(&case, "tree") { "tree" } else { "must_fail" };
        assert_members(
            &case,
            &["id", "field", "raw", "sources", outcome],
            &["lenient", "note"],
            line,
        );
        let is_info = match case["field"].as_str() {
            Some("proxy-authenticate" | "proxy-authorization") => false,
            Some("proxy-authentication-info") => true,
            _ => panic!("no such field: {line}"),
        };
        let length = latin1_len(&case["raw"], line);

        if outcome == "tree" {
            let tree = case["tree"].as_array().unwrap();
            for item in tree {
                assert_item(item, is_info, &[], line);
            }
            assert!(case["field"] != "proxy-authorization" || tree.len() == 1, "{line}");
            assert!(!has(&case, "lenient"), "{line}");
        } else {
            assert_eq!(case["must_fail"], true, "{line}");
        }
        for item in case["lenient"].as_array().into_iter().flatten() {
            let offset = if has(item, "err") {
                assert_members(item, &["err"], &[], line);
                &item["err"]
            } else {
                assert_item(item, is_info, &["damage"], line);
                &item["damage"]
            };
            assert!(
                is_info || !has(item, "damage") || offset.is_null() || offset.is_u64(),
                "{line}"
            );
            assert!(offset.as_u64().is_none_or(|offset| offset <= length), "{line}");
        }

        let sources = case["sources"].as_array().unwrap();
        assert!(!sources.is_empty() && sources.iter().all(is_text), "{line}");
        assert!(!has(&case, "note") || is_text(&case["note"]), "{line}");
    }
}

#[test]
fn no_id_and_no_value_occurs_twice() {
    let (mut ids, mut values) = (HashSet::new(), HashSet::new());
    for (line, case) in cases() {
        assert!(is_text(&case["id"]) && ids.insert(case["id"].to_string()), "{line}");
        assert!(
            values.insert([case["field"].to_string(), case["raw"].to_string()]),
            "{line}"
        );
    }
}

#[test]
fn examples_in_the_readme_are_cases() {
    let lines: HashSet<&str> = CASES.lines().collect();
    let examples: Vec<&str> = README.lines().filter(|line| line.starts_with('{')).collect();
    assert!(!examples.is_empty());
    for example in examples {
        assert!(lines.contains(example), "{example}");
    }
}

fn cases() -> impl Iterator<Item = (&'static str, Value)> {
    CASES.lines().map(|line| (line, serde_json::from_str(line).unwrap()))
}

fn has(object: &Value, member: &str) -> bool {
    object.get(member).is_some()
}

fn assert_members(object: &Value, required: &[&str], optional: &[&str], line: &str) {
    let members = object.as_object().unwrap();
    let is_known = |name: &String| required.contains(&name.as_str()) || optional.contains(&name.as_str());
    assert!(members.keys().all(is_known), "unknown member: {line}");
    assert!(
        required.iter().all(|name| members.contains_key(*name)),
        "missing member: {line}"
    );
}

/// Checks a challenge, credentials or a parameter.
fn assert_item(item: &Value, is_param: bool, more: &[&str], line: &str) {
    if is_param {
        return assert_param(item, line);
    }
    assert_members(item, &[&["scheme", "token68", "params"], more].concat(), &[], line);
    latin1_len(&item["scheme"], line);
    if !item["token68"].is_null() {
        latin1_len(&item["token68"], line);
    }
    for param in item["params"].as_array().unwrap() {
        assert_param(param, line);
    }
}

fn assert_param(param: &Value, line: &str) {
    let pair = param.as_array().unwrap();
    assert_eq!(pair.len(), 2, "{line}");
    for text in pair {
        latin1_len(text, line);
    }
}

/// Returns how many bytes the text stands for.
fn latin1_len(text: &Value, line: &str) -> u64 {
    let text = text.as_str().unwrap();
    assert!(text.chars().all(|char| u8::try_from(char).is_ok()), "{line}");
    text.chars().count().try_into().unwrap()
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}
