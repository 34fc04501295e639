//! Connections of HTTP/1.1, to the proxy or through a tunnel.

use std::error::Error;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::Response;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::rt::{Read, Write};

/// The longest time for a request and its response.
pub(crate) const MAX_TIME: Duration = Duration::from_secs(60);
/// The longest content of a response, in bytes.
const MAX_CONTENT: usize = 16 * 1024 * 1024;

/// Sends requests on a connection, which is closed when this is dropped.
pub(crate) type Sender = SendRequest<Empty<Bytes>>;

/// Starts HTTP/1.1 on a stream.
pub(crate) async fn open(stream: impl Read + Write + Unpin + Send + 'static) -> hyper::Result<Sender> {
    let (sender, connection) = http1::handshake(stream).await?;
    tokio::spawn(connection.with_upgrades());
    Ok(sender)
}

/// Reads the content of a response.
pub(crate) async fn read(response: Response<Incoming>) -> Result<Response<Bytes>, Box<dyn Error>> {
    let (head, content) = response.into_parts();
    let content = Limited::new(content, MAX_CONTENT).collect().await;
    let content = content.map_err(|error| -> Box<dyn Error> { error })?;
    Ok(Response::from_parts(head, content.to_bytes()))
}
