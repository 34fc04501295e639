//! The targets, and whether they are met.

use crate::hostile::{CHALLENGES, Hostile};
use crate::instructions;
use crate::replay::Window;
use crate::row::{Row, Work};
use crate::tables::print_header;

/// The libraries that do the same work. The others are lower bounds.
const PEERS: [&str; 5] = ["parse-net", "http-auth", "headers", "http-auth-basic", "digest_auth"];

/// A limit, and the figures that must not be greater.
struct Target {
    line: String,
    most: f64,
    /// The name and the figure of each case.
    cases: Vec<(String, f64)>,
}

pub(crate) fn print(rows: &[Row], windows: &[Window], hostile: &[Hostile]) {
    print_header("Target", &["today", "at most", ""].map(String::from));
    for target in of_rows(rows) {
        target.print();
    }
    of_windows(windows).print();
    for target in of_hostile(hostile) {
        target.print();
    }
    for target in of_instructions() {
        target.print();
    }
}

impl Target {
    fn new(line: impl Into<String>, most: f64, cases: impl IntoIterator<Item = (String, f64)>) -> Self {
        Self {
            line: line.into(),
            most,
            cases: cases.into_iter().collect(),
        }
    }

    /// Prints the least and the greatest figure, and the cases in which the target is missed.
    fn print(&self) {
        let figures = || self.cases.iter().map(|case| case.1);
        let (least, greatest) = (figures().fold(f64::INFINITY, f64::min), figures().fold(0.0, f64::max));
        let today = match self.cases.len() {
            1 => number(greatest),
            _ => format!("{} to {}", number(least), number(greatest)),
        };
        let missed: Vec<_> = self
            .cases
            .iter()
            .filter(|case| case.1 > self.most)
            .map(|case| &*case.0)
            .collect();
        let verdict = match missed.len() {
            0 => "met".into(),
            count if count == self.cases.len() => "**missed**".into(),
            _ => format!("**missed**: {}", missed.join(", ")),
        };
        println!("| {} | {today} | {} | {verdict} |", self.line, self.most);
    }
}

fn number(figure: f64) -> String {
    let decimals = if figure < 100.0 { 3 } else { 0 };
    format!("{figure:.decimals$}")
}

/// Groups the ratios of all rows by their targets.
fn of_rows(rows: &[Row]) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for row in rows {
        for theirs in &row.measured[1..] {
            let Some((line, most)) = of_row(row.work, row.input, theirs.by) else {
                continue;
            };
            let case = (row.input.to_owned(), theirs.ratio);
            match targets.iter_mut().find(|target| target.line == line) {
                Some(target) => target.cases.push(case),
                None => targets.push(Target::new(line, most, [case])),
            }
        }
    }
    targets
}

/// Returns the name of a target, and the greatest part of another library's time or the greatest multiple of a lower bound.
fn of_row(work: Work, input: &str, by: &str) -> Option<(String, f64)> {
    let most = match (work, by) {
        (Work::Read, "http-auth") => 0.125,
        (Work::ReadParams, "http-auth") => 0.1,
        (Work::ReadCredentials, "headers") => 0.8,
        (Work::ReadCredentials, "digest_auth") => 0.12,
        _ if PEERS.contains(&by) => return Some((format!("all that `{by}` does, in parts of its time"), 1.0)),
        (Work::Read, "httparse") => match input {
            "two Digest" | "four schemes" => {
                return Some((format!("{work}, two or four challenges, against `{by}`"), 0.9));
            }
            "one Basic" | "RFC 9110's two" | "escapes, 64 KiB" | "token, 48 KiB" => 1.0,
            _ => return None,
        },
        (Work::ReadCredentials, "base64") => 1.7,
        (Work::Decode, "base64") => 1.25,
        (Work::WriteCredentials, "base64") => 2.5,
        (Work::Check, _) if input.starts_with("Digest MD5") => {
            return Some(("Digest MD5: a whole check, against its hashes".into(), 1.5));
        }
        (Work::Check, _) if input.starts_with("Digest SHA-256") => {
            return Some(("Digest SHA-256: a whole check, against its hashes".into(), 1.8));
        }
        (Work::Deny, _) => return Some((format!("{input}, against a copy and its HMAC"), 1.3)),
        (Work::Display, _) => return Some(("`Display`, in parts of the time of `encode`".into(), 1.2)),
        _ => return None,
    };
    let what = match work {
        Work::ReadCredentials | Work::Decode | Work::WriteCredentials => format!("{input}, "),
        _ => String::new(),
    };
    Some((format!("{what}{work}, against `{by}`"), most))
}

/// Returns the target of a window that the processor's nearest caches can hold. A larger one takes as long as its memory.
fn of_windows(windows: &[Window]) -> Target {
    let cases = windows[1..]
        .iter()
        .filter(|window| window.slots <= 1024)
        .flat_map(|window| {
            let kinds = ["the next answer", "a new nonce"].into_iter().zip(window.ratios);
            kinds.map(|(kind, ratio)| (kind.to_owned(), ratio))
        });
    Target::new("full window of 1024 slots, against one of 64", 1.25, cases)
}

/// Returns the targets of time for a byte, and for linear time. If the time were quadratic, a byte would take four times as long in
/// input of four times the length.
fn of_hostile(rows: &[Hostile]) -> Vec<Target> {
    let slowest = |row: &Hostile| (row.kind.clone(), row.slowest());
    let (challenges, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.kind.starts_with(CHALLENGES));
    let mut targets = vec![Target::new(
        "lists of nothing but challenges, in ns a byte",
        3.0,
        challenges.into_iter().map(slowest),
    )];
    if !others.is_empty() {
        targets.push(Target::new(
            "other hostile input, in ns a byte",
            1.5,
            others.into_iter().map(slowest),
        ));
    }
    targets.push(Target::new(
        "hostile input: growth of the time for a byte at four times the length",
        2.0,
        rows.iter().map(|row| (row.kind.clone(), row.growth())),
    ));
    targets
}

fn of_instructions() -> [Target; 2] {
    let choose = instructions::of("choose", "two Digest");
    let display = instructions::display_by_encode().map(|(input, ratio)| (input.to_owned(), ratio));
    [
        Target::new(
            "`choose` among two Digest, in instructions",
            5000.0,
            [(String::new(), choose)],
        ),
        Target::new("`Display`, in parts of the instructions of `encode`", 1.2, display),
    ]
}
