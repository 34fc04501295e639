//! Attacks on the exchange: of clients on a proxy, of proxies on a client, of somebody on the way, and of careless callers.

#![cfg(test)]

mod connection;
mod files;
mod framing;

#[cfg(feature = "digest")]
mod content;
#[cfg(feature = "digest")]
mod downgrade;
#[cfg(feature = "digest")]
mod injection;
#[cfg(feature = "digest")]
mod oracle;
#[cfg(feature = "digest")]
mod replay;
#[cfg(feature = "digest")]
mod server;
