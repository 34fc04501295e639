//! Runs the example programs between a client and an origin server that show each byte.

mod authentication;
mod client;
mod forwarding;
mod framing;
mod limits;
mod log;
mod refused_content;
mod wire;
