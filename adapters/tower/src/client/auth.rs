//! Authenticates the requests that a proxy forwards.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use http::header::PROXY_AUTHORIZATION;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use proxy_auth::Pending;
use tower_layer::Layer;
use tower_service::Service;

use super::error::{Error, ErrorKind};
use super::exchange::{Exchange, Next, Purpose};
use super::proxies::Proxies;
use super::proxy::DISCARD_TIME;
use super::repeat::RepeatBody;
use super::stream::FromProxy;
use crate::BoxError;
use crate::discard::discard;

/// Wraps a client in a [`ProxyAuth`].
#[derive(Clone, Debug)]
pub struct ProxyAuthLayer {
    proxies: Proxies,
}

impl ProxyAuthLayer {
    /// Creates the layer for the [`Proxy`](super::Proxy) or the [`Proxies`] of the client's [`ProxyConnector`](super::ProxyConnector).
    pub fn new(proxies: impl Into<Proxies>) -> Self {
        let proxies = proxies.into();
        Self { proxies }
    }
}

impl<S> Layer<S> for ProxyAuthLayer {
    type Service = ProxyAuth<S>;

    fn layer(&self, client: S) -> ProxyAuth<S> {
        ProxyAuth::new(client, self.proxies.clone())
    }
}

/// A client that answers the 407 of a proxy to requests for `http://`, which the proxy forwards.
///
/// `S` is the client below, such as `hyper_util::client::legacy::Client` with a [`ProxyConnector`](super::ProxyConnector). Credentials
/// are sent only after a response over a connection of that connector to the proxy itself: not in a tunnel, not directly to an origin
/// server, and not if the connector has other proxies. From all other requests, Proxy-Authorization is removed.
/// A service that follows redirects or that retries belongs around this one, not below it, where it would send the credentials of another
/// request.
///
/// A proxy that forwards the 407 of an origin server, which it should not (RFC 9110, 15.5.8), cannot be told from one that asks for
/// credentials itself. If it also forwards the answer, the origin server gets that.
///
/// The request is sent again if its content [can be](RepeatBody). Otherwise, the response is the 407.
#[derive(Clone)]
pub struct ProxyAuth<S> {
    client: S,
    proxies: Proxies,
    /// `true` after a response over a connection to the proxy. The session may have learned the challenge from another client.
    reaches_proxy: Arc<AtomicBool>,
}

impl<S> ProxyAuth<S> {
    /// Wraps a client. Its connector must have the same proxies, or requests fail with
    /// [`ErrorKind::OtherProxies`].
    pub fn new(client: S, proxies: impl Into<Proxies>) -> Self {
        Self {
            client,
            proxies: proxies.into(),
            reaches_proxy: Arc::default(),
        }
    }
}

impl<S, B, R> Service<Request<B>> for ProxyAuth<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: RepeatBody + Send + 'static,
    R: Body + Send + 'static,
    R::Data: Send,
{
    type Response = Response<R>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.client.poll_ready(context).map_err(send_error)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request.headers_mut().remove(PROXY_AUTHORIZATION);
        let unready = self.client.clone();
        let mut client = std::mem::replace(&mut self.client, unready);
        let (proxies, reaches_proxy) = (self.proxies.clone(), Arc::clone(&self.reaches_proxy));
        Box::pin(async move {
            match proxies.forwarding(request.uri()) {
                None => client.call(request).await.map_err(send_error),
                Some(proxy) => {
                    let (method, target) = (request.method().clone(), request.uri().to_string());
                    let exchange = Exchange::new(Purpose::Forward, proxy, method.as_str(), &target)?;
                    let exchange = Forward {
                        exchange,
                        proxies: &proxies,
                        reaches_proxy: &reaches_proxy,
                    };
                    forward(client, request, exchange, proxy.max_discarded).await
                }
            }
        })
    }
}

/// The exchange about one request, with the question whether its client reaches the proxy.
struct Forward<'r> {
    exchange: Exchange<'r>,
    proxies: &'r Proxies,
    reaches_proxy: &'r AtomicBool,
}

/// The credentials of a request that was sent.
struct Sent {
    pending: Option<Pending>,
    /// `true` if the request was sent without them.
    is_held_back: bool,
}

impl Forward<'_> {
    /// Adds Proxy-Authorization, unless the client may not reach the proxy.
    fn authorize(&mut self, headers: &mut HeaderMap) -> Result<Sent, Error> {
        let (authorization, pending) = self.exchange.authorize()?;
        let is_held_back = authorization.is_some() && !self.reaches_proxy.load(Ordering::Relaxed);
        if let Some(authorization) = authorization.filter(|_| !is_held_back) {
            headers.insert(PROXY_AUTHORIZATION, authorization);
        }
        Ok(Sent { pending, is_held_back })
    }

    /// Returns the next step after a response. `from` is its mark, if it came from a proxy.
    async fn receive(
        &mut self,
        sent: Sent,
        status: StatusCode,
        headers: &HeaderMap,
        from: Option<&FromProxy>,
    ) -> Result<Next, Error> {
        let Some(FromProxy(proxies)) = from else {
            // It is that of the origin server.
            return Ok(Next::Done);
        };
        if !proxies.forward_like(self.proxies) {
            return Err(ErrorKind::OtherProxies.into());
        }
        self.reaches_proxy.store(true, Ordering::Relaxed);
        if sent.is_held_back && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Ok(Next::Again {
                needs_new_connection: false,
            });
        }
        self.exchange.receive(sent.pending, status, headers).await
    }
}

/// Sends a request, as often as the session says.
async fn forward<S, B, R>(
    mut client: S,
    mut request: Request<B>,
    mut exchange: Forward<'_>,
    max_discarded: usize,
) -> Result<Response<R>, Error>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
    B: RepeatBody,
    R: Body,
{
    loop {
        let again = repeat(&request);
        let sent = exchange.authorize(request.headers_mut())?;
        let response = client.call(request).await.map_err(send_error)?;
        let from = response.extensions().get();
        let next = exchange
            .receive(sent, response.status(), response.headers(), from)
            .await?;
        request = match (next, again) {
            (Next::Done, _) | (_, None) => return Ok(response),
            (Next::Again { .. }, Some(again)) => again,
        };
        // If it is too long, the client closes the connection.
        discard(response.into_body(), max_discarded, DISCARD_TIME).await;
        std::future::poll_fn(|context| client.poll_ready(context))
            .await
            .map_err(send_error)?;
    }
}

/// Returns the request for another time, if its content can be sent again.
fn repeat<B: RepeatBody>(request: &Request<B>) -> Option<Request<B>> {
    let mut again = Request::new(request.body().repeat()?);
    *again.method_mut() = request.method().clone();
    *again.uri_mut() = request.uri().clone();
    *again.version_mut() = request.version();
    *again.headers_mut() = request.headers().clone();
    again.headers_mut().remove(PROXY_AUTHORIZATION);
    *again.extensions_mut() = request.extensions().clone();
    Some(again)
}

fn send_error(error: impl Into<BoxError>) -> Error {
    let error = error.into();
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(error) => Error::from_source(ErrorKind::Send, error),
    }
}

impl<S> fmt::Debug for ProxyAuth<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyAuth")
            .field("proxies", &self.proxies)
            .finish_non_exhaustive()
    }
}
