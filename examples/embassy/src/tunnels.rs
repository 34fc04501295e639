//! A TCP stack that connects through a proxy.

use core::error;
use core::fmt::{self, Write as _};
use core::net::SocketAddr;

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_sync::mutex::Mutex;
use embedded_io_async::{ErrorKind, ErrorType, Read, Write};
use embedded_nal_async::TcpConnect;
use firmware::{AsyncConnection, Client, Entropy, Error, Outgoing, send_async};
use proxy_auth::heapless::String;
use proxy_auth::{Login, Policy};

use crate::hop::Hop;

/// The length of the longest socket address: IPv6 with a scope and a port.
const MAX_ADDRESS: usize = 58;

/// Connects through a proxy with CONNECT. `N` is the memory of the session, `B` that for a request or the head of a response.
///
/// Tunnels are opened one after the other, and share the nonce of the proxy.
pub struct Tunnels<'a, T, E, const N: usize, const B: usize> {
    stack: &'a T,
    proxy: SocketAddr,
    state: Mutex<NoopRawMutex, State<'a, E, N, B>>,
}

struct State<'a, E, const N: usize, const B: usize> {
    client: Client<'a, N>,
    entropy: E,
    buffer: [u8; B],
}

impl<'a, T: TcpConnect, E: Entropy, const N: usize, const B: usize> Tunnels<'a, T, E, N, B> {
    /// Creates the stack above `stack`, with the address of the proxy.
    pub const fn new(stack: &'a T, proxy: SocketAddr, policy: Policy, login: Login<'a>, entropy: E) -> Self {
        let client = Client::new(policy, login);
        let buffer = [0; B];
        Self {
            stack,
            proxy,
            state: Mutex::new(State {
                client,
                entropy,
                buffer,
            }),
        }
    }

    /// Opens a tunnel to a host that the proxy resolves, such as `example.com:443`.
    ///
    /// # Errors
    /// Returns an error if the connection fails, or the proxy refuses the tunnel.
    pub async fn open<'s>(&'s self, authority: &str) -> Result<Tunnel<T::Connection<'s>>, TunnelError<T::Error>> {
        let mut hop = Hop {
            stack: self.stack,
            proxy: self.proxy,
            connection: None,
        };
        let mut state = self.state.lock().await;
        let State {
            client,
            entropy,
            buffer,
        } = &mut *state;
        let outgoing = Outgoing {
            method: "CONNECT",
            target: authority,
        };
        hop.reconnect().await.map_err(TunnelError::Connection)?;
        let reply = send_async(client, &mut hop, entropy, &outgoing, buffer).await?;
        match hop.connection {
            Some(connection) if (200..300).contains(&reply.status) => Ok(Tunnel(connection)),
            _ => Err(TunnelError::Refused(reply.status)),
        }
    }
}

impl<T: TcpConnect, E: Entropy, const N: usize, const B: usize> TcpConnect for Tunnels<'_, T, E, N, B> {
    type Error = TunnelError<T::Error>;

    type Connection<'s>
        = Tunnel<T::Connection<'s>>
    where
        Self: 's;

    async fn connect(&self, remote: SocketAddr) -> Result<Self::Connection<'_>, Self::Error> {
        let mut authority = String::<MAX_ADDRESS>::new();
        write!(authority, "{remote}").map_err(|_| TunnelError::Proxy(Error::TooLong))?;
        self.open(&authority).await
    }
}

/// A connection through the proxy.
pub struct Tunnel<C>(C);

impl<C: ErrorType> ErrorType for Tunnel<C> {
    type Error = TunnelError<C::Error>;
}

impl<C: Read> Read for Tunnel<C> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        self.0.read(buffer).await.map_err(TunnelError::Connection)
    }
}

impl<C: Write> Write for Tunnel<C> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
        self.0.write(bytes).await.map_err(TunnelError::Connection)
    }

    async fn flush(&mut self) -> Result<(), Self::Error> {
        self.0.flush().await.map_err(TunnelError::Connection)
    }
}

/// The reason why a tunnel cannot be opened or used. It contains no secret.
#[derive(Debug, PartialEq, Eq)]
pub enum TunnelError<E> {
    /// The connection failed.
    Connection(E),
    /// The proxy sent no usable response, or no credentials are left.
    Proxy(Error<E>),
    /// The proxy refused the tunnel with this status code, for another reason than the credentials.
    Refused(u16),
}

impl<E> From<Error<E>> for TunnelError<E> {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Io(error) => Self::Connection(error),
            other => Self::Proxy(other),
        }
    }
}

impl<E> fmt::Display for TunnelError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connection(_) => "the connection failed",
            Self::Proxy(_) => "the proxy let nothing through",
            Self::Refused(_) => "the proxy refused the tunnel",
        })
    }
}

impl<E: fmt::Debug> error::Error for TunnelError<E> {}

impl<E: embedded_io_async::Error> embedded_io_async::Error for TunnelError<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Connection(error) => error.kind(),
            Self::Proxy(_) => ErrorKind::PermissionDenied,
            Self::Refused(_) => ErrorKind::ConnectionRefused,
        }
    }
}
