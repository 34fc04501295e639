//! README.md shows what is in the examples, which are built and run elsewhere.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The lines, without what indents them.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

#[test]
fn code_that_readme_takes_from_an_example_is_in_it() {
    let readme = read("README.md");
    let blocks: Vec<_> = readme.split("```rust,ignore\n").collect();
    // Before each block of code stands where it is from.
    for pair in blocks.windows(2) {
        let path = pair[0]
            .split('`')
            .rfind(|words| words.starts_with("examples/"))
            .unwrap();
        let (code, _) = pair[1].split_once("```\n").unwrap();
        let (code, file) = (lines(code), read(path));
        let found = lines(&file).windows(code.len()).any(|part| part == code);
        assert!(found, "{path} has no such lines:\n{}", code.join("\n"));
    }
    assert_eq!(blocks.len(), 1 + 3);
}
