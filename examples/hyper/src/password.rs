//! Reads a password from a file, which other users of the machine cannot see as they see a command line.

use std::fs;
use std::io;
use std::path::Path;

/// Reads the file's first line, or all of it if it has no line end.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    let text = fs::read_to_string(path).map_err(|error| named(path, &error))?;
    Ok(text.lines().next().unwrap_or_default().into())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
