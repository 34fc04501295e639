//! The head of a response.

use httparse::{EMPTY_HEADER, Header, Response, Status};

use crate::Content;

/// The number of fields that the head of a response may contain.
pub(crate) const MAX_FIELDS: usize = 24;

pub(crate) struct Head<'f, 'b> {
    pub(crate) status: u16,
    /// Such a response closes the connection.
    pub(crate) is_http_1_0: bool,
    pub(crate) fields: &'f [Header<'b>],
}

impl<'f, 'b> Head<'f, 'b> {
    pub(crate) fn parse(head: &'b [u8], fields: &'f mut [Header<'b>]) -> Option<Self> {
        let mut response = Response::new(fields);
        let Ok(Status::Complete(_)) = response.parse(head) else {
            return None;
        };
        Some(Self {
            status: response.code?,
            is_http_1_0: response.version == Some(0),
            fields: response.headers,
        })
    }

    /// Returns how the content is delimited ([RFC 9112, section 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)), or `None`
    /// if the fields contradict each other.
    pub(crate) fn content(&self, method: &str) -> Option<Content> {
        let is_tunnel = method == "CONNECT" && (200..300).contains(&self.status);
        if is_tunnel || method == "HEAD" || matches!(self.status, 204 | 304) {
            return Some(Content::Bytes(0));
        }
        let mut len = None;
        for field in self.fields {
            if field.name.eq_ignore_ascii_case("Transfer-Encoding") {
                return Some(Content::Unbounded);
            }
            if field.name.eq_ignore_ascii_case("Content-Length") {
                let this = number(field.value)?;
                if len.is_some_and(|len| len != this) {
                    return None;
                }
                len = Some(this);
            }
        }
        Some(len.map_or(Content::Unbounded, Content::Bytes))
    }
}

/// Returns the content that follows the head of a response to a request with this method, or `None` if the head is damaged.
#[must_use]
#[inline(never)]
pub fn content_of(method: &str, head: &[u8]) -> Option<Content> {
    Head::parse(head, &mut [EMPTY_HEADER; MAX_FIELDS])?.content(method)
}

/// Parses decimal digits.
fn number(digits: &[u8]) -> Option<usize> {
    let mut number = None;
    for &byte in digits {
        let digit = byte.checked_sub(b'0').filter(|&digit| digit < 10)?;
        number = Some(number.unwrap_or(0usize).checked_mul(10)?.checked_add(digit.into())?);
    }
    number
}
