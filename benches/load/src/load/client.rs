//! A client that keeps its connection to the proxy, and writes requests that were built in advance.

use std::error::Error;
use std::net::SocketAddr;

use proxy_auth::{Login, Policy, Request, Session, Step, Turn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const LOGIN: Login<'static> = Login {
    name: "Aladdin",
    password: "open sesame",
};

/// A connection, and the session that answers the challenge of the proxy.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    session: Option<Session<512>>,
}

impl Client {
    /// Connects. Without a policy, requests carry no credentials.
    pub(crate) async fn connect(proxy: SocketAddr, policy: Option<Policy>) -> Result<Self, Box<dyn Error>> {
        let stream = TcpStream::connect(proxy).await?;
        stream.set_nodelay(true)?;
        let session = policy.map(Session::new);
        let buffer = Vec::with_capacity(1024);
        Ok(Self {
            stream,
            buffer,
            session,
        })
    }

    /// Sends a request without credentials, and receives the challenge.
    pub(crate) async fn receive_challenge(&mut self, target: &str) -> Result<(), Box<dyn Error>> {
        let Some(mut session) = self.session.take() else {
            return Ok(());
        };
        let described = Request::new("GET", target)?;
        let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &described, [7; 16])?;
        self.send(message(target, None).as_bytes()).await?;
        let (status, fields) = self.receive().await?;
        let lines = fields.iter().map(|(name, value)| (name, value));
        let step = session.receive(pending, status, lines);
        self.session = Some(session);
        match step {
            Step::Again(_) => Ok(()),
            step => Err(format!("no challenge: {step:?}").into()),
        }
    }

    /// Builds a request with credentials that the proxy accepts once.
    pub(crate) fn build(&mut self, target: &str) -> Result<Vec<u8>, Box<dyn Error>> {
        let authorization = match &mut self.session {
            Some(session) => {
                let described = Request::new("GET", target)?;
                let (authorization, _) = session.authorize(Turn::FIRST, &LOGIN, &described, [7; 16])?;
                Some(authorization.ok_or("no challenge was received")?.to_string())
            }
            None => None,
        };
        Ok(message(target, authorization.as_deref()).into_bytes())
    }

    /// Sends a request that was built, and receives the response of the origin server.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<(), Box<dyn Error>> {
        self.send(request).await?;
        match self.receive().await?.0 {
            200 => Ok(()),
            status => Err(format!("status code {status}").into()),
        }
    }

    async fn send(&mut self, request: &[u8]) -> Result<(), Box<dyn Error>> {
        Ok(self.stream.write_all(request).await?)
    }

    /// Reads a response with its content, and returns its status code and its fields.
    async fn receive(&mut self) -> Result<(u16, Vec<(String, Vec<u8>)>), Box<dyn Error>> {
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the proxy closed the connection".into());
            }
            let mut headers = [httparse::EMPTY_HEADER; 32];
            let mut response = httparse::Response::new(&mut headers);
            let httparse::Status::Complete(head) = response.parse(&self.buffer)? else {
                continue;
            };
            let length = response
                .headers
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case("content-length"));
            let length: usize = std::str::from_utf8(length.ok_or("no Content-Length")?.value)?.parse()?;
            if self.buffer.len() < head + length {
                continue;
            }
            let status = response.code.ok_or("no status code")?;
            // The fields are of interest only if they have a challenge.
            let fields = response.headers.iter().filter(|_| status == 407);
            let fields = fields.map(|header| (header.name.to_owned(), header.value.to_vec()));
            return Ok((status, fields.collect()));
        }
    }
}

fn message(target: &str, authorization: Option<&str>) -> String {
    let host = target.trim_start_matches("http://").trim_end_matches('/');
    let authorization = authorization.map_or_else(String::new, |value| format!("Proxy-Authorization: {value}\r\n"));
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: load\r\nAccept: */*\r\n{authorization}\r\n")
}
