//! A forward proxy on hyper and tokio that asks for a password: requests in absolute-form, and CONNECT.
//!
//! ```sh
//! cargo run -p hyper-example --bin proxy -- --user aladdin --password 'open sesame'
//! curl --proxy http://127.0.0.1:3128 --proxy-digest --proxy-user 'aladdin:open sesame' http://example.com/
//! ```
//!
//! `gate.rs` is the authentication, `connection.rs` serves a client, `forward.rs` passes messages on, `tunnel.rs` relays what
//! follows CONNECT, and `limits.rs` says how much of each there may be. It is an example: it lets its one user reach everything
//! that this machine reaches, speaks no TLS with its client, and does not slow down those who guess passwords.

mod connection;
mod forward;
mod gate;
mod limits;
#[path = "../../password.rs"]
mod password;
mod tunnel;

use std::convert::Infallible;
use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgGroup, Parser};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::connection::Server;
use crate::gate::{Gate, Offer};
use crate::limits::{Limits, seconds};

/// A forward proxy that asks for a password
///
/// The log, on standard error, has one line for each request.
#[derive(Parser)]
#[command(
    name = "proxy",
    group = ArgGroup::new("secret").args(["password", "password_file"]).required(true).multiple(true),
    after_help = "Exit status: 2 if an option is wrong, a file cannot be read or the address cannot be used; otherwise the \
                  proxy runs until it is ended."
)]
struct Options {
    /// The user who may pass
    #[arg(long, value_name = "NAME")]
    user: String,
    /// The password; other users of this machine see it on a command line
    #[arg(long, env = "PROXY_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// A file with the password in its first line; goes before --password
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Where to listen; with port 0 the system chooses one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3128")]
    listen: SocketAddr,
    /// What is offered, in this order
    ///
    /// The order costs something either way. Most clients answer the strongest challenge that they know; LWP, libsoup 3, Qt 5
    /// and ffmpeg know Digest with MD5 only, and pass if it is anywhere. Python's urllib, libsoup 2 and ncat take the first
    /// Digest, and pass only if that is the one with MD5. But then clients that take the first challenge they know answer MD5,
    /// though they may know SHA-256. With Basic on offer, whoever changes the messages on their way gets the password.
    #[arg(
        long,
        value_name = "LIST",
        value_enum,
        value_delimiter = ',',
        default_value = "sha-256,md5,basic"
    )]
    offer: Vec<Offer>,
    /// How long a nonce of Digest is good for, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    max_age: Duration,
    #[command(flatten)]
    limits: Limits,
}

#[tokio::main]
async fn main() -> ExitCode {
    // It does not return unless something is wrong.
    let Err(error) = run(Options::parse()).await;
    let _ = writeln!(io::stderr(), "proxy: {error}");
    ExitCode::from(2)
}

async fn run(options: Options) -> Result<Infallible, Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    let password = match (options.password_file, options.password) {
        (Some(file), _) => password::read(&file)?,
        (None, password) => password.unwrap_or_default(),
    };
    // A key from the system's random source, for as long as the process lives.
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    let gate = Gate::new(&options.offer, options.user, password, &key, options.max_age)?;

    let listener = TcpListener::bind(options.listen).await?;
    let _ = writeln!(io::stdout(), "listening on {}", listener.local_addr()?);
    let free = Arc::new(Semaphore::new(options.limits.max_connections.into()));
    let server = Arc::new(Server {
        gate,
        limits: options.limits,
    });
    loop {
        let permit = Arc::clone(&free).acquire_owned().await?;
        let Ok((client, address)) = listener.accept().await else {
            // There may be too many files open; some will be closed.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            server.serve(client, address).await;
            drop(permit);
        });
    }
}
