//! Measures tunnels through Squid, with `proxy-auth-tower` and with reqwest. It is no part of the checks of every change: its
//! dependencies take minutes to build.

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

use crate::tools::{self, HAPROXY, HTPASSWD, OPENSSL, PYTHON, SQUID};
use crate::workspace;

const PACKAGE: &str = "benches/tunnels";

#[derive(Args)]
pub(crate) struct Options {
    /// The number of tunnels
    #[arg(long, default_value = "1000")]
    number: u32,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    tools::require(sh, &[SQUID, HAPROXY, HTPASSWD, OPENSSL, PYTHON])?;
    cmd!(sh, "cargo build -q --release -p proxy-auth-tower --examples").run()?;
    cmd!(
        sh,
        "cargo build -q --release --manifest-path {PACKAGE}/Cargo.toml --target-dir {PACKAGE}/target"
    )
    .run()?;
    let program = format!("{PACKAGE}/target/release/tunnels");
    let examples = workspace::target_dir(sh)?.join("release/examples");
    let number = options.number.to_string();
    Ok(cmd!(sh, "bash {PACKAGE}/run.sh {program} {examples} {number}").run()?)
}
