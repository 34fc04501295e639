//! Builds the example on hudsucker, and tests it with curl. It is no part of the checks of every change: its dependencies take minutes
//! to build.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools::{self, CURL, OPENSSL, PYTHON};

const PACKAGE: &str = "examples/hudsucker";

pub(crate) fn run(sh: &Shell) -> Result<()> {
    tools::require(sh, &[CURL, OPENSSL, PYTHON])?;
    cmd!(
        sh,
        "cargo build -q --manifest-path {PACKAGE}/Cargo.toml --target-dir {PACKAGE}/target"
    )
    .run()?;
    let program = format!("{PACKAGE}/target/debug/hudsucker-example");
    Ok(cmd!(sh, "bash verify/interop/hudsucker.sh {program}").run()?)
}
