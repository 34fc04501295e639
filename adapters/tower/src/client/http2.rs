//! Tunnels that share a connection of HTTP/2 to the proxy (RFC 9113, 8.5).

use std::sync::Mutex;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http2::{self, SendRequest};
use hyper::rt::{Read, Write};
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::error::{Error, ErrorKind};
use super::exchange::{Exchange, Next};
use super::proxy::{Proxy, lock};
use super::tunnel::{finish, request};

type Sender = SendRequest<Empty<Bytes>>;

/// The connection that is kept for the next tunnel.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<Sender>>);

impl Kept {
    /// Returns the kept connection, if it has not ended.
    pub(super) fn get(&self) -> Option<Sender> {
        lock(&self.0).clone().filter(|sender| !sender.is_closed())
    }

    /// Forgets a connection that may be dead.
    pub(super) fn forget(&self) {
        lock(&self.0).take();
    }

    pub(super) fn keep(&self, sender: Sender) {
        *lock(&self.0) = Some(sender);
    }
}

/// Starts HTTP/2 on a stream.
pub(super) async fn handshake(
    stream: impl Read + Write + Unpin + Send + 'static,
    proxy: &Proxy,
) -> Result<Sender, Error> {
    if proxy.is_bound_to_connection() {
        return Err(ErrorKind::BoundToConnection.into());
    }
    let handshake = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(proxy.max_head).unwrap_or(u32::MAX))
        .handshake(stream);
    let (sender, connection) = handshake.await.map_err(Error::from_hyper)?;
    // It ends with the last tunnel, after the last sender is dropped.
    tokio::spawn(connection);
    Ok(sender)
}

/// Opens a tunnel.
pub(super) async fn open(mut sender: Sender, exchange: &mut Exchange<'_>, target: &str) -> Result<Upgraded, Error> {
    loop {
        let (authorization, pending) = exchange.authorize()?;
        sender.ready().await.map_err(Error::from_hyper)?;
        let response = sender.send_request(request(target, authorization)?).await;
        let response = response.map_err(Error::from_hyper)?;
        match exchange.receive(pending, response.status(), response.headers()).await? {
            Next::Done => return finish(response).await,
            // The content of the 407 is dropped with the stream.
            Next::Again { .. } => {}
        }
    }
}
