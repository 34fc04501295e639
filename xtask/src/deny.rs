//! Checks licences, sources, duplicates and build scripts of dependencies: `deny.toml` has the rules.
//!
//! Advisories are not part of it: a clean clone must pass without a download of their database.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools;

/// The packages that are no members of the workspace, since they are built otherwise.
const APART: [&str; 10] = [
    "benches/tunnels",
    "examples/embassy",
    "examples/firmware",
    "examples/hudsucker",
    "examples/negotiate",
    "fuzz",
    "verify/cortex-m",
    "verify/no-panic",
    "verify/size",
    "verify/peers/clients/reqwest",
];

pub(crate) fn run(sh: &Shell) -> Result<()> {
    tools::require_cargo(sh, "cargo-deny")?;
    // What users of the library get.
    cmd!(sh, "cargo deny --exclude-dev check bans licenses sources").run()?;
    // What builds and checks it.
    cmd!(sh, "cargo deny --workspace check sources").run()?;
    for package in APART {
        let manifest = format!("{package}/Cargo.toml");
        cmd!(
            sh,
            "cargo deny --config deny.toml --manifest-path {manifest} check sources"
        )
        .run()?;
    }
    Ok(())
}
