//! The connection to the proxy, which is kept from one request to the next.

use std::error::Error;

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::connection::{self, MAX_TIME, Sender};

pub(crate) struct Proxy {
    host: String,
    port: u16,
    connection: Option<Sender>,
}

impl Proxy {
    pub(crate) fn new(host: String, port: u16) -> Self {
        Self {
            host,
            port,
            connection: None,
        }
    }

    /// Closes the connection. The next request opens another.
    pub(crate) fn disconnect(&mut self) {
        self.connection = None;
    }

    /// Sends a request, on the connection of the last one if possible. Returns `None` if the proxy closed that connection instead of
    /// responding.
    pub(crate) async fn send(
        &mut self,
        request: Request<Empty<Bytes>>,
    ) -> Result<Option<Response<Bytes>>, Box<dyn Error>> {
        timeout(MAX_TIME, async {
            let mut kept = self.connection.take();
            if let Some(sender) = &mut kept
                && sender.ready().await.is_err()
            {
                kept = None;
            }
            let is_new = kept.is_none();
            let mut sender = match kept {
                Some(sender) => sender,
                None => self.connect().await?,
            };
            let response = match sender.send_request(request).await {
                Err(error) if !is_new && !error.is_parse() => return Ok(None),
                response => connection::read(response?).await?,
            };
            self.connection = Some(sender);
            Ok(Some(response))
        })
        .await?
    }

    async fn connect(&self) -> Result<Sender, Box<dyn Error>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        Ok(connection::open(TokioIo::new(stream)).await?)
    }
}
