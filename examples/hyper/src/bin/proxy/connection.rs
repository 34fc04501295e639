//! Serves a client's connection: refuses or forwards each request, and logs it.

use std::error::Error;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt, Either, Full, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, http};
use hyper_util::rt::{TokioIo, TokioTimer};
use proxy_auth::{FieldName, InvalidInput, Refusal};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tower_http::timeout::TimeoutBody;

use crate::forward;
use crate::gate::{Gatekeeper, Passed};
use crate::limits::{Limits, MAX_DISCARDED, MAX_HEAD, MAX_REFUSALS};
use crate::tunnel;

/// Content from an origin server, or from this proxy.
pub(crate) type Body = Either<TimeoutBody<Incoming>, Full<Bytes>>;

/// The state that all connections share.
pub(crate) struct Server {
    pub(crate) gatekeeper: Gatekeeper,
    pub(crate) limits: Limits,
}

/// The state that the requests of a connection share.
struct Connection<'s> {
    server: &'s Server,
    client: SocketAddr,
    refusals: AtomicU32,
    /// The other end of the tunnel, if a request has opened one. That request is the last one.
    tunnel: Mutex<Option<TcpStream>>,
}

impl Server {
    /// Serves the requests of a client, and the tunnel that one of them may open.
    pub(crate) async fn serve(&self, stream: TcpStream, client: SocketAddr) {
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.idle_time));
        let connection = Connection {
            server: self,
            client,
            refusals: AtomicU32::new(0),
            tunnel: Mutex::new(None),
        };
        let mut http = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head_time)
            .max_header_size(MAX_HEAD)
            .serve_connection(
                TokioIo::new(Box::pin(stream)),
                service_fn(|request| Box::pin(connection.answer(request))),
            );
        let served = timeout(
            self.limits.connection_time,
            poll_fn(|context| http.poll_without_shutdown(context)),
        );
        let served = served.await;
        let parts = http.into_parts();
        let mut stream = parts.io.into_inner();
        let origin = connection.tunnel().take();
        match (served, origin) {
            (Ok(Ok(())), Some(origin)) => {
                stream.as_mut().set_write_timeout_pinned(None);
                tunnel::relay(stream, &parts.read_buf, origin, &self.limits).await;
            }
            (Ok(Ok(())), None) => self.linger(stream).await,
            (Ok(Err(error)), _) if error.is_parse() => {
                tracing::info!(%client, %error, "no request");
                self.linger(stream).await;
            }
            // The response may be incomplete, so the connection must not close as if it was complete.
            (Ok(Err(_)) | Err(_), _) => {}
        }
    }

    /// Closes a connection so that the client can read the last response. Until the client closes it, too, its data is read and
    /// discarded. Otherwise, the system would reset the connection (RFC 9112, 9.6).
    async fn linger(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut buffer = [0; 4096];
        let _ = timeout(self.limits.refusal_time, async {
            stream.shutdown().await?;
            while stream.read(&mut buffer).await? > 0 {}
            std::io::Result::Ok(())
        })
        .await;
    }
}

impl Connection<'_> {
    fn tunnel(&self) -> MutexGuard<'_, Option<TcpStream>> {
        self.tunnel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request with a 407, or forwards it and returns the response.
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, Box<dyn Error + Send + Sync>> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let is_delimited_plainly = forward::is_delimited_plainly(request.headers());
        // The target of the request line, except that hyper replaces an empty path with "/".
        let target = uri.to_string();
        let described = describe(&request, &target)?;
        let checked = self.server.gatekeeper.check(&described, request.headers());
        let mut response = match &checked {
            Ok(passed) => self.forward(request, passed).await,
            Err(refusal) => self.refuse(request, refusal.clone()).await?,
        };
        // Data after a failed CONNECT was meant for the tunnel, so it must not be read as a request. After a transfer coding that is
        // not understood, it is uncertain where a request starts.
        let is_failed_tunnel = method == Method::CONNECT && !response.status().is_success();
        if is_failed_tunnel || !is_delimited_plainly {
            close(&mut response);
        }

        // Debug escapes control and bidirectional characters. The rest of the URI may contain secrets.
        let (passed, refusal) = (checked.as_ref().ok(), checked.as_ref().err());
        tracing::info!(
            client = %self.client,
            method = debug(method.as_str()),
            host = uri.host().map(debug),
            port = uri.port_u16(),
            status = response.status().as_u16(),
            scheme = passed.map(|passed| passed.scheme.as_str()),
            user = passed.map(|passed| debug(&passed.user)),
            refused = refusal.map(Refusal::to_string),
        );
        Ok(response)
    }

    async fn forward(&self, request: Request<Incoming>, passed: &Passed) -> Response<Body> {
        let response = match *request.method() {
            Method::CONNECT => forward::tunnel(&request).await.map(|origin| {
                *self.tunnel() = Some(origin);
                empty()
            }),
            _ => forward::fetch(request, &self.server.limits).await,
        };
        let mut response = response.unwrap_or_else(|failure| {
            let mut response = empty();
            *response.status_mut() = failure.0;
            response
        });
        if let Some(info) = &passed.info {
            let name = HeaderName::from(FieldName::PROXY_AUTHENTICATION_INFO);
            response.headers_mut().insert(name, info.clone());
        }
        response
    }

    async fn refuse(&self, mut request: Request<Incoming>, refusal: Refusal) -> Result<Response<Body>, http::Error> {
        let refusals = self.refusals.fetch_add(1, Ordering::Relaxed) + 1;
        // Keep the request until the response exists: if hyper drops content earlier, it sends 100 (Continue).
        let keeps = !refusal.closes() && refusals < MAX_REFUSALS && self.discard(&mut request).await;
        let refusal = if keeps { refusal } else { refusal.with_close() };
        let response = self.server.gatekeeper.deny(&refusal)?;
        Ok(response.map(|content| Either::Right(content.into())))
    }

    /// Reads and discards the content of a refused request, so that another request can follow on the connection. Returns `false`
    /// if the content is too long, or does not arrive in time.
    async fn discard(&self, request: &mut Request<Incoming>) -> bool {
        let mut content = Limited::new(request.body_mut(), MAX_DISCARDED);
        let discarded = timeout(self.server.limits.refusal_time, async {
            while let Some(frame) = content.frame().await {
                frame.ok()?;
            }
            Some(())
        });
        matches!(discarded.await, Ok(Some(())))
    }
}

/// Describes a request to the gate. No error occurs, because hyper refuses targets with control characters.
fn describe<'a>(request: &'a Request<Incoming>, target: &'a str) -> Result<proxy_auth::Request<'a>, InvalidInput> {
    let described = proxy_auth::Request::new(request.method().as_str(), target)?.with_version(request.version().into());
    Ok(if is_discardable(request) {
        described.with_drained_content()
    } else {
        described
    })
}

/// Checks that the content of a request may be short enough to be discarded, and that the client does not wait for 100 (Continue)
/// before it sends the content.
fn is_discardable(request: &Request<Incoming>) -> bool {
    let content = request.body();
    let is_short = content.size_hint().lower() <= MAX_DISCARDED as u64;
    content.is_end_stream() || is_short && !request.headers().contains_key(header::EXPECT)
}

fn empty() -> Response<Body> {
    Response::new(Either::Right(Full::default()))
}

fn close(response: &mut Response<Body>) {
    let value = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, value);
}
