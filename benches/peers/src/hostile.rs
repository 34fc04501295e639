//! Input that is meant to take a parser long. It checks that time is linear in the input.

use std::hint::black_box;

use proxy_auth::Challenges;

use crate::measure::{contender, measure};

/// The lengths of the input, from 1 KiB to 1 MiB.
pub(crate) const SIZES: [usize; 6] = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20];

/// The kinds of input: a name, the start, the part that is repeated, and the end.
const KINDS: [(&str, &str, &str, &str); 24] = [
    ("commas", "Basic realm=x", ",", ""),
    ("commas and spaces", "Basic realm=x", " , ", ""),
    ("spaces", "Basic", " ", "realm=x"),
    ("tabs", "Basic", "\t", ", A"),
    ("spaces before commas", "", "A                        ,", ""),
    ("escapes", "Basic realm=\"", "\\\"", "\""),
    ("backslashes to the end", "Basic realm=\"", "\\", ""),
    ("unterminated quoted text", "Basic realm=\"", "text and ", ""),
    ("quotes", "Basic realm=", "\"", ""),
    ("quotes that stay open", "Basic realm=\"", ", Basic realm=\"\"", ""),
    ("empty quoted-strings", "Basic ", "a=\"\", ", ""),
    ("bytes beyond ASCII", "Basic realm=\"", "\u{e4}", "\""),
    ("parameters", "Newauth ", "name=value, ", ""),
    ("parameters and white space", "Newauth ", "a \t = \t b , ", ""),
    ("parameters without values", "Newauth ", "a=, ", ""),
    ("equals signs", "Basic a", "=", ""),
    ("equals signs in values", "Basic ", "a=b=", ""),
    (CHALLENGES, "", "A, ", ""),
    ("challenges with realms", "", "Basic realm=\"x\", ", ""),
    ("challenges with tokens", "", "A b=, ", ""),
    ("damaged challenges", "", "A b c=\"d\" e, ", ""),
    ("a long token68", "Negotiate ", "YIIGhgYGKwYBBQUC", "="),
    ("a long scheme", "", "Negotiate", ""),
    ("a long name", "Basic ", "name-", "=x"),
];

pub(crate) struct Hostile {
    pub(crate) kind: String,
    /// The nanoseconds for each byte in the fastest round, for each size.
    pub(crate) times: Vec<f64>,
}

/// The kind that has a target of its own.
pub(crate) const CHALLENGES: &str = "challenges";

/// Measures each kind of input, or only [`CHALLENGES`].
pub(crate) fn rows(only_challenges: bool) -> Vec<Hostile> {
    let kinds = KINDS.iter().filter(|kind| !only_challenges || kind.0 == CHALLENGES);
    kinds.flat_map(rows_of).collect()
}

/// Measures strict reading, which ends with its first error, and lenient reading.
fn rows_of(&(kind, start, unit, end): &(&str, &str, &str, &str)) -> [Hostile; 2] {
    let mut rows = ["", ", lenient"].map(|mode| Hostile {
        kind: format!("{kind}{mode}"),
        times: Vec::new(),
    });
    for size in SIZES {
        let units = (size - start.len() - end.len()) / unit.len();
        let value = format!("{start}{}{end}", unit.repeat(units));
        let measured = measure(vec![
            contender("strict", || read(Challenges::new(black_box(&value)))),
            contender("lenient", || read(Challenges::new(black_box(&value)).lenient())),
        ]);
        #[expect(clippy::cast_precision_loss, reason = "it is a million bytes at most")]
        for (row, measured) in rows.iter_mut().zip(measured) {
            row.times.push(measured.fastest / value.len() as f64);
        }
    }
    rows
}

fn read(challenges: Challenges<'_>) {
    for challenge in challenges {
        black_box(&challenge);
    }
}

impl Hostile {
    /// Returns the greatest time for a byte among all sizes.
    pub(crate) fn slowest(&self) -> f64 {
        self.times.iter().copied().fold(0.0, f64::max)
    }

    /// Returns the greatest factor by which a byte takes longer in input of four times the length: 1 is linear, 4 is quadratic.
    pub(crate) fn growth(&self) -> f64 {
        let pairs = self.times.iter().zip(&self.times[1..]);
        pairs.map(|(time, next)| next / time).fold(0.0, f64::max)
    }
}
