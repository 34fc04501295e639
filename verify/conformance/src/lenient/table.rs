//! Reads the tables of `README.md`.

use std::collections::HashMap;

const README: &str = include_str!("../../README.md");

/// A class of bytes, in the order of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// In token and token68.
    Both,
    /// In token only.
    Tchar,
    /// In token68 only.
    Slash,
    Equals,
    Comma,
    WhiteSpace,
    Dquote,
    Backslash,
    /// Another visible character, or obs-text.
    Other,
    Control,
}

impl Class {
    pub(super) const ALL: [Self; 10] = [
        Self::Both,
        Self::Tchar,
        Self::Slash,
        Self::Equals,
        Self::Comma,
        Self::WhiteSpace,
        Self::Dquote,
        Self::Backslash,
        Self::Other,
        Self::Control,
    ];

    pub(super) const fn of(byte: u8) -> Self {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'+' => Self::Both,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'^' | b'`' | b'|' => Self::Tchar,
            b'/' => Self::Slash,
            b'=' => Self::Equals,
            b',' => Self::Comma,
            b' ' | b'\t' => Self::WhiteSpace,
            b'"' => Self::Dquote,
            b'\\' => Self::Backslash,
            b'('..=b')' | b':'..=b'@' | b'[' | b']' | b'{' | b'}' | 0x80..=0xFF => Self::Other,
            0..=0x1F | 0x7F => Self::Control,
        }
    }
}

/// The column of the end of the value, behind the classes.
const END: usize = Class::ALL.len();

/// A cell: the next state, unless it is the same, and the actions before it.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) next: Option<&'static str>,
    pub(super) actions: &'static [u8],
}

/// The tables for challenges, or for credentials and parameters.
#[derive(Debug)]
pub(super) struct Tables {
    /// The cells of each state, and of each state of the scan.
    rows: HashMap<&'static str, Vec<Cell>>,
    /// The cell for "=" in each context.
    contexts: HashMap<&'static str, Cell>,
}

impl Tables {
    /// Reads the tables. `list` selects those for a list of challenges.
    pub(super) fn new(list: bool) -> Self {
        let (challenges, others) = README
            .split_once("\n### Credentials and parameters\n")
            .expect("a heading for the other fields");
        let mut rows: HashMap<_, _> = rows("State", challenges)
            .chain(self::rows("Scan", challenges))
            .collect();
        if !list {
            rows.extend(self::rows("State", others));
        }
        let contexts = lines("Context", challenges).map(|cells| (cells[0], cell(cells[2])));
        Self {
            rows,
            contexts: contexts.collect(),
        }
    }

    /// Returns the cell for a byte of `class` in `state`.
    pub(super) fn cell(&self, state: &str, class: Class) -> &Cell {
        &self.row(state)[class as usize]
    }

    /// Returns the actions at the end in `state`, or `None` if no trimmed value ends there.
    pub(super) fn end(&self, state: &str) -> Option<&'static [u8]> {
        let cell = self.row(state).get(END)?;
        (cell.next != Some("-")).then_some(cell.actions)
    }

    /// Returns the cell for "=" after a word in a context.
    pub(super) fn context(&self, context: &str) -> Option<&Cell> {
        self.contexts.get(context)
    }

    /// Checks that a scan for the end of damage runs along in `state`.
    pub(super) fn scans(&self, state: &str) -> bool {
        self.row(state).iter().any(|cell| cell.actions.contains(&b'D'))
    }

    fn row(&self, state: &str) -> &[Cell] {
        self.rows.get(state).unwrap_or_else(|| panic!("no such state: {state}"))
    }
}

/// Returns the rows of the table whose first column has the heading `first`.
fn rows(first: &'static str, text: &'static str) -> impl Iterator<Item = (&'static str, Vec<Cell>)> {
    lines(first, text).map(move |cells| {
        let is_scan = first == "Scan";
        assert_eq!(cells.len(), 1 + END + usize::from(!is_scan), "{cells:?}");
        // At the end, there is no next state, only actions.
        let (classes, end) = cells[1..].split_at(END);
        let end = end.iter().map(|&end| match end {
            "." => cell("."),
            "-" => cell("-"),
            actions => Cell {
                next: None,
                actions: actions.as_bytes(),
            },
        });
        (cells[0], classes.iter().map(|&text| cell(text)).chain(end).collect())
    })
}

/// Returns the cells of each line of the table whose first column has the heading `first`.
fn lines(first: &'static str, text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let cells = |line: &'static str| {
        let line = line.strip_prefix("| ")?.strip_suffix(" |")?;
        Some(line.split(" | ").collect::<Vec<_>>())
    };
    text.lines()
        .skip_while(move |line| !line.starts_with(&format!("| {first} |")))
        // The heading, and the line below it.
        .skip(2)
        .map_while(cells)
}

fn cell(text: &'static str) -> Cell {
    let (next, actions) = text.split_once(' ').unwrap_or((text, ""));
    assert!(
        actions.bytes().all(|action| b"wesftunvlmxpPqdD!cr".contains(&action)),
        "{text}"
    );
    Cell {
        next: (next != ".").then_some(next),
        actions: actions.as_bytes(),
    }
}
