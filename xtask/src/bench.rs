//! Compares speed and allocations with other libraries, and checks that they parse and write the same.

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Prints the table of BENCHMARKS.md
    #[arg(long)]
    markdown: bool,
    /// Measures all public functions instead, without other libraries
    #[arg(long, conflicts_with = "markdown")]
    functions: bool,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    if options.functions {
        return Ok(cmd!(sh, "cargo bench --features digest --bench speed").run()?);
    }
    let markdown = options.markdown.then_some("--markdown");
    Ok(cmd!(sh, "cargo run -q --release -p peers -- {markdown...}").run()?)
}
