//! Writes JSON to a buffer that may be too small.

use core::fmt::{self, Write};

#[cfg(feature = "exchange")]
use proxy_auth::{BufferTooSmall, Encode};

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

    /// Returns the buffer. Nothing may be written before.
    pub(crate) fn into_rest(self) -> &'o mut [u8] {
        self.out
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

    /// Writes a displayed value as a string. It must be ASCII, and not a value of a field.
    pub(crate) fn display(&mut self, text: impl fmt::Display) {
        self.put("\"");
        let _ = write!(Escaped(self), "{text}");
        self.put("\"");
    }

    /// Writes a displayed value as a string, or null.
    #[cfg(feature = "exchange")]
    pub(crate) fn display_or_null(&mut self, text: Option<impl fmt::Display>) {
        match text {
            Some(text) => self.display(text),
            None => self.put("null"),
        }
    }

    /// Writes what an error expected: its text without the first word.
    #[cfg(feature = "exchange")]
    pub(crate) fn expected(&mut self, text: impl fmt::Display) {
        self.put("\"");
        let skip = "expected ".len();
        let _ = write!(
            Part {
                json: self,
                skip,
                is_open: true,
                ends: |_| false
            },
            "{text}"
        );
        self.put("\"");
    }

    /// Writes the name of a variant: the letters and digits at the start of its debug format.
    #[cfg(feature = "exchange")]
    pub(crate) fn kind(&mut self, value: &impl fmt::Debug) {
        self.put("\"");
        let ends = |byte: u8| !byte.is_ascii_alphanumeric();
        let _ = write!(
            Part {
                json: self,
                skip: 0,
                is_open: true,
                ends
            },
            "{value:?}"
        );
        self.put("\"");
    }

    /// Writes a value of `len` bytes as a string in which each byte is one character. `encode` writes it to a buffer.
    ///
    /// `Display` would replace bytes that are not UTF-8.
    #[cfg(feature = "exchange")]
    pub(crate) fn encoded(&mut self, len: usize, encode: impl FnOnce(&mut [u8]) -> Result<&[u8], BufferTooSmall>) {
        // A byte takes up to six characters. The value is encoded after the room for all of them, since it has no other place.
        let start = self.len + len * 6 + 2;
        let free = self.out.get_mut(start..).unwrap_or_default();
        if encode(free).is_err() {
            // The host makes room.
            self.len = start + len;
            return;
        }
        self.put("\"");
        for at in start..start + len {
            let byte = self.out.get(at).copied().unwrap_or_default();
            self.escaped(byte);
        }
        self.put("\"");
    }

    /// Writes a value as a string in which each byte is one character, or null.
    #[cfg(feature = "exchange")]
    pub(crate) fn encoded_or_null(&mut self, value: Option<&impl Encode>) {
        match value {
            Some(value) => self.encoded(value.encoded_len(), |buffer| value.encode(buffer)),
            None => self.put("null"),
        }
    }

    #[cfg(feature = "exchange")]
    pub(crate) fn number_or_null(&mut self, number: Option<usize>) {
        match number {
            Some(number) => self.number(number),
            None => self.put("null"),
        }
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

/// A part of the contents of a string: after `skip` bytes, and before the first byte that ends it.
#[cfg(feature = "exchange")]
struct Part<'j, 'o> {
    json: &'j mut Json<'o>,
    skip: usize,
    is_open: bool,
    ends: fn(u8) -> bool,
}

#[cfg(feature = "exchange")]
impl Write for Part<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.skip > 0 {
                self.skip -= 1;
            } else {
                self.is_open &= !(self.ends)(byte);
                if self.is_open {
                    self.json.escaped(byte);
                }
            }
        }
        Ok(())
    }
}

fn digit(value: usize) -> u8 {
    b"0123456789abcdef".get(value).copied().unwrap_or_default()
}
