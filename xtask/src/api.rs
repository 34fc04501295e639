//! Compares the public API with its committed listing, so that a change of it shows in review.
//!
//! The listing is made of rustdoc's JSON, whose format is not stable: a version of the crate `public-api` reads one format.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use public_api::{Builder, PublicApi, PublicItem};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::workspace;

const LISTING: &str = "xtask/api.txt";

/// The format of rustdoc's JSON that `public-api` reads, in the version that `xtask/Cargo.toml` pins.
const FORMAT: u64 = 57;

/// The module of the guides.
const GUIDES: &str = "proxy_auth::_documentation";

/// The prefixes of paths that the listing leaves out: the crate, and modules of items with well-known names.
const PREFIXES: [&str; 8] = [
    "proxy_auth::",
    "core::clone::",
    "core::cmp::",
    "core::convert::",
    "core::default::",
    "core::marker::",
    "core::option::",
    "core::result::",
];

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Commits the public API as it is now
    #[arg(long)]
    bless: bool,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let listing = list(sh)?;
    if options.bless {
        sh.write_file(LISTING, listing)?;
        println!("This is the committed API now: {LISTING}");
        return Ok(());
    }
    if sh.read_file(LISTING)? != listing {
        let now = workspace::target_dir(sh)?.join("api.txt");
        sh.write_file(&now, listing)?;
        cmd!(sh, "git --no-pager diff --no-index -- {LISTING} {now}")
            .quiet()
            .ignore_status()
            .run()?;
        bail!("the public API is not that of {LISTING}; `cargo xtask api --bless` accepts the difference");
    }
    println!("the public API is that of {LISTING}");
    Ok(())
}

/// Returns the public API with all features, without what the compiler or a blanket implementation adds.
fn list(sh: &Shell) -> Result<String> {
    let target_dir = workspace::target_dir(sh)?.join("api");
    cmd!(
        sh,
        "cargo rustdoc -q -p proxy-auth --lib --all-features --target-dir {target_dir}"
    )
    .args(["--", "-Zunstable-options", "--output-format", "json"])
    // Lets a stable compiler write JSON.
    .env("RUSTC_BOOTSTRAP", "1")
    .run()?;
    let json = target_dir.join("doc/proxy_auth.json");
    check_format(sh, &json)?;
    let api = Builder::from_rustdoc_json(json)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build()?;
    Ok(simplify(&lines(&api)))
}

fn check_format(sh: &Shell, json: &Path) -> Result<()> {
    let json: Value = serde_json::from_str(&sh.read_file(json)?)?;
    let format = json["format_version"]
        .as_u64()
        .context("rustdoc's JSON: no format_version")?;
    let rustc = cmd!(sh, "rustc --version").read()?;
    ensure!(
        format == FORMAT,
        "{rustc} writes rustdoc's JSON in format {format}, but the pinned version of public-api reads format {FORMAT}. \
         Pin the version that reads format {format} in xtask/Cargo.toml, and set FORMAT in xtask/src/api.rs."
    );
    Ok(())
}

/// Returns a line for each item. It leaves out the functions in implementations of traits, which the trait determines, the
/// trait with which the compiler marks a derived `PartialEq`, and the guides, which exist only in the documentation.
fn lines(api: &PublicApi) -> Vec<String> {
    let is_trait_impl = |line: &str| line.starts_with("impl") && line.contains(" for ");
    let trait_impls = api.items().filter(|item| is_trait_impl(&item.to_string()));
    let trait_impls: HashSet<_> = trait_impls.map(PublicItem::id).collect();
    let items = api.items().map(|item| (item.parent_id(), item.to_string()));
    items
        .filter(|(parent, line)| !(line.contains("fn ") && parent.is_some_and(|id| trait_impls.contains(&id))))
        .map(|(_, line)| line)
        .filter(|line| !line.contains("StructuralPartialEq") && !line.contains(GUIDES))
        .collect()
}

/// Shortens paths, and separates types and modules.
fn simplify(lines: &[String]) -> String {
    let mut listing = String::new();
    for line in lines {
        let line = PREFIXES
            .iter()
            .fold(line.clone(), |line, prefix| line.replace(prefix, ""));
        let starts_with = |item: &&str| line.starts_with(&format!("pub {item} "));
        if ["mod", "struct", "enum", "trait"].iter().any(starts_with) {
            listing.push('\n');
        }
        listing.push_str(&line);
        listing.push('\n');
    }
    listing.trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::simplify;

    #[test]
    fn types_stand_apart_and_paths_are_short() {
        let lines = [
            "pub mod proxy_auth",
            "pub struct proxy_auth::A",
            "pub fn proxy_auth::A::b(&self) -> core::option::Option<proxy_auth::c::D>",
            "impl core::clone::Clone for proxy_auth::A",
            "pub struct proxy_auth::E",
            "impl core::fmt::Debug for proxy_auth::E",
        ];
        assert_eq!(
            simplify(&lines.map(str::to_owned)),
            "\
pub mod proxy_auth

pub struct A
pub fn A::b(&self) -> Option<c::D>
impl Clone for A

pub struct E
impl core::fmt::Debug for E
"
        );
    }
}
