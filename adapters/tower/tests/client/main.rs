//! The connector and the service for clients.

#[path = "../support/mod.rs"]
mod support;

mod environment;
mod faults;
mod forwarded;
#[cfg(feature = "http2")]
mod http2;
mod tokens;
mod tunnel;
