//! Loads the example proxy over the loopback interface, and prints tables of BENCHMARKS.md.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

pub(crate) fn run(sh: &Shell) -> Result<()> {
    cmd!(sh, "cargo build -q --release -p hyper-example --bin proxy").run()?;
    cmd!(sh, "cargo build -q --release -p load").run()?;
    let release = workspace::root().join("target/release");
    let [proxy, open_proxy, load] = ["proxy", "open-proxy", "load"].map(|name| release.join(name));
    Ok(cmd!(sh, "{load} --proxy {proxy} --open-proxy {open_proxy}").run()?)
}
