//! The one cursor that walks a field value.

use super::Class;
use crate::error::{Expected, ParseErrorKind};

/// A position in a field value. A copy of it is a bookmark.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
    /// The offset of the end of `rest`.
    end: usize,
}

impl<'a> Cursor<'a> {
    /// The start of `value`.
    pub(crate) const fn new(value: &'a [u8]) -> Self {
        Self {
            rest: value,
            end: value.len(),
        }
    }

    /// The start of a field value. White space around it is no part of it (RFC 9110, 5.5), but offsets count from the
    /// start of `value` as it is given.
    pub(crate) fn field_value(value: &'a [u8]) -> Self {
        let mut rest = value;
        while let [before @ .., b' ' | b'\t'] = rest {
            rest = before;
        }
        let mut cursor = Self::new(rest);
        cursor.skip_ows();
        cursor
    }

    /// Offset from the start of the field value in bytes.
    pub(crate) const fn offset(self) -> usize {
        self.end.saturating_sub(self.rest.len())
    }

    pub(crate) const fn at_end(self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn peek(self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Goes past `byte` if it stands here.
    pub(crate) fn skip_byte(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Goes past the longest run of bytes in `class`, and returns it.
    #[inline]
    pub(crate) fn skip(&mut self, class: Class) -> &'a [u8] {
        self.skip_bytes(class.run(self.rest))
    }

    /// As [`skip`](Self::skip), and fast where the run is long.
    #[inline]
    pub(crate) fn skip_long(&mut self, class: Class) -> &'a [u8] {
        self.skip_bytes(class.long_run(self.rest))
    }

    /// As [`skip`](Self::skip), but past 12 bytes at the most.
    #[inline]
    pub(crate) fn skip_short(&mut self, class: Class) -> &'a [u8] {
        self.skip_bytes(class.run(self.rest.get(..12).unwrap_or(self.rest)))
    }

    #[inline]
    fn skip_bytes(&mut self, count: usize) -> &'a [u8] {
        let (skipped, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        skipped
    }

    /// Goes to where `rest` begins, which is the end of what is left, and returns what was before it.
    pub(crate) fn skip_to(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let start = *self;
        self.rest = rest;
        start.until(*self)
    }

    /// Goes past `1*SP`, if it stands here.
    pub(crate) fn skip_spaces(&mut self) -> bool {
        let mut found = false;
        while self.skip_byte(b' ') {
            found = true;
        }
        found
    }

    /// `OWS = *( SP / HTAB )` (RFC 9110, 5.6.3); goes past it, and returns it.
    pub(crate) fn skip_ows(&mut self) -> &'a [u8] {
        let start = *self;
        while let [b' ' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
        start.until(*self)
    }

    /// What may stand before an element of a list: `*( OWS "," ) OWS`, since a recipient ignores empty elements
    /// (RFC 9110, 5.6.1.2).
    pub(crate) fn skip_separators(&mut self) {
        while let [b',' | b' ' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// What must stand after an element of a list: `OWS`, and then a comma, which is left, or the end.
    #[inline]
    pub(crate) fn end_of_element(&mut self) -> Result<(), Expected> {
        if let None | Some(b',') = self.peek() {
            return Ok(());
        }
        self.skip_ows();
        match self.peek() {
            None | Some(b',') => Ok(()),
            Some(_) => Err(self.error(ParseErrorKind::ExpectedComma)),
        }
    }

    /// Goes to the end.
    pub(crate) const fn skip_all(&mut self) {
        self.rest = &[];
    }

    /// Moves to `offset`, which must not be before the current position.
    pub(crate) fn skip_to_offset(&mut self, offset: usize) {
        self.skip_bytes(offset.saturating_sub(self.offset()));
    }

    /// Moves to the next comma outside quoted values, or to the end, to resume after damage.
    pub(crate) fn skip_damaged_element(&mut self) {
        while let [byte, rest @ ..] = self.rest {
            if *byte == b',' {
                return;
            }
            self.rest = rest;
            if *byte == b'=' {
                self.skip_ows();
                if self.skip_byte(b'"') {
                    self.skip_to_closing_quote();
                } else {
                    self.skip(Class::Unquoted);
                }
            }
        }
    }

    /// Moves past the next unescaped DQUOTE, or to the end.
    pub(crate) fn skip_to_closing_quote(&mut self) {
        while let [byte, rest @ ..] = self.rest {
            self.rest = match (byte, rest) {
                (b'\\', [_, rest @ ..]) => rest,
                _ => rest,
            };
            if *byte == b'"' {
                return;
            }
        }
    }

    /// The bytes from here to `end`, which stands further on.
    pub(crate) fn until(self, end: Self) -> &'a [u8] {
        let len = self.rest.len().saturating_sub(end.rest.len());
        self.rest.get(..len).unwrap_or_default()
    }

    /// This position in the value that ends at `end`.
    pub(crate) fn up_to(self, end: Self) -> Self {
        Self {
            rest: self.until(end),
            end: end.offset(),
        }
    }

    /// The bytes from here to the end.
    pub(crate) const fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// The error that something else stands here than `kind` says.
    pub(crate) const fn error(self, kind: ParseErrorKind) -> Expected {
        Expected {
            kind,
            offset: self.offset(),
        }
    }
}
