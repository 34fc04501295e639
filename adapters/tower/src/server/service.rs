//! The service that the layer creates.

use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use http::header::{CONNECTION, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Version};
use http_body::Body;
use http_body_util::{Either, Empty};
use proxy_auth::Role;
use tower_service::Service;

use super::content::Limits;
use super::gatekeeper::{Denied, Gatekeeper, Passed, Refused};
use super::users::Users;
use crate::BoxError;

/// The content of a response: none if the request was refused, otherwise that of the inner service.
pub type ResponseBody<B> = Either<Empty<<B as Body>::Data>, B>;

/// A service that only authenticated requests reach.
///
/// [`ProxyAuthLayer`](super::ProxyAuthLayer) creates it.
///
/// - The inner service sees no credentials, and finds an [`AuthenticatedUser`](super::AuthenticatedUser) in the extensions.
/// - With Digest, the response has Proxy-Authentication-Info, so the client knows that the proxy has the password, too.
/// - A response to a refused request has [`Refused`] in its extensions. If the users cannot be asked, it is 503.
/// - A refused CONNECT closes a connection of HTTP/1, since the client may have sent bytes for the tunnel.
/// - In the role of a proxy, fields that ask for the proxy's credentials are removed from responses of the inner service, and its 407
///   becomes 502. Otherwise, an origin server could ask for the password of the proxy's users.
///
/// The target of the request must be that of the request line, so put the layer outside of routers that change the URI.
pub struct ProxyAuth<S, U> {
    pub(super) inner: S,
    pub(super) gatekeeper: Gatekeeper<U>,
    pub(super) limits: Limits,
}

impl<S, U, B, R> Service<Request<B>> for ProxyAuth<S, U>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    U: Users,
    B: Body + Send + 'static,
    R: Body + Send + 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let unready = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, unready);
        let (gatekeeper, limits) = (self.gatekeeper.clone(), self.limits);
        Box::pin(async move {
            let (mut head, content) = request.into_parts();
            let is_drained = limits.allow(&head, &content);
            let is_connect = head.method == Method::CONNECT;
            let version = head.version;
            let mut response = match gatekeeper.check(&head, is_drained).await {
                Ok(passed) => {
                    let role = gatekeeper.gate.role();
                    head.headers.remove(HeaderName::from(role.authorization()));
                    head.extensions.insert(passed.user.clone());
                    let response = inner.call(Request::from_parts(head, content)).await?;
                    confirm(role, &passed, response)
                }
                Err(denied) => {
                    let limits = Some(limits).filter(|_| is_drained);
                    gatekeeper.refuse(denied, content, limits, is_connect, version).await
                }
            };
            let is_kept = response.extensions().get::<Kept>().is_some();
            if is_connect && !response.status().is_success() && !is_kept {
                close(version, &mut response);
            }
            Ok(response)
        })
    }
}

/// A mark for a response after which the connection must stay open.
#[derive(Clone, Copy)]
struct Kept;

impl<U: Users> Gatekeeper<U> {
    /// Creates the response to a request that does not pass. Without `limits`, its content is not read.
    async fn refuse<R: Body>(
        &self,
        denied: Denied,
        content: impl Body,
        limits: Option<Limits>,
        is_connect: bool,
        version: Version,
    ) -> Response<ResponseBody<R>> {
        // Kept until the response exists: if hyper drops the content earlier, it sends 100 (Continue).
        let mut content = pin!(content);
        match denied {
            Denied::Refusal(refusal) => {
                let keeps = !refusal.closes() && !is_connect && drain(limits, content.as_mut()).await;
                let refusal = if keeps { refusal } else { refusal.with_close() };
                match self.deny(&refusal) {
                    Ok(response) => {
                        let mut response = response.map(|_| empty());
                        response.extensions_mut().insert(Refused(refusal));
                        response
                    }
                    Err(error) => unavailable(version, error.into()),
                }
            }
            Denied::Continue(response) => {
                let mut response = response.map(|_| empty());
                if drain(limits, content.as_mut()).await {
                    response.extensions_mut().insert(Kept);
                } else {
                    close(version, &mut response);
                }
                response
            }
            Denied::Unavailable(error) => unavailable(version, error),
        }
    }
}

/// Reads the content of a refused request. Returns `false` if it is not read to its end.
async fn drain(limits: Option<Limits>, content: impl Body) -> bool {
    match limits {
        Some(limits) => limits.discard(content).await,
        None => false,
    }
}

/// Adds to the response of the inner service what authenticates the proxy.
fn confirm<R: Body>(role: Role, passed: &Passed, response: Response<R>) -> Response<ResponseBody<R>> {
    let mut response = response.map(Either::Right);
    if role == Role::Proxy {
        if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            response = Response::new(empty());
            *response.status_mut() = StatusCode::BAD_GATEWAY;
        }
        response.headers_mut().remove(HeaderName::from(role.authenticate()));
        response
            .headers_mut()
            .remove(HeaderName::from(role.authentication_info()));
    }
    let fields = [
        (role.authentication_info(), &passed.info),
        (role.authenticate(), &passed.last_token),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            response.headers_mut().insert(HeaderName::from(name), value.clone());
        }
    }
    response
}

/// Creates the response if nothing can be checked.
fn unavailable<R: Body>(version: Version, error: BoxError) -> Response<ResponseBody<R>> {
    let mut response = Response::new(empty());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.extensions_mut().insert(Unavailable(error.into()));
    // The content of the request was not read.
    close(version, &mut response);
    response
}

fn empty<R: Body>() -> ResponseBody<R> {
    Either::Left(Empty::new())
}

fn close<B>(version: Version, response: &mut Response<B>) {
    if version < Version::HTTP_2 {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
}

/// The reason for a 503, in the extensions of the response, for logs.
#[derive(Clone, Debug)]
pub struct Unavailable(std::sync::Arc<dyn std::error::Error + Send + Sync>);

impl Unavailable {
    /// Returns the error of [`Users::find`].
    #[must_use]
    pub fn error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self.0.as_ref()
    }
}

impl<S: Clone, U> Clone for ProxyAuth<S, U> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            gatekeeper: self.gatekeeper.clone(),
            limits: self.limits,
        }
    }
}

impl<S, U> fmt::Debug for ProxyAuth<S, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyAuth")
            .field("gate", &self.gatekeeper.gate)
            .finish_non_exhaustive()
    }
}
