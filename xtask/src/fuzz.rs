//! Runs the fuzz targets.

mod cargo_fuzz;
mod coverage;
mod outcome;
mod seeds;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use xshell::Shell;

use crate::{tools, workspace};
use cargo_fuzz::CargoFuzz;
use outcome::{Outcome, table};

#[derive(Args)]
pub(crate) struct Options {
    /// The targets to run; all if none is named
    targets: Vec<String>,
    /// Runs each target for this long
    #[arg(long, default_value_t = 10, conflicts_with = "hours")]
    seconds: u64,
    /// Runs all targets for this long together, each of them as often as there are jobs
    #[arg(long)]
    hours: Option<f64>,
    /// Runs this many targets at a time; one for each core if it is not given
    #[arg(long)]
    jobs: Option<usize>,
    /// Runs no target; replaces the committed seeds with the smallest part of the corpora that covers the same
    #[arg(long, conflicts_with_all = ["seconds", "hours"])]
    minimize: bool,
    /// Runs no target; prints how much of the library the corpora cover
    #[arg(long, conflicts_with_all = ["seconds", "hours", "minimize"])]
    coverage: bool,
}

impl Options {
    /// Options to run all targets.
    pub(crate) fn all(seconds: u64, jobs: usize) -> Self {
        Self {
            targets: Vec::new(),
            seconds,
            hours: None,
            jobs: Some(jobs),
            minimize: false,
            coverage: false,
        }
    }
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let dir = workspace::root().join("fuzz");
    let targets = selected(sh, &dir, &options.targets)?;
    let jobs = match options.jobs {
        Some(jobs) => jobs.max(1),
        None => thread::available_parallelism()?.get(),
    };
    // With hours, each job runs each target: all jobs are busy until the end, with different targets at the same time.
    let (rounds, seconds) = match options.hours {
        Some(hours) => (jobs, shared(hours, targets.len())?),
        None => (1, options.seconds),
    };

    tools::require_cargo(sh, "cargo-fuzz")?;
    seeds::write(sh, &dir)?;
    sh.create_dir(dir.join("logs"))?;
    let fuzz = CargoFuzz::new(sh, dir);
    if options.coverage {
        return coverage::report(sh, &fuzz, &targets);
    }
    fuzz.build()?;
    if options.minimize {
        return targets.iter().try_for_each(|target| seeds::minimize(sh, &fuzz, target));
    }
    let outcomes = run_all(&fuzz, &targets, rounds, seconds, jobs)?;
    println!("\n{}", table(&outcomes));
    let failed: Vec<_> = outcomes.iter().filter(|(_, outcome)| !outcome.is_clean()).collect();
    let failed: Vec<_> = failed.into_iter().map(|(target, _)| &**target).collect();
    ensure!(failed.is_empty(), "failed: {}; see fuzz/artifacts", failed.join(", "));
    Ok(())
}

/// Returns the seconds of each of so many targets that share some hours.
fn shared(hours: f64, targets: usize) -> Result<u64> {
    let all = Duration::try_from_secs_f64(hours * 60.0 * 60.0)?;
    Ok((all / u32::try_from(targets)?).as_secs().max(1))
}

/// Runs each target for so many seconds in each round, and so many jobs at a time.
fn run_all(
    fuzz: &CargoFuzz,
    targets: &[String],
    rounds: usize,
    seconds: u64,
    jobs: usize,
) -> Result<BTreeMap<String, Outcome>> {
    let queue = Mutex::new((1..=rounds).flat_map(|round| targets.iter().map(move |target| (round, target))));
    let next = || queue.lock().ok()?.next();
    let outcomes = Mutex::new(BTreeMap::<String, Outcome>::new());
    let work = || -> Result<()> {
        while let Some((round, target)) = next() {
            let outcome = fuzz.run(target, round, seconds)?;
            println!("{target}, round {round}: {outcome}");
            let mut outcomes = outcomes.lock().expect("no thread panics");
            outcomes.entry(target.clone()).or_default().add(outcome);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        let results = workers
            .into_iter()
            .map(|worker| worker.join().expect("no thread panics"));
        results.collect::<Result<()>>()
    })?;
    Ok(outcomes.into_inner()?)
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

#[cfg(test)]
mod tests {
    use super::shared;

    #[test]
    fn targets_share_the_hours() {
        assert_eq!(shared(2.0, 11).unwrap(), 654);
        assert_eq!(shared(0.5, 1).unwrap(), 1800);
        assert!(shared(-1.0, 1).is_err());
        assert!(shared(f64::NAN, 1).is_err());
    }
}
