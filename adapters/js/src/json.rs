//! Writes JSON to a buffer that may be too small.

use core::fmt::{self, Write};

/// Writes JSON, and also counts the bytes that do not fit.
pub(crate) struct Json<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Json<'o> {
    pub(crate) fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    /// Returns the number of bytes, including those that did not fit.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Writes JSON text.
    pub(crate) fn put(&mut self, text: &str) {
        self.put_bytes(text.as_bytes());
    }

    fn put_bytes(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        if let Some(room) = self.out.get_mut(self.len..end) {
            room.copy_from_slice(bytes);
        }
        self.len = end;
    }

    /// Writes a list; `write` writes each item.
    pub(crate) fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.put("[");
        let mut separator = "";
        for item in items {
            self.put(separator);
            separator = ",";
            write(self, item);
        }
        self.put("]");
    }

    /// Writes a string in which each byte is one character, U+0000 to U+00FF.
    pub(crate) fn bytes(&mut self, bytes: impl IntoIterator<Item = u8>) {
        self.put("\"");
        bytes.into_iter().for_each(|byte| self.escaped(byte));
        self.put("\"");
    }

    fn escaped(&mut self, byte: u8) {
        match byte {
            b'"' | b'\\' => self.put_bytes(&[b'\\', byte]),
            b' '..=b'~' => self.put_bytes(&[byte]),
            _ => self.put_bytes(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                digit(usize::from(byte >> 4)),
                digit(usize::from(byte & 15)),
            ]),
        }
    }

    /// Writes a displayed value as a string. It must be ASCII.
    pub(crate) fn display(&mut self, text: impl fmt::Display) {
        self.put("\"");
        let _ = write!(Escaped(self), "{text}");
        self.put("\"");
    }

    pub(crate) fn number(&mut self, number: usize) {
        if number > 9 {
            self.number(number / 10);
        }
        self.put_bytes(&[digit(number % 10)]);
    }

    /// Writes the position of a part: the offsets of its first byte and of the byte after its last.
    pub(crate) fn range(&mut self, start: usize, end: usize) {
        self.list([start, end], Self::number);
    }
}

/// The contents of a string.
struct Escaped<'j, 'o>(&'j mut Json<'o>);

impl Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| self.0.escaped(byte));
        Ok(())
    }
}

fn digit(value: usize) -> u8 {
    b"0123456789abcdef".get(value).copied().unwrap_or_default()
}
