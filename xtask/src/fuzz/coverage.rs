//! The share of the library's code that the corpora of the targets cover.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use super::cargo_fuzz::CargoFuzz;
use crate::workspace;

/// Prints the covered regions, functions and lines of `src`, by all given targets together.
pub(super) fn report(sh: &Shell, fuzz: &CargoFuzz, targets: &[String]) -> Result<()> {
    let host = host(fuzz)?;
    let bin = tools(fuzz, &host)?;
    for target in targets {
        let status = fuzz.command("coverage").arg(target).status()?;
        ensure!(status.success(), "{target}: {status}");
    }

    let directory = fuzz.dir.join("coverage");
    let merged = directory.join("all.profdata");
    let profiles = targets
        .iter()
        .map(|target| directory.join(target).join("coverage.profdata"));
    let mut merge = Command::new(bin.join("llvm-profdata"));
    merge.args(["merge", "-sparse", "-o"]).arg(&merged).args(profiles);
    ensure!(merge.status()?.success(), "llvm-profdata fails");

    let built = format!("target/{host}/coverage/{host}/release");
    let mut report = Command::new(bin.join("llvm-cov"));
    report.arg("report").arg("-instr-profile").arg(&merged);
    for target in targets {
        let program = fuzz.dir.join(&built).join(target);
        ensure!(sh.path_exists(&program), "missing: {}", program.display());
        report.arg("-object").arg(program);
    }
    report
        .args(["-show-branch-summary=false", "-sources"])
        .arg(workspace::root().join("src"));
    ensure!(report.status()?.success(), "llvm-cov fails");
    Ok(())
}

/// Returns the directory of the LLVM tools of the toolchain; installs them if they are missing.
fn tools(fuzz: &CargoFuzz, host: &str) -> Result<PathBuf> {
    let sysroot = read(fuzz.toolchain("rustc").args(["--print", "sysroot"]))?;
    let bin = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin");
    if !bin.join("llvm-cov").is_file() {
        eprintln!("installing a missing component of rustup: llvm-tools");
        let status = fuzz
            .toolchain("rustup")
            .args(["component", "add", "llvm-tools"])
            .status()?;
        ensure!(status.success(), "rustup: {status}");
    }
    Ok(bin)
}

/// Returns the target triple of the toolchain itself.
fn host(fuzz: &CargoFuzz) -> Result<String> {
    let version = read(fuzz.toolchain("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

fn read(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    ensure!(output.status.success(), "{command:?}: {}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}
