//! The inputs that the targets start with: the cases of `tests/corpus`, and the committed `fuzz/seeds`.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use xshell::Shell;

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
