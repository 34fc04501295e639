//! The message with status code 407 (RFC 9110, 15.5.8), as HTTP/1.1 writes it (RFC 9112, 2 to 6).

use core::fmt;

use crate::encode::{Encode, EncodeChallenge, Encoder, display_encoded};
use crate::error::{InvalidInput, Rule};
use crate::field::{Field, FieldName, check_value};
use crate::status::StatusCode;

/// A response with status code 407, in HTTP/1.1.
///
/// A proxy must send at least one challenge with it
/// ([RFC 9110, section 15.5.8](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8)), so none can be made without.
/// Each challenge has a field line of its own, which is what reads everywhere. Without [`body`](Self::body) the response
/// says `Content-Length: 0`.
///
/// ```
/// use proxy_auth::{Encode, Field, ProxyAuthenticationRequired, basic};
///
/// let challenge = basic::Challenge::new("Access to internal site")?;
/// let fields = [Field::new("Content-Type", "text/plain")?];
/// let response = ProxyAuthenticationRequired::new(&challenge)
///     .fields(&fields)
///     .body(b"Who are you?\n")
///     .close();
///
/// let mut buffer = [0; 256];
/// assert_eq!(response.encode(&mut buffer)?, concat!(
///     "HTTP/1.1 407 Proxy Authentication Required\r\n",
///     "Proxy-Authenticate: Basic realm=\"Access to internal site\"\r\n",
///     "Content-Type: text/plain\r\n",
///     "Connection: close\r\n",
///     "Content-Length: 13\r\n",
///     "\r\n",
///     "Who are you?\n",
/// ).as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ProxyAuthenticationRequired<'a> {
    pub(crate) challenge: &'a dyn EncodeChallenge,
    pub(crate) more: &'a [&'a dyn EncodeChallenge],
    pub(crate) date: Option<&'a str>,
    pub(crate) fields: &'a [Field<'a>],
    pub(crate) connection: Option<&'static str>,
    pub(crate) body: Option<&'a [u8]>,
}

impl<'a> ProxyAuthenticationRequired<'a> {
    /// A response with that challenge.
    #[must_use]
    pub const fn new(challenge: &'a dyn EncodeChallenge) -> Self {
        Self {
            challenge,
            more: &[],
            date: None,
            fields: &[],
            connection: None,
            body: Some(b""),
        }
    }

    /// The same response with further challenges after the first. Those who choose by place choose the first they know.
    #[must_use]
    pub const fn and(self, more: &'a [&'a dyn EncodeChallenge]) -> Self {
        Self { more, ..self }
    }

    /// The same response with a Date: 29 bytes such as `Wed, 21 Oct 2015 07:28:00 GMT`
    /// ([RFC 9110, section 6.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1)). That it is a date is not checked.
    ///
    /// # Errors
    /// [`InvalidInput`] when it is empty, or no field value.
    pub fn date(self, date: &'a str) -> Result<Self, InvalidInput> {
        if date.is_empty() {
            return Err(InvalidInput::new(Rule::FieldValue, 0));
        }
        check_value(date.as_bytes())?;
        Ok(Self {
            date: Some(date),
            ..self
        })
    }

    /// The same response with further field lines, after those of the challenges.
    #[must_use]
    pub const fn fields(self, fields: &'a [Field<'a>]) -> Self {
        Self { fields, ..self }
    }

    /// The same response with that content, and its length in Content-Length.
    #[must_use]
    pub const fn body(self, body: &'a [u8]) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    /// The same response without content and without Content-Length. The client takes what follows for content, up to
    /// the end of the connection ([RFC 9112, section 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)), so close it.
    #[must_use]
    pub const fn until_close(self) -> Self {
        Self { body: None, ..self }
    }

    /// The same response with `Connection: close`: the proxy will close the connection after it.
    #[must_use]
    pub const fn close(self) -> Self {
        Self {
            connection: Some("close"),
            ..self
        }
    }

    /// The same response with `Connection: keep-alive`, which clients of HTTP/1.0 want to see; others need not be told.
    #[must_use]
    pub const fn keep_alive(self) -> Self {
        Self {
            connection: Some("keep-alive"),
            ..self
        }
    }
}

impl Encode for ProxyAuthenticationRequired<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        let status = StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        out.put(b"HTTP/1.1 ");
        out.decimal(status.as_u16().into());
        out.put(b" ");
        out.put(status.reason_phrase().as_bytes());
        out.put(b"\r\n");
        if let Some(date) = self.date {
            field_line(out, "Date", |out| out.put(date.as_bytes()));
        }
        for challenge in [self.challenge].iter().chain(self.more) {
            field_line(out, FieldName::PROXY_AUTHENTICATE.as_str(), |out| {
                challenge.encode_to(out);
            });
        }
        for field in self.fields {
            field_line(out, field.name(), |out| out.put(field.value()));
        }
        if let Some(connection) = self.connection {
            field_line(out, "Connection", |out| out.put(connection.as_bytes()));
        }
        if let Some(body) = self.body {
            field_line(out, "Content-Length", |out| out.decimal(body.len() as u64));
        }
        out.put(b"\r\n");
        out.put(self.body.unwrap_or_default());
    }
}

fn field_line(out: &mut Encoder<'_>, name: &str, value: impl FnOnce(&mut Encoder<'_>)) {
    out.put(name.as_bytes());
    out.put(b": ");
    value(out);
    out.put(b"\r\n");
}

display_encoded!(ProxyAuthenticationRequired);

impl fmt::Debug for ProxyAuthenticationRequired<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyAuthenticationRequired")
            .field("challenges", &(1 + self.more.len()))
            .field("date", &self.date)
            .field("fields", &self.fields)
            .field("connection", &self.connection)
            .field("content_length", &self.body.map(<[u8]>::len))
            .finish()
    }
}
