//! Runs the firmware of `examples/firmware` with Squid and the example proxy, and measures what the whole client takes.
//!
//! Its UART is joined to a connection to the proxy. Code and constants are those of the whole program, with the start-up code, the
//! driver of the UART and the checks. RAM is the static memory and the stack, with the client and its buffer. A Cortex-M3 also runs
//! the code of a Cortex-M0.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::tools::{self, HTPASSWD, OPENSSL, PYTHON, QEMU_ARM, SIZE, SQUID};
use crate::workspace;

/// The targets, and the bounds in bytes: code with constants, and RAM.
const TARGETS: [(&str, u64, u64); 2] = [
    ("thumbv6m-none-eabi", 41 * 1024, 5 * 1024),
    ("thumbv7m-none-eabi", 41 * 1024, 5 * 1024),
];

/// What the whole client takes, in bytes.
struct Figures {
    code: u64,
    constants: u64,
    fixed: u64,
    stack: u64,
}

pub(super) fn run(sh: &Shell, opt_level: &str) -> Result<()> {
    tools::require(sh, &[HTPASSWD, OPENSSL, PYTHON, QEMU_ARM, SIZE, SQUID])?;
    cmd!(sh, "cargo build -q -p hyper-example --bin proxy").run()?;
    let proxy = workspace::target_dir(sh)?.join("debug/proxy");

    let mut table = "| Target | Code + constants | Static memory + stack |\n|---|--:|--:|\n".to_owned();
    let mut failures = Vec::new();
    for (target, max_code, max_ram) in TARGETS {
        let firmware = build(sh, target, opt_level)?;
        let output = cmd!(sh, "bash verify/interop/firmware.sh {firmware} {proxy}").read()?;
        println!("{output}");
        let figures = measure(sh, &firmware, &output)?;
        let Figures {
            code,
            constants,
            fixed,
            stack,
        } = figures;
        writeln!(table, "| `{target}` | {code} + {constants} | {fixed} + {stack} |")?;
        if code + constants > max_code || fixed + stack > max_ram {
            failures.push(format!(
                "{target}: more than {max_code} bytes of code or {max_ram} bytes of RAM"
            ));
        }
    }
    println!("\nThe whole client, in bytes, with opt-level {opt_level}:\n\n{table}");
    // The bounds are those of code that is optimized for size.
    ensure!(opt_level != "z" || failures.is_empty(), "{}", failures.join("; "));
    Ok(())
}

fn build(sh: &Shell, target: &str, opt_level: &str) -> Result<PathBuf> {
    let package = workspace::root().join("examples/firmware");
    let target_dir = package.join("target");
    let _dir = sh.push_dir(&package);
    super::link(sh, target, "firmware-qemu", &target_dir, opt_level)?;
    Ok(target_dir.join(target).join("release/firmware-qemu"))
}

/// Returns the sizes of the firmware's sections, and the highest stack of its runs.
fn measure(sh: &Shell, firmware: &Path, output: &str) -> Result<Figures> {
    let sections = cmd!(sh, "size -A -d {firmware}").read()?;
    let section = |name: &str| {
        let mut lines = sections.lines().map(str::split_ascii_whitespace);
        let size = lines
            .find_map(|mut columns| (columns.next() == Some(name)).then(|| columns.next()?.parse::<u64>().ok())?);
        size.with_context(|| format!("no section {name}"))
    };
    let stack = stack(output).context("no stack in the output of the firmware")?;
    Ok(Figures {
        code: section(".vector_table")? + section(".text")?,
        constants: section(".rodata")? + section(".data")?,
        fixed: section(".data")? + section(".bss")?,
        stack,
    })
}

/// Returns the highest stack in the output of several runs.
fn stack(output: &str) -> Option<u64> {
    let lines = output.lines().filter_map(|line| line.split_once('\t'));
    lines
        .filter(|(_, name)| *name == "stack, with the client and its buffer")
        .filter_map(|(bytes, _)| bytes.parse().ok())
        .max()
}

#[cfg(test)]
mod tests {
    use super::stack;

    #[test]
    fn highest_stack_of_the_runs_counts() {
        let name = "stack, with the client and its buffer";
        let output = format!("200\tGET\n12\t{name}\nSquid\n40\t{name}\n7\t{name}\n456\tthe client\n");
        assert_eq!(stack(&output), Some(40));
        assert_eq!(stack("200\tGET\n"), None);
    }
}
