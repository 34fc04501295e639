//! Runs firmware on a Cortex-M3 that QEMU emulates. That of `verify/cortex-m`: the shorter cases of the corpus, the calls of both
//! sides, and how much stack each takes. That of `examples/firmware`: requests through real proxies.
//! Also tests `examples/embassy`, and checks it for devices.

mod embassy;
mod firmware;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use xshell::{Cmd, Shell, cmd};

use crate::tools::{self, QEMU_ARM};
use crate::{target, workspace};

const TARGET: &str = "thumbv7m-none-eabi";

#[derive(Args)]
pub(crate) struct Options {
    /// Optimizes for size (z, s) or for speed (3)
    #[arg(long, default_value = "z", value_parser = ["z", "s", "1", "2", "3"])]
    opt_level: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            opt_level: "z".to_owned(),
        }
    }
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let calls = build(sh, &options.opt_level)?;
    emulate(sh, &calls).run()?;
    firmware::run(sh, &options.opt_level)?;
    embassy::run(sh)
}

/// Builds and runs the firmware, and returns the name of each call and the stack that it takes, in bytes.
pub(crate) fn stack(sh: &Shell, opt_level: &str) -> Result<Vec<(String, u64)>> {
    let firmware = build(sh, opt_level)?;
    Ok(calls(&emulate(sh, &firmware).read()?))
}

fn build(sh: &Shell, opt_level: &str) -> Result<PathBuf> {
    tools::require(sh, &[QEMU_ARM])?;
    let package = workspace::root().join("verify/cortex-m");
    let target_dir = package.join("target");
    let _dir = sh.push_dir(&package);
    link(sh, TARGET, "cortex-m-test", &target_dir, opt_level)?;
    Ok(target_dir.join(TARGET).join("release/cortex-m-test"))
}

/// Builds a program of the package in the current directory, with the linker script of `cortex-m-rt`.
fn link(sh: &Shell, target: &str, program: &str, target_dir: &Path, opt_level: &str) -> Result<()> {
    Ok(target::cargo(sh, target, "rustc", target_dir)?
        .args(["--release", "--bin", program, "--"])
        .args([
            "-C",
            "linker=ld.lld-14",
            "-C",
            "linker-flavor=ld.lld",
            "-C",
            "link-arg=-Tlink.x",
        ])
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level)
        .run()?)
}

fn emulate<'a>(sh: &'a Shell, firmware: &Path) -> Cmd<'a> {
    cmd!(
        sh,
        "timeout 120 qemu-system-arm -cpu cortex-m3 -machine mps2-an385 -nographic
         -semihosting-config enable=on,target=native -kernel {firmware}"
    )
}

/// Returns the rows of the table in the firmware's output: bytes, a tab, and the name of the call.
fn calls(output: &str) -> Vec<(String, u64)> {
    let rows = output.lines().filter_map(|line| line.split_once('\t'));
    rows.filter_map(|(bytes, name)| Some((name.to_owned(), bytes.parse().ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn stack_is_read_from_the_table_alone() {
        let output = "283 cases of the corpus, 0 failed\n\nstack\tcall\n524\tchoose\n12\tChallenges, lenient: a list\n";
        let expected = [
            ("choose".to_owned(), 524),
            ("Challenges, lenient: a list".to_owned(), 12),
        ];
        assert_eq!(calls(output), expected);
    }
}
