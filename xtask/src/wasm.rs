//! Builds the WebAssembly module of `adapters/js`, and checks it in Node.js: every case of the corpus, no imports, and
//! a bound on its size.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;
use xshell::{Shell, cmd};

use crate::tools::{self, NODE};
use crate::{target, workspace};

const TARGET: &str = "wasm32-unknown-unknown";
/// The bound on the size of the module, in bytes.
const MOST: u64 = 21 * 1024;

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Builds the module, and checks nothing
    #[arg(long)]
    build: bool,
}

/// The module, as a file.
pub(crate) struct Module {
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let Module { path, size } = build(sh)?;
    println!("{}: {size} bytes, at most {MOST}", path.display());
    if options.build {
        return Ok(());
    }
    ensure!(size <= MOST, "the module has grown too large");
    tools::require(sh, &[NODE])?;
    Ok(cmd!(sh, "node --test adapters/js/corpus.test.mjs")
        .env("WASM", path)
        .run()?)
}

/// Builds the module, as small as possible.
pub(crate) fn build(sh: &Shell) -> Result<Module> {
    let target_dir = workspace::target_dir(sh)?.join("no-std");
    let _dir = sh.push_dir(workspace::root());
    target::cargo(sh, TARGET, "build", &target_dir)?
        .args(["-p", "proxy-auth-wasm", "--profile", "small"])
        .args(["--config", "target.wasm32-unknown-unknown.linker='wasm-ld-14'"])
        .run()?;
    let path = target_dir.join(TARGET).join("small/proxy_auth_wasm.wasm");
    let size = path.metadata()?.len();
    Ok(Module { path, size })
}
