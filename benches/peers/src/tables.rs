//! The tables, in Markdown.

use std::process::Command;

use crate::hostile::{Hostile, SIZES};
use crate::measure::Measured;
use crate::row::Row;

const LIBRARIES: [&str; 7] = [
    "proxy-auth",
    "http-auth",
    "headers",
    "http-auth-basic",
    "digest_auth",
    "httparse",
    "base64",
];

/// Prints each library's time, our time divided by it, and how often the library allocates.
pub(crate) fn print_rows(rows: &[Row]) {
    println!("On {}:\n", machine());
    print_header(
        "Input, and what is done",
        &LIBRARIES.map(|library| format!("`{library}`")),
    );
    for row in rows {
        let cells = LIBRARIES.map(|library| row.by(library).map_or_else(String::new, cell));
        println!("| {}, {} | {} |", row.input, row.work, cells.join(" | "));
    }
}

fn cell(measured: &Measured) -> String {
    let ratio = match measured.by {
        "proxy-auth" => String::new(),
        _ => format!(" ({:.2})", measured.ratio),
    };
    let allocations = match measured.allocations {
        0 => String::new(),
        count => format!(" {count}a"),
    };
    format!("{}{ratio}{allocations}", time(measured.nanoseconds))
}

/// Prints the nanoseconds for each byte.
pub(crate) fn print_hostile(rows: &[Hostile]) {
    print_header("ns a byte", &SIZES.map(|size| format!("{} KiB", size >> 10)));
    for row in rows {
        let cells: Vec<_> = row.times.iter().map(|time| format!("{time:.3}")).collect();
        println!("| {} | {} |", row.kind, cells.join(" | "));
    }
}

fn print_header(first: &str, columns: &[String]) {
    println!("| {first} | {} |", columns.join(" | "));
    println!("|---|{}", "--:|".repeat(columns.len()));
}

fn time(nanoseconds: f64) -> String {
    let (number, unit) = if nanoseconds < 1e3 {
        (nanoseconds, "ns")
    } else {
        (nanoseconds / 1e3, "\u{b5}s")
    };
    let decimals = usize::from(number < 100.0);
    format!("{number:.decimals$} {unit}")
}

/// Describes the processor and the compiler.
fn machine() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("an unknown processor", |(_, model)| model);
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map_or_else(|_| b"an unknown rustc".to_vec(), |output| output.stdout);
    format!("{model}, with {}", String::from_utf8_lossy(&rustc).trim())
}
