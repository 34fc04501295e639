//! The layer for proxies and origin servers.

#[path = "../support/mod.rs"]
mod support;

mod axum;
mod layer;
mod wire;
