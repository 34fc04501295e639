//! The cases of `tests/corpus` as seeds.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::Shell;

/// Writes each case to `corpus/TARGET/ID`, for each target that reads such bytes.
pub(super) fn write(sh: &Shell, fuzz: &Path) -> Result<()> {
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
        "proxy-authorization" => &["credentials", "basic", "digest"],
        "proxy-authentication-info" => &["info"],
        _ => return None,
    })
}

/// Returns the bytes of a text in which each character is one byte.
fn latin1(text: &str) -> Result<Vec<u8>> {
    let bytes = text.chars().map(u8::try_from).collect::<Result<_, _>>();
    bytes.with_context(|| format!("not ISO-8859-1: {text:?}"))
}
