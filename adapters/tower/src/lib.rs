#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub use proxy_auth;

#[cfg(any(feature = "client", feature = "server"))]
mod discard;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "server")]
pub mod server;

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
