//! Passes requests on, and their responses back (RFC 9110, 7).

use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::thread;
use std::time::Duration;

use proxy_auth::FieldName;

use crate::MAX_WAIT;
use crate::head::{Content, Framing, Head};
use crate::request::{Request, is_connection_option};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long nothing may come from one side of a tunnel.
const MAX_TUNNEL_WAIT: Duration = Duration::from_secs(15 * 60);

/// Fields for the next hop only, which this proxy is (RFC 9110, 7.6.1), and those that are written anew.
const NOT_FORWARDED: [&str; 12] = [
    // The secret of this proxy's user is not the origin server's business,
    FieldName::PROXY_AUTHORIZATION.as_str(),
    // and nobody but this proxy speaks for it.
    FieldName::PROXY_AUTHENTICATE.as_str(),
    FieldName::PROXY_AUTHENTICATION_INFO.as_str(),
    "Connection",
    "Content-Length",
    "Host",
    "Keep-Alive",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// What became of a request.
pub(crate) struct Forwarded {
    /// The status code and its phrase.
    pub(crate) status: String,
    /// Whether another request may follow on the client's connection.
    pub(crate) open: bool,
}

/// Passes a request on, and its response back. `info` is the value of Proxy-Authentication-Info for it.
///
/// An error is that of the client's connection.
pub(crate) fn forward(
    client: &mut BufReader<TcpStream>,
    head: &Head,
    request: &Request<'_>,
    info: Option<&str>,
) -> io::Result<Forwarded> {
    let to_client = client.get_ref().try_clone()?;
    let origin = match connect(&request.authority) {
        Ok(origin) => origin,
        Err(error) => return answer_failure(&to_client, &error, request, info),
    };
    if request.origin_form.is_none() {
        let response = format!("HTTP/1.1 200 Connection established\r\n{}\r\n", info_line(info));
        (&to_client).write_all(response.as_bytes())?;
        tunnel(client, &to_client, &origin);
        let (status, open) = ("200 Connection established".into(), false);
        return Ok(Forwarded { status, open });
    }

    // The content goes to the origin server while its response is awaited: it may first say 100, or refuse.
    thread::scope(|scope| {
        scope.spawn(|| {
            let sent = send(head, request, client, &origin);
            // Without all of the request there will be no response.
            sent.or_else(|_| origin.shutdown(Shutdown::Both))
        });
        let forwarded = match relay(&origin, &to_client, request, info) {
            Err(Failure::Origin(error)) => answer_failure(&to_client, &error, request, info),
            Err(Failure::Client(error)) => Err(error),
            Ok(forwarded) => Ok(forwarded),
        };
        // Nobody wants what is left of the content.
        let _ = origin.shutdown(Shutdown::Both);
        if request.has_content() {
            let _ = to_client.shutdown(Shutdown::Read);
        }
        forwarded
    })
}

fn connect(authority: &str) -> io::Result<TcpStream> {
    let mut last_error = ErrorKind::NotFound.into();
    for address in authority.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(origin) => {
                origin.set_write_timeout(Some(MAX_WAIT))?;
                origin.set_nodelay(true)?;
                return Ok(origin);
            }
            Err(error) => last_error = error,
        }
    }
    Err(last_error)
}

/// Sends a request to the origin server.
fn send(
    head: &Head,
    request: &Request<'_>,
    client: &mut BufReader<TcpStream>,
    mut origin: &TcpStream,
) -> io::Result<()> {
    let target = request.origin_form.as_deref().unwrap_or_default();
    let start = format!("{} {target} HTTP/1.1\r\nHost: {}\r\n", request.method, request.host);
    let mut message = start.into_bytes();
    write_fields(head, request.framing, &mut message);
    message.extend(b"Connection: close\r\n\r\n");
    origin.write_all(&message)?;
    match request.framing {
        Some(framing) => copy(Content::new(client, framing), origin, framing),
        None => Ok(()),
    }
}

/// What ended a response before any of it was passed on.
enum Failure {
    Origin(io::Error),
    Client(io::Error),
}

/// Passes the response of the origin server on.
fn relay(
    origin: &TcpStream,
    mut client: &TcpStream,
    request: &Request<'_>,
    info: Option<&str>,
) -> Result<Forwarded, Failure> {
    let mut origin = BufReader::new(origin.try_clone().map_err(Failure::Origin)?);
    loop {
        let head = Head::read(&mut origin).map_err(Failure::Origin)?;
        let head = head.ok_or_else(|| Failure::Origin(ErrorKind::UnexpectedEof.into()))?;
        let status = status(&head).map_err(Failure::Origin)?;
        let said = head.framing().map_err(Failure::Origin)?;
        let mut message = format!("HTTP/1.1 {status}\r\n").into_bytes();
        if status.starts_with('1') {
            write_fields(&head, None, &mut message);
            message.extend(b"\r\n");
            client.write_all(&message).map_err(Failure::Client)?;
            continue;
        }

        let has_content = request.method != "HEAD" && !status.starts_with("204") && !status.starts_with("304");
        let framing = match said {
            // Its end can be told so without closing the connection.
            None if has_content => Some(Framing::Chunked),
            said => said,
        };
        let open = !request.close && !request.has_content();
        write_fields(&head, framing, &mut message);
        message.extend(info_line(info).bytes());
        message.extend(if open {
            &b"\r\n"[..]
        } else {
            b"Connection: close\r\n\r\n"
        });
        client.write_all(&message).map_err(Failure::Client)?;
        // What is cut off here shows as cut off there: the connection is closed.
        let copied = match framing.filter(|_| has_content) {
            Some(framing) => {
                let _ = origin.get_ref().set_read_timeout(Some(MAX_WAIT));
                let content = Content::new(&mut origin, said.unwrap_or(Framing::UntilClose));
                copy(content, client, framing)
            }
            None => Ok(()),
        };
        return Ok(Forwarded {
            status,
            open: open && copied.is_ok(),
        });
    }
}

/// The status code of a response, and its phrase.
fn status(head: &Head) -> io::Result<String> {
    match head
        .start_line
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.split_once(' '))
    {
        // An origin server that asks for a proxy's password is wrong, or a proxy, and this one does not answer it. Nor was
        // it asked to change protocols.
        Some(("0" | "1", status)) if !status.starts_with("407") && !status.starts_with("101") => Ok(status.into()),
        _ => Err(ErrorKind::InvalidData.into()),
    }
}

/// Writes the field lines that are meant for the other end, and those that go with `framing`.
fn write_fields(head: &Head, framing: Option<Framing>, out: &mut Vec<u8>) {
    for (name, value) in &head.fields {
        let for_this_hop = NOT_FORWARDED.iter().any(|field| field.eq_ignore_ascii_case(name));
        if !for_this_hop && !is_connection_option(head, name) {
            out.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
    }
    out.extend(b"Via: 1.1 proxy-auth-example\r\n");
    match framing {
        Some(Framing::Length(length)) => out.extend(format!("Content-Length: {length}\r\n").bytes()),
        Some(Framing::Chunked) => out.extend(b"Transfer-Encoding: chunked\r\n"),
        Some(Framing::UntilClose) | None => {}
    }
}

/// Copies content to its end.
fn copy(mut content: impl Read, mut to: &TcpStream, framing: Framing) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = content.read(&mut buffer)?;
        let data = &buffer[..read];
        if framing == Framing::Chunked {
            // The chunk without data is the last.
            to.write_all(&[format!("{read:x}\r\n").as_bytes(), data, b"\r\n"].concat())?;
        } else {
            to.write_all(data)?;
        }
        if read == 0 {
            return Ok(());
        }
    }
}

/// Copies both ways until both sides are done.
fn tunnel(client: &mut BufReader<TcpStream>, to_client: &TcpStream, origin: &TcpStream) {
    fn copy(from: &mut impl Read, mut to: &TcpStream) {
        let _ = io::copy(from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    }
    for stream in [to_client, origin] {
        let _ = stream.set_read_timeout(Some(MAX_TUNNEL_WAIT));
    }
    thread::scope(|scope| {
        scope.spawn(|| copy(client, origin));
        copy(&mut &*origin, to_client);
    });
}

fn answer_failure(
    client: &TcpStream,
    error: &io::Error,
    request: &Request<'_>,
    info: Option<&str>,
) -> io::Result<Forwarded> {
    let status = match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "504 Gateway Timeout",
        _ => "502 Bad Gateway",
    };
    let close = request.close || request.has_content();
    answer(client, status, info, close)?;
    Ok(Forwarded {
        status: status.into(),
        open: !close,
    })
}

/// Sends a response of this proxy's own, without content.
pub(crate) fn answer(mut client: &TcpStream, status: &str, info: Option<&str>, close: bool) -> io::Result<()> {
    let connection = if close { "Connection: close\r\n" } else { "" };
    let response = format!(
        "HTTP/1.1 {status}\r\n{}{connection}Content-Length: 0\r\n\r\n",
        info_line(info)
    );
    client.write_all(response.as_bytes())
}

fn info_line(info: Option<&str>) -> String {
    info.map(|info| format!("{}: {info}\r\n", FieldName::PROXY_AUTHENTICATION_INFO))
        .unwrap_or_default()
}
