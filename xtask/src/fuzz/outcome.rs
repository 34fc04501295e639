//! Figures of runs of a target.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// Figures of one run of a target, or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    executions: u64,
    /// The covered edges of the target and its dependencies.
    edges: u64,
    /// The covered edges, each with the order of magnitude of how often it was taken.
    features: u64,
    crashes: u64,
    timeouts: u64,
    /// The time of the slowest execution, in whole seconds.
    slowest: u64,
}

impl Outcome {
    /// Reads what libFuzzer printed.
    pub(super) fn read(log: &str, is_success: bool) -> Self {
        let statistic = |name: &str| {
            let found = log.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            found.and_then(|found| found.trim().parse().ok()).unwrap_or_default()
        };
        let coverage = |name: &str| {
            let found = log
                .lines()
                .rev()
                .find_map(|line| line.split_once(name)?.1.split_ascii_whitespace().next());
            found.and_then(|found| found.parse().ok()).unwrap_or_default()
        };
        let is_timeout = log.contains("ERROR: libFuzzer: timeout");
        Self {
            executions: statistic("stat::number_of_executed_units"),
            edges: coverage(" cov: "),
            features: coverage(" ft: "),
            crashes: u64::from(!is_success && !is_timeout),
            timeouts: u64::from(!is_success && is_timeout),
            slowest: statistic("stat::slowest_unit_time_sec"),
        }
    }

    /// Adds a run that started with what the runs before had found.
    pub(super) fn add(&mut self, run: Self) {
        self.executions += run.executions;
        self.edges = self.edges.max(run.edges);
        self.features = self.features.max(run.features);
        self.crashes += run.crashes;
        self.timeouts += run.timeouts;
        self.slowest = self.slowest.max(run.slowest);
    }

    pub(super) fn is_clean(&self) -> bool {
        self.crashes == 0 && self.timeouts == 0
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            executions,
            edges,
            features,
            crashes,
            timeouts,
            slowest,
        } = self;
        write!(
            f,
            "{executions} executions, cov: {edges} ft: {features}, {crashes} crashes, {timeouts} timeouts, "
        )?;
        write!(f, "slowest execution {slowest} s")
    }
}

/// Returns the figures as a table in Markdown.
pub(super) fn table(outcomes: &BTreeMap<String, Outcome>) -> String {
    let head =
        "| Target | Executions | cov | ft | Crashes | Timeouts | Slowest execution |\n|---|--:|--:|--:|--:|--:|--:|\n";
    let rows = outcomes.iter().map(|(target, outcome)| {
        let slowest = match outcome.slowest {
            0 => "below 1 s".to_owned(),
            seconds => format!("{seconds} s"),
        };
        let figures = [
            outcome.executions,
            outcome.edges,
            outcome.features,
            outcome.crashes,
            outcome.timeouts,
        ];
        let figures = figures.map(grouped).join(" | ");
        format!("| `{target}` | {figures} | {slowest} |\n")
    });
    head.to_owned() + &rows.collect::<String>()
}

/// Writes a number with commas between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Outcome, table};

    const LOG: &str = "#2\tINITED cov: 5 ft: 6 corp: 1/1b\n#9\tDONE   cov: 712 ft: 2903 corp: 9/1b\n\
                       stat::number_of_executed_units: 4787354\nstat::slowest_unit_time_sec: 2\n";

    #[test]
    fn coverage_is_that_of_the_last_line_with_coverage() {
        let outcome = Outcome::read(LOG, true);
        assert_eq!((outcome.edges, outcome.features), (712, 2903));
        assert!(outcome.is_clean());
        assert_eq!(Outcome::read("", true), Outcome::default());
    }

    #[test]
    fn a_failed_run_is_a_crash_or_a_timeout() {
        let crash = Outcome::read(LOG, false);
        assert_eq!((crash.crashes, crash.timeouts, crash.is_clean()), (1, 0, false));
        let timeout = Outcome::read(
            &format!("{LOG}==1== ERROR: libFuzzer: timeout after 10 seconds\n"),
            false,
        );
        assert_eq!((timeout.crashes, timeout.timeouts, timeout.is_clean()), (0, 1, false));
    }

    #[test]
    fn the_table_adds_runs() {
        let mut outcome = Outcome::read(LOG, true);
        outcome.add(Outcome::read(
            "#9\tDONE   cov: 713 ft: 2800 corp: 9/1b\nstat::number_of_executed_units: 46",
            false,
        ));
        let table = table(&BTreeMap::from([("basic".to_owned(), outcome)]));
        assert_eq!(
            table.lines().last(),
            Some("| `basic` | 4,787,400 | 713 | 2,903 | 1 | 0 | 2 s |")
        );
    }
}
