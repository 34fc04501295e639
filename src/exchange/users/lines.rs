//! The lines of a file that have an entry.

use super::error::{LineError, LineErrorKind, Position};
use crate::schemes::user_id::user_id_len;
use crate::syntax::run;

/// An iterator over the lines of a file, without empty lines and comments.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    /// The position of `rest`.
    next: Position,
}

/// A line, without its end.
pub(super) struct Line<'a> {
    bytes: &'a [u8],
    start: Position,
}

impl<'a> Lines<'a> {
    pub(super) const fn new(file: &'a [u8]) -> Self {
        let next = Position { line: 1, offset: 0 };
        Self { rest: file, next }
    }

    /// Takes a line of any kind.
    fn take(&mut self) -> Option<Line<'a>> {
        let (bytes, ended) = self.rest.split_at_checked(run(self.rest, |byte| byte != b'\n'))?;
        let after = ended.get(1..).unwrap_or_default();
        if self.rest.is_empty() {
            return None;
        }
        let len = self.rest.len().saturating_sub(after.len());
        let start = self.next;
        self.next = Position {
            line: start.line.saturating_add(1),
            offset: start.offset.saturating_add(len),
        };
        self.rest = after;
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Some(Line { bytes, start })
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Result<Line<'a>, LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.take()?;
            if let Some(before) = line.bytes.strip_suffix(b"\\") {
                return Some(Err(line.error(LineErrorKind::Backslash, before.len())));
            }
            let indent = run(line.bytes, is_white_space);
            if matches!(line.bytes.get(indent), None | Some(b'#')) {
                continue;
            }
            let end = line.bytes.iter().rposition(|&byte| !is_white_space(byte));
            let end = end.map_or(0, |last| last.saturating_add(1));
            return Some(if indent > 0 {
                Err(line.error(LineErrorKind::WhiteSpace, 0))
            } else if end < line.bytes.len() {
                Err(line.error(LineErrorKind::WhiteSpace, end))
            } else {
                Ok(line)
            });
        }
    }
}

impl<'a> Line<'a> {
    /// Returns the position of the line's start.
    pub(super) const fn start(&self) -> Position {
        self.start
    }

    /// Returns the name, and the bytes after its colon.
    pub(super) fn name(&self) -> Result<(&'a [u8], &'a [u8]), LineError> {
        let len = user_id_len(self.bytes);
        match self.bytes.split_at_checked(len) {
            Some(([], [b':', ..])) => Err(self.error(LineErrorKind::ExpectedName, 0)),
            Some((name, [b':', rest @ ..])) => Ok((name, rest)),
            Some((_, [_, ..])) => Err(self.error(LineErrorKind::InvalidName, len)),
            Some((_, [])) | None => Err(self.error(LineErrorKind::ExpectedColon, len)),
        }
    }

    /// Creates an error at an offset in this line.
    pub(super) const fn error(&self, kind: LineErrorKind, offset: usize) -> LineError {
        let Position { line, offset: start } = self.start;
        let offset = start.saturating_add(offset);
        LineError::new(kind, Position { line, offset })
    }

    /// Creates an error at the given number of bytes after the start of `rest`, which is the end of this line.
    pub(super) const fn error_in(&self, kind: LineErrorKind, rest: &[u8], offset: usize) -> LineError {
        let start = self.bytes.len().saturating_sub(rest.len());
        self.error(kind, start.saturating_add(offset))
    }
}

const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
