//! The connector for clients of hyper-util.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use tokio::time::timeout;
use tower_service::Service;

use super::error::{Error, ErrorKind};
use super::port::{InvalidPort, port};
use super::proxies::{Proxies, is_plain};
use super::proxy::Proxy;
use super::stream::{FromProxy, ProxyStream};
use super::tunnel;
use crate::BoxError;

/// Connects to the host of a URI through a proxy that may ask for credentials.
///
/// It is a connector for `hyper_util::client::legacy::Client`, and for connectors that add TLS to the origin server. `C` is the connector
/// below it, which connects to the proxy: `HttpConnector`, or one that speaks TLS for `https://` proxies.
///
/// - `https://`: a tunnel, which CONNECT opens. The proxy sees neither requests nor responses.
/// - `http://`: a connection to the proxy, for requests that it forwards; [`ProxyAuth`](super::ProxyAuth) authenticates them. With
///   [`with_tunnels_only`](Self::with_tunnels_only), and for proxies with tokens, also a tunnel.
/// - URIs that need no proxy: a direct connection. For `https://`, set `HttpConnector::enforce_http(false)`.
///
/// `C` can be another connector of this kind [with tunnels only](Self::with_tunnels_only), for a proxy behind another one. Without, the
/// other proxy would get the credentials for this one, so nothing is sent.
///
/// Credentials are only in CONNECT requests to the proxy. If the connector below has negotiated HTTP/2 with the proxy, all tunnels of
/// this connector and its clones share one connection (feature `http2`).
#[derive(Clone)]
pub struct ProxyConnector<C> {
    connector: C,
    proxies: Arc<Proxies>,
    tunnels_only: bool,
    #[cfg(feature = "http2")]
    kept: super::http2::Kept,
}

impl<C> ProxyConnector<C> {
    /// Creates a connector through a [`Proxy`] or one of several [`Proxies`].
    pub fn new(connector: C, proxies: impl Into<Proxies>) -> Self {
        Self {
            connector,
            proxies: Arc::new(proxies.into()),
            tunnels_only: false,
            #[cfg(feature = "http2")]
            kept: super::http2::Kept::default(),
        }
    }

    /// Opens a tunnel for `http://`, too. Many proxies refuse that.
    #[must_use]
    pub fn with_tunnels_only(self) -> Self {
        Self {
            tunnels_only: true,
            ..self
        }
    }
}

/// The service below: any connector of hyper-util.
pub(super) trait Connect: Send {
    type Stream: Read + Write + Connection + Unpin + Send + 'static;
    type Error: Into<BoxError>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>>;
    fn call(&mut self, uri: Uri) -> impl Future<Output = Result<Self::Stream, Self::Error>> + Send;
}

impl<C> Connect for C
where
    C: Service<Uri> + Send,
    C::Response: Read + Write + Connection + Unpin + Send + 'static,
    C::Error: Into<BoxError>,
    C::Future: Send,
{
    type Stream = C::Response;
    type Error = C::Error;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Service::poll_ready(self, context)
    }

    fn call(&mut self, uri: Uri) -> impl Future<Output = Result<Self::Stream, Self::Error>> + Send {
        Service::call(self, uri)
    }
}

/// Connects to a URI.
pub(super) async fn connect<C: Connect>(connector: &mut C, uri: Uri) -> Result<C::Stream, Error> {
    let failed = |error: C::Error| Error::from_source(ErrorKind::Connect, error);
    poll_fn(|context| connector.poll_ready(context)).await.map_err(failed)?;
    connector.call(uri).await.map_err(failed)
}

/// Connects to a proxy.
pub(super) async fn connect_to_proxy<C: Connect>(connector: &mut C, proxy: &Proxy) -> Result<C::Stream, Error> {
    let stream = connect(connector, proxy.uri().clone()).await?;
    if stream.connected().is_proxied() {
        // It leads to another proxy, which would get the credentials.
        let reason = "the connector below opens no tunnel to the proxy";
        return Err(Error::from_source(ErrorKind::Connect, reason));
    }
    Ok(stream)
}

/// Returns the target of CONNECT for a URI.
fn target(uri: &Uri) -> Result<String, Error> {
    let authority = uri.authority().ok_or(ErrorKind::InvalidTarget)?;
    let host = Some(authority.host()).filter(|host| !host.is_empty());
    let host = host.ok_or(ErrorKind::InvalidTarget)?;
    let port = match port(authority) {
        Ok(Some(port)) => port,
        Ok(None) if is_plain(uri) => 80,
        Ok(None) => 443,
        Err(InvalidPort) => return Err(ErrorKind::InvalidTarget.into()),
    };
    Ok(format!("{host}:{port}"))
}

async fn within<T>(proxy: &Proxy, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let result = timeout(proxy.time_limit, work).await;
    result.unwrap_or_else(|_| Err(ErrorKind::Timeout.into()))
}

impl<C> Service<Uri> for ProxyConnector<C>
where
    C: Service<Uri> + Clone + Send + 'static,
    C::Response: Read + Write + Connection + Unpin + Send + 'static,
    C::Error: Into<BoxError>,
    C::Future: Send,
{
    type Response = ProxyStream<C::Response>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        // The connector below may be called several times, or not at all.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let mut connector = self.connector.clone();
        #[cfg(feature = "http2")]
        let kept = self.kept.clone();
        let proxy = self.proxies.for_uri(&uri).cloned();
        let forwards = !self.tunnels_only && self.proxies.forwarding(&uri).is_some();
        let from = FromProxy(Arc::clone(&self.proxies));
        Box::pin(async move {
            match proxy {
                None => connect(&mut connector, uri).await.map(ProxyStream::direct),
                Some(proxy) if forwards => {
                    let connected = within(&proxy, connect_to_proxy(&mut connector, &proxy)).await;
                    connected.map(|stream| ProxyStream::forward(stream, from))
                }
                Some(proxy) => {
                    let target = target(&uri)?;
                    let opened = tunnel::open(
                        connector,
                        &proxy,
                        &target,
                        #[cfg(feature = "http2")]
                        &kept,
                    );
                    let opened = within(&proxy, opened).await;
                    #[cfg(feature = "http2")]
                    if opened.as_ref().is_err_and(|error| *error.kind() == ErrorKind::Timeout) {
                        kept.forget(&proxy);
                    }
                    opened.map(ProxyStream::tunnel)
                }
            }
        })
    }
}

impl<C> fmt::Debug for ProxyConnector<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyConnector")
            .field("proxies", &self.proxies)
            .field("tunnels_only", &self.tunnels_only)
            .finish_non_exhaustive()
    }
}
