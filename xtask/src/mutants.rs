//! Mutation testing: changes one thing at a time in the syntax and the readers, and lists the changes that no test
//! finds.
//!
//! `.cargo/mutants.toml` lists what is changed, and the changes that make no difference. The conformance suite, which
//! builds quickly, looks for them first, and the library's own tests look for those that it lets pass.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use xshell::{Cmd, Shell, cmd};

use crate::tools;

const CONFORMANCE_TESTS: [&str; 2] = ["corpus", "automaton"];
const LIBRARY_TESTS: [&str; 24] = [
    "reading",
    "lenient",
    "values",
    "writing",
    "digest",
    "digest_compute",
    "basic",
    "failures_elsewhere",
    "bearer",
    "select",
    "debug",
    "negotiate",
    "private_token",
    "scram",
    "gate",
    "session",
    "connection_session",
    "users",
    "replay",
    "refusal",
    "attack",
    "mistakes",
    "programs",
    "properties",
];

#[derive(Args)]
pub(crate) struct Options {
    /// The directory of the report, which is mutants.out
    #[arg(default_value = "target/mutants")]
    output: PathBuf,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    tools::require_cargo(sh, "cargo-mutants")?;
    sh.create_dir(&options.output)?;
    // Its status is that changes were not found; the second run decides.
    with_tests(
        mutants(sh, options).args(["--test-package", "conformance"]),
        &CONFORMANCE_TESTS,
    )
    .ignore_status()
    .run()?;
    let remaining = mutants(sh, options).args(["--iterate", "--features", "digest", "--cargo-test-arg=--lib"]);
    Ok(with_tests(remaining, &LIBRARY_TESTS).run()?)
}

fn mutants<'a>(sh: &'a Shell, options: &Options) -> Cmd<'a> {
    let output = &options.output;
    cmd!(
        sh,
        "cargo mutants -p proxy-auth -j2 --baseline skip --timeout 90 --no-times --output {output}"
    )
}

fn with_tests<'a>(command: Cmd<'a>, tests: &[&str]) -> Cmd<'a> {
    command.args(tests.iter().map(|test| format!("--cargo-test-arg=--test={test}")))
}
