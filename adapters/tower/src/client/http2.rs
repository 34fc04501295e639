//! Tunnels that share a connection of HTTP/2 to the proxy (RFC 9113, 8.5).

use std::sync::{Arc, Mutex, Weak};

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http2::{self, SendRequest};
use hyper::rt::{Read, Write};
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::error::{Error, ErrorKind};
use super::exchange::{Exchange, Next};
use super::proxy::{Proxy, Shared, lock};
use super::tunnel::{finish, request};

type Sender = SendRequest<Empty<Bytes>>;

/// The connections of a connector that are kept for the next tunnels, at most one to each proxy.
///
/// Another connector may check the identity of the proxy in another way, so it has connections of its own.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Vec<Connection>>>);

/// A connection, and the proxy that it leads to.
type Connection = (Weak<Shared>, Sender);

impl Kept {
    /// Returns the kept connection to a proxy, if it has not ended.
    pub(super) fn get(&self, proxy: &Proxy) -> Option<Sender> {
        let kept = lock(&self.0);
        let (_, sender) = kept.iter().find(|(of, _)| is_of(of, proxy))?;
        Some(sender.clone()).filter(|sender| !sender.is_closed())
    }

    /// Forgets a connection that may be dead.
    pub(super) fn forget(&self, proxy: &Proxy) {
        lock(&self.0).retain(|(of, _)| !is_of(of, proxy));
    }

    pub(super) fn keep(&self, proxy: &Proxy, sender: Sender) {
        self.forget(proxy);
        lock(&self.0).push((Arc::downgrade(&proxy.shared), sender));
    }
}

fn is_of(kept: &Weak<Shared>, proxy: &Proxy) -> bool {
    std::ptr::eq(kept.as_ptr(), Arc::as_ptr(&proxy.shared))
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
