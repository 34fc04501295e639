//! Tests the examples with other people's programs: the example proxy with curl, Chromium and Python's requests, and
//! the example client with Squid and Apache.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

use crate::tools::{self, APACHE, CHROMIUM, CURL, HTPASSWD, NODE, NPM, OPENSSL, PIP, PYTHON, SQUID};
use crate::workspace;

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Also writes tests/corpus/captured anew
    #[arg(long)]
    capture: bool,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    tools::require(
        sh,
        &[CURL, SQUID, APACHE, HTPASSWD, CHROMIUM, OPENSSL, PYTHON, PIP, NODE, NPM],
    )?;
    cmd!(sh, "cargo build -q -p hyper-example --bins").run()?;
    let programs = workspace::target_dir(sh)?.join("debug");

    let packages = sh.create_temp_dir()?;
    let playwright = tools::install_playwright(sh, packages.path())?;
    let python = packages.path().join("python");
    install_requests(sh, &python)?;

    let capture = options.capture.then_some("--capture");
    Ok(cmd!(
        sh,
        "bash verify/interop/run.sh {programs} {playwright} {python} {capture...}"
    )
    .run()?)
}

/// Installs Python's requests into the given directory.
fn install_requests(sh: &Shell, dir: &Path) -> Result<()> {
    let package = "requests==2.34.2";
    eprintln!("installing a Python package in a temporary directory: {package}");
    Ok(cmd!(
        sh,
        "python3 -m pip install --quiet --no-input --disable-pip-version-check --root-user-action ignore"
    )
    .arg("--target")
    .arg(dir)
    .arg(package)
    .run()?)
}
