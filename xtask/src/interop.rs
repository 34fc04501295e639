//! Tests the examples and the adapters with other people's programs: proxies with curl, Chromium, Java and Python's requests, and
//! clients with Squid, Apache, tinyproxy and mitmproxy.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

use crate::tools::{
    self, APACHE, CHROMIUM, CURL, GIT, HAPROXY, HTPASSWD, JAVA, MORE_PEERS, NODE, NPM, OPENSSL, PIP, PYTHON, REDIS,
    SQUID, TINYPROXY, WGET,
};
use crate::workspace;

/// Python's requests, for pip.
pub(crate) const REQUESTS: &str = "requests==2.34.2";

/// The client on reqwest, which is in no workspace.
const REQWEST: &str = "verify/peers/clients/reqwest";

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Also runs the clients and proxies that take long to install
    #[arg(long)]
    all: bool,
    /// Also writes PEERS.md and the expected results anew
    #[arg(long)]
    bless: bool,
    /// Also writes tests/corpus/captured anew
    #[arg(long)]
    capture: bool,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    tools::require(
        sh,
        &[CURL, SQUID, APACHE, HTPASSWD, CHROMIUM, OPENSSL, PYTHON, PIP, NODE, NPM],
    )?;
    tools::require(sh, &[HAPROXY, JAVA, REDIS, TINYPROXY])?;
    cmd!(sh, "cargo build -q -p hyper-example --bins").run()?;
    cmd!(sh, "cargo build -q -p proxy-auth-tower --features redis --examples").run()?;
    let programs = workspace::target_dir(sh)?.join("debug");

    let packages = sh.create_temp_dir()?;
    let playwright = tools::install_playwright(sh, packages.path())?;
    let python = packages.path().join("python");
    install_python(sh, REQUESTS, &python)?;
    let mitmproxy = packages.path().join("mitmproxy");
    install_python(sh, "mitmproxy==11.0.2", &mitmproxy)?;

    let capture = options.capture.then_some("--capture");
    cmd!(
        sh,
        "bash verify/interop/run.sh {programs} {playwright} {python} {mitmproxy} {capture...}"
    )
    .run()?;
    peers(sh, options, &programs, packages.path())
}

/// Runs many clients through the example proxy, and the example client through many proxies. `packages` contains Python's requests,
/// mitmproxy and playwright-core.
fn peers(sh: &Shell, options: &Options, programs: &Path, packages: &Path) -> Result<()> {
    let (proxy, client) = (programs.join("proxy"), programs.join("client"));
    tools::require(sh, &[GIT, WGET])?;
    // The captures are of all peers.
    let all = options.all || options.capture;
    if all {
        tools::require(sh, &MORE_PEERS)?;
        cmd!(
            sh,
            "cargo build -q --manifest-path {REQWEST}/Cargo.toml --target-dir {REQWEST}/target"
        )
        .run()?;
    }
    let python = packages.join("python");
    for package in ["requests-toolbelt==1.0.0", "httpx==0.28.1", "aiohttp==3.14.5"] {
        install_python(sh, package, &python)?;
    }
    for package in ["undici@7.30.2", "http-auth@4.2.1"] {
        tools::install_npm(sh, package, packages)?;
    }
    let options = [
        (all, "--all"),
        (options.bless, "--bless"),
        (options.capture, "--capture"),
    ];
    let options: Vec<_> = options
        .iter()
        .filter(|(is_given, _)| *is_given)
        .map(|(_, option)| option)
        .collect();
    cmd!(sh, "python3 verify/peers/peers.py {proxy} {packages}")
        .args(&options)
        .run()?;
    Ok(cmd!(sh, "python3 verify/peers/proxies.py {client} {packages}")
        .args(options)
        .run()?)
}

/// Installs a Python package into the given directory.
pub(crate) fn install_python(sh: &Shell, package: &str, dir: &Path) -> Result<()> {
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
