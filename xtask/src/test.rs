//! The tests that `cargo test --all-features` leaves out.

use anyhow::Result;
use xshell::{Shell, cmd};

pub(crate) fn all(sh: &Shell) -> Result<()> {
    without_features(sh)?;
    optimized(sh)?;
    examples(sh)?;
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

/// Checks what is logged with defmt.
pub(crate) fn defmt(sh: &Shell) -> Result<()> {
    Ok(cmd!(sh, "cargo test -p proxy-auth-defmt").run()?)
}

/// Tests the tasks themselves.
pub(crate) fn tasks(sh: &Shell) -> Result<()> {
    Ok(cmd!(sh, "cargo test -p xtask").run()?)
}
