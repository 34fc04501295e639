//! What a request asks of a proxy (RFC 9112, 3).

use std::io::{self, ErrorKind};

use crate::head::{Framing, Head};

/// A request to fetch something, or to open a tunnel.
pub(crate) struct Request<'h> {
    pub(crate) method: &'h str,
    /// As it stands in the request line.
    pub(crate) target: &'h str,
    /// The host, and its port if it was given.
    pub(crate) host: &'h str,
    /// The host to connect to, and its port.
    pub(crate) authority: String,
    /// The target for the origin server; none for a tunnel.
    pub(crate) origin_form: Option<String>,
    pub(crate) framing: Option<Framing>,
    /// Whether the client sends no further request on its connection.
    pub(crate) close: bool,
}

impl<'h> Request<'h> {
    /// Reads what a request asks; what no proxy can do is `InvalidData`, what this one cannot `Unsupported`.
    pub(crate) fn read(head: &'h Head) -> io::Result<Self> {
        let invalid = || io::Error::from(ErrorKind::InvalidData);
        let words: Vec<&str> = head.start_line.split(' ').collect();
        let &[method, target, version] = words.as_slice() else {
            return Err(invalid());
        };
        if version != "HTTP/1.1" {
            return Err(ErrorKind::Unsupported.into());
        }
        let (host, path) = match method {
            "CONNECT" => (target, None),
            _ => target
                .split_at_checked(7)
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http://"))
                .map(|(_, rest)| rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())))
                .map(|(host, path)| (host, Some(path)))
                .ok_or_else(invalid)?,
        };
        // A name and a password in a URI are a trap, or a mistake (RFC 9110, 4.2.4).
        if host.is_empty() || host.contains(['@', '/', '?', '#']) {
            return Err(invalid());
        }
        // The colons of an IPv6 address stand in brackets.
        let has_port = host.rsplit(']').next().is_some_and(|rest| rest.contains(':'));
        let authority = match path {
            _ if has_port => host.into(),
            Some(_) => format!("{host}:80"),
            None => return Err(invalid()),
        };
        let origin_form = path.map(|path| {
            if path.starts_with('/') {
                path.into()
            } else {
                format!("/{path}")
            }
        });
        Ok(Self {
            method,
            target,
            host,
            authority,
            origin_form,
            framing: head.framing()?,
            close: is_connection_option(head, "close"),
        })
    }

    /// Whether there is content after the head.
    pub(crate) fn has_content(&self) -> bool {
        // That of a CONNECT is the tunnel's.
        self.framing.is_some_and(|framing| framing != Framing::Length(0))
    }
}

/// Whether Connection lists that option, or that field (RFC 9110, 7.6.1).
pub(crate) fn is_connection_option(head: &Head, name: &str) -> bool {
    let lines = head.values("Connection");
    let mut options = lines.flat_map(|value| value.split(|&byte| byte == b','));
    options.any(|option| option.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
}
