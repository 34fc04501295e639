//! Counts the instructions of everything in `benches/work.rs`, and compares the counts with the committed ones.
//!
//! Counts depend on the compiler, not on the load of the machine.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use xshell::{Shell, cmd};

use crate::figures::{self, Table};
use crate::tools::{self, VALGRIND};
use crate::workspace;

const COUNTS: &str = "benches/instructions/counts.tsv";

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Accepts the counts of now
    #[arg(long)]
    bless: bool,
    /// Lists the functions that execute the instructions of one line of the table
    #[arg(long, num_args = 2, value_names = ["WORK", "INPUT"], conflicts_with = "bless")]
    profile: Option<Vec<String>>,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    tools::require(sh, &[VALGRIND])?;
    let dumps = sh.create_temp_dir()?;
    let names = count(sh, dumps.path())?;
    let dump = |index: usize| sh.read_file(dumps.path().join(format!("dump.{}", index + 1)));

    if let Some(line) = &options.profile {
        let line = line.join("\t");
        let index = names
            .lines()
            .position(|name| name == line)
            .with_context(|| format!("not in {COUNTS}: {line}"))?;
        print!("{}", profile(&dump(index)?));
        return Ok(());
    }

    let mut table = Table::default();
    table.push_comment(&format!(
        "{}, {}",
        cmd!(sh, "rustc --version").read()?,
        std::env::consts::ARCH
    ));
    table.push_comment("work\tinput\tinstructions");
    for (index, name) in names.lines().enumerate() {
        let (work, input) = name
            .split_once('\t')
            .with_context(|| format!("not a line of the table: {name}"))?;
        table.push(
            work,
            input,
            total(&dump(index)?).with_context(|| format!("nothing was counted: {name}"))?,
        );
    }
    figures::compare(&workspace::root().join(COUNTS), &table, options.bless)
}

/// Runs everything under callgrind, which writes a file to `dumps` each time that `counted` returns: dump.1, dump.2,
/// ... Returns the name of each.
fn count(sh: &Shell, dumps: &Path) -> Result<String> {
    let out = format!("--callgrind-out-file={}", dumps.join("dump").display());
    let callgrind = [
        "env",
        // The C library then copies memory in the same way on all processors, that of SSE2; else counts differ by up to
        // 7 %.
        "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-ERMS",
        "valgrind",
        "-q",
        "--tool=callgrind",
        "--compress-strings=no",
        &out,
        "--toggle-collect=instructions::counted",
        "--dump-after=instructions::counted",
    ];
    let runner = format!("target.'cfg(all())'.runner={callgrind:?}");
    Ok(cmd!(
        sh,
        "cargo bench -q --features digest --bench instructions --config {runner}"
    )
    // With several units, a change of one function moves others between units, and changes what is inlined there.
    .env("CARGO_PROFILE_BENCH_CODEGEN_UNITS", "1")
    .read()?)
}

/// Returns the total of a file of callgrind's, unless it is 0.
fn total(dump: &str) -> Option<u64> {
    let total = dump
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))?
        .parse()
        .ok()?;
    (total > 0).then_some(total)
}

/// Lists the functions in a file of callgrind's, with the instructions of each, the largest number first.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn profile(dump: &str) -> String {
    let mut costs: BTreeMap<&str, u64> = BTreeMap::new();
    let mut function = "";
    let mut lines = dump.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("fn=") {
            function = name;
        } else if line.starts_with("calls=") {
            // The next line has the cost of the called function, which has lines of its own.
            lines.next();
        } else if let Some(cost) = cost(line) {
            *costs.entry(function).or_default() += cost;
        }
    }
    let total: u64 = costs.values().sum();
    let mut costs: Vec<_> = costs.into_iter().collect();
    costs.sort_by_key(|&(_, cost)| std::cmp::Reverse(cost));
    let line = |(name, cost)| format!("{cost:>8} {:>5.1} %  {name}\n", 100.0 * cost as f64 / total as f64);
    costs.into_iter().map(line).collect()
}

/// Returns the cost in a line that has a position and a cost.
fn cost(line: &str) -> Option<u64> {
    let (position, cost) = line.split_once(' ')?;
    position
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-+*".contains(&byte))
        .then(|| cost.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{profile, total};

    const DUMP: &str = "\
events: Ir

fn=outer
10 5
calls=1 20
+1 70
* 5

fn=inner
20 30
-3 40

totals: 80
";

    #[test]
    fn instructions_of_called_functions_are_not_those_of_the_caller() {
        assert_eq!(profile(DUMP), "      70  87.5 %  inner\n      10  12.5 %  outer\n");
    }

    #[test]
    fn total_is_read_unless_nothing_was_counted() {
        assert_eq!(total(DUMP), Some(80));
        assert_eq!(total("events: Ir\ntotals: 0\n"), None);
        assert_eq!(total("events: Ir\n"), None);
    }
}
