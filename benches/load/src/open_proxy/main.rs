//! The example proxy without authentication. It shares all other code with the example.

#[path = "../../../../examples/hyper/src/bin/proxy/connection.rs"]
mod connection;
#[path = "../../../../examples/hyper/src/bin/proxy/forward.rs"]
mod forward;
mod gate;
#[path = "../../../../examples/hyper/src/bin/proxy/limits.rs"]
mod limits;
#[path = "../../../../examples/hyper/src/bin/proxy/tunnel.rs"]
mod tunnel;

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use clap::Parser;
use tokio::net::TcpListener;

use crate::connection::Server;
use crate::gate::Gatekeeper;
use crate::limits::Limits;

#[derive(Parser)]
struct Options {
    #[command(flatten)]
    limits: Limits,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let Options { limits } = Options::parse();
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    // Only this machine can reach it.
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    let gatekeeper = Gatekeeper;
    let server = Arc::new(Server { gatekeeper, limits });
    loop {
        let (client, address) = listener.accept().await?;
        let server = Arc::clone(&server);
        tokio::spawn(async move { server.serve(client, address).await });
    }
}
