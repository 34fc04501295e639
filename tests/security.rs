//! Checks that the tests that SECURITY.md names exist.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the cells of the column "Tested in", with the threat of each row.
fn tested_in(text: &str) -> Vec<(&str, &str)> {
    let mut rows = text
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
        .skip_while(|cells| !cells.contains(&"Tested in"));
    let heading = rows.next().expect("a table with a column \"Tested in\"");
    let column = heading.iter().position(|&cell| cell == "Tested in").unwrap();
    // The line below the heading is skipped.
    rows.skip(1)
        .take_while(|cells| cells.len() == heading.len())
        .map(|cells| (cells[1], cells[column]))
        .collect()
}

/// Returns the texts in backquotes.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Checks that a name refers to something that exists: a path, or a path followed by "::" and a test, the item with a
/// documentation test, or the property of the model.
fn exists(root: &Path, name: &str) -> bool {
    let Some((file, test)) = name.split_once("::") else {
        return root.join(name).exists();
    };
    let Ok(source) = fs::read_to_string(root.join(file)) else {
        return false;
    };
    if test.contains(' ') {
        source.contains(&format!("(\"{test}\""))
    } else if file.starts_with("src/") {
        is_documented_by_a_test(&source, test)
    } else {
        is_test(&source, test)
    }
}

/// Checks that `source` has a function with the name `test` and the attribute `#[test]`.
fn is_test(source: &str, test: &str) -> bool {
    let head = format!("fn {test}(");
    attributes_of(source, &head).any(|lines| lines.contains(&"#[test]"))
}

/// Checks that `source` has a type or a function with the name `item`, and a code block in its documentation.
fn is_documented_by_a_test(source: &str, item: &str) -> bool {
    ["struct", "enum", "trait", "fn"].iter().any(|keyword| {
        let is_code = |line: &&str| {
            line.strip_prefix("///")
                .is_some_and(|doc| doc.trim().starts_with("```"))
        };
        ["(", "<", " ", ";"].iter().any(|end| {
            let head = format!("{keyword} {item}{end}");
            attributes_of(source, &head).any(|lines| lines.iter().any(is_code))
        })
    })
}

/// Returns the comments and attributes before each line that contains `head`.
fn attributes_of<'s>(source: &'s str, head: &str) -> impl Iterator<Item = Vec<&'s str>> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let heads = (0..lines.len()).filter(|&index| !lines[index].starts_with("//") && lines[index].contains(head));
    let is_before = |line: &&str| line.starts_with("//") || line.starts_with("#[");
    heads
        .map(|index| lines[..index].iter().rev().copied().take_while(is_before).collect())
        .collect::<Vec<_>>()
        .into_iter()
}

#[test]
fn each_threat_names_tests_that_exist() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let rows = tested_in(&text);
    assert!(rows.len() > 10, "{rows:?}");
    for (threat, cell) in rows {
        let missing: Vec<&str> = names(cell).filter(|name| !exists(&root, name)).collect();
        assert!(missing.is_empty(), "{threat}: no such test: {missing:?}");
        assert!(
            names(cell).any(|name| name.contains("::")) || cell == "review",
            "{threat}: no test is named"
        );
    }
}

#[test]
fn a_name_without_a_test_is_found() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let this = "a_name_without_a_test_is_found";
    for (name, expected) in [
        ("tests", true),
        ("no-tests", false),
        (&format!("tests/security.rs::{this}"), true),
        ("tests/security.rs::exists", false),
        ("tests/security.rs::no_such_test", false),
        ("tests/no_such_file.rs::a", false),
        ("verify/model/src/conversation.rs::no such property", false),
        ("src/exchange/gate/ticket.rs::Ticket", true),
        ("src/exchange/gate/ticket.rs::NoTicket", false),
    ] {
        assert_eq!(exists(&root, name), expected, "{name}");
    }
    let table = "| Threat | Tested in |\n|---|---|\n| a | `b` |\n| c | `d`, `e` |\n\ntext\n";
    let cells: Vec<_> = tested_in(table)
        .into_iter()
        .map(|(threat, cell)| (threat, names(cell).count()))
        .collect();
    assert_eq!(cells, [("a", 1), ("c", 2)]);
}
