//! The repository: its root, and the metadata that cargo has of it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::{Shell, cmd};

/// Returns the root of the repository.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Returns the directory where cargo puts what it builds for the workspace.
pub(crate) fn target_dir(sh: &Shell) -> Result<PathBuf> {
    let metadata = metadata(sh)?;
    let dir = metadata["target_directory"]
        .as_str()
        .context("cargo metadata: no target_directory")?;
    Ok(dir.into())
}

/// Returns the library's version.
pub(crate) fn version(sh: &Shell) -> Result<String> {
    let version = library(sh)?["version"].as_str().map(str::to_owned);
    version.context("cargo metadata: no version")
}

/// The library's features, without `default`.
pub(crate) struct Features {
    pub(crate) all: Vec<String>,
    /// The features that can be built for targets without std.
    pub(crate) no_std: Vec<String>,
}

/// Returns the library's features. Its manifest tells which need std: `package.metadata.needs-std`.
pub(crate) fn features(sh: &Shell) -> Result<Features> {
    let package = library(sh)?;
    let features = package["features"].as_object().context("cargo metadata: no features")?;
    let needs_std = package["metadata"]["needs-std"]["features"].as_array();
    let needs_std = needs_std.context("cargo metadata: no needs-std")?;

    let all: Vec<_> = features
        .keys()
        .filter(|&feature| feature != "default")
        .cloned()
        .collect();
    let no_std = all
        .iter()
        .filter(|&feature| !needs_std.iter().any(|std| std == feature))
        .cloned()
        .collect();
    Ok(Features { all, no_std })
}

/// Returns the metadata of the library's package.
fn library(sh: &Shell) -> Result<Value> {
    let mut metadata = metadata(sh)?;
    let packages = metadata["packages"].as_array_mut();
    let packages = packages.context("cargo metadata: no packages")?;
    let library = packages.iter_mut().find(|package| package["name"] == "proxy-auth");
    Ok(library.context("cargo metadata: no package proxy-auth")?.take())
}

fn metadata(sh: &Shell) -> Result<Value> {
    let _dir = sh.push_dir(root());
    let json = cmd!(sh, "cargo metadata --no-deps --format-version 1").read()?;
    Ok(serde_json::from_str(&json)?)
}
