//! The first UART of the LM3S6965 as a connection: QEMU joins it to a TCP connection, and opens another one when the peer closes it.

use core::fmt;
use core::ptr::{read_volatile, write_volatile};
use core::time::Duration;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use firmware::{Clock, Connection};

use crate::clock::SysTick;

const DATA: *mut u32 = 0x4000_C000 as *mut u32;
const FLAGS: *mut u32 = 0x4000_C018 as *mut u32;
const LINE_CONTROL: *mut u32 = 0x4000_C02C as *mut u32;
const CONTROL: *mut u32 = 0x4000_C030 as *mut u32;

const RECEIVE_EMPTY: u32 = 1 << 4;
const TRANSMIT_FULL: u32 = 1 << 5;
const FIFOS: u32 = 1 << 4;
const EIGHT_BITS: u32 = 3 << 5;
const ENABLE: u32 = 1 | 1 << 8 | 1 << 9;

/// The longest time without a byte.
const PATIENCE: Duration = Duration::from_secs(10);
/// QEMU tries to connect each second.
const RECONNECT: Duration = Duration::from_millis(1500);

pub struct Uart {
    clock: SysTick,
    /// The number of connections so far.
    pub connections: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UartError {
    TimedOut,
}

impl fmt::Display for UartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("timed out")
    }
}

impl core::error::Error for UartError {}

impl embedded_io::Error for UartError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::TimedOut
    }
}

impl Uart {
    pub fn new(clock: SysTick) -> Self {
        // SAFETY: these are registers of the UART, which nothing else uses.
        unsafe {
            write_volatile(LINE_CONTROL, FIFOS | EIGHT_BITS);
            write_volatile(CONTROL, ENABLE);
        }
        Self { clock, connections: 0 }
    }

    /// Waits until a flag is clear.
    fn wait(&mut self, flag: u32) -> Result<(), UartError> {
        let start = self.clock.now();
        // SAFETY: as above.
        while unsafe { read_volatile(FLAGS) } & flag != 0 {
            if self.clock.now() - start > PATIENCE {
                return Err(UartError::TimedOut);
            }
        }
        Ok(())
    }
}

impl ErrorType for Uart {
    type Error = UartError;
}

impl Read for Uart {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, UartError> {
        let Some(byte) = buffer.first_mut() else { return Ok(0) };
        self.wait(RECEIVE_EMPTY)?;
        // SAFETY: as above.
        *byte = unsafe { read_volatile(DATA) } as u8;
        Ok(1)
    }
}

impl Write for Uart {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, UartError> {
        let Some(&byte) = bytes.first() else { return Ok(0) };
        self.wait(TRANSMIT_FULL)?;
        // SAFETY: as above.
        unsafe { write_volatile(DATA, byte.into()) };
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), UartError> {
        Ok(())
    }
}

impl Connection for Uart {
    /// Waits until QEMU has connected again. A UART cannot tell it; a modem would.
    fn reconnect(&mut self) -> Result<(), UartError> {
        self.connections += 1;
        let start = self.clock.now();
        while self.clock.now() - start < RECONNECT {}
        Ok(())
    }
}
