//! Tests whether response time reveals a secret, or whether a user exists.
//!
//! The method is that of [dudect](https://eprint.iacr.org/2016/1123): an operation is measured many times with inputs of two classes, in
//! random order, and Welch's t-test says whether the times of the classes differ. A comparison that ends early is the control: if the
//! test does not find that it leaks, the machine is too noisy for a result.

mod cases;
mod welch;

use std::hash::{BuildHasher, RandomState};
use std::process::ExitCode;

use clap::Parser;

use crate::cases::Case;
use crate::welch::{Difference, Measurement, greatest_difference};

/// The statistic above which dudect says that times differ.
const THRESHOLD: f64 = 10.0;
/// The difference in nanoseconds below which a found difference is noted, but is no failure. A network hides it.
const NEGLIGIBLE: f64 = 10.0;
/// The number of measurements of each case before those that count.
const WARM_UP: usize = 10_000;

/// Tests whether response time reveals a secret, or whether a user exists
#[derive(Parser)]
struct Options {
    /// The number of measurements of each case
    #[arg(long, default_value = "1000000")]
    measurements: usize,
}

fn main() -> ExitCode {
    let options = Options::parse();
    println!("| Operation | Classes | Greatest t | Difference |\n|---|---|---|---|");
    let mut failed = false;
    for case in cases::all() {
        let (name, classes, is_control) = (case.name, case.classes, case.is_control);
        let Difference { t, mean } = measure(case, options.measurements);
        let is_found = t.abs() > THRESHOLD;
        let shown = if is_found {
            format!("{:.1} ns", mean.abs())
        } else {
            "none".into()
        };
        println!("| {name} | {classes} | {:.1} | {shown} |", t.abs());
        if is_control && !is_found {
            println!("\nThe control is not found: this machine is too noisy for a result.");
            return ExitCode::FAILURE;
        }
        failed |= !is_control && is_found && mean.abs() > NEGLIGIBLE;
    }
    println!("\n{} measurements each", options.measurements);
    if failed {
        println!("Times differ: t is above {THRESHOLD}, and the difference above {NEGLIGIBLE} ns.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Measures a case with its classes in random order.
fn measure(mut case: Case, count: usize) -> Difference {
    let random = RandomState::new();
    let mut measurements = Vec::with_capacity(count);
    for number in 0..WARM_UP + count {
        let class = random.hash_one(number) & 1 == 1;
        let time = u32::try_from((case.measure)(class).as_nanos()).unwrap_or(u32::MAX);
        if number >= WARM_UP {
            measurements.push(Measurement { class, time });
        }
    }
    greatest_difference(&measurements)
}
