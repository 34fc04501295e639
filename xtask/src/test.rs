//! The tests that `cargo test --all-features` leaves out.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools::{self, REDIS};

pub(crate) fn all(sh: &Shell) -> Result<()> {
    without_features(sh)?;
    optimized(sh)?;
    examples(sh)?;
    adapters(sh)?;
    defmt(sh)?;
    tasks(sh)
}

pub(crate) fn without_features(sh: &Shell) -> Result<()> {
    Ok(cmd!(sh, "cargo test -p proxy-auth").run()?)
}

/// Checks that no password is left on the stack, in optimized code.
pub(crate) fn optimized(sh: &Shell) -> Result<()> {
    Ok(cmd!(
        sh,
        "cargo test -p proxy-auth --release --features digest,zeroize --test zeroize"
    )
    .run()?)
}

/// Tests the example proxy and client.
pub(crate) fn examples(sh: &Shell) -> Result<()> {
    Ok(cmd!(sh, "cargo test -p hyper-example").run()?)
}

/// Tests the adapters that are crates of their own, and builds them with fewer features.
pub(crate) fn adapters(sh: &Shell) -> Result<()> {
    tools::require(sh, &[REDIS])?;
    for features in ["", "client", "client,http2", "server"] {
        cmd!(
            sh,
            "cargo check -p proxy-auth-tower --no-default-features --features {features}"
        )
        .run()?;
    }
    Ok(cmd!(sh, "cargo test -p proxy-auth-tower --all-features").run()?)
}

/// Checks what is logged with defmt.
pub(crate) fn defmt(sh: &Shell) -> Result<()> {
    Ok(cmd!(sh, "cargo test -p proxy-auth-defmt").run()?)
}

/// Tests the tasks themselves.
pub(crate) fn tasks(sh: &Shell) -> Result<()> {
    Ok(cmd!(sh, "cargo test -p xtask").run()?)
}
