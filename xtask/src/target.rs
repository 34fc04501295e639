//! cargo for targets without an operating system.
//!
//! If rustup has installed the target, its compiler is used. Otherwise, it is the compiler of Debian's packages, which
//! contain the source of `core`, so that cargo can build that, too. The linkers are those of LLVM, from Debian's
//! packages in both cases.

use std::path::Path;

use anyhow::Result;
use xshell::{Cmd, Shell, cmd};

use crate::tools::{self, LLD};

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Returns `cargo COMMAND` for the given target. What it builds goes to `target_dir`, which must not be shared with
/// builds for the host: another compiler would build everything anew each time.
pub(crate) fn cargo<'a>(sh: &'a Shell, target: &str, command: &str, target_dir: &Path) -> Result<Cmd<'a>> {
    if !has_rustup_target(sh, target) {
        return debian_cargo(sh, target, command, target_dir, "core");
    }
    tools::require(sh, &[LLD])?;
    Ok(cmd!(sh, "cargo {command} -q --target {target}").env("CARGO_TARGET_DIR", target_dir))
}

/// Returns a command like [`cargo`], for code that needs `std`. It builds `std`, without the messages of panics and without backtraces,
/// so it does not use the target of rustup.
pub(crate) fn cargo_std<'a>(sh: &'a Shell, target: &str, command: &str, target_dir: &Path) -> Result<Cmd<'a>> {
    let cargo = debian_cargo(sh, target, command, target_dir, "std,panic_abort")?;
    Ok(cargo.arg("-Zbuild-std-features=optimize_for_size"))
}

/// Returns a command of cargo that builds the given part of the standard library, with Debian's compiler.
fn debian_cargo<'a>(sh: &'a Shell, target: &str, command: &str, target_dir: &Path, library: &str) -> Result<Cmd<'a>> {
    tools::require(sh, &[LLD])?;
    if !has_debian_source(sh) {
        tools::install(sh, &["rustc-web", "rust-web-src"])?;
    }
    Ok(cmd!(sh, "cargo {command} -q --target {target} -Zbuild-std={library}")
        .env("CARGO_TARGET_DIR", target_dir)
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1"))
}

fn has_rustup_target(sh: &Shell, target: &str) -> bool {
    let installed = cmd!(sh, "rustup target list --installed").ignore_stderr().read();
    installed.is_ok_and(|installed| installed.lines().any(|line| line == target))
}

/// Checks that Debian's compiler is installed, with the source of `core`.
fn has_debian_source(sh: &Shell) -> bool {
    let sysroot = cmd!(sh, "{DEBIAN_RUSTC} --print sysroot").ignore_stderr().read();
    sysroot.is_ok_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src").is_dir())
}
