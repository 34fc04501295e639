//! Responses with challenges (RFC 9110, 11.3), in the message format of HTTP/1.1 (RFC 9112, 2 to 6).

use core::fmt;

use super::end::{Connection, End};
use super::header_field::{FieldLine, FieldName, check_value};
use super::role::Role;
use super::status::StatusCode;
use crate::encode::{self, EncodeChallenge, EncodeTo, Encoder};
use crate::error::{BufferTooSmall, InvalidInput, Rule, StringError};

/// A response with challenges, in HTTP/1.1: status code 407 of a proxy, or 401 of an [origin server](Self::with_role).
///
/// A proxy must send at least one challenge with a 407
/// ([RFC 9110, section 15.5.8](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8)), so [`new`](Self::new) requires one.
/// Each challenge is written to its own field line, the form that every recipient can read.
///
/// [`Denial::response`](crate::Denial::response) creates this response with all challenges of a [`Gate`](crate::Gate), and with the
/// framing that the request requires.
///
/// Three methods determine the framing of the content: [`with_content`](Self::with_content),
/// [`with_content_length`](Self::with_content_length) and [`with_content_until_close`](Self::with_content_until_close). The last
/// call counts. By default, there is no content, and `Content-Length: 0`. Answer HEAD with the same response
/// [`without_content`](Self::without_content). Answer a refused CONNECT like any other request.
///
/// The type is `Send` and `Sync`. It does not implement [`Encode`](crate::Encode), because it is not a field value. It does
/// not implement `Display`, because its content can be any bytes, which Content-Length counts.
///
/// # Examples
/// ```
/// use proxy_auth::{ChallengeResponse, FieldLine, basic};
///
/// let challenge = basic::Challenge::new("Access to internal site")?;
/// let lines = [FieldLine::new("Content-Type", "text/plain")?];
/// let response = ChallengeResponse::new(&challenge)
///     .with_lines(&lines)
///     .with_content(b"Who are you?\n")
///     .with_close();
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
pub struct ChallengeResponse<'a> {
    status: StatusCode,
    name: FieldName,
    first: First<'a>,
    more: &'a [&'a dyn EncodeChallenge],
    pub(crate) date: Option<&'a str>,
    pub(crate) lines: &'a [FieldLine<'a>],
    connection: Option<Connection>,
    /// `true` if the connection must be closed, so that it cannot be kept alive.
    must_close: bool,
    framing: Framing<'a>,
    /// `true` if the message omits the content. The framing still describes it.
    head_only: bool,
}

/// The challenges that the response is created with.
#[derive(Clone, Copy)]
enum First<'a> {
    One(&'a dyn EncodeChallenge),
    All(&'a dyn Challenges),
}

/// The challenges of a gate.
pub(crate) trait Challenges: Send + Sync {
    /// Calls `visit` with each challenge, in order.
    fn each(&self, visit: &mut dyn FnMut(&dyn EncodeChallenge));
}

/// How the client finds the end of the content (RFC 9112, 6.3).
#[derive(Clone, Copy)]
enum Framing<'a> {
    /// By Content-Length. The message holds the content.
    Content(&'a [u8]),
    /// By Content-Length. The caller writes the content.
    Length(u64),
    /// By the end of the connection. The caller writes the content.
    UntilClose,
}

impl<'a> ChallengeResponse<'a> {
    /// Creates a response of a proxy with the given challenge.
    #[must_use]
    pub const fn new(challenge: &'a dyn EncodeChallenge) -> Self {
        Self {
            status: Role::Proxy.status(),
            name: Role::Proxy.authenticate(),
            first: First::One(challenge),
            more: &[],
            date: None,
            lines: &[],
            connection: None,
            must_close: false,
            framing: Framing::Content(b""),
            head_only: false,
        }
    }

    /// Creates a response with the challenges of a gate.
    pub(crate) fn of_gate(status: StatusCode, name: FieldName, challenges: &'a dyn Challenges, end: End) -> Self {
        Self {
            status,
            name,
            first: First::All(challenges),
            more: &[],
            date: None,
            lines: &[],
            connection: end.connection,
            must_close: end.closes(),
            framing: Framing::Content(b""),
            head_only: end.is_head,
        }
    }

    /// Sets the role of the sender. It determines the status code and the name of the field.
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::{ChallengeResponse, Role, basic};
    ///
    /// let challenge = basic::Challenge::new("apps")?;
    /// let response = ChallengeResponse::new(&challenge).with_role(Role::Server).encode_string::<256>()?;
    /// assert!(response.starts_with("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"apps\"\r\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_role(self, role: Role) -> Self {
        Self {
            status: role.status(),
            name: role.authenticate(),
            ..self
        }
    }

    /// Sets the challenges after the first. Some clients answer the first challenge that they know, so the order matters.
    #[must_use]
    pub const fn with_more_challenges(self, more: &'a [&'a dyn EncodeChallenge]) -> Self {
        Self { more, ..self }
    }

    /// Sets Date to 29 bytes such as `Wed, 21 Oct 2015 07:28:00 GMT`
    /// ([RFC 9110, section 6.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1)). Does not check that `date` is a date.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `date` is empty or not a valid field value.
    pub fn with_date(self, date: &'a str) -> Result<Self, InvalidInput> {
        if date.is_empty() {
            return Err(InvalidInput::new(Rule::FieldValue, 0));
        }
        check_value(date.as_bytes())?;
        Ok(Self {
            date: Some(date),
            ..self
        })
    }

    /// Sets further field lines, which follow the lines of the challenges.
    #[must_use]
    pub const fn with_lines(self, lines: &'a [FieldLine<'a>]) -> Self {
        Self { lines, ..self }
    }

    /// Sets the content, and Content-Length to its length.
    #[must_use]
    pub const fn with_content(self, content: &'a [u8]) -> Self {
        Self {
            framing: Framing::Content(content),
            ..self
        }
    }

    /// Sets Content-Length, in bytes. The caller writes exactly `length` bytes of content after this head.
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::{ChallengeResponse, basic};
    ///
    /// let challenge = basic::Challenge::new("Access to internal site")?;
    /// let head = ChallengeResponse::new(&challenge).with_content_length(1 << 20);
    /// assert!(head.encode_string::<256>()?.ends_with("\r\nContent-Length: 1048576\r\n\r\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_content_length(self, length: u64) -> Self {
        Self {
            framing: Framing::Length(length),
            ..self
        }
    }

    /// Omits Content-Length. The content extends to the end of the connection
    /// ([RFC 9112, section 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)), so close the connection after it.
    ///
    /// [`with_keep_alive`](Self::with_keep_alive) then has no effect, unless the response is
    /// [without content](Self::without_content).
    #[must_use]
    pub const fn with_content_until_close(self) -> Self {
        Self {
            framing: Framing::UntilClose,
            ..self
        }
    }

    /// Omits the content but keeps its length, as an answer to HEAD must
    /// ([RFC 9110, section 9.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2)).
    ///
    /// # Examples
    /// ```
    /// use proxy_auth::{ChallengeResponse, basic};
    ///
    /// let challenge = basic::Challenge::new("Access to internal site")?;
    /// let response = ChallengeResponse::new(&challenge).with_content(b"Who are you?\n");
    /// let response = response.without_content().encode_string::<256>()?;
    /// assert!(response.ends_with("\r\nContent-Length: 13\r\n\r\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn without_content(self) -> Self {
        Self {
            head_only: true,
            ..self
        }
    }

    /// Sets `Connection: close`. The proxy must then close the connection after this response.
    #[must_use]
    pub const fn with_close(self) -> Self {
        Self {
            connection: Some(Connection::Close),
            ..self
        }
    }

    /// Sets `Connection: keep-alive`. Only clients of HTTP/1.0 need it.
    ///
    /// This has no effect on the response to a refusal that [closes](crate::Refusal::closes) the connection.
    #[must_use]
    pub const fn with_keep_alive(self) -> Self {
        if self.must_close {
            return self;
        }
        Self {
            connection: Some(Connection::KeepAlive),
            ..self
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes, or `usize::MAX` if no buffer can hold them.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        encode::len(self)
    }

    /// Writes the message to the start of `buffer`, and returns the written bytes.
    ///
    /// # Errors
    /// Returns [`BufferTooSmall`], which holds the needed length, if the message does not fit. On error, the contents
    /// of `buffer` are unspecified.
    pub fn encode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        encode::to_buffer(self, buffer)
    }

    /// Writes the message to a [`heapless::String`] of `N` bytes.
    ///
    /// # Errors
    /// Returns [`StringError::TooLong`] if the message does not fit, or [`StringError::NotUtf8`] if it is not UTF-8.
    pub fn encode_string<const N: usize>(&self) -> Result<heapless::String<N>, StringError> {
        encode::to_string(self)
    }

    /// Returns the status code.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the name of the field that carries the challenges.
    #[cfg(feature = "http")]
    pub(crate) const fn challenge_name(&self) -> FieldName {
        self.name
    }

    /// Calls `visit` with each challenge, in order.
    pub(crate) fn each_challenge(&self, visit: &mut dyn FnMut(&dyn EncodeChallenge)) {
        match self.first {
            First::One(challenge) => visit(challenge),
            First::All(challenges) => challenges.each(visit),
        }
        for challenge in self.more {
            visit(*challenge);
        }
    }

    /// Returns the content that the message holds.
    pub(crate) const fn content(&self) -> &'a [u8] {
        match self.framing {
            Framing::Content(content) if !self.head_only => content,
            _ => b"",
        }
    }

    /// Returns the value of Content-Length.
    const fn content_length(&self) -> Option<u64> {
        match self.framing {
            Framing::Content(content) => Some(content.len() as u64),
            Framing::Length(length) => Some(length),
            Framing::UntilClose => None,
        }
    }

    /// Returns the value of Content-Length if it differs from the length of the content that the message holds.
    #[cfg(feature = "http")]
    pub(crate) const fn other_content_length(&self) -> Option<u64> {
        match self.framing {
            Framing::Content(_) if !self.head_only => None,
            _ => self.content_length(),
        }
    }

    /// Returns the value of Connection.
    pub(crate) const fn connection(&self) -> Option<&'static str> {
        match (self.connection, self.framing) {
            (None, _) => None,
            // The content extends to the end of the connection.
            (Some(Connection::KeepAlive), Framing::UntilClose) if !self.head_only => None,
            (Some(Connection::KeepAlive), _) => Some("keep-alive"),
            (Some(Connection::Close), _) => Some("close"),
        }
    }
}

impl EncodeTo for ChallengeResponse<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        out.put(b"HTTP/1.1 ");
        out.decimal(self.status.as_u16().into());
        out.put_byte(b' ');
        out.put(self.status.reason_phrase().as_bytes());
        out.put(b"\r\n");
        if let Some(date) = self.date {
            field_line(out, "Date", |out| out.put(date.as_bytes()));
        }
        let name = self.name.as_str();
        self.each_challenge(&mut |challenge| field_line(out, name, |out| challenge.encode_to(out)));
        for line in self.lines {
            field_line(out, line.name(), |out| out.put(line.value()));
        }
        if let Some(connection) = self.connection() {
            field_line(out, "Connection", |out| out.put(connection.as_bytes()));
        }
        if let Some(length) = self.content_length() {
            field_line(out, "Content-Length", |out| out.decimal(length));
        }
        out.put(b"\r\n");
        out.put(self.content());
    }
}

fn field_line(out: &mut Encoder<'_>, name: &str, value: impl FnOnce(&mut Encoder<'_>)) {
    out.put(name.as_bytes());
    out.put(b": ");
    value(out);
    out.put(b"\r\n");
}

impl fmt::Debug for ChallengeResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChallengeResponse")
            .field("status", &self.status)
            .field("date", &self.date)
            .field("lines", &self.lines)
            .field("connection", &self.connection())
            .field("content_length", &self.content_length())
            .field("head_only", &self.head_only)
            .finish()
    }
}
