//! The committed counts of instructions, some of which have targets. `cargo xtask instructions` checks the counts.

const COUNTS: &str = include_str!("../../instructions/counts.tsv");

/// Returns the work, the input and the instructions of each line.
fn counts() -> impl Iterator<Item = (&'static str, &'static str, f64)> {
    let lines = COUNTS.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let mut columns = line.split('\t');
        let mut column = || columns.next().expect("three columns");
        (column(), column(), column().parse().expect("a number"))
    })
}

/// Returns the instructions of a line.
pub(crate) fn of(work: &str, input: &str) -> f64 {
    let line = counts().find(|line| (line.0, line.1) == (work, input));
    line.unwrap_or_else(|| panic!("not counted: {work}, {input}")).2
}

/// Returns each input that is written with `Display`, and its instructions divided by those of `encode`.
pub(crate) fn display_by_encode() -> impl Iterator<Item = (&'static str, f64)> {
    let displayed = counts().filter(|line| line.0 == "display");
    displayed.map(|(_, input, instructions)| (input, instructions / of("encode", input)))
}
