//! What is to be reached, and whether it is.

use crate::hostile::Hostile;
use crate::inputs;
use crate::row::{Row, Work};

pub(crate) fn print(rows: &[Row], hostile: &[Hostile]) {
    let first_five: Vec<_> = inputs::challenges().iter().take(5).map(|input| input.name).collect();
    for work in [Work::Read, Work::ReadParams] {
        let title = format!("{work}: 8 times faster than http-auth");
        against(rows, &title, "http-auth", 1.0 / 8.0, |row| row.work == work);
    }
    against(
        rows,
        "a field in the time of httparse for its message",
        "httparse",
        1.0,
        |row| row.work == Work::Read && first_five.contains(&row.input),
    );
    against(
        rows,
        "a token of 48 KiB in the time of httparse",
        "httparse",
        1.0,
        |row| row.work == Work::Read && row.input == "token, 48 KiB",
    );
    against(
        rows,
        "Basic credentials in 1.6 times the time of base64",
        "base64",
        1.6,
        |row| row.work == Work::ReadCredentials,
    );
    against(
        rows,
        "Digest credentials 6 times faster than digest_auth",
        "digest_auth",
        1.0 / 6.0,
        |row| row.work == Work::ReadCredentials,
    );
    hostile_is_linear(hostile);
}

/// Our time is at most `most` times that of `library`, in each of the rows that are meant and have both.
fn against(rows: &[Row], title: &str, library: &str, most: f64, is_meant: impl Fn(&Row) -> bool) {
    for row in rows.iter().filter(|row| is_meant(row)) {
        if let Some(measured) = row.by(library) {
            let verdict = verdict(measured.ratio <= most);
            println!(
                "{verdict} {title}: {} ({:.3} of at most {most:.3})",
                row.input, measured.ratio
            );
        }
    }
}

fn hostile_is_linear(hostile: &[Hostile]) {
    for row in hostile {
        let most = row.times.iter().copied().fold(0.0, f64::max);
        let growth = row.growth();
        if most >= 1.5 || growth >= 2.0 {
            println!(
                "missed hostile: {}: {most:.3} ns a byte, {growth:.1} times more for four times the size",
                row.kind
            );
        }
    }
}

fn verdict(met: bool) -> &'static str {
    if met { "met   " } else { "missed" }
}
