//! The one front door to all checks, measurements and builds: `cargo xtask --list`.
//!
//! A new task is a function in the file of its group (or in a new file), a variant of [`Task`], and an arm in
//! [`Task::run`]. If a change must not land without it, [`ci`] lists it, too.

mod api;
mod bench;
mod c;
mod check;
mod ci;
mod conformance;
mod cortex_m;
mod deny;
mod envoy;
mod figures;
mod fuzz;
mod hudsucker;
mod instructions;
mod interop;
mod load;
mod model;
mod msrv;
mod mutants;
mod negotiate;
mod no_panic;
mod playground;
mod publish;
mod size;
mod target;
mod test;
mod timing;
mod tools;
mod tunnels;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use xshell::Shell;

#[derive(Parser)]
#[command(
    bin_name = "cargo xtask",
    about = "Runs the checks, measurements and builds of this repository"
)]
struct Cli {
    /// Lists all tasks
    #[arg(long)]
    list: bool,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Checks formatting, lints, documentation, features and targets: everything quick
    Check,
    /// Builds the library with each feature alone, with none, and with all
    Features,
    /// Builds the library for targets without std, with each feature that needs none
    Targets,
    /// Runs the tests that `cargo test --all-features` leaves out
    Test,
    /// Compares the parser with the ABNF and the corpus, and prints how many strings were compared
    Conformance(conformance::Options),
    /// Proves that no public function can panic
    NoPanic,
    /// Runs the firmware on an emulated Cortex-M3
    CortexM(cortex_m::Options),
    /// Compares the public API with the committed listing
    Api(api::Options),
    /// Checks licences, sources and duplicates of dependencies
    Deny,
    /// Compares `rust-version` with the versions that dependencies need
    Msrv,
    /// Packages the library as committed, and checks the package; publishes nothing
    Publish,
    /// Measures code, constants, stack and the WebAssembly module, and compares with the committed figures
    Size(size::Options),
    /// Counts instructions, and compares with the committed counts
    Instructions(instructions::Options),
    /// Compares speed and allocations with other libraries
    Bench(bench::Options),
    /// Loads the example proxy over the loopback interface, and measures what authentication costs; takes a minute
    Load,
    /// Builds and tests the library for C, with the module for Apache httpd
    C(c::Options),
    /// Builds the npm package with its WebAssembly modules, and tests it in Node.js, with curl and with Squid
    Wasm(wasm::Options),
    /// Builds the filter for Envoy, prints its size, and tests it in Envoy
    Envoy(envoy::Options),
    /// Builds the playground, and tests it in Chromium
    Playground(playground::Options),
    /// Tests the examples and the adapters with other people's clients and proxies
    Interop(interop::Options),
    /// Tests the example with Kerberos and NTLM with a KDC, curl, Chromium, requests, Squid and Samba
    Negotiate,
    /// Builds the example on hudsucker, which takes minutes, and tests it with curl
    Hudsucker,
    /// Measures tunnels through Squid, with `proxy-auth-tower` and with reqwest
    Tunnels(tunnels::Options),
    /// Runs fuzz targets, starting from the corpus and the committed seeds
    Fuzz(fuzz::Options),
    /// Checks all conversations of Gate and Session up to a bound, with an attacker between them
    Model(model::Options),
    /// Tests whether response time reveals a secret, or whether a user exists
    Timing(timing::Options),
    /// Injects bugs into the parser, and lists those that no test finds; takes an hour and a half
    Mutants(mutants::Options),
    /// Runs every check that must pass before a change lands, except `cargo test --all-features`
    Ci,
}

impl Task {
    fn run(&self, sh: &Shell) -> Result<()> {
        match self {
            Self::Check => check::all(sh),
            Self::Features => check::features(sh),
            Self::Targets => check::targets(sh),
            Self::Test => test::all(sh),
            Self::Conformance(options) => conformance::run(sh, options),
            Self::NoPanic => no_panic::run(sh),
            Self::CortexM(options) => cortex_m::run(sh, options),
            Self::Api(options) => api::run(sh, options),
            Self::Deny => deny::run(sh),
            Self::Msrv => msrv::run(sh),
            Self::Publish => publish::run(sh),
            Self::Size(options) => size::run(sh, options),
            Self::Instructions(options) => instructions::run(sh, options),
            Self::Bench(options) => bench::run(sh, options),
            Self::Load => load::run(sh),
            Self::C(options) => c::run(sh, options),
            Self::Wasm(options) => wasm::run(sh, options),
            Self::Envoy(options) => envoy::run(sh, options),
            Self::Playground(options) => playground::run(sh, options),
            Self::Interop(options) => interop::run(sh, options),
            Self::Negotiate => negotiate::run(sh),
            Self::Hudsucker => hudsucker::run(sh),
            Self::Tunnels(options) => tunnels::run(sh, options),
            Self::Fuzz(options) => fuzz::run(sh, options),
            Self::Model(options) => model::run(sh, options),
            Self::Timing(options) => timing::run(sh, options),
            Self::Mutants(options) => mutants::run(sh, options),
            Self::Ci => ci::run(sh),
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.task {
        Some(task) if !cli.list => match in_root(&task) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        },
        _ => {
            list();
            ExitCode::SUCCESS
        }
    }
}

/// Runs a task in the root of the repository.
fn in_root(task: &Task) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(workspace::root());
    task.run(&sh)
}

/// Prints one line for each task.
fn list() {
    println!("cargo xtask TASK [OPTION]...; `cargo xtask TASK --help` lists the options of a task\n");
    for task in Cli::command().get_subcommands() {
        println!("  {:<14}{}", task.get_name(), task.get_about().unwrap_or_default());
    }
}
