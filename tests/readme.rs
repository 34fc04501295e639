//! Tests that the code in README.md occurs in the examples, which other tests build and run.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Returns the lines without their indentation.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

#[test]
fn code_in_readme_occurs_in_the_example() {
    let readme = read("README.md");
    let blocks: Vec<_> = readme.split("```rust,ignore\n").collect();
    // The path of the example precedes each block of code.
    for pair in blocks.windows(2) {
        let path = pair[0]
            .split('`')
            .rfind(|words| words.starts_with("examples/"))
            .unwrap();
        let (code, _) = pair[1].split_once("```\n").unwrap();
        let (code, file) = (lines(code), read(path));
        let found = lines(&file).windows(code.len()).any(|part| part == code);
        assert!(found, "{path} lacks these lines:\n{}", code.join("\n"));
    }
    assert_eq!(blocks.len(), 1 + 3);
}
