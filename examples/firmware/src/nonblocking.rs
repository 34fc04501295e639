//! Sends requests with the traits of `embedded-io-async`. [`send`](crate::send) does it with those of `embedded-io`.

use embedded_io_async::{Read, Write};
use proxy_auth::Turn;
use proxy_auth::zeroize::Zeroize;

use crate::blocking::MAX_SKIPPED;
use crate::{Client, Content, Entropy, Error, Next, Outgoing, Reply};

/// A connection to the proxy.
///
/// Reading must fail after some time without a byte; otherwise, a silent proxy blocks the task forever.
#[expect(async_fn_in_trait, reason = "executors of devices have one thread")]
pub trait AsyncConnection: Read + Write {
    /// Closes the connection, and opens another one to the same proxy.
    ///
    /// # Errors
    /// Returns an error if there is no other connection.
    async fn reconnect(&mut self) -> Result<(), Self::Error>;
}

/// Sends a request, answers the proxy if it asks for credentials, and returns its response. The content stays on the connection;
/// after the response to CONNECT, the tunnel.
///
/// `buffer` contains the request, then the head of the response.
///
/// If the future is dropped, the connection is in an unknown state, as after an error. The client can be used again.
///
/// # Errors
/// Returns an error if the connection fails, a message is too long, or the session gives up. The connection is then in an unknown
/// state.
pub async fn send_async<C: AsyncConnection, const N: usize>(
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
        let sent = connection.write_all(request).await;
        request.zeroize();
        sent.map_err(Error::Io)?;
        connection.flush().await.map_err(Error::Io)?;
        turn = loop {
            let len = read_head(connection, buffer).await?;
            let head = buffer.get(..len).unwrap_or_default();
            match client.read(pending, &mut rounds, outgoing, head)? {
                Next::Read(same) => pending = same,
                Next::Again(turn, Content::Bytes(len)) if len <= MAX_SKIPPED => {
                    skip(connection, len, buffer).await?;
                    break turn;
                }
                Next::Again(turn, _) | Next::NewConnection(turn) => {
                    connection.reconnect().await.map_err(Error::Io)?;
                    break turn;
                }
                Next::Done(reply) => return Ok(reply),
            }
        };
    }
}

/// Reads the head of a response, with the empty line at its end, and returns its length.
async fn read_head<R: Read>(connection: &mut R, buffer: &mut [u8]) -> Result<usize, Error<R::Error>> {
    let mut len = 0;
    loop {
        let byte = buffer.get_mut(len..=len).ok_or(Error::TooLong)?;
        if connection.read(byte).await.map_err(Error::Io)? == 0 {
            return Err(Error::Closed);
        }
        len += 1;
        if buffer.get(..len).is_some_and(|head| head.ends_with(b"\r\n\r\n")) {
            return Ok(len);
        }
    }
}

async fn skip<R: Read>(connection: &mut R, mut len: usize, buffer: &mut [u8]) -> Result<(), Error<R::Error>> {
    while len > 0 {
        let part = len.min(buffer.len());
        let free = buffer.get_mut(..part).unwrap_or_default();
        match connection.read(free).await.map_err(Error::Io)? {
            0 => return Err(Error::Closed),
            read => len = len.saturating_sub(read),
        }
    }
    Ok(())
}
