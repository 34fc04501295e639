//! The test of response times.

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

#[derive(Args, Default)]
pub(crate) struct Options {
    /// The number of measurements of each case
    #[arg(long, default_value = "1000000")]
    measurements: usize,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let measurements = options.measurements.to_string();
    Ok(cmd!(sh, "cargo run --release -q -p timing -- --measurements {measurements}").run()?)
}
