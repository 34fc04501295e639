//! The proxy, run as a program between a client and an origin server.

#[path = "../../../tests/forwarding/any_proxy.rs"]
mod any_proxy;
#[path = "../../../tests/forwarding/wire.rs"]
mod wire;

use std::path::PathBuf;

/// The proxy to be tested.
fn proxy() -> PathBuf {
    env!("CARGO_BIN_EXE_hyper-proxy").into()
}
