//! A client for HTTP proxies that ask for a password, for devices without an allocator.
//!
//! [`Client`] writes requests and reads the heads of responses; it does no I/O. [`send`] does it with the traits of `embedded-io`,
//! and `send_async` with those of `embedded-io-async` (feature `async`).

#![no_std]
#![forbid(unsafe_code)]

mod blocking;
mod board;
mod client;
mod error;
mod head;
#[cfg(feature = "async")]
mod nonblocking;
mod request;
mod response;

pub use blocking::{read_content, read_head, send};
pub use board::{Clock, Connection, Entropy};
pub use client::Client;
pub use error::Error;
pub use head::content_of;
#[cfg(feature = "async")]
pub use nonblocking::{AsyncConnection, send_async};
pub use request::Outgoing;
pub use response::{Content, Next, Reply};
