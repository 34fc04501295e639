//! Tests the example with Kerberos and NTLM with other people's programs: a KDC of its own, curl, Chromium, requests, Squid and Samba.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::interop::install_python;
use crate::tools::{
    self, CHROMIUM, CLANG, CURL, GSS_NTLMSSP, KADMIN, KINIT, KRB5_CONFIG, KRB5_KDC, NODE, NPM, NTLM_AUTH, OPENSSL, PIP,
    PYTHON, PYTHON_CONFIG, SQUID,
};

const PACKAGE: &str = "examples/negotiate";

pub(crate) fn run(sh: &Shell) -> Result<()> {
    tools::require(sh, &[CHROMIUM, CURL, NODE, NPM, OPENSSL, PIP, PYTHON, SQUID])?;
    tools::require(sh, &[GSS_NTLMSSP, KADMIN, KINIT, KRB5_KDC, NTLM_AUTH])?;
    // libgssapi and Python's gssapi are compiled.
    tools::require(sh, &[CLANG, KRB5_CONFIG, PYTHON_CONFIG])?;
    cmd!(
        sh,
        "cargo build -q --manifest-path {PACKAGE}/Cargo.toml --target-dir {PACKAGE}/target"
    )
    .run()?;
    // It is in no workspace, so the checks of the workspace do not see it.
    cmd!(sh, "cargo fmt --check --manifest-path {PACKAGE}/Cargo.toml").run()?;
    cmd!(
        sh,
        "cargo clippy -q --manifest-path {PACKAGE}/Cargo.toml --target-dir {PACKAGE}/target --all-targets -- -D warnings -W clippy::pedantic"
    )
    .run()?;
    let packages = sh.create_temp_dir()?;
    let playwright = tools::install_playwright(sh, packages.path())?;
    let python = packages.path().join("python");
    for package in [
        "gssapi==1.12.0",
        "pyspnego==0.12.4",
        "requests==2.34.2",
        "requests-kerberos==0.15.0",
    ] {
        install_python(sh, package, &python)?;
    }
    Ok(cmd!(
        sh,
        "bash verify/negotiate/run.sh {PACKAGE}/target/debug {python} {playwright}"
    )
    .run()?)
}
