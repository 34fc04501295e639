//! Opens tunnels with CONNECT (RFC 9110, 9.3.6).

use bytes::Bytes;
use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{HeaderValue, Method, Request, Response, Uri};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper::upgrade::{self, Upgraded};
use hyper_util::client::legacy::connect::Connection;
use tokio::task::AbortHandle;

use super::connector::{Connect, connect_to_proxy};
use super::error::{Error, ErrorKind};
use super::exchange::{Exchange, Next, Purpose};
use super::proxy::{DISCARD_TIME, Proxy};
use crate::discard::discard;

/// Opens a tunnel to `target`, a host and a port.
pub(super) async fn open<C: Connect>(
    mut connector: C,
    proxy: &Proxy,
    target: &str,
    #[cfg(feature = "http2")] kept: &super::http2::Kept,
) -> Result<Upgraded, Error> {
    let mut exchange = Exchange::new(Purpose::Tunnel, proxy, "CONNECT", target)?;
    #[cfg(feature = "http2")]
    if let Some(sender) = kept.get(proxy) {
        match super::http2::open(sender, &mut exchange, target).await {
            // The kept connection has ended.
            Err(error) if *error.kind() == ErrorKind::Closed => {}
            result => return result,
        }
    }
    let stream = connect_to_proxy(&mut connector, proxy).await?;
    #[cfg(feature = "http2")]
    if stream.connected().is_negotiated_h2() {
        let sender = super::http2::handshake(stream, proxy).await?;
        kept.keep(proxy, sender.clone());
        return super::http2::open(sender, &mut exchange, target).await;
    }
    let mut connection = Http1::new(stream, proxy).await?;
    // A proxy may close a connection after any response. So a request that fails on a used connection is sent again on a new one.
    let mut is_used = false;
    loop {
        let is_movable = exchange.is_movable();
        let (authorization, pending) = exchange.authorize()?;
        let response = match connection.send(target, authorization).await {
            Ok(response) => response,
            Err(error) if is_used && is_movable && *error.kind() == ErrorKind::Closed => {
                (connection, is_used) = (Http1::connect(&mut connector, proxy).await?, false);
                continue;
            }
            Err(error) => return Err(error),
        };
        let next = exchange.receive(pending, response.status(), response.headers()).await?;
        let needs_new_connection = match next {
            Next::Done => return finish(response).await,
            Next::Again { needs_new_connection } => needs_new_connection,
        };
        is_used = !needs_new_connection && connection.discard(response, proxy).await;
        if !is_used {
            if !exchange.is_movable() {
                return Err(ErrorKind::Closed.into());
            }
            connection = Http1::connect(&mut connector, proxy).await?;
        }
    }
}

/// Returns the tunnel that a response opens.
pub(super) async fn finish(response: Response<Incoming>) -> Result<Upgraded, Error> {
    if !response.status().is_success() {
        let error = Error::new(ErrorKind::Status);
        return Err(error.with_response(response.status(), response.headers()));
    }
    upgrade::on(response).await.map_err(Error::from_hyper)
}

/// Creates the request for a tunnel.
pub(super) fn request(target: &str, authorization: Option<HeaderValue>) -> Result<Request<Empty<Bytes>>, Error> {
    let invalid = |error| Error::from_source(ErrorKind::InvalidTarget, error);
    let uri = target.parse::<Uri>().map_err(|error| invalid(error.into()))?;
    let request = Request::builder().method(Method::CONNECT).uri(uri).body(Empty::new());
    let mut request = request.map_err(invalid)?;
    if let Some(authorization) = authorization {
        request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
    }
    Ok(request)
}

/// A connection of HTTP/1.1 to the proxy, which closes when this is dropped, unless it has become a tunnel.
struct Http1 {
    sender: http1::SendRequest<Empty<Bytes>>,
    driver: AbortHandle,
}

impl Http1 {
    async fn connect<C: Connect>(connector: &mut C, proxy: &Proxy) -> Result<Self, Error> {
        let stream = connect_to_proxy(connector, proxy).await?;
        Self::new(stream, proxy).await
    }

    async fn new(
        stream: impl Read + Write + Connection + Unpin + Send + 'static,
        proxy: &Proxy,
    ) -> Result<Self, Error> {
        let handshake = http1::Builder::new()
            .max_buf_size(proxy.max_head)
            // Field lines that continue in the next line are joined.
            .allow_obsolete_multiline_headers_in_responses(true)
            .handshake(stream);
        let (sender, connection) = handshake.await.map_err(Error::from_hyper)?;
        let driver = tokio::spawn(connection.with_upgrades()).abort_handle();
        Ok(Self { sender, driver })
    }

    async fn send(&mut self, target: &str, authorization: Option<HeaderValue>) -> Result<Response<Incoming>, Error> {
        let mut request = request(target, authorization)?;
        let host =
            HeaderValue::from_str(target).map_err(|error| Error::from_source(ErrorKind::InvalidTarget, error))?;
        request.headers_mut().insert(HOST, host);
        self.sender.ready().await.map_err(Error::from_hyper)?;
        self.sender.send_request(request).await.map_err(Error::from_hyper)
    }

    /// Reads the content of a 407. Returns `false` if the connection cannot be used again.
    async fn discard(&mut self, response: Response<Incoming>, proxy: &Proxy) -> bool {
        discard(response.into_body(), proxy.max_discarded, DISCARD_TIME).await && self.sender.ready().await.is_ok()
    }
}

impl Drop for Http1 {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
