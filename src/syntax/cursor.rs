//! The cursor that all parsers share.

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
    /// Creates a cursor at the start of `value`.
    pub(crate) const fn new(value: &'a [u8]) -> Self {
        Self {
            rest: value,
            end: value.len(),
        }
    }

    /// Creates a cursor at the start of a field value, without the white space around it (RFC 9110, 5.5). Offsets count from the
    /// start of `value`.
    pub(crate) fn field_value(value: &'a [u8]) -> Self {
        let mut rest = value;
        while let [before @ .., b' ' | b'\t'] = rest {
            rest = before;
        }
        let mut cursor = Self::new(rest);
        cursor.skip_ows();
        cursor
    }

    /// Returns the offset from the start of the field value, in bytes.
    pub(crate) const fn offset(self) -> usize {
        self.end.saturating_sub(self.rest.len())
    }

    pub(crate) const fn at_end(self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn peek(self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Moves past `byte`. Returns `false` if another byte is here.
    pub(crate) fn skip_byte(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Moves past the longest run of bytes in `class`, and returns the run.
    #[inline]
    pub(crate) fn skip(&mut self, class: Class) -> &'a [u8] {
        self.skip_bytes(class.run(self.rest))
    }

    /// Moves like [`skip`](Self::skip), but faster if the run is long.
    #[inline]
    pub(crate) fn skip_long(&mut self, class: Class) -> &'a [u8] {
        self.skip_bytes(class.long_run(self.rest))
    }

    /// Moves like [`skip`](Self::skip), but by at most `limit` bytes.
    #[inline]
    pub(crate) fn skip_at_most(&mut self, class: Class, limit: usize) -> &'a [u8] {
        self.skip_bytes(class.run(self.rest.get(..limit).unwrap_or(self.rest)))
    }

    #[inline]
    fn skip_bytes(&mut self, count: usize) -> &'a [u8] {
        let (skipped, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        skipped
    }

    /// Moves to the start of `rest`, which is a suffix of the remaining bytes, and returns the bytes before it.
    pub(crate) fn skip_to(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let start = *self;
        self.rest = rest;
        start.until(*self)
    }

    /// Moves past `1*SP`. Returns `false` if no space is here.
    pub(crate) fn skip_spaces(&mut self) -> bool {
        let mut found = false;
        while self.skip_byte(b' ') {
            found = true;
        }
        found
    }

    /// Moves past `OWS = *( SP / HTAB )` (RFC 9110, 5.6.3), and returns it.
    pub(crate) fn skip_ows(&mut self) -> &'a [u8] {
        let start = *self;
        while let [b' ' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
        start.until(*self)
    }

    /// Moves past `*( OWS "," ) OWS`, which may precede an element of a list, since a recipient ignores empty elements
    /// (RFC 9110, 5.6.1.2).
    pub(crate) fn skip_separators(&mut self) {
        while let [b',' | b' ' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Moves past the `OWS` after an element of a list, to the comma or the end. Returns an error if neither follows.
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

    /// Moves to the end.
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

    /// Returns the bytes from here to `end`, which is further on.
    pub(crate) fn until(self, end: Self) -> &'a [u8] {
        let len = self.rest.len().saturating_sub(end.rest.len());
        self.rest.get(..len).unwrap_or_default()
    }

    /// Returns this position in the value that ends at `end`.
    pub(crate) fn up_to(self, end: Self) -> Self {
        Self {
            rest: self.until(end),
            end: end.offset(),
        }
    }

    /// Returns the bytes from here to the end.
    pub(crate) const fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// Returns an error of the given kind at this position.
    pub(crate) const fn error(self, kind: ParseErrorKind) -> Expected {
        Expected {
            kind,
            offset: self.offset(),
        }
    }
}
