//! Authenticates the requests that a proxy forwards.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::header::PROXY_AUTHORIZATION;
use http::{Request, Response, StatusCode};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::error::{Error, ErrorKind};
use super::exchange::{Exchange, Next, Purpose};
use super::proxies::Proxies;
use super::repeat::RepeatBody;
use super::stream::FromProxy;
use crate::BoxError;
use crate::discard::discard;

/// The longest time for which the content of a 407 is read.
const DISCARD_TIME: Duration = Duration::from_secs(5);

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
/// `S` is the client below, such as `hyper_util::client::legacy::Client` with a [`ProxyConnector`](super::ProxyConnector). A 407 is
/// answered only if it came over a connection of that connector to the proxy itself, not from an origin server. From all other requests,
/// Proxy-Authorization is removed.
///
/// The request is sent again if its content [can be](RepeatBody). Otherwise, the response is the 407.
#[derive(Clone)]
pub struct ProxyAuth<S> {
    client: S,
    proxies: Proxies,
}

impl<S> ProxyAuth<S> {
    /// Wraps a client. Its connector must have the same proxies.
    pub fn new(client: S, proxies: impl Into<Proxies>) -> Self {
        Self {
            client,
            proxies: proxies.into(),
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
        let proxies = self.proxies.clone();
        Box::pin(async move {
            match proxies.forwarding(request.uri()) {
                None => client.call(request).await.map_err(send_error),
                Some(proxy) => {
                    let (method, target) = (request.method().clone(), request.uri().to_string());
                    let exchange = Exchange::new(Purpose::Forward, proxy, method.as_str(), &target)?;
                    forward(client, request, exchange, proxy.max_discarded).await
                }
            }
        })
    }
}

/// Sends a request, as often as the session says.
async fn forward<S, B, R>(
    mut client: S,
    mut request: Request<B>,
    mut exchange: Exchange<'_>,
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
        let (authorization, pending) = exchange.authorize()?;
        if let Some(authorization) = authorization {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
        }
        let response = client.call(request).await.map_err(send_error)?;
        let is_asked = response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        if is_asked && response.extensions().get::<FromProxy>().is_none() {
            return Ok(response);
        }
        let next = exchange.receive(pending, response.status(), response.headers()).await?;
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
