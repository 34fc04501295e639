//! Runs the fuzz targets.

mod seeds;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, ensure};
use clap::Args;
use xshell::{Shell, cmd};

use crate::{tools, workspace};

#[derive(Args)]
pub(crate) struct Options {
    /// The targets to run; all if none is named
    targets: Vec<String>,
    /// Runs each target for this long
    #[arg(long, default_value_t = 10, conflicts_with = "hours")]
    seconds: u64,
    /// Runs each target for this long
    #[arg(long)]
    hours: Option<u64>,
    /// Runs this many targets at a time
    #[arg(long, default_value_t = 1)]
    jobs: usize,
}

impl Options {
    /// Options to run all targets.
    pub(crate) fn all(seconds: u64, jobs: usize) -> Self {
        Self {
            targets: Vec::new(),
            seconds,
            hours: None,
            jobs,
        }
    }
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let dir = workspace::root().join("fuzz");
    let targets = selected(sh, &dir, &options.targets)?;
    let seconds = options.hours.map_or(options.seconds, |hours| hours * 60 * 60);

    tools::require_cargo(sh, "cargo-fuzz")?;
    seeds::write(sh, &dir)?;
    sh.create_dir(dir.join("logs"))?;
    let fuzz = Fuzz {
        has_nightly: has_nightly(sh),
        dir,
    };
    ensure!(fuzz.cargo_fuzz("build").status()?.success(), "the targets do not build");

    let queue = Mutex::new(targets.into_iter());
    let next = || queue.lock().ok()?.next();
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                while let Some(target) = next() {
                    if let Err(error) = fuzz.run(&target, seconds) {
                        eprintln!("{target}: {error:#}");
                        failed.lock().expect("no thread panics").push(target);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner()?;
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

/// Returns the named targets, or all if none is named.
fn selected(sh: &Shell, dir: &Path, named: &[String]) -> Result<Vec<String>> {
    let files = sh.read_dir(dir.join("fuzz_targets"))?;
    let all: Vec<_> = files
        .iter()
        .filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()))
        .collect();
    for target in named {
        ensure!(
            all.contains(target),
            "no such target: {target}; there are {}",
            all.join(", ")
        );
    }
    Ok(if named.is_empty() { all } else { named.to_vec() })
}

fn has_nightly(sh: &Shell) -> bool {
    let toolchains = cmd!(sh, "rustup toolchain list").ignore_stderr().read();
    toolchains.is_ok_and(|toolchains| toolchains.lines().any(|line| line.starts_with("nightly")))
}

/// A way to run cargo-fuzz.
struct Fuzz {
    dir: PathBuf,
    has_nightly: bool,
}

impl Fuzz {
    fn cargo_fuzz(&self, command: &str) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.dir).args(["fuzz", command, "--fuzz-dir", "."]);
        // cargo-fuzz would otherwise use the cargo that runs this program.
        cargo.env_remove("CARGO");
        // Sanitizers are an unstable option, which other compilers than nightly accept only with RUSTC_BOOTSTRAP.
        if self.has_nightly {
            cargo.env("RUSTUP_TOOLCHAIN", "nightly")
        } else {
            cargo.env("RUSTC_BOOTSTRAP", "1")
        };
        cargo
    }

    /// Runs a target, and prints how many inputs it executed, and what they covered.
    fn run(&self, target: &str, seconds: u64) -> Result<()> {
        std::fs::create_dir_all(self.dir.join("corpus").join(target))?;
        let log = self.dir.join("logs").join(target);
        let file = File::create(&log)?;
        let mut cargo = self.cargo_fuzz("run");
        cargo.args([
            target,
            "--",
            "-max_len=4096",
            "-timeout=10",
            "-dict=http-auth.dict",
            "-print_final_stats=1",
        ]);
        cargo.arg(format!("-max_total_time={seconds}"));
        let status = cargo.stdout(file.try_clone()?).stderr(file).status()?;

        let log = std::fs::read(&log).with_context(|| log.display().to_string())?;
        let log = String::from_utf8_lossy(&log);
        let (executions, coverage) = statistics(&log);
        println!("{target}: {executions} executions, {coverage}");
        if !status.success() {
            let lines: Vec<_> = log.lines().collect();
            for line in lines.iter().skip(lines.len().saturating_sub(40)) {
                eprintln!("{line}");
            }
        }
        ensure!(status.success(), "{status}");
        Ok(())
    }
}

/// Returns the number of executions, and the last coverage, as libFuzzer printed them.
fn statistics(log: &str) -> (&str, String) {
    let executions = log
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let coverage = log.lines().rev().find_map(|line| {
        let (_, coverage) = line.split_once("cov: ")?;
        let mut words = coverage.split_ascii_whitespace();
        let (cov, ft) = (words.next()?, words.nth(1)?);
        Some(format!("cov: {cov} ft: {ft}"))
    });
    (executions.unwrap_or_default().trim(), coverage.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::statistics;

    #[test]
    fn statistics_are_those_of_the_last_line_with_coverage() {
        let log = "#2\tINITED cov: 5 ft: 6 corp: 1/1b\n#9\tDONE   cov: 712 ft: 2903 corp: 9/1b\n\
                   stat::number_of_executed_units: 47\n";
        assert_eq!(statistics(log), ("47", "cov: 712 ft: 2903".to_owned()));
        assert_eq!(statistics("it crashed"), ("", String::new()));
    }
}
