//! Measures what the library takes on a device, and fails if that exceeds a bound, or has grown since the figures were
//! committed.
//!
//! Code (.text) and constants (.rodata) are those of the programs in `verify/size/src/bin`, linked with the parts of
//! `core` that they use (opt-level "z", LTO, one codegen unit, abort on panic); `nothing` is a program without the
//! library. Stack is that of `verify/cortex-m`, optimized for size and for speed. The WebAssembly modules are those of
//! `adapters/js`.

mod tables;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::Args;
use xshell::{Shell, cmd};

use crate::figures::{self, Table};
use crate::tools::{self, READELF, SIZE};
use crate::{cortex_m, target, wasm, workspace};

const FIGURES: &str = "verify/size/figures.tsv";
const TARGETS: [&str; 2] = ["thumbv6m-none-eabi", "thumbv7m-none-eabi"];
/// The programs, and the features that they need.
const PROGRAMS: [(&str, &str); 6] = [
    ("nothing", ""),
    ("parser", ""),
    ("basic", ""),
    ("digest_fields", ""),
    ("gate_basic", ""),
    ("gate_digest", "digest"),
];

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Accepts the figures measured now
    #[arg(long)]
    bless: bool,
    /// Measures nothing, and prints the committed figures as the tables of BENCHMARKS.md
    #[arg(long, conflicts_with = "bless")]
    table: bool,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let committed = workspace::root().join(FIGURES);
    if options.table {
        print!("{}", tables::markdown(&Table::read(&committed)?)?);
        return Ok(());
    }
    let now = measure(sh)?;
    check_bounds(&now)?;
    figures::compare(&committed, &now, options.bless)
}

fn measure(sh: &Shell) -> Result<Table> {
    tools::require(sh, &[SIZE, READELF])?;
    let mut table = Table::default();
    table.push_comment("program\twhere\tbytes");
    let target_dir = workspace::root().join("verify/size/target");
    for target in TARGETS {
        for (program, features) in PROGRAMS {
            build(sh, target, program, features, &target_dir)?;
            let sections = cmd!(sh, "size -A -d")
                .arg(target_dir.join(target).join("release").join(program))
                .read()?;
            let code = section(&sections, ".text").with_context(|| format!("{program}: no .text"))?;
            table.push(program, &format!("{target}, code"), code);
            if let Some(constants) = section(&sections, ".rodata").filter(|&bytes| bytes > 0) {
                table.push(program, &format!("{target}, constants"), constants);
            }
        }
    }
    for level in ["z", "3"] {
        for (call, bytes) in cortex_m::stack(sh, level)? {
            table.push(&call, &format!("stack, opt-level {level}"), bytes);
        }
    }
    table.push_comment(&compiler(sh, &target_dir)?);
    for (name, module) in [("parser", wasm::build(sh)?), ("all", wasm::build_full(sh)?)] {
        table.push(&format!("WebAssembly module, {name}"), "wasm", module.size);
    }
    Ok(table)
}

fn build(sh: &Shell, target: &str, program: &str, features: &str, target_dir: &Path) -> Result<()> {
    let _dir = sh.push_dir("verify/size");
    let build =
        target::cargo(sh, target, "build", target_dir)?.args(["--release", "--bin", program, "--features", features]);
    let linker = format!("target.{target}.linker='ld.lld-14'");
    let flags = format!("target.{target}.rustflags=['-Clinker-flavor=ld.lld']");
    Ok(build.args(["--config", &linker, "--config", &flags]).run()?)
}

/// Returns the size of a section in the output of `size -A`.
fn section(sections: &str, name: &str) -> Option<u64> {
    let mut lines = sections.lines().map(str::split_ascii_whitespace);
    lines.find_map(|mut columns| (columns.next() == Some(name)).then(|| columns.next()?.parse().ok())?)
}

/// Returns the version of the compiler, which is in what it has compiled.
fn compiler(sh: &Shell, target_dir: &Path) -> Result<String> {
    let program = target_dir.join(TARGETS[TARGETS.len() - 1]).join("release/parser");
    let comment = cmd!(sh, "readelf -p .comment {program}").read()?;
    let version = comment
        .lines()
        .find_map(|line| line.find("rustc version").map(|at| line[at..].trim_end()));
    Ok(version.context("the program does not tell its compiler")?.to_owned())
}

/// A limit, whatever is committed.
struct Bound {
    name: &'static str,
    kind: &'static str,
    less_than: u64,
    /// Not yet, if it is not reached: it is only printed.
    is_enforced: bool,
}

const BOUNDS: [Bound; 6] = [
    // Each layer between the caller and the grammar has a copy of the result, which also holds the damage, if any.
    Bound {
        name: "Challenges: a list of three",
        kind: "stack, opt-level 3",
        less_than: 400,
        is_enforced: false,
    },
    Bound {
        name: "Challenges: a list of three",
        kind: "stack, opt-level z",
        less_than: 400,
        is_enforced: false,
    },
    Bound {
        name: "parser",
        kind: "thumbv6m-none-eabi, code",
        less_than: 6 * 1024,
        is_enforced: true,
    },
    // Lenient reading of what real senders write takes a kilobyte.
    Bound {
        name: "basic",
        kind: "thumbv6m-none-eabi, code",
        less_than: 10 * 1024,
        is_enforced: false,
    },
    Bound {
        name: "Attempt::check, of Digest",
        kind: "stack, opt-level z",
        less_than: 3 * 1024,
        is_enforced: true,
    },
    Bound {
        name: "Session::authorize, of Digest",
        kind: "stack, opt-level z",
        less_than: 5 * 1024,
        is_enforced: true,
    },
];

fn check_bounds(now: &Table) -> Result<()> {
    for Bound {
        name,
        kind,
        less_than,
        is_enforced,
    } in BOUNDS
    {
        let bytes = now
            .get(name, kind)
            .with_context(|| format!("no figure: {name}, {kind}"))?;
        let is_kept = bytes < less_than;
        let note = if is_kept { "" } else { ", which is not reached" };
        println!("{name}, {kind}: {bytes} bytes, to be less than {less_than}{note}");
        ensure!(
            is_kept || !is_enforced,
            "{name}, {kind}: {bytes} bytes exceed the bound"
        );
    }
    Ok(())
}
