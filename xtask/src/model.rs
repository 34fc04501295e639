//! The model checker for the exchange, and the proof that it would find a missing defence.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::Args;
use xshell::{Shell, cmd};

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Switches off one defence of the library at a time, and requires that the checker finds it
    #[arg(long)]
    defences: bool,
    /// Checks conversations with more steps, for an hour instead of a minute
    #[arg(long)]
    long: bool,
}

/// The bounds of the check in CI.
const SHORT: &[&str] = &["--depth", "7"];

/// The bounds of the longer checks. The first needs 3 GB of memory.
const LONG: [&[&str]; 2] = [&["--depth", "8"], &["--depth", "10", "--attacks", "1"]];

/// A defence of the library, and how to switch it off.
struct Defence {
    name: &'static str,
    /// The property that then fails.
    property: &'static str,
    changes: &'static [Change],
}

/// A text of a source file, which must occur once, and its replacement.
struct Change {
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

const DEFENCES: [Defence; 9] = [
    Defence {
        name: "replay",
        property: "no answer passes twice under one store",
        changes: &[Change {
            file: "src/exchange/gate/ticket.rs",
            from: "if !store.admit(&nonce_use) =>",
            to: "if { store.admit(&nonce_use); false } =>",
        }],
    },
    Defence {
        name: "the name of the account",
        property: "only the user passes, with its own request",
        changes: &[Change {
            file: "src/exchange/gate/digest.rs",
            from: "let is_named = is_named(credentials, name, self.gate.realm_value());",
            to: "let is_named = is_named(credentials, name, self.gate.realm_value()) || true;",
        }],
    },
    Defence {
        name: "the target of the request",
        property: "only the user passes, with its own request",
        changes: &[Change {
            file: "src/schemes/digest/terms.rs",
            from: "!is_for(request, credentials.uri(), self.binding)",
            to: "false && !is_for(request, credentials.uri(), self.binding)",
        }],
    },
    Defence {
        name: "the memory of stronger challenges",
        property: "the client sends nothing weaker than it may",
        changes: &[Change {
            file: "src/exchange/session/rounds.rs",
            from: "if strength < self.strongest && ",
            to: "if false && strength < self.strongest && ",
        }],
    },
    Defence {
        name: "the lifetime of a nonce",
        property: "no answer passes whose nonce is too old",
        changes: &[
            Change {
                file: "src/schemes/digest/terms.rs",
                from: "age.is_some_and(|age| age <= self.max_age)",
                to: "age.is_some()",
            },
            Change {
                file: "src/schemes/digest/replay.rs",
                from: "stamp.age(now).is_some_and(|age| age <= self.max_age)",
                to: "stamp.age(now).is_some()",
            },
        ],
    },
    Defence {
        name: "the proof in the response",
        property: "a required proof is required",
        changes: &[Change {
            file: "src/exchange/session/rounds.rs",
            from: "None if self.policy.requires_proof() =>",
            to: "None if false && self.policy.requires_proof() =>",
        }],
    },
    Defence {
        name: "the end of a user's connection",
        property: "a connection passes only as the user of its last exchange",
        changes: &[Change {
            file: "src/exchange/gate/connection.rs",
            from: "            self.user = None;\n",
            to: "",
        }],
    },
    Defence {
        name: "the order of tokens",
        property: "an honest client passes in three round trips",
        changes: &[Change {
            file: "src/exchange/gate/connection.rs",
            from: "Some((of, round)) if of == mechanism => round,",
            to: "Some((of, _)) if of == mechanism => 0,",
        }],
    },
    Defence {
        name: "the last token",
        property: "no response is trusted before the proxy proves itself",
        changes: &[Change {
            file: "src/exchange/connection_session/mod.rs",
            from: "        if self.is_trusted {",
            to: "        if true {",
        }],
    },
];

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    if options.defences {
        return defences(sh);
    }
    let runs = if options.long { &LONG[..] } else { &[SHORT] };
    for bounds in runs.iter().copied() {
        cmd!(sh, "cargo run --release -q -p model -- {bounds...}").run()?;
    }
    Ok(())
}

/// Switches off each defence in a copy of the repository.
fn defences(sh: &Shell) -> Result<()> {
    let copy = Path::new("target/model-defences");
    sh.remove_path(copy)?;
    for file in cmd!(sh, "git ls-files")
        .read()?
        .lines()
        .filter(|file| Path::new(file).exists())
    {
        let to = copy.join(file);
        sh.create_dir(to.parent().context("a file is in a directory")?)?;
        sh.copy_file(file, to)?;
    }
    let target = sh.current_dir().join("target/model-defences-build");
    for defence in &DEFENCES {
        let _dir = sh.push_dir(copy);
        let originals = defence.changes.iter().map(|change| sh.read_file(change.file));
        let originals = originals.collect::<Result<Vec<_>, _>>()?;
        for Change { file, from, to } in defence.changes {
            let text = sh.read_file(file)?;
            ensure!(text.matches(from).count() == 1, "{file} does not contain once: {from}");
            sh.write_file(file, text.replace(from, to))?;
        }
        let checked = cmd!(sh, "cargo run --release -q -p model -- {SHORT...}")
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", "--cap-lints allow")
            .ignore_status()
            .output()?;
        for (change, original) in defence.changes.iter().zip(originals) {
            sh.write_file(change.file, original)?;
        }
        let text = String::from_utf8_lossy(&checked.stdout);
        let fails = format!("FAILS: {}\n", defence.property);
        ensure!(
            !checked.status.success() && text.contains(&fails),
            "without {}, the checker does not find that it fails: {}\n{text}{}",
            defence.name,
            defence.property,
            String::from_utf8_lossy(&checked.stderr),
        );
        println!("without {}, the checker finds: {}", defence.name, defence.property);
    }
    Ok(())
}
