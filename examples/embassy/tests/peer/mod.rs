//! A TCP stack whose connections all lead to a proxy with Digest in the same process, which is the origin server, too.

use core::convert::Infallible;
use core::net::SocketAddr;
use core::time::Duration;
use std::cell::{Cell, RefCell};

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::pipe::Pipe;
use embedded_io_async::{ErrorType, Read, Write};
use embedded_nal_async::TcpConnect;
use proxy_auth::digest::{Algorithm, Slot};
use proxy_auth::{Account, DigestOffer, Gate, Password, Request};

use super::PROXY;

/// After the start.
const NOW: Duration = Duration::from_secs(1);
pub const PAGE: &[u8] = b"hello";

type Bytes = Pipe<NoopRawMutex, 2048>;

pub struct Peer {
    up: Bytes,
    down: Bytes,
    closes: bool,
    connections: Cell<usize>,
    requests: RefCell<Vec<String>>,
    counts: RefCell<Vec<String>>,
}

impl Peer {
    pub fn new() -> Self {
        Self {
            up: Bytes::new(),
            down: Bytes::new(),
            closes: false,
            connections: Cell::new(0),
            requests: RefCell::default(),
            counts: RefCell::default(),
        }
    }

    /// Creates a proxy that closes the connection after each 407.
    pub fn closing() -> Self {
        Self {
            closes: true,
            ..Self::new()
        }
    }

    /// Returns the methods and targets of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.borrow().clone()
    }

    /// Returns the values of `nc` so far.
    pub fn counts(&self) -> Vec<String> {
        self.counts.borrow().clone()
    }

    pub fn connections(&self) -> usize {
        self.connections.get()
    }

    /// Answers requests, as long as it is polled.
    pub async fn serve(&self) -> Infallible {
        let gate = Gate::new("apps").unwrap();
        let gate = gate.with_digest(&DigestOffer::new(&[7; 32], [Algorithm::Sha256]));
        let mut window = gate.replay_window([Slot::EMPTY; 8], Duration::ZERO);
        let mut unique = 0;
        loop {
            let head = self.head().await;
            let mut parts = head.split([' ', '\r']);
            let (method, target) = (parts.next().unwrap(), parts.next().unwrap());
            self.requests.borrow_mut().push(format!("{method} {target}"));
            if method == "GET" {
                let page = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", PAGE.len());
                self.send(page.as_bytes()).await;
                self.send(PAGE).await;
                continue;
            }
            let fields: Vec<_> = head.lines().filter_map(|line| line.split_once(": ")).collect();
            if let Some((_, count)) = head.split_once("nc=") {
                self.counts.borrow_mut().push(count[..8].to_owned());
            }
            let request = Request::new(method, target).unwrap();
            let mut scratch = [0; 64];
            let account = Account::new("aladdin", Password::new("open sesame"));
            let pass = gate
                .read(&request, fields.iter().copied(), &mut scratch)
                .and_then(|attempt| attempt.check(Some(account), NOW))
                .and_then(|ticket| ticket.redeem(&mut window));
            match pass {
                Ok(_) => self.send(b"HTTP/1.1 200 OK\r\n\r\n").await,
                Err(refusal) => {
                    unique += 1;
                    let denial = gate.deny(&refusal, NOW, unique);
                    let mut buffer = [0; 512];
                    let response = denial.response();
                    let response = if self.closes { response.with_close() } else { response };
                    self.send(response.encode(&mut buffer).unwrap()).await;
                }
            }
        }
    }

    async fn head(&self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.up.read(&mut byte).await;
            head.push(byte[0]);
        }
        String::from_utf8(head).unwrap()
    }

    async fn send(&self, bytes: &[u8]) {
        self.down.write_all(bytes).await;
    }
}

pub struct Connection<'a>(&'a Peer);

impl TcpConnect for Peer {
    type Error = Infallible;
    type Connection<'a> = Connection<'a>;

    async fn connect(&self, remote: SocketAddr) -> Result<Connection<'_>, Infallible> {
        assert_eq!(remote, PROXY, "only the proxy is reachable");
        self.connections.set(self.connections.get() + 1);
        self.up.clear();
        self.down.clear();
        Ok(Connection(self))
    }
}

impl ErrorType for Connection<'_> {
    type Error = Infallible;
}

impl Read for Connection<'_> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        Ok(self.0.down.read(buffer).await)
    }
}

impl Write for Connection<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        Ok(self.0.up.write(bytes).await)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
