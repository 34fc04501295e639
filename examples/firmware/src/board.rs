//! Traits that the board implements.

use core::time::Duration;

use embedded_io::{Read, Write};

/// A connection to the proxy.
///
/// Reading must fail after some time without a byte; otherwise, a silent proxy blocks the device forever.
pub trait Connection: Read + Write {
    /// Closes the connection, and opens another one to the same proxy.
    ///
    /// # Errors
    /// Returns an error if there is no other connection.
    fn reconnect(&mut self) -> Result<(), Self::Error>;
}

/// A true random source, such as the generator of the chip.
pub trait Entropy {
    /// Returns bytes that nobody can predict, and others in each call, even after a reset.
    fn random(&mut self) -> [u8; 16];
}

/// A monotonic clock.
pub trait Clock {
    /// Returns the time since a fixed moment.
    fn now(&mut self) -> Duration;
}
