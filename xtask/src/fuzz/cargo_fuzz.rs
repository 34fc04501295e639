//! A way to run cargo-fuzz.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use super::outcome::Outcome;

pub(super) struct CargoFuzz {
    pub(super) dir: PathBuf,
    has_nightly: bool,
}

impl CargoFuzz {
    pub(super) fn new(sh: &Shell, dir: PathBuf) -> Self {
        let toolchains = cmd!(sh, "rustup toolchain list").ignore_stderr().read();
        let has_nightly = toolchains.is_ok_and(|toolchains| toolchains.lines().any(|line| line.starts_with("nightly")));
        Self { dir, has_nightly }
    }

    /// Returns the directory to which libFuzzer adds inputs that cover more.
    pub(super) fn corpus(&self, target: &str) -> PathBuf {
        self.dir.join("corpus").join(target)
    }

    pub(super) fn command(&self, command: &str) -> Command {
        let mut cargo = self.toolchain("cargo");
        cargo.args(["fuzz", command, "--fuzz-dir", "."]);
        cargo
    }

    /// Returns a command of the toolchain that builds the targets.
    pub(super) fn toolchain(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.dir);
        // cargo-fuzz would otherwise use the cargo that runs this program.
        command.env_remove("CARGO");
        // Sanitizers are an unstable option, which other compilers than nightly accept only with RUSTC_BOOTSTRAP.
        if self.has_nightly {
            command.env("RUSTUP_TOOLCHAIN", "nightly")
        } else {
            command.env("RUSTC_BOOTSTRAP", "1")
        };
        command
    }

    /// Builds all targets.
    pub(super) fn build(&self) -> Result<()> {
        ensure!(self.command("build").status()?.success(), "the targets do not build");
        Ok(())
    }

    /// Runs a target, and prints the end of its output if it fails.
    pub(super) fn run(&self, target: &str, round: usize, seconds: u64) -> Result<Outcome> {
        fs::create_dir_all(self.corpus(target))?;
        let log = self.dir.join("logs").join(format!("{target}-{round}"));
        let file = File::create(&log)?;
        let mut cargo = self.command("run");
        cargo.args([target, "--", "-dict=http-auth.dict", "-max_len=4096", "-timeout=10"]);
        cargo.args(["-report_slow_units=1", "-print_final_stats=1"]);
        cargo.arg(format!("-max_total_time={seconds}"));
        let status = cargo.stdout(file.try_clone()?).stderr(file).status()?;

        let log = fs::read(&log).with_context(|| log.display().to_string())?;
        let log = String::from_utf8_lossy(&log);
        if !status.success() {
            let lines: Vec<_> = log.lines().collect();
            for line in &lines[lines.len().saturating_sub(40)..] {
                eprintln!("{line}");
            }
        }
        Ok(Outcome::read(&log, status.success()))
    }
}
