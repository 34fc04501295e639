//! The end of a request's content (RFC 9112, 6.3).

use crate::request::{Request, Version};
use crate::syntax::Cursor;

/// How the end of a request's content is found.
#[derive(Clone, Copy, Default)]
pub(super) enum Framing {
    /// There is no content.
    #[default]
    None,
    /// By Content-Length.
    Length(u64),
    /// By the last chunk.
    Chunked,
    /// Two readers may find different ends.
    Ambiguous,
}

impl Framing {
    /// Adds a field line of the request.
    pub(super) fn add(&mut self, name: &[u8], value: &[u8]) {
        let trimmed = name.trim_ascii();
        let value = Cursor::field_value(value).rest();
        let framing = if trimmed.eq_ignore_ascii_case(b"Content-Length") {
            length(value).map_or(Self::Ambiguous, Self::Length)
        } else if !trimmed.eq_ignore_ascii_case(b"Transfer-Encoding") {
            return;
        } else if value.eq_ignore_ascii_case(b"chunked") {
            Self::Chunked
        } else {
            Self::Ambiguous
        };
        // Some readers ignore a line with white space around its name.
        *self = match self {
            Self::None if trimmed.len() == name.len() => framing,
            _ => Self::Ambiguous,
        };
    }

    /// Checks that no content is left on the connection after a refusal.
    pub(super) fn is_read(self, request: &Request<'_>) -> bool {
        match self {
            Self::None | Self::Length(0) => true,
            Self::Length(length) => {
                let is_set = u64::try_from(request.content().len()) == Ok(length);
                is_set || request.is_drained()
            }
            // HTTP/1.0 has no transfer codings (RFC 9112, 6.1).
            Self::Chunked if request.version() == Version::Http10 => false,
            Self::Chunked => !request.content().is_empty() || request.is_drained(),
            Self::Ambiguous => false,
        }
    }
}

/// Parses the value of Content-Length.
fn length(value: &[u8]) -> Option<u64> {
    let digits = core::str::from_utf8(value).ok()?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(digits)?
        .parse()
        .ok()
}
