//! Every check that must pass before a change lands.

use anyhow::{Context, Result};
use xshell::Shell;

use crate::{
    api, bench, c, check, conformance, cortex_m, deny, envoy, fuzz, instructions, interop, model, msrv, negotiate,
    no_panic, playground, publish, size, test, wasm,
};

type Step = (&'static str, fn(&Shell) -> Result<()>);

/// The checks, in this order. `cargo test --all-features` runs before them, and includes the conformance suite.
const STEPS: [Step; 29] = [
    ("formatting", check::format),
    ("lints", check::lints),
    ("tests without features", test::without_features),
    ("no password is left on the stack, in optimized code", test::optimized),
    ("the corpus, with its runner", conformance::runner),
    ("tests of the example proxy and client", test::examples),
    ("tests of the adapters", test::adapters),
    ("tests of the tasks", test::tasks),
    ("documentation", check::docs),
    ("each feature alone, none, and all", check::features),
    ("targets without std", check::targets),
    ("the public API is the committed one", |sh| {
        api::run(sh, &api::Options::default())
    }),
    ("licences, sources and duplicates of dependencies", deny::run),
    ("the version of Rust that is needed", msrv::run),
    ("the package, as it would be published", publish::run),
    ("no public function can panic", no_panic::run),
    ("conversations of Gate and Session, with an attacker", |sh| {
        model::run(sh, &model::Options::default())
    }),
    ("on a Cortex-M3", |sh| cortex_m::run(sh, &cortex_m::Options::default())),
    ("what is logged with defmt", test::defmt),
    ("the library for C, and the module for Apache httpd", |sh| {
        c::run(sh, &c::Options::short())
    }),
    ("the npm package, in Node.js", |sh| {
        wasm::run(sh, &wasm::Options::default())
    }),
    ("the filter in Envoy", |sh| envoy::run(sh, &envoy::Options::default())),
    ("the playground in Chromium", |sh| {
        playground::run(sh, &playground::Options::default())
    }),
    (
        "code, stack and the WebAssembly module, against the committed figures",
        |sh| size::run(sh, &size::Options::default()),
    ),
    (
        "other libraries parse and write the same, and how long they take",
        |sh| bench::run(sh, &bench::Options::default()),
    ),
    ("instructions, against the committed counts", |sh| {
        instructions::run(sh, &instructions::Options::default())
    }),
    ("other people's clients and proxies", |sh| {
        interop::run(sh, &interop::Options::default())
    }),
    ("Kerberos and NTLM, with other people's programs", negotiate::run),
    ("fuzz targets, a few seconds each", |sh| {
        fuzz::run(sh, &fuzz::Options::all(10, 2))
    }),
];

pub(crate) fn run(sh: &Shell) -> Result<()> {
    for (name, step) in STEPS {
        println!("\n== {name}");
        step(sh).with_context(|| name)?;
    }
    Ok(())
}
