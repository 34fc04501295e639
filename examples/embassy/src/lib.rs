//! Tunnels through a proxy that asks for a password, for any TCP stack with the traits of `embedded-nal-async`.
//!
//! [`Tunnels`] connects through a proxy, and is itself such a stack: [`fetch`] gives it to the HTTP client `reqwless`.

#![no_std]
#![forbid(unsafe_code)]

mod fetch;
mod hop;
mod tunnels;

pub use fetch::{fetch, fetch_with_embassy_net};
pub use tunnels::{Tunnel, TunnelError, Tunnels};
