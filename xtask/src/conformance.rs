//! Compares the parser with the ABNF and with the corpus.

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

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
    Ok(test.run()?)
}
