//! Reads a password from a file. Other users of the machine can see command lines, but not a protected file.

use std::fs;
use std::io;
use std::path::Path;

/// Reads the first line of the file, or the whole file if it has no line end.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    let text = fs::read_to_string(path).map_err(|error| named(path, &error))?;
    Ok(text.lines().next().unwrap_or_default().into())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
