//! The targets, and whether they are met.

use crate::hostile::Hostile;
use crate::inputs;
use crate::row::{Row, Work};

pub(crate) fn print(rows: &[Row], hostile: &[Hostile]) {
    let first_five = inputs::challenges().map(|input| input.name);
    let first_five = &first_five[..5];
    for work in [Work::Read, Work::ReadParams] {
        print_against(rows, "http-auth", 1.0 / 8.0, |row| row.work == work);
    }
    print_against(rows, "httparse", 1.0, |row| {
        row.work == Work::Read && (first_five.contains(&row.input) || row.input == "token, 48 KiB")
    });
    print_against(rows, "base64", 1.6, |row| {
        matches!(row.work, Work::ReadCredentials | Work::Decode)
    });
    print_against(rows, "digest_auth", 1.0 / 6.0, |row| row.work == Work::ReadCredentials);
    for row in hostile {
        print_linear(row);
    }
}

/// Prints whether our time is at most `most` times that of `library`, in each row for which `is_meant` returns `true`.
fn print_against(rows: &[Row], library: &str, most: f64, is_meant: impl Fn(&Row) -> bool) {
    for row in rows.iter().filter(|row| is_meant(row)) {
        if let Some(theirs) = row.by(library) {
            let Row { input, work, .. } = row;
            let (met, ratio) = (verdict(theirs.ratio <= most), theirs.ratio);
            println!("{met} {input}, {work}: {ratio:.3} of the time of {library}, at most {most:.3}");
        }
    }
}

/// Prints whether a byte takes less than 1.5 ns, and less than twice as long in input of four times the length. If the time were
/// quadratic, it would take four times as long.
fn print_linear(row: &Hostile) {
    let (slowest, growth) = (row.slowest(), row.growth());
    let met = verdict(slowest < 1.5 && growth < 2.0);
    println!(
        "{met} {}: {slowest:.3} ns a byte; times {growth:.2} at four times the length",
        row.kind
    );
}

fn verdict(met: bool) -> &'static str {
    if met { "met   " } else { "missed" }
}
