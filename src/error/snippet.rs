//! A field value with a caret under the byte that is in error, for people.

use core::fmt::{self, Write};

use super::ParseError;

/// How many bytes are shown before and after the one in error.
const CONTEXT: usize = 60;

/// Displays a field value, and a [`ParseError`] under the byte where it is.
///
/// Bytes that are not UTF-8, and characters that are neither ASCII nor a letter or digit, are shown escaped, and so are control
/// characters: the output has no line breaks but the one before the caret. Of a long value only the part around the error is shown.
///
/// Made by [`ParseError::pointing_into`].
pub struct Pointer<'e> {
    error: &'e ParseError,
    before: &'e [u8],
    after: &'e [u8],
}

impl<'e> Pointer<'e> {
    pub(super) fn new(error: &'e ParseError, value: &'e [u8]) -> Self {
        let (before, after) = value.split_at_checked(error.offset()).unwrap_or((value, &[]));
        Self { error, before, after }
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = match self.before.len().checked_sub(CONTEXT) {
            Some(cut @ 1..) => {
                f.write_str("...")?;
                self.before.get(cut..).unwrap_or_default()
            }
            _ => self.before,
        };
        let mut columns = Columns::default();
        if before.len() < self.before.len() {
            columns.0 = 3;
        }
        show(before, &mut columns)?;
        show(before, f)?;
        match self.after.get(..CONTEXT) {
            Some(start) if start.len() < self.after.len() => {
                show(start, f)?;
                f.write_str("...")?;
            }
            _ => show(self.after, f)?,
        }
        f.write_char('\n')?;
        for _ in 0..columns.0 {
            f.write_char(' ')?;
        }
        write!(f, "^ {}", self.error)
    }
}

impl fmt::Debug for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value may be a secret.
        fmt::Debug::fmt(self.error, f)
    }
}

/// Writes `bytes` so that each character takes one column: escapes for what may have none.
fn show(bytes: &[u8], out: &mut impl Write) -> fmt::Result {
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                char if char.is_control() => write!(out, "\\x{:02X}", u32::from(char))?,
                char if char.is_ascii() || char.is_alphanumeric() => out.write_char(char)?,
                // Many others have no column of their own, such as U+202E.
                char => write!(out, "{}", char.escape_unicode())?,
            }
        }
        for byte in chunk.invalid() {
            write!(out, "\\x{byte:02X}")?;
        }
    }
    Ok(())
}

/// Counts characters.
#[derive(Default)]
struct Columns(usize);

impl Write for Columns {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.saturating_add(text.chars().count());
        Ok(())
    }
}
