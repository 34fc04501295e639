//! Shows a field value with a caret under the byte in error.

use core::fmt::{self, Write};

use super::ParseError;

/// The number of bytes shown before and after the byte in error.
const CONTEXT: usize = 60;

/// A field value, with a [`ParseError`] under the byte where it occurred.
///
/// `Display` escapes control characters, bytes that are not UTF-8, and characters beyond ASCII that are neither letters nor digits.
/// The only line break is the one before the caret. `Display` shortens a long value to the part around the error. `Debug` does not
/// show the value.
///
/// [`ParseError::snippet`] creates it.
///
/// # Examples
/// ```
/// let value = "Basic realm=a\r\nb";
/// let error = proxy_auth::Challenges::new(value).next().unwrap().unwrap_err();
/// assert_eq!(
///     error.snippet(value).to_string(),
///     "Basic realm=a\\x0D\\x0Ab\n             ^ expected a comma or the end at byte 13",
/// );
/// ```
pub struct Snippet<'e> {
    error: &'e ParseError,
    before: &'e [u8],
    after: &'e [u8],
}

impl<'e> Snippet<'e> {
    pub(super) fn new(error: &'e ParseError, value: &'e [u8]) -> Self {
        let (before, after) = value.split_at_checked(error.offset()).unwrap_or((value, &[]));
        Self { error, before, after }
    }
}

impl fmt::Display for Snippet<'_> {
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

impl fmt::Debug for Snippet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value may be a secret.
        fmt::Debug::fmt(self.error, f)
    }
}

/// Writes `bytes` so that each character takes one column, and escapes all other characters.
fn show(bytes: &[u8], out: &mut impl Write) -> fmt::Result {
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                char if char.is_control() => write!(out, "\\x{:02X}", u32::from(char))?,
                char if char.is_ascii() || char.is_alphanumeric() => out.write_char(char)?,
                // Some other characters take no column, such as U+202E.
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
