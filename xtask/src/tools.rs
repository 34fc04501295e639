//! Installs missing programs, and says so before.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

/// A program, or the path of a file, and the Debian package that contains it.
pub(crate) struct Tool {
    program: &'static str,
    package: &'static str,
}

/// A tool whose package has the name of the program.
const fn plain(program: &'static str) -> Tool {
    Tool {
        program,
        package: program,
    }
}

const fn packaged(program: &'static str, package: &'static str) -> Tool {
    Tool { program, package }
}

pub(crate) const APACHE: Tool = plain("apache2");
pub(crate) const APXS: Tool = packaged("apxs", "apache2-dev");
pub(crate) const CBINDGEN: Tool = plain("cbindgen");
pub(crate) const CHROMIUM: Tool = plain("chromium");
pub(crate) const CLANG: Tool = plain("clang");
pub(crate) const CURL: Tool = plain("curl");
pub(crate) const GSS_NTLMSSP: Tool = packaged("/etc/gss/mech.d/mech.ntlmssp.conf", "gss-ntlmssp");
pub(crate) const GIT: Tool = plain("git");
pub(crate) const GCC: Tool = plain("gcc");
pub(crate) const GXX: Tool = plain("g++");
pub(crate) const HAPROXY: Tool = plain("haproxy");
pub(crate) const HTPASSWD: Tool = packaged("htpasswd", "apache2-utils");
pub(crate) const JAVA: Tool = packaged("java", "default-jre-headless");
pub(crate) const KADMIN: Tool = packaged("kadmin.local", "krb5-admin-server");
pub(crate) const KINIT: Tool = packaged("kinit", "krb5-user");
pub(crate) const KRB5_CONFIG: Tool = packaged("krb5-config", "libkrb5-dev");
pub(crate) const KRB5_KDC: Tool = packaged("krb5kdc", "krb5-kdc");
pub(crate) const LLD: Tool = packaged("ld.lld-14", "lld-14");
pub(crate) const MAKE: Tool = plain("make");
pub(crate) const NODE: Tool = packaged("node", "nodejs");
pub(crate) const NPM: Tool = plain("npm");
pub(crate) const NTLM_AUTH: Tool = packaged("ntlm_auth", "winbind");
pub(crate) const OBJDUMP: Tool = packaged("objdump", "binutils");
pub(crate) const OPENSSL: Tool = plain("openssl");
pub(crate) const PIP: Tool = packaged("pip3", "python3-pip");
pub(crate) const PYTHON: Tool = plain("python3");
pub(crate) const PYTHON_CONFIG: Tool = packaged("python3-config", "python3-dev");
pub(crate) const QEMU_ARM: Tool = plain("qemu-system-arm");
pub(crate) const READELF: Tool = packaged("readelf", "binutils");
pub(crate) const REDIS: Tool = plain("redis-server");
pub(crate) const SIZE: Tool = packaged("size", "binutils");
pub(crate) const SQUID: Tool = plain("squid");
pub(crate) const TINYPROXY: Tool = plain("tinyproxy");
pub(crate) const VALGRIND: Tool = plain("valgrind");
pub(crate) const WASM_OPT: Tool = packaged("wasm-opt", "binaryen");
pub(crate) const WGET: Tool = plain("wget");

/// The clients and proxies that take long to install.
pub(crate) const MORE_PEERS: [Tool; 14] = [
    packaged("aria2c", "aria2"),
    plain("ffmpeg"),
    plain("firefox-esr"),
    packaged("go", "golang-go"),
    plain("ncat"),
    packaged("php", "php-cli"),
    packaged("/usr/share/doc/gir1.2-soup-3.0/copyright", "gir1.2-soup-3.0"),
    packaged(
        "/usr/share/doc/golang-github-elazarl-goproxy-dev/copyright",
        "golang-github-elazarl-goproxy-dev",
    ),
    packaged("/usr/share/doc/libwww-perl/copyright", "libwww-perl"),
    packaged("/usr/share/doc/php-curl/copyright", "php-curl"),
    packaged("/usr/share/doc/python3-pyqt5/copyright", "python3-pyqt5"),
    plain("ruby"),
    packaged("/usr/share/doc/ruby-webrick/copyright", "ruby-webrick"),
    packaged("svn", "subversion"),
];

/// Tells dpkg to start no services while it exists.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Installs the packages of the missing programs.
pub(crate) fn require(sh: &Shell, tools: &[Tool]) -> Result<()> {
    let missing = tools.iter().filter(|tool| !is_installed(tool.program));
    let mut packages: Vec<_> = missing.map(|tool| tool.package).collect();
    packages.sort_unstable();
    packages.dedup();
    install(sh, &packages)
}

/// Installs Debian packages, and starts none of their services.
pub(crate) fn install(sh: &Shell, packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    ensure!(
        is_installed("apt-get"),
        "missing, and without apt-get to be installed by hand (names of Debian packages): {list}"
    );
    eprintln!("installing missing Debian packages: {list}");
    let policy = Policy::set()?;
    cmd!(sh, "apt-get update -qq").run()?;
    cmd!(sh, "apt-get -y -qq --no-install-recommends install {packages...}")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .ignore_stdout()
        .run()?;
    drop(policy);
    Ok(())
}

/// Installs a subcommand of cargo if it is missing. It is not optimized: that would take several times as long, and gain little.
pub(crate) fn require_cargo(sh: &Shell, package: &str) -> Result<()> {
    if !is_installed(package) {
        eprintln!("installing a missing cargo subcommand: {package}");
        cmd!(sh, "cargo install {package} --locked --debug")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .run()?;
    }
    Ok(())
}

/// Installs playwright-core below the given directory, and returns the path of the module.
pub(crate) fn install_playwright(sh: &Shell, dir: &Path) -> Result<PathBuf> {
    // The last version that runs with the Node.js of Debian 12.
    install_npm(sh, "playwright-core@1.61.1", dir)?;
    Ok(dir.join("node_modules/playwright-core"))
}

/// Installs an npm package below the given directory.
pub(crate) fn install_npm(sh: &Shell, package: &str, dir: &Path) -> Result<()> {
    eprintln!("installing an npm package in a temporary directory: {package}");
    Ok(cmd!(
        sh,
        "timeout 300 npm install --silent --no-audit --no-fund --prefix {dir} {package}"
    )
    .ignore_stdout()
    .run()?)
}

/// Checks that a program is in `PATH`, or where only root's `PATH` points.
fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let root_only = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(&path)
        .chain(root_only)
        .any(|dir| dir.join(program).is_file())
}

/// The policy against services; removed on drop unless it was there before.
struct Policy {
    is_ours: bool,
}

impl Policy {
    fn set() -> Result<Self> {
        let is_ours = !Path::new(POLICY).exists();
        let policy = Self { is_ours };
        if is_ours {
            fs::write(POLICY, "#!/bin/sh\nexit 101\n")?;
            fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755))?;
        }
        Ok(policy)
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        if self.is_ours && fs::remove_file(POLICY).is_err() {
            eprintln!("could not remove {POLICY}, which keeps services from starting");
        }
    }
}
