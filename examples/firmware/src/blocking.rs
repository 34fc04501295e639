//! Sends requests with the traits of `embedded-io`.

use embedded_io::Read;
use proxy_auth::Turn;
use proxy_auth::zeroize::Zeroize;

use crate::{Client, Connection, Content, Entropy, Error, Next, Outgoing, Reply};

/// The longest page of a 407 that is skipped, in bytes. A new connection is cheaper than a longer one.
pub(crate) const MAX_SKIPPED: usize = 16 * 1024;

/// Sends a request, answers the proxy if it asks for credentials, and returns its response. The content stays on the connection;
/// after the response to CONNECT, the tunnel.
///
/// `buffer` contains the request, then the head of the response.
///
/// # Errors
/// Returns an error if the connection fails, a message is too long, or the session gives up. The connection is then in an unknown
/// state.
pub fn send<C: Connection, const N: usize>(
    client: &mut Client<'_, N>,
    connection: &mut C,
    entropy: &mut impl Entropy,
    outgoing: &Outgoing<'_>,
    buffer: &mut [u8],
) -> Result<Reply, Error<C::Error>> {
    let (mut turn, mut rounds) = (Turn::FIRST, 0);
    loop {
        let (len, mut pending) = client.write(turn, outgoing, entropy.random(), buffer)?;
        let request = buffer.get_mut(..len).ok_or(Error::TooLong)?;
        let sent = connection.write_all(request);
        request.zeroize();
        sent.and_then(|()| connection.flush()).map_err(Error::Io)?;
        turn = loop {
            let head = read_head(connection, buffer)?;
            match client.read(pending, &mut rounds, outgoing, head)? {
                Next::Read(same) => pending = same,
                Next::Again(turn, Content::Bytes(len)) if len <= MAX_SKIPPED => {
                    skip(connection, len, buffer)?;
                    break turn;
                }
                Next::Again(turn, _) | Next::NewConnection(turn) => {
                    connection.reconnect().map_err(Error::Io)?;
                    break turn;
                }
                Next::Done(reply) => return Ok(reply),
            }
        };
    }
}

/// Reads the head of a response, with the empty line at its end, and nothing of its content.
///
/// # Errors
/// Returns an error if the connection fails or closes, or the head does not fit into the buffer.
pub fn read_head<'b, R: Read>(connection: &mut R, buffer: &'b mut [u8]) -> Result<&'b [u8], Error<R::Error>> {
    let mut len = 0;
    loop {
        let byte = buffer.get_mut(len..=len).ok_or(Error::TooLong)?;
        if connection.read(byte).map_err(Error::Io)? == 0 {
            return Err(Error::Closed);
        }
        len += 1;
        let head = buffer.get(..len).unwrap_or_default();
        if head.ends_with(b"\r\n\r\n") {
            // The borrow checker does not accept a return of `head`.
            return buffer.get(..len).ok_or(Error::TooLong);
        }
    }
}

/// Reads content, as far as it fits into the buffer.
///
/// # Errors
/// Returns an error if the connection fails or closes, or the content does not fit.
pub fn read_content<'b, R: Read>(
    connection: &mut R,
    content: Content,
    buffer: &'b mut [u8],
) -> Result<&'b [u8], Error<R::Error>> {
    let Content::Bytes(len) = content else {
        return Err(Error::TooLong);
    };
    let buffer = buffer.get_mut(..len).ok_or(Error::TooLong)?;
    let mut filled = 0;
    while let Some(free @ [_, ..]) = buffer.get_mut(filled..) {
        match connection.read(free).map_err(Error::Io)? {
            0 => return Err(Error::Closed),
            read => filled += read,
        }
    }
    Ok(buffer)
}

fn skip<R: Read>(connection: &mut R, mut len: usize, buffer: &mut [u8]) -> Result<(), Error<R::Error>> {
    while len > 0 {
        let part = len.min(buffer.len());
        let free = buffer.get_mut(..part).unwrap_or_default();
        match connection.read(free).map_err(Error::Io)? {
            0 => return Err(Error::Closed),
            read => len = len.saturating_sub(read),
        }
    }
    Ok(())
}
