//! Builds the npm package of `adapters/js` with its two WebAssembly modules, and tests it in Node.js: the corpus, both sides of
//! an exchange, the examples with curl and Squid, the files in the package, no imports, and bounds on the sizes.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use clap::Args;
use xshell::{Shell, cmd};

use crate::tools::{self, CURL, NODE, NPM, OPENSSL, SQUID};
use crate::{target, workspace};

const TARGET: &str = "wasm32-unknown-unknown";
/// A stack of 64 KiB at the start of the memory, which `lib/instance.js` erases after each call, and hash functions in loops.
const FLAGS: &str =
    "target.wasm32-unknown-unknown.rustflags=['-Clink-arg=-zstack-size=65536', '--cfg=sha2_backend_soft=\"compact\"']";
const LINKER: &str = "target.wasm32-unknown-unknown.linker='wasm-ld-14'";

/// What the package consists of, beside the modules and the licences.
const SOURCES: [&str; 8] = [
    "README.md",
    "examples",
    "index.d.ts",
    "index.js",
    "lib",
    "package.json",
    "parse.d.ts",
    "parse.js",
];

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Builds the package, and checks nothing
    #[arg(long)]
    build: bool,
}

/// A module, as a file.
pub(crate) struct Module {
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
}

/// A kind of module.
struct Kind {
    name: &'static str,
    features: &'static str,
    /// The file of the package that contains it, and the name that the file exports.
    script: &'static str,
    constant: &'static str,
    /// The bound on its size, in bytes.
    most: u64,
}

const PARSE: Kind = Kind {
    name: "parse",
    features: "",
    script: "lib/parse-module.js",
    constant: "PARSE_MODULE",
    most: 21 * 1024,
};

const FULL: Kind = Kind {
    name: "full",
    features: "exchange",
    script: "lib/full-module.js",
    constant: "FULL_MODULE",
    most: 132 * 1024,
};

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let package = package(sh)?;
    println!("{}", package.display());
    if options.build {
        return Ok(());
    }
    tools::require(sh, &[NODE, NPM, CURL, OPENSSL, SQUID])?;
    let tests = sh.read_dir(package.join("test"))?;
    let tests = tests
        .iter()
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"));
    let corpus = workspace::root().join("tests/corpus/cases.jsonl");
    Ok(cmd!(sh, "node --test --expose-gc --test-reporter=dot {tests...}")
        .env("CORPUS", corpus)
        .run()?)
}

/// Builds the module that parses, as small as possible.
pub(crate) fn build(sh: &Shell) -> Result<Module> {
    build_kind(sh, &PARSE)
}

/// Builds the module that does everything, as small as possible.
pub(crate) fn build_full(sh: &Shell) -> Result<Module> {
    build_kind(sh, &FULL)
}

/// Builds the module that does everything. Returns the script that contains it, and its size.
pub(crate) fn full_script(sh: &Shell) -> Result<(String, u64)> {
    let Module { path, size } = build_full(sh)?;
    Ok((script(sh, &FULL, &path)?, size))
}

/// Returns a script that exports a module in base64.
fn script(sh: &Shell, kind: &Kind, path: &Path) -> Result<String> {
    let base64 = BASE64_STANDARD.encode(sh.read_binary_file(path)?);
    Ok(format!(
        "// A WebAssembly module in base64.\n\nexport const {} = '{base64}';\n",
        kind.constant
    ))
}

/// Builds the modules, and puts the package together, with its tests beside it. Returns its directory.
pub(crate) fn package(sh: &Shell) -> Result<PathBuf> {
    let package = workspace::target_dir(sh)?.join("npm/proxy-auth");
    sh.remove_path(&package)?;
    sh.create_dir(&package)?;
    let version = format!("\"version\": \"{}\"", workspace::version(sh)?);
    let manifest = sh.read_file("adapters/js/package.json")?;
    ensure!(
        manifest.contains(&version),
        "adapters/js/package.json: expected {version}"
    );
    let sources = SOURCES.map(|source| Path::new("adapters/js").join(source));
    cmd!(
        sh,
        "cp -R {sources...} adapters/js/test LICENSE-APACHE LICENSE-MIT {package}"
    )
    .run()?;
    for kind in [&PARSE, &FULL] {
        let Module { path, size } = build_kind(sh, kind)?;
        println!("the module \"{}\": {size} bytes, at most {}", kind.name, kind.most);
        ensure!(size <= kind.most, "the module \"{}\" has grown too large", kind.name);
        sh.write_file(package.join(kind.script), script(sh, kind, &path)?)?;
    }
    Ok(package)
}

fn build_kind(sh: &Shell, kind: &Kind) -> Result<Module> {
    let target_dir = workspace::target_dir(sh)?.join("no-std");
    let features = kind.features;
    {
        let _dir = sh.push_dir(workspace::root());
        target::cargo(sh, TARGET, "build", &target_dir)?
            .args(["-p", "proxy-auth-wasm", "--profile", "small", "--features", features])
            .args(["--config", LINKER, "--config", FLAGS])
            .run()?;
    }
    let directory = target_dir.join(TARGET).join("small");
    let path = directory.join(format!("proxy_auth_{}.wasm", kind.name));
    sh.copy_file(directory.join("proxy_auth_wasm.wasm"), &path)?;
    let size = path.metadata()?.len();
    Ok(Module { path, size })
}
