//! Quick checks: formatting, lints, documentation, features and targets.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::{target, workspace};

/// Targets without std.
const TARGETS: [&str; 4] = [
    "thumbv6m-none-eabi",
    "thumbv7m-none-eabi",
    "riscv32imc-unknown-none-elf",
    "wasm32-unknown-unknown",
];

pub(crate) fn all(sh: &Shell) -> Result<()> {
    format(sh)?;
    lints(sh)?;
    docs(sh)?;
    features(sh)?;
    targets(sh)
}

pub(crate) fn format(sh: &Shell) -> Result<()> {
    Ok(cmd!(sh, "cargo fmt --all --check").run()?)
}

pub(crate) fn lints(sh: &Shell) -> Result<()> {
    Ok(cmd!(
        sh,
        "cargo clippy --workspace --all-targets --all-features -- -D warnings"
    )
    .run()?)
}

pub(crate) fn docs(sh: &Shell) -> Result<()> {
    // As docs.rs does, with marks on items that need a feature. These are not stable yet.
    Ok(cmd!(
        sh,
        "cargo doc --no-deps --all-features -p proxy-auth -p proxy-auth-tower --target-dir target/docs"
    )
    .env("RUSTC_BOOTSTRAP", "1")
    .env("RUSTDOCFLAGS", "-D warnings --cfg docsrs")
    .run()?)
}

/// Builds the library with each feature alone, with none, and with all.
pub(crate) fn features(sh: &Shell) -> Result<()> {
    cmd!(sh, "cargo check -p proxy-auth --lib --no-default-features").run()?;
    for feature in workspace::features(sh)?.all {
        cmd!(
            sh,
            "cargo check -p proxy-auth --lib --no-default-features --features {feature}"
        )
        .run()?;
    }
    Ok(cmd!(sh, "cargo check -p proxy-auth --lib --all-features").run()?)
}

/// Builds the library for each target without a feature, with each feature alone that needs no std, and with all of
/// these.
pub(crate) fn targets(sh: &Shell) -> Result<()> {
    let no_std = workspace::features(sh)?.no_std;
    let mut selections = vec![String::new()];
    selections.extend_from_slice(&no_std);
    selections.push(no_std.join(","));
    let target_dir = workspace::target_dir(sh)?.join("no-std");
    for target in TARGETS {
        for features in &selections {
            let build = target::cargo(sh, target, "build", &target_dir)?;
            build
                .args(["-p", "proxy-auth", "--release", "--lib", "--features", features])
                .run()?;
        }
    }
    Ok(())
}
