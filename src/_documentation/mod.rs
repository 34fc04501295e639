//! Guides: what to decide, in which order to call the crate, and what it costs.
//!
//! The module exists only in the documentation.

#![cfg(any(doc, doctest))]

#[cfg(feature = "digest")]
#[doc = include_str!("proxy.md")]
pub mod proxy {}

#[cfg(feature = "digest")]
#[doc = include_str!("client.md")]
pub mod client {}

#[cfg(all(feature = "digest", feature = "zeroize"))]
#[doc = include_str!("device.md")]
pub mod device {}

#[doc = include_str!("own_scheme.md")]
pub mod own_scheme {}
