//! Builds the library for C, and tests it: its header and symbols, programs with gcc and clang, under sanitizers and valgrind, the
//! module for Apache httpd, and a client with Squid.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

use crate::interop;
use crate::tools::{
    self, APACHE, APXS, CBINDGEN, CHROMIUM, CLANG, CURL, GCC, GXX, HTPASSWD, JAVA, MAKE, NODE, NPM, OPENSSL, PIP,
    PYTHON, SQUID, VALGRIND,
};

const PACKAGE: &str = "adapters/c";

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Leaves out Chromium, Java, Python's requests, the longer load, and the sizes
    #[arg(long)]
    short: bool,
}

impl Options {
    /// Options for the checks of every change.
    pub(crate) const fn short() -> Self {
        Self { short: true }
    }
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    tools::require(
        sh,
        &[
            APACHE, APXS, CBINDGEN, CLANG, CURL, GCC, GXX, HTPASSWD, MAKE, OPENSSL, PYTHON, SQUID, VALGRIND,
        ],
    )?;
    install_sanitizers(sh)?;
    cmd!(sh, "make -s -C {PACKAGE} check").run()?;
    cmd!(sh, "bash {PACKAGE}/examples/test.sh {PACKAGE}/target").run()?;
    if options.short {
        return Ok(cmd!(sh, "bash {PACKAGE}/apache/test.sh {PACKAGE}/target").run()?);
    }
    cmd!(sh, "make -s -C {PACKAGE} sizes").run()?;
    tools::require(sh, &[CHROMIUM, JAVA, NODE, NPM, PIP])?;
    let packages = sh.create_temp_dir()?;
    let playwright = tools::install_playwright(sh, packages.path())?;
    let python = packages.path().join("python");
    interop::install_python(sh, interop::REQUESTS, &python)?;
    Ok(cmd!(
        sh,
        "bash {PACKAGE}/apache/test.sh {PACKAGE}/target {playwright} {python}"
    )
    .run()?)
}

/// Installs the sanitizers of clang, which are not in its package.
fn install_sanitizers(sh: &Shell) -> Result<()> {
    let library = cmd!(sh, "clang -print-file-name=libclang_rt.asan_static-x86_64.a").read()?;
    if Path::new(&library).is_file() {
        return Ok(());
    }
    let version = cmd!(sh, "clang -dumpversion").read()?;
    let major = version.split('.').next().unwrap_or_default();
    tools::install(sh, &[&format!("libclang-rt-{major}-dev")])
}
