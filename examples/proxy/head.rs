//! HTTP/1.1 messages (RFC 9112): a head, with the field lines as they came, and the content after it.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long the head of a message may be, and how long it may take to come.
const MAX_HEAD: usize = 32 * 1024;
const MAX_HEAD_TIME: Duration = Duration::from_secs(30);
/// How long the line may be that says a chunk's size.
const MAX_CHUNK_LINE: u64 = 1024;

/// The start line of a message, and its field lines.
pub(crate) struct Head {
    pub(crate) start_line: String,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// Reads a head; nothing when the connection ends before it.
    ///
    /// What breaks the grammar is `InvalidData`, what is too long `FileTooLarge`.
    pub(crate) fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let deadline = Instant::now() + MAX_HEAD_TIME;
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            // A limit to each read alone would let a sender take for ever, byte by byte.
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            stream.get_ref().set_read_timeout(Some(left))?;
            let available = stream.fill_buf()?;
            if available.is_empty() && bytes.is_empty() {
                return Ok(None);
            } else if available.is_empty() {
                return Err(ErrorKind::UnexpectedEof.into());
            } else if bytes.len() >= MAX_HEAD {
                return Err(ErrorKind::FileTooLarge.into());
            }
            let mut used = 0;
            while used < available.len() && !bytes.ends_with(b"\r\n\r\n") {
                bytes.push(available[used]);
                used += 1;
            }
            stream.consume(used);
        }
        Self::parse(&bytes[..bytes.len() - 4]).map(Some)
    }

    fn parse(bytes: &[u8]) -> io::Result<Self> {
        // A CR or NUL elsewhere is what requests are smuggled with.
        if bytes.contains(&0) {
            return Err(damaged("NUL"));
        }
        let lines = bytes.split(|&byte| byte == b'\n');
        let mut lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let start_line = lines.next().unwrap_or_default();
        let start_line = str::from_utf8(start_line).map_err(|_| damaged("start line"))?;
        if start_line.contains(|char: char| char.is_control()) {
            return Err(damaged("start line"));
        }
        let fields = lines.map(field).collect::<io::Result<_>>()?;
        Ok(Self {
            start_line: start_line.into(),
            fields,
        })
    }

    /// The values of the field lines of that name, in order.
    pub(crate) fn values<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> + Clone {
        let lines = self
            .fields
            .iter()
            .filter(move |(line, _)| line.eq_ignore_ascii_case(name));
        lines.map(|(_, value)| value.as_slice())
    }

    /// How the content is delimited, when the fields say so (RFC 9112, 6.3).
    pub(crate) fn framing(&self) -> io::Result<Option<Framing>> {
        let mut lengths = self.values("Content-Length");
        let mut codings = self.values("Transfer-Encoding");
        match (codings.next(), lengths.next()) {
            (None, None) => Ok(None),
            (Some(coding), None) if coding.eq_ignore_ascii_case(b"chunked") && codings.next().is_none() => {
                Ok(Some(Framing::Chunked))
            }
            (None, Some(length)) if lengths.all(|other| other == length) => number(length, 10)
                .map(|length| Some(Framing::Length(length)))
                .ok_or(damaged("Content-Length")),
            // Both together would be read in two ways by two readers.
            _ => Err(damaged("framing")),
        }
    }
}

fn field(line: &[u8]) -> io::Result<(String, Vec<u8>)> {
    let colon = line
        .iter()
        .position(|&byte| byte == b':')
        .ok_or(damaged("field line"))?;
    let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
    let name = str::from_utf8(name).map_err(|_| damaged("field name"))?;
    // No white space before the colon, no line that goes on with the one before, no CR in a value.
    proxy_auth::Token::new(name).map_err(|_| damaged("field name"))?;
    if line.contains(&b'\r') {
        return Err(damaged("field value"));
    }
    Ok((name.into(), value.into()))
}

/// Digits and nothing else: `parse` and `from_str_radix` take a sign, too.
fn number(digits: &[u8], radix: u32) -> Option<u64> {
    let digits = str::from_utf8(digits).ok()?;
    let plain = digits.chars().all(|digit| digit.is_digit(radix));
    u64::from_str_radix(digits, radix).ok().filter(|_| plain)
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("damaged: {what}"))
}

/// How content is delimited.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Framing {
    Length(u64),
    Chunked,
    UntilClose,
}

/// Reads the content of a message, without the framing.
pub(crate) struct Content<'r, R> {
    reader: &'r mut R,
    framing: Framing,
    /// What is left of the content, or of this chunk.
    left: u64,
}

impl<'r, R: BufRead> Content<'r, R> {
    pub(crate) fn new(reader: &'r mut R, framing: Framing) -> Self {
        let left = match framing {
            Framing::Length(length) => length,
            Framing::Chunked => 0,
            Framing::UntilClose => u64::MAX,
        };
        Self { reader, framing, left }
    }

    /// Reads `chunk-size [ chunk-ext ] CRLF`, and after the last chunk the trailer section, which is dropped.
    fn start_chunk(&mut self) -> io::Result<()> {
        let line = self.line()?;
        let size = line.split(|&byte| byte == b';').next().unwrap_or_default();
        self.left = number(size.trim_ascii(), 16).ok_or(damaged("chunk size"))?;
        if self.left == 0 {
            while !self.line()?.is_empty() {}
            self.framing = Framing::Length(0);
        }
        Ok(())
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.reader.by_ref().take(MAX_CHUNK_LINE).read_until(b'\n', &mut line)?;
        match line.as_slice() {
            [line @ .., b'\r', b'\n'] => Ok(line.into()),
            _ => Err(damaged("chunk")),
        }
    }
}

impl<R: BufRead> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.framing == Framing::Chunked && self.left == 0 {
            self.start_chunk()?;
        }
        let read = self.reader.by_ref().take(self.left).read(buffer)?;
        if read == 0 && self.left > 0 && self.framing != Framing::UntilClose && !buffer.is_empty() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        if self.framing == Framing::Chunked && self.left == 0 && read > 0 && !self.line()?.is_empty() {
            return Err(damaged("chunk"));
        }
        Ok(read)
    }
}
