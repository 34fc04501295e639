//! Connections that a [`ProxyConnector`](super::ProxyConnector) makes.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::upgrade::Upgraded;
use hyper_util::client::legacy::connect::{Connected, Connection};

use super::proxies::Proxies;

/// A connection to an origin server, directly or through a tunnel, or to a proxy that forwards requests.
pub struct ProxyStream<T>(Inner<T>);

enum Inner<T> {
    Direct(T),
    Forward(T, FromProxy),
    Tunnel(Upgraded),
}

/// A mark in the extensions of a response: it came over a connection to the proxy itself, which one of these proxies forwards.
#[derive(Clone)]
pub(super) struct FromProxy(pub(super) Arc<Proxies>);

impl<T> ProxyStream<T> {
    pub(super) fn direct(stream: T) -> Self {
        Self(Inner::Direct(stream))
    }

    pub(super) fn forward(stream: T, from: FromProxy) -> Self {
        Self(Inner::Forward(stream, from))
    }

    pub(super) fn tunnel(stream: Upgraded) -> Self {
        Self(Inner::Tunnel(stream))
    }
}

impl<T: Connection> Connection for ProxyStream<T> {
    fn connected(&self) -> Connected {
        match &self.0 {
            Inner::Direct(stream) => stream.connected(),
            Inner::Forward(stream, from) => stream.connected().proxy(true).extra(from.clone()),
            Inner::Tunnel(_) => Connected::new(),
        }
    }
}

/// Calls a method of the inner stream.
macro_rules! delegate {
    ($self:ident, $stream:ident => $call:expr) => {
        match &mut $self.get_mut().0 {
            Inner::Direct(stream) | Inner::Forward(stream, _) => {
                let $stream = Pin::new(stream);
                $call
            }
            Inner::Tunnel(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
        }
    };
}

impl<T: Read + Unpin> Read for ProxyStream<T> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        delegate!(self, stream => stream.poll_read(context, buffer))
    }
}

impl<T: Write + Unpin> Write for ProxyStream<T> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        delegate!(self, stream => stream.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        delegate!(self, stream => stream.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        delegate!(self, stream => stream.poll_shutdown(context))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.0 {
            Inner::Direct(stream) | Inner::Forward(stream, _) => stream.is_write_vectored(),
            Inner::Tunnel(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        delegate!(self, stream => stream.poll_write_vectored(context, slices))
    }
}

impl<T> fmt::Debug for ProxyStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Inner::Direct(_) => "ProxyStream(direct)",
            Inner::Forward(..) => "ProxyStream(to the proxy)",
            Inner::Tunnel(_) => "ProxyStream(tunnel)",
        })
    }
}
