//! The inputs that the targets start with: the cases of `tests/corpus`, and the committed seeds.
//!
//! `fuzz/seeds/TARGET` has an input in each line, in base64.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use xshell::Shell;

use super::cargo_fuzz::CargoFuzz;

/// The largest file of committed seeds, in bytes.
const MAX_LEN: usize = 200_000;

/// Writes each input to a file in `corpus/TARGET`.
pub(super) fn write(sh: &Shell, fuzz: &Path) -> Result<()> {
    write_cases(sh, fuzz)?;
    for file in sh.read_dir(fuzz.join("seeds"))? {
        let target = file.file_name().context("no name")?;
        for (index, line) in sh.read_file(&file)?.lines().enumerate() {
            let seed = BASE64_STANDARD
                .decode(line)
                .with_context(|| file.display().to_string())?;
            sh.write_file(fuzz.join("corpus").join(target).join(format!("seed-{index}")), seed)?;
        }
    }
    Ok(())
}

/// Replaces the committed seeds of a target with the smallest part of its corpus that covers the same.
pub(super) fn minimize(sh: &Shell, fuzz: &CargoFuzz, target: &str) -> Result<()> {
    let features = smallest(sh, fuzz, target, &[])?;
    let seeds = if features.len() > MAX_LEN {
        // Without counters, edges are covered, regardless of how often they are taken.
        smallest(sh, fuzz, target, &["-use_counters=0"])?
    } else {
        features
    };
    ensure!(seeds.len() <= MAX_LEN, "{target}: {} bytes of seeds", seeds.len());
    println!("{target}: {} seeds, {} bytes", seeds.lines().count(), seeds.len());
    sh.write_file(fuzz.dir.join("seeds").join(target), seeds)?;
    Ok(())
}

/// Returns the smallest part of a corpus that covers the same, one input in each line, the shortest first.
fn smallest(sh: &Shell, fuzz: &CargoFuzz, target: &str, options: &[&str]) -> Result<String> {
    let chosen = sh.create_temp_dir()?;
    let mut cargo = fuzz.command("run");
    cargo.arg(target).arg(chosen.path()).arg(fuzz.corpus(target));
    cargo.args(["--", "-set_cover_merge=1", "-max_len=4096"]).args(options);
    let output = cargo.output()?;
    ensure!(
        output.status.success(),
        "{target}: {}",
        String::from_utf8_lossy(&output.stderr)
    );

    let files = sh.read_dir(chosen.path())?;
    let inputs = files.iter().map(|file| sh.read_binary_file(file));
    let mut inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    inputs.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    Ok(inputs
        .iter()
        .map(|input| BASE64_STANDARD.encode(input) + "\n")
        .collect())
}

/// Writes each case, for each target that reads such bytes.
fn write_cases(sh: &Shell, fuzz: &Path) -> Result<()> {
    for line in sh.read_file("tests/corpus/cases.jsonl")?.lines() {
        let case: Value = serde_json::from_str(line)?;
        let text = |key: &str| case[key].as_str().with_context(|| format!("no {key}: {line}"));
        let (id, field, value) = (text("id")?, text("field")?, latin1(text("raw")?)?);
        for target in targets(field).with_context(|| format!("no such field: {field}"))? {
            sh.write_file(fuzz.join("corpus").join(target).join(id), &value)?;
        }
    }
    Ok(())
}

/// Returns the targets that read the given field.
fn targets(field: &str) -> Option<&'static [&'static str]> {
    Some(match field {
        "proxy-authenticate" => &["challenges", "digest", "select", "differential"],
        "proxy-authorization" => &["credentials", "basic", "digest", "differential"],
        "proxy-authentication-info" => &["info"],
        _ => return None,
    })
}

/// Returns the bytes of a text in which each character is one byte.
fn latin1(text: &str) -> Result<Vec<u8>> {
    let bytes = text.chars().map(u8::try_from).collect::<Result<_, _>>();
    bytes.with_context(|| format!("not ISO-8859-1: {text:?}"))
}
