//! The connection to the proxy.

use core::net::SocketAddr;

use embedded_io_async::{ErrorType, Read, Write};
use embedded_nal_async::TcpConnect;
use firmware::AsyncConnection;

/// A connection to the proxy that can be replaced by another one.
pub(crate) struct Hop<'a, T: TcpConnect + 'a> {
    pub(crate) stack: &'a T,
    pub(crate) proxy: SocketAddr,
    /// `None` until the first one is opened.
    pub(crate) connection: Option<T::Connection<'a>>,
}

impl<T: TcpConnect> ErrorType for Hop<'_, T> {
    type Error = T::Error;
}

impl<T: TcpConnect> Read for Hop<'_, T> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, T::Error> {
        match &mut self.connection {
            Some(connection) => connection.read(buffer).await,
            None => Ok(0),
        }
    }
}

impl<T: TcpConnect> Write for Hop<'_, T> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, T::Error> {
        match &mut self.connection {
            Some(connection) => connection.write(bytes).await,
            None => Ok(0),
        }
    }

    async fn flush(&mut self) -> Result<(), T::Error> {
        match &mut self.connection {
            Some(connection) => connection.flush().await,
            None => Ok(()),
        }
    }
}

impl<T: TcpConnect> AsyncConnection for Hop<'_, T> {
    async fn reconnect(&mut self) -> Result<(), T::Error> {
        // Dropping it closes it: the stack may have no memory for two.
        self.connection = None;
        self.connection = Some(self.stack.connect(self.proxy).await?);
        Ok(())
    }
}
