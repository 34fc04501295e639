//! Checks that `rust-version` is what the library needs: the highest version that a dependency needs, as locked, or that
//! its own code needs. The manifest says the latter, with the reason: `package.metadata.msrv`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::workspace;

/// Major, minor and patch.
type Version = (u32, u32, u32);

pub(crate) fn run(sh: &Shell) -> Result<()> {
    let metadata = cmd!(sh, "cargo metadata --locked --all-features --format-version 1").read()?;
    let metadata = serde_json::from_str(&metadata)?;
    let (rust_version, report) = check(&metadata)?;
    println!("{report}");
    build(sh, &rust_version)
}

/// Checks `rust-version`, and returns it with a report.
fn check(metadata: &Value) -> Result<(String, String)> {
    let packages = list(&metadata["packages"])?;
    let packages: BTreeMap<_, _> = packages
        .iter()
        .map(|package| (package["id"].as_str(), package))
        .collect();
    let library = packages.values().find(|package| package["name"] == "proxy-auth");
    let library = library.context("cargo metadata: no package proxy-auth")?;
    let text = library["rust_version"].as_str().context("no rust-version")?;
    let own_code = &library["metadata"]["msrv"]["own-code"];
    let own_code = own_code.as_str().context("no package.metadata.msrv.own-code")?;

    let mut needed = (version(own_code)?, "its own code".to_owned());
    for id in dependencies(metadata, library["id"].as_str())? {
        let package = packages
            .get(&Some(id))
            .context("cargo metadata: a package is missing")?;
        if let Some(rust_version) = package["rust_version"].as_str() {
            let name = format!("{} {}", package["name"], package["version"]).replace('"', "");
            needed = needed.max((version(rust_version)?, name));
        }
    }
    let ((major, minor, patch), by) = needed;
    let report = format!("rust-version = {text:?}; {by} needs {major}.{minor}.{patch}");
    ensure!(version(text)? == (major, minor, patch), "{report}: they must be equal");
    Ok((text.to_owned(), report))
}

/// Returns the ids of everything that is built with the library: normal dependencies and build dependencies.
fn dependencies<'m>(metadata: &'m Value, library: Option<&'m str>) -> Result<BTreeSet<&'m str>> {
    let nodes = list(&metadata["resolve"]["nodes"])?;
    let nodes: BTreeMap<_, _> = nodes.iter().map(|node| (node["id"].as_str(), node)).collect();
    let mut found = BTreeSet::new();
    let mut open = vec![library.context("cargo metadata: no id")?];
    while let Some(id) = open.pop() {
        let node = nodes.get(&Some(id)).context("cargo metadata: a node is missing")?;
        for dependency in list(&node["deps"])? {
            let is_built = list(&dependency["dep_kinds"])?.iter().any(|kind| kind["kind"] != "dev");
            let id = dependency["pkg"].as_str().context("cargo metadata: no pkg")?;
            if is_built && found.insert(id) {
                open.push(id);
            }
        }
    }
    Ok(found)
}

fn list(value: &Value) -> Result<&Vec<Value>> {
    value.as_array().context("cargo metadata: not a list")
}

fn version(text: &str) -> Result<Version> {
    let mut parts = text.split('.').map(str::parse);
    let mut next = || {
        parts
            .next()
            .unwrap_or(Ok(0))
            .with_context(|| format!("not a version: {text:?}"))
    };
    Ok((next()?, next()?, next()?))
}

/// Builds the library with that version of Rust if rustup has it.
fn build(sh: &Shell, rust_version: &str) -> Result<()> {
    let toolchains = cmd!(sh, "rustup toolchain list")
        .ignore_stderr()
        .read()
        .unwrap_or_default();
    let is_it = |name: &&str| {
        name.strip_prefix(rust_version)
            .is_some_and(|rest| rest.starts_with(['-', '.']))
    };
    let Some(toolchain) = toolchains.split_whitespace().find(is_it) else {
        println!("not built with Rust {rust_version}: rustup has not installed it");
        return Ok(());
    };
    let target_dir = workspace::target_dir(sh)?.join("msrv");
    cmd!(
        sh,
        "rustup run {toolchain} cargo check -p proxy-auth --lib --all-features --locked"
    )
    .env("CARGO_TARGET_DIR", target_dir)
    // Set by the cargo that runs this program, and meant for it.
    .env_remove("RUSTUP_TOOLCHAIN")
    .env_remove("RUSTC")
    .env_remove("CARGO")
    .run()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{check, version};

    /// A library that depends on `normal`, which depends on `deep`, and on `dev` for its tests.
    fn metadata(rust_version: &str, own_code: &str, deep: &str) -> Value {
        let package = |name: &str, rust_version: &str| json!({"id": name, "name": name, "version": "1.0.0", "rust_version": rust_version});
        let dependency = |name: &str, kind: Option<&str>| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        json!({
            "packages": [
                {
                    "id": "library", "name": "proxy-auth", "rust_version": rust_version,
                    "metadata": {"msrv": {"own-code": own_code}},
                },
                package("normal", "1.60"), package("deep", deep), package("dev", "1.99"),
            ],
            "resolve": {"nodes": [
                {"id": "library", "deps": [dependency("normal", None), dependency("dev", Some("dev"))]},
                {"id": "normal", "deps": [dependency("deep", None)]},
                {"id": "deep", "deps": []},
                {"id": "dev", "deps": []},
            ]},
        })
    }

    #[test]
    fn highest_version_that_is_needed_passes() {
        for (own_code, deep, by) in [("1.85", "1.88.0", "deep 1.0.0"), ("1.88", "1.70", "its own code")] {
            let (version, report) = check(&metadata("1.88", own_code, deep)).unwrap();
            assert_eq!(version, "1.88");
            assert_eq!(report, format!("rust-version = \"1.88\"; {by} needs 1.88.0"));
        }
    }

    #[test]
    fn version_that_is_too_low_or_needlessly_high_fails() {
        for rust_version in ["1.87", "1.88.1", "1.89"] {
            assert!(
                check(&metadata(rust_version, "1.85", "1.88")).is_err(),
                "{rust_version}"
            );
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version("1.9").unwrap() < version("1.10.0").unwrap());
        assert!(version("1.x").is_err());
    }
}
