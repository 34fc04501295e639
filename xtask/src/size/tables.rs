//! The tables of BENCHMARKS.md.

use std::fmt::Write;

use anyhow::{Context, Result};

use crate::figures::Table;

const CODE: [(&str, &str); 5] = [
    ("the three fields, read", "parser"),
    ("the same, and Basic on both sides", "basic"),
    ("the three fields, and those of Digest on both sides", "digest_fields"),
    ("a gate with Basic", "gate_basic"),
    ("a gate with Digest, all hashes, and Basic", "gate_digest"),
];

const STACK: [(&str, &str); 10] = [
    ("a list of challenges, read", "Challenges: a list of three"),
    ("credentials, read", "Credentials::parse"),
    (
        "Basic credentials, decoded and verified",
        "basic::Credentials::decode, verify",
    ),
    ("Digest credentials, their fields read", "digest::Credentials::read"),
    ("Digest credentials, verified", "digest::Verifier::verify"),
    (
        "Digest challenge, the answer computed and written",
        "digest::Client::new, answer, encode",
    ),
    ("the 407, written", "ChallengeResponse::encode"),
    ("a gate: Digest credentials, read", "Gate::read, of Digest"),
    ("a gate: Digest credentials, checked", "Attempt::check, of Digest"),
    (
        "a session: an answer of Digest, computed and written",
        "Session::authorize, of Digest",
    ),
];

pub(super) fn markdown(figures: &Table) -> Result<String> {
    let figure = |name: &str, kind: &str| {
        figures
            .get(name, kind)
            .with_context(|| format!("no figure: {name}, {kind}"))
    };
    let mut out = String::new();

    writeln!(
        out,
        "| Code + constants, in bytes | Cortex-M0 | Cortex-M3 |\n|---|--:|--:|"
    )?;
    for (label, program) in CODE {
        write!(out, "| {label} |")?;
        for target in super::TARGETS {
            let code = figure(program, &format!("{target}, code"))?;
            let constants = figure(program, &format!("{target}, constants"))?;
            write!(out, " {code} + {constants} |")?;
        }
        writeln!(out)?;
    }

    writeln!(
        out,
        "\n| Stack on a Cortex-M3, in bytes | `opt-level = \"z\"` | `opt-level = 3` |\n|---|--:|--:|"
    )?;
    for (label, call) in STACK {
        let (z, three) = (figure(call, "stack, opt-level z")?, figure(call, "stack, opt-level 3")?);
        writeln!(out, "| {label} | {z} | {three} |")?;
    }

    let parser = figure("WebAssembly module, parser", "wasm")?;
    let all = figure("WebAssembly module, all", "wasm")?;
    writeln!(
        out,
        "\nThe WebAssembly modules of `adapters/js` have {parser} bytes (the parser) and {all} bytes (`Gate` and `Session`, too)."
    )?;
    Ok(out)
}
