//! The tables, in Markdown.

use std::process::Command;

use crate::hostile::{Hostile, SIZES};
use crate::measure::Measured;
use crate::replay::Window;
use crate::row::Row;

const LIBRARIES: [&str; 9] = [
    "proxy-auth",
    "parse-net",
    "http-auth",
    "headers",
    "http-auth-basic",
    "digest_auth",
    "httparse",
    "base64",
    "memchr",
];

/// Prints how many requests a core checks in a second.
pub(crate) fn print_headline(exchanges: &[Row]) {
    let per_second = |input| {
        let row = exchanges.iter().find(|row| row.input == input).expect("a line");
        let millions = 1e3 / row.measured[0].nanoseconds;
        format!("{millions:.2} million")
    };
    println!(
        "A core checks {} requests a second with Basic, {} with Digest MD5, and {} with Digest SHA-256: the whole check by a `Gate`\n\
         (read, verify, refuse replays), with the password of Basic and the stored hashes of Digest.\n",
        per_second("Basic, password"),
        per_second("Digest MD5, stored hash"),
        per_second("Digest SHA-256, stored hash"),
    );
    println!("On {}:\n", machine());
}

/// Prints each library's time, our time divided by it, and how often the library allocates.
pub(crate) fn print_rows(rows: &[Row]) {
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

/// Prints our time, the lower bound, and our time divided by it.
pub(crate) fn print_exchanges(rows: &[Row]) {
    print_header(
        "Exchange, and what is done",
        &["`proxy-auth`", "lower bound", "of it"].map(String::from),
    );
    for row in rows {
        for bound in &row.measured[1..] {
            let (ours, theirs) = (time(row.measured[0].nanoseconds), time(bound.nanoseconds));
            println!(
                "| {}, {} | {ours} | {theirs}: {} | {:.2} |",
                row.input, row.work, bound.by, bound.ratio
            );
        }
    }
}

/// Prints the time of a full window for an answer.
pub(crate) fn print_windows(windows: &[Window]) {
    let columns = windows.iter().map(|window| format!("{} slots", window.slots));
    print_header("Full window of used answers", &columns.collect::<Vec<_>>());
    let line = |name: &str, cell: &dyn Fn(&Window) -> String| {
        println!(
            "| {name} | {} |",
            windows.iter().map(cell).collect::<Vec<_>>().join(" | ")
        );
    };
    line("the next answer to a nonce", &|window| time(window.next));
    line("a new nonce, which displaces another", &|window| time(window.new));
    line("a read from as much memory, in random places", &|window| {
        time(window.memory)
    });
}

/// Prints the nanoseconds for each byte.
pub(crate) fn print_hostile(rows: &[Hostile]) {
    print_header("ns a byte", &SIZES.map(|size| format!("{} KiB", size >> 10)));
    for row in rows {
        let cells: Vec<_> = row.times.iter().map(|time| format!("{time:.3}")).collect();
        println!("| {} | {} |", row.kind, cells.join(" | "));
    }
}

pub(crate) fn print_header(first: &str, columns: &[String]) {
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
