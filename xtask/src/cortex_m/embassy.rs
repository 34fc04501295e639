//! Tests `examples/embassy` on the host, and checks that the compiler accepts it for devices.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::{target, workspace};

const TARGETS: [&str; 3] = [
    "thumbv6m-none-eabi",
    "thumbv7em-none-eabi",
    "riscv32imc-unknown-none-elf",
];

pub(super) fn run(sh: &Shell) -> Result<()> {
    let package = workspace::root().join("examples/embassy");
    let target_dir = package.join("target");
    let _dir = sh.push_dir(&package);
    cmd!(sh, "cargo test -q").env("CARGO_TARGET_DIR", &target_dir).run()?;
    for target in TARGETS {
        target::cargo(sh, target, "check", &target_dir)?.arg("--lib").run()?;
    }
    Ok(())
}
