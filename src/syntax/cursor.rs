//! The one cursor that walks a field value.

use super::Class;
use crate::error::{Expected, ParseErrorKind};

/// A position in a field value. A copy of it is a bookmark.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    value: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    /// The start of `value`.
    pub(crate) const fn new(value: &'a [u8]) -> Self {
        Self { value, offset: 0 }
    }

    /// The start of a field value. White space around it is no part of it (RFC 9110, 5.5), but offsets count from the
    /// start of `value` as it is given.
    pub(crate) fn field_value(value: &'a [u8]) -> Self {
        let end = value.iter().rposition(|&byte| !is_ows(byte)).map_or(0, |last| last + 1);
        let mut cursor = Self::new(value.get(..end).unwrap_or_default());
        cursor.skip_ows();
        cursor
    }

    /// Offset from the start of the field value in bytes.
    pub(crate) const fn offset(self) -> usize {
        self.offset
    }

    pub(crate) const fn at_end(self) -> bool {
        self.offset >= self.value.len()
    }

    pub(crate) fn peek(self) -> Option<u8> {
        self.value.get(self.offset).copied()
    }

    /// Goes past `byte` if it stands here.
    pub(crate) fn skip_byte(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.offset += usize::from(found);
        found
    }

    /// Goes past the longest run of bytes in `class`, and returns it.
    pub(crate) fn skip(&mut self, class: Class) -> &'a [u8] {
        let start = *self;
        self.offset += class.run(self.rest());
        start.until(*self)
    }

    /// `OWS = *( SP / HTAB )` (RFC 9110, 5.6.3); goes past it, and returns it.
    pub(crate) fn skip_ows(&mut self) -> &'a [u8] {
        let start = *self;
        while self.peek().is_some_and(is_ows) {
            self.offset += 1;
        }
        start.until(*self)
    }

    /// What may stand before an element of a list: `*( OWS "," ) OWS`, since a recipient ignores empty elements
    /// (RFC 9110, 5.6.1.2).
    pub(crate) fn skip_separators(&mut self) {
        while self.peek().is_some_and(|byte| byte == b',' || is_ows(byte)) {
            self.offset += 1;
        }
    }

    /// What must stand after an element of a list: `OWS`, and then a comma, which is left, or the end.
    pub(crate) fn end_of_element(&mut self) -> Result<(), Expected> {
        self.skip_ows();
        match self.peek() {
            None | Some(b',') => Ok(()),
            Some(_) => Err(self.error(ParseErrorKind::ExpectedComma)),
        }
    }

    /// Goes to the end.
    pub(crate) const fn skip_all(&mut self) {
        self.offset = self.value.len();
    }

    /// Goes to the next comma that stands outside of values in quotes, or to the end. For going on after damage.
    ///
    /// Values are what lenient reading takes for values: otherwise this could stop at a comma before the damage.
    pub(crate) fn skip_damaged_element(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b',' => return,
                b'=' => {
                    self.offset += 1;
                    self.skip_ows();
                    if self.skip_byte(b'"') {
                        self.skip_to_closing_quote();
                    } else {
                        self.skip(Class::Unquoted);
                    }
                }
                _ => self.offset += 1,
            }
        }
    }

    fn skip_to_closing_quote(&mut self) {
        while let Some(byte) = self.peek() {
            self.offset += 1;
            match byte {
                b'"' => return,
                b'\\' => self.offset += usize::from(!self.at_end()),
                _ => {}
            }
        }
    }

    /// The bytes from here to `end`.
    pub(crate) fn until(self, end: Self) -> &'a [u8] {
        self.value.get(self.offset..end.offset).unwrap_or_default()
    }

    /// This position in the value that ends at `end`.
    pub(crate) fn up_to(self, end: Self) -> Self {
        Self {
            value: self.value.get(..end.offset).unwrap_or_default(),
            ..self
        }
    }

    /// The bytes from here to the end.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.value.get(self.offset..).unwrap_or_default()
    }

    /// The error that something else stands here than `kind` says.
    pub(crate) const fn error(self, kind: ParseErrorKind) -> Expected {
        Expected {
            kind,
            offset: self.offset,
        }
    }
}

const fn is_ows(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
