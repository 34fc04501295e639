//! Requests, and how they are written.

use proxy_auth::{Authorization, BufferTooSmall, Encode};

/// A request to a proxy, without content.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// CONNECT, or another method.
    pub method: &'a str,
    /// The authority for CONNECT, such as `example.com:443`; otherwise an absolute URI, such as `http://example.com/`.
    pub target: &'a str,
}

impl Outgoing<'_> {
    /// Returns the value of Host.
    fn host(&self) -> &str {
        // `split` and `split_once` would link a general search for substrings.
        let bytes = self.target.as_bytes();
        let start = bytes.windows(3).position(|part| part == b"://").map_or(0, |at| at + 3);
        let rest = self.target.get(start..).unwrap_or_default();
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?'));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    }

    /// Writes the request into `buffer`, and returns its length.
    #[inline(never)]
    pub(crate) fn write(
        &self,
        authorization: Option<&Authorization<'_>>,
        buffer: &mut [u8],
    ) -> Result<usize, BufferTooSmall> {
        let mut writer = Writer { buffer, len: 0 };
        for part in [
            self.method,
            " ",
            self.target,
            " HTTP/1.1\r\nHost: ",
            self.host(),
            "\r\n",
        ] {
            writer.text(part)?;
        }
        if let Some(authorization) = authorization {
            writer.text("Proxy-Authorization: ")?;
            writer.value(authorization)?;
            writer.text("\r\n")?;
        }
        writer.text("\r\n")?;
        Ok(writer.len)
    }
}

struct Writer<'b> {
    buffer: &'b mut [u8],
    len: usize,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) -> Result<(), BufferTooSmall> {
        let needed = self.len + text.len();
        let free = self.buffer.get_mut(self.len..needed).ok_or(BufferTooSmall { needed })?;
        free.copy_from_slice(text.as_bytes());
        self.len = needed;
        Ok(())
    }

    fn value(&mut self, value: &impl Encode) -> Result<(), BufferTooSmall> {
        let free = self.buffer.get_mut(self.len..).unwrap_or_default();
        self.len += value.encode(free)?.len();
        Ok(())
    }
}
