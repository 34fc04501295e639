//! Tables of committed figures, and how figures measured now compare with them.
//!
//! A table has three columns, separated by tabs: two that name a figure, and the figure. Lines that start with "#" are
//! comments, which say how the figures came about.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result, ensure};

/// The growth that is tolerated, in percent.
const TOLERANCE: u64 = 5;

#[derive(Default)]
pub(crate) struct Table {
    lines: Vec<Line>,
}

enum Line {
    Comment(String),
    Figure(Figure),
}

struct Figure {
    name: String,
    kind: String,
    value: u64,
}

impl Table {
    pub(crate) fn push_comment(&mut self, comment: &str) {
        self.lines.push(Line::Comment(comment.to_owned()));
    }

    pub(crate) fn push(&mut self, name: &str, kind: &str, value: u64) {
        let (name, kind) = (name.to_owned(), kind.to_owned());
        self.lines.push(Line::Figure(Figure { name, kind, value }));
    }

    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        text.parse().with_context(|| path.display().to_string())
    }

    /// Returns the figure with the given name and kind.
    pub(crate) fn get(&self, name: &str, kind: &str) -> Option<u64> {
        self.figures()
            .find(|figure| figure.name == name && figure.kind == kind)
            .map(|figure| figure.value)
    }

    fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.lines.iter().filter_map(|line| match line {
            Line::Figure(figure) => Some(figure),
            Line::Comment(_) => None,
        })
    }

    fn comments(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(|line| match line {
            Line::Comment(comment) => Some(&**comment),
            Line::Figure(_) => None,
        })
    }
}

impl FromStr for Table {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut table = Self::default();
        for line in text.lines() {
            if let Some(comment) = line.strip_prefix("# ") {
                table.push_comment(comment);
                continue;
            }
            let mut columns = line.split('\t');
            match (columns.next(), columns.next(), columns.next(), columns.next()) {
                (Some(name), Some(kind), Some(value), None) => {
                    let value = value.parse().with_context(|| format!("not a figure: {value:?}"))?;
                    table.push(name, kind, value);
                }
                _ => anyhow::bail!("not three columns: {line:?}"),
            }
        }
        Ok(table)
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| match line {
            Line::Comment(comment) => writeln!(f, "# {comment}"),
            Line::Figure(Figure { name, kind, value }) => writeln!(f, "{name}\t{kind}\t{value}"),
        })
    }
}

/// Prints how the figures of `now` compare with the committed ones, and fails if one has grown by more than 5 %, is
/// new, or is gone. With `bless`, it commits those of `now` instead of failing.
pub(crate) fn compare(committed: &Path, now: &Table, bless: bool) -> Result<()> {
    let before = if bless && !committed.exists() {
        Table::default()
    } else {
        Table::read(committed)?
    };
    let Comparison { report, has_failed } = Comparison::new(&before, now);
    print!("{report}");
    if bless {
        fs::write(committed, now.to_string())?;
        println!("These are the committed figures now: {}", committed.display());
        return Ok(());
    }
    ensure!(
        !has_failed,
        "figures have grown by more than {TOLERANCE} %, are new, or are gone: see above; `--bless` accepts them"
    );
    Ok(())
}

struct Comparison {
    report: String,
    has_failed: bool,
}

impl Comparison {
    fn new(before: &Table, now: &Table) -> Self {
        let mut report = String::new();
        let mut has_failed = false;
        let mut line = |line: String| report.extend([line.as_str(), "\n"]);
        before
            .comments()
            .for_each(|comment| line(format!("before: # {comment}")));
        now.comments().for_each(|comment| line(format!("now:    # {comment}")));

        for Figure { name, kind, value } in now.figures() {
            let Some(old) = before.get(name, kind) else {
                line(format!("new: {name}: {kind}: {value}"));
                has_failed = true;
                continue;
            };
            let grew = value.saturating_mul(100) > old.saturating_mul(100 + TOLERANCE);
            has_failed |= grew;
            let note = if grew { "  grew" } else { "" };
            line(format!(
                "{name:<42} {kind:<24} {old:>10} {value:>10} {:>7} %{note}",
                percent(old, *value)
            ));
        }
        for Figure { name, kind, .. } in before.figures().filter(|old| now.get(&old.name, &old.kind).is_none()) {
            line(format!("gone: {name}: {kind}"));
            has_failed = true;
        }
        Self { report, has_failed }
    }
}

/// Returns the growth in percent, with a sign and one decimal.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn percent(old: u64, new: u64) -> String {
    format!("{:+.1}", 100.0 * (new as f64 - old as f64) / old as f64)
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Table};

    const BEFORE: &str = "# compiler 1\nparser\tcode\t1000\nparser\tstack\t40\n";

    fn compare(now: &str) -> (String, bool) {
        let (before, now) = (BEFORE.parse().unwrap(), now.parse().unwrap());
        let Comparison { report, has_failed } = Comparison::new(&before, &now);
        (report, has_failed)
    }

    #[test]
    fn table_is_written_as_it_was_read() {
        assert_eq!(BEFORE.parse::<Table>().unwrap().to_string(), BEFORE);
    }

    #[test]
    fn line_without_three_columns_or_a_number_is_refused() {
        for line in ["parser\t1", "parser\tcode\t1\t2", "parser\tcode\tmany", ""] {
            assert!(format!("{BEFORE}{line}\n").parse::<Table>().is_err(), "{line:?}");
        }
    }

    #[test]
    fn growth_up_to_five_percent_and_shrinking_pass() {
        let (report, has_failed) = compare("# compiler 2\nparser\tcode\t1050\nparser\tstack\t20\n");
        assert!(!has_failed, "{report}");
        assert!(
            report.starts_with("before: # compiler 1\nnow:    # compiler 2\n"),
            "{report}"
        );
        assert!(report.contains("1000       1050    +5.0 %\n"), "{report}");
        assert!(report.contains("40         20   -50.0 %\n"), "{report}");
    }

    #[test]
    fn growth_of_more_than_five_percent_fails() {
        let (report, has_failed) = compare("parser\tcode\t1051\nparser\tstack\t40\n");
        assert!(has_failed);
        assert!(report.contains("+5.1 %  grew\n"), "{report}");
    }

    #[test]
    fn new_and_gone_figures_fail() {
        let (report, has_failed) = compare("parser\tcode\t1000\nparser\tstack\t40\nbasic\tcode\t1\n");
        assert!(has_failed && report.contains("new: basic: code: 1\n"), "{report}");
        let (report, has_failed) = compare("parser\tcode\t1000\n");
        assert!(has_failed && report.contains("gone: parser: stack\n"), "{report}");
    }
}
