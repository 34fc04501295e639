//! Packages the library as for the registry, and checks what is in the package. Publishes nothing.

mod links;

use std::path::Path;

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::workspace;

/// Packages what is committed, in a clone: cargo refuses to publish anything else.
pub(crate) fn run(sh: &Shell) -> Result<()> {
    if !cmd!(sh, "git status --porcelain").read()?.is_empty() {
        println!("changes that are not committed are not in the package");
    }
    // Not below the repository, where cargo would take the package for a member of the workspace.
    let temp = sh.create_temp_dir()?;
    let clone = temp.path().join("clone");
    cmd!(sh, "git clone -q . {clone}").run()?;
    let target_dir = workspace::target_dir(sh)?.join("publish");
    let package = format!("proxy-auth-{}", workspace::version(sh)?);
    {
        let _dir = sh.push_dir(&clone);
        cmd!(sh, "cargo package -q --target-dir {target_dir}").run()?;
        // It was built just now.
        cmd!(
            sh,
            "cargo publish -q --dry-run --no-verify -p proxy-auth --target-dir {target_dir}"
        )
        .run()?;
    }
    // The adapter depends on the library, so they are packaged together. The tests of the adapter have built it.
    {
        let _dir = sh.push_dir(&clone);
        cmd!(
            sh,
            "cargo package -q --no-verify -p proxy-auth -p proxy-auth-tower --target-dir {target_dir}"
        )
        .run()?;
    }
    let archive = target_dir.join(format!("package/{package}.crate"));
    let unpacked = temp.path();
    cmd!(sh, "tar -xzf {archive} -C {unpacked}").run()?;
    check_package(sh, &unpacked.join(&package), &target_dir)?;
    println!("{package} can be published");
    Ok(())
}

/// Checks that examples and documentation can be built of an unpacked package, and that no link leads to a missing file.
fn check_package(sh: &Shell, package: &Path, target_dir: &Path) -> Result<()> {
    let _dir = sh.push_dir(package);
    cmd!(
        sh,
        "cargo check -q --all-features --lib --examples --target-dir {target_dir}"
    )
    .run()?;
    sh.remove_path(target_dir.join("doc"))?;
    cmd!(sh, "cargo doc -q --no-deps --all-features --target-dir {target_dir}")
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()?;

    let mut broken = links::broken_in_markdown(sh, package)?;
    broken.extend(links::broken_in_html(sh, package, &target_dir.join("doc/proxy_auth"))?);
    for link in &broken {
        eprintln!("{link}");
    }
    ensure!(
        broken.is_empty(),
        "links in the package lead to files that it does not contain"
    );
    Ok(())
}
