//! The head of a request: its credentials, and the facts that decide how the response to a refusal ends.

use super::framing::Framing;
use crate::error::ParseError;
use crate::exchange::field_lines::{has_option, is_connection};
use crate::fields::Credentials;
use crate::request::{Request, Version};
use crate::response::{Connection, End, FieldName};

/// The result of reading the field lines of a request.
pub(super) struct Head<'a> {
    pub(super) credentials: Result<Option<Credentials<'a>>, ParseError>,
    /// `true` if a field line of credentials, damaged or not, starts with the scheme Bearer.
    pub(super) is_bearer: bool,
    pub(super) end: End,
}

/// Facts from the field lines of a request.
#[derive(Default)]
struct Facts {
    asks_to_close: bool,
    asks_to_keep: bool,
    framing: Framing,
}

impl<'a> Head<'a> {
    /// Reads all field lines of a request. `name` is the field of the credentials.
    pub(super) fn read<K, V>(
        request: &Request<'_>,
        fields: impl IntoIterator<Item = (&'a K, &'a V)>,
        name: FieldName,
    ) -> Self
    where
        K: AsRef<[u8]> + ?Sized + 'a,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let (mut facts, mut is_bearer) = (Facts::default(), false);
        let mut lines = fields.into_iter().filter_map(|(key, value)| {
            if name.is(key) {
                is_bearer |= scheme_name(value.as_ref()).eq_ignore_ascii_case(b"Bearer");
                return Some(value);
            }
            facts.add(key.as_ref(), value.as_ref());
            None
        });
        let credentials = Credentials::from_lines(lines.by_ref());
        // A second line ends the reading of the credentials.
        lines.for_each(drop);
        Self {
            credentials,
            is_bearer,
            end: facts.end(request),
        }
    }
}

impl Facts {
    fn add(&mut self, name: &[u8], value: &[u8]) {
        if is_connection(name) {
            self.asks_to_close |= has_option(value, b"close");
            self.asks_to_keep |= has_option(value, b"keep-alive");
        } else {
            self.framing.add(name, value);
        }
    }

    /// Decides whether the connection is kept (RFC 9112, 9.3), unless unread content would be read as the next request.
    fn end(&self, request: &Request<'_>) -> End {
        let must_close = self.asks_to_close || !self.framing.is_read(request);
        let connection = match request.version() {
            Version::Http2 => None,
            _ if must_close => Some(Connection::Close),
            Version::Http11 => None,
            Version::Http10 if self.asks_to_keep => Some(Connection::KeepAlive),
            Version::Http10 => Some(Connection::Close),
        };
        End {
            is_head: request.method() == "HEAD",
            is_shared: request.version() == Version::Http2,
            connection,
        }
    }
}

/// Returns the bytes before the first space.
fn scheme_name(value: &[u8]) -> &[u8] {
    value.split(|&byte| byte == b' ').next().unwrap_or_default()
}
