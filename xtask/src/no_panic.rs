//! Proves that no public function of the crate can panic: a program with all of them links although the panic handler's
//! symbol does not exist. It links for the host and for a Cortex-M3, with and without overflow checks. The same program
//! with a deliberate panic must not link.
//!
//! `verify/no-panic/roots.py` lists the exceptions, with reasons. On x86-64 the program contains the portable code of
//! `sha2`: its code for AVX2 (feature `digest`, SHA-512/256) leaves a panic.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use xshell::{Cmd, Shell, cmd};

use crate::tools::{self, OBJDUMP, PYTHON};
use crate::{target, workspace};

/// The symbol that does not exist.
const MISSING: &str = "a_panic_is_left";

pub(crate) fn run(sh: &Shell) -> Result<()> {
    tools::require(sh, &[PYTHON, OBJDUMP])?;
    let target_dir = workspace::root().join("verify/no-panic/target");
    for features in ["", "digest,zeroize"] {
        let functions = write_roots(sh, features, &target_dir)?;
        for platform in [Platform::Host, Platform::Device] {
            for overflow_checks in [false, true] {
                prove(
                    sh,
                    &Build {
                        platform,
                        overflow_checks,
                        target_dir: target_dir.clone(),
                    },
                    features,
                )?;
            }
        }
        let features = if features.is_empty() { "none" } else { features };
        println!("no panic in {functions} functions; features: {features}");
    }
    Ok(())
}

/// Writes the part of the program that holds every public function, and returns their number.
fn write_roots(sh: &Shell, features: &str, target_dir: &PathBuf) -> Result<usize> {
    cmd!(
        sh,
        "cargo rustdoc -q -p proxy-auth --lib --features {features} --target-dir {target_dir}"
    )
    .args(["--", "-Zunstable-options", "--output-format", "json"])
    .env("RUSTC_BOOTSTRAP", "1")
    .run()?;
    let json = target_dir.join("doc/proxy_auth.json");
    let roots = cmd!(sh, "python3 verify/no-panic/roots.py {json}").read()?;
    sh.write_file(target_dir.join("roots.rs"), &roots)?;
    Ok(roots.lines().filter(|line| line.contains("black_box")).count())
}

/// Checks that the program links, and that it does not with a deliberate panic.
fn prove(sh: &Shell, build: &Build, features: &str) -> Result<()> {
    let described = format!("{:?}, overflow checks: {}", build.platform, build.overflow_checks);
    if let Err(errors) = build.link(sh, features)? {
        eprint!("{errors}");
        if errors.contains(MISSING) {
            show_panics(sh, build, features)?;
        }
        bail!("{described}: the program does not link");
    }
    let deliberate = build.link(sh, &format!("{features},deliberate"))?;
    ensure!(
        deliberate.is_err_and(|errors| errors.contains(MISSING)),
        "{described}: a deliberate panic was not found"
    );
    Ok(())
}

#[derive(Clone, Copy, Debug)]
enum Platform {
    Host,
    Device,
}

/// A way to build the program.
struct Build {
    platform: Platform,
    overflow_checks: bool,
    target_dir: PathBuf,
}

impl Build {
    /// Links the program, and returns the compiler's errors if it does not link.
    fn link(&self, sh: &Shell, features: &str) -> Result<Result<(), String>> {
        let _dir = sh.push_dir("verify/no-panic");
        let output = self.command(sh, features)?.quiet().ignore_status().output()?;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(if output.status.success() { Ok(()) } else { Err(errors) })
    }

    fn command<'a>(&self, sh: &'a Shell, features: &str) -> Result<Cmd<'a>> {
        // Overflow checks cover the crate and the code that it inlines, not its dependencies.
        let checks = ["proxy-auth", "no-panic"].map(|package| {
            format!(
                "--config=profile.release.package.{package}.overflow-checks={}",
                self.overflow_checks
            )
        });
        let target_dir = &self.target_dir;
        Ok(match self.platform {
            Platform::Host => cmd!(sh, "cargo rustc -q --release --features {features} {checks...}")
                .args(["--", "-C", "link-arg=-nostartfiles"])
                .env("CARGO_TARGET_DIR", target_dir)
                .env("RUSTFLAGS", "--cfg sha2_backend=\"soft\""),
            Platform::Device => target::cargo(sh, "thumbv7m-none-eabi", "rustc", &target_dir.join("no-std"))?
                .args(["--release", "--features", features])
                .args(checks)
                .args(["--", "-C", "linker=ld.lld-14", "-C", "linker-flavor=ld.lld"]),
        })
    }
}

/// Prints the functions that call one that panics.
fn show_panics(sh: &Shell, build: &Build, features: &str) -> Result<()> {
    let build = Build {
        platform: Platform::Host,
        target_dir: build.target_dir.clone(),
        ..*build
    };
    if let Err(errors) = build.link(sh, &format!("{features},allow-panics"))? {
        bail!("the program does not link, even if panics are allowed: {errors}");
    }
    let program = build.target_dir.join("release/no-panic");
    let code = cmd!(sh, "objdump -d -C --no-show-raw-insn {program}").read()?;
    for caller in callers_of_panics(&code) {
        eprintln!("may panic: {caller}");
    }
    Ok(())
}

/// Returns the functions that call or jump to one that panics, in the output of objdump.
fn callers_of_panics(code: &str) -> BTreeSet<&str> {
    let mut callers = BTreeSet::new();
    let mut caller = "";
    for line in code.lines() {
        match line.split_once(" <") {
            // The first line of a function: its address and its name.
            Some((address, _)) if !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                caller = &line[address.len() + 1..];
            }
            _ if is_panic(line) => {
                callers.insert(caller);
            }
            _ => {}
        }
    }
    callers
}

/// Checks for an instruction that calls or jumps to a function of `core` that panics.
fn is_panic(line: &str) -> bool {
    const PANIC: [&str; 4] = ["panicking", "option::unwrap", "option::expect", "result::unwrap"];
    let Some((instruction, callee)) = line.split_once("<core::") else {
        return false;
    };
    (instruction.contains("call ") || instruction.contains("jmp "))
        && (PANIC.iter().any(|panic| callee.starts_with(panic)) || callee.contains("_fail"))
}

#[cfg(test)]
mod tests {
    use super::callers_of_panics;

    #[test]
    fn callers_of_panics_are_found_in_the_output_of_objdump() {
        let code = "\
0000000000001000 <proxy_auth::first>:
    1000:\tpush   %rbx
    1001:\tcall   2000 <core::panicking::panic_fmt>
    1006:\tcall   2010 <core::fmt::write>

0000000000001010 <proxy_auth::second>:
    1010:\tcall   2020 <core::str::len>

0000000000001020 <proxy_auth::third>:
    1020:\tjmp    2030 <core::slice::index::slice_index_fail>
    1025:\tlea    2000 <core::panicking::panic_fmt>

0000000000001030 <<proxy_auth::Fourth as core::fmt::Debug>::fmt>:
    1030:\tcall   2040 <core::option::unwrap_failed>
";
        let found: Vec<_> = callers_of_panics(code).into_iter().collect();
        assert_eq!(
            found,
            [
                "<<proxy_auth::Fourth as core::fmt::Debug>::fmt>:",
                "<proxy_auth::first>:",
                "<proxy_auth::third>:"
            ]
        );
    }
}
