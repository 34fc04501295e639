//! The proxy as a process of its own, and what the system says about it.

use std::error::Error;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};

/// A running proxy, which ends with this value.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts a proxy that listens on a free port, and waits until it does. Its log is formatted, but not kept.
    pub(crate) fn start(command: &mut Command) -> Result<Self, Box<dyn Error>> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("no standard output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line
            .trim()
            .strip_prefix("listening on ")
            .ok_or("the proxy did not start")?;
        let address = address.parse()?;
        Ok(Self { child, address })
    }

    /// Returns the time that all threads have run.
    pub(crate) fn cpu_time(&self) -> io::Result<Duration> {
        let mut nanoseconds = 0;
        for thread in fs::read_dir(self.file("task"))? {
            let schedule = fs::read_to_string(thread?.path().join("schedstat"))?;
            let first = schedule.split(' ').next().and_then(|time| time.parse::<u64>().ok());
            nanoseconds += first.ok_or_else(|| io::Error::other("no time in schedstat"))?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Returns the bytes of memory that are resident: `VmRSS`.
    pub(crate) fn memory(&self) -> io::Result<u64> {
        let status = fs::read_to_string(self.file("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        Ok(kib.ok_or_else(|| io::Error::other("no VmRSS"))? << 10)
    }

    /// Returns the number of open files, which include the connections.
    pub(crate) fn open_files(&self) -> io::Result<usize> {
        Ok(fs::read_dir(self.file("fd"))?.count())
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        Path::new("/proc").join(self.child.id().to_string()).join(name)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Raises the number of files that this process, and those that it starts, may have open, as far as the system allows.
pub(crate) fn raise_open_files() -> io::Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}

/// Returns the number of files that a process may have open.
pub(crate) fn max_open_files() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
