//! Compares the parser with the ABNF and with the corpus.

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

use crate::tools::{self, PYTHON};
use crate::workspace;

#[derive(Args)]
pub(crate) struct Options {
    /// Also runs the ignored tests, which go one step further and take minutes
    #[arg(long)]
    long: bool,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let test = if options.long {
        cmd!(
            sh,
            "cargo test -p conformance --release -- --include-ignored --nocapture"
        )
    } else {
        cmd!(sh, "cargo test -p conformance -- --nocapture --test-threads=1")
    };
    test.run()?;
    runner(sh)
}

/// Reads the corpus as other implementations do: with its runner, which starts a program for each case.
pub(crate) fn runner(sh: &Shell) -> Result<()> {
    tools::require(sh, &[PYTHON])?;
    let target_dir = workspace::target_dir(sh)?;
    cmd!(
        sh,
        "cargo build -q -p conformance --example tree --target-dir {target_dir}"
    )
    .run()?;
    let tree = target_dir.join("debug/examples/tree");
    Ok(cmd!(sh, "tests/corpus/run.py {tree}").run()?)
}
