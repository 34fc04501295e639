//! A forward proxy on hyper and tokio that asks for a password: requests in absolute-form, and CONNECT.
//!
//! ```sh
//! cargo run -p hyper-example --bin proxy -- --user aladdin --password 'open sesame'
//! curl --proxy http://127.0.0.1:3128 --proxy-digest --proxy-user 'aladdin:open sesame' http://example.com/
//! ```
//!
//! `gate.rs` authenticates, `users.rs` reads the users, `connection.rs` serves a client, `forward.rs` forwards messages, `tunnel.rs`
//! relays data after CONNECT, and `limits.rs` holds the limits. This is an example: its users can reach everything that this machine
//! can reach, it does not speak TLS with its clients, and it does not slow down password guessing.

mod connection;
mod forward;
mod gate;
mod limits;
#[path = "../../password.rs"]
mod password;
mod tunnel;
mod users;

use std::convert::Infallible;
use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgGroup, Parser};
use proxy_auth::Gate;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::connection::Server;
use crate::gate::{Gatekeeper, Offer};
use crate::limits::{Limits, seconds};

const REALM: &str = "proxy-auth example";

/// A forward proxy that asks for a password
///
/// The log, on standard error, has one line for each request.
#[derive(Parser)]
#[command(
    name = "proxy",
    group = ArgGroup::new("users").args(["user", "htpasswd"]).required(true),
    group = ArgGroup::new("secret").args(["password", "password_file"]).multiple(true).conflicts_with("htpasswd"),
    after_help = "Exit status: 2 if an option is invalid, a file cannot be read or the address cannot be used. Otherwise, the \
                  proxy runs until it is stopped."
)]
struct Options {
    /// The user who may pass
    #[arg(long, value_name = "NAME", requires = "secret")]
    user: Option<String>,
    /// A file with many users: a name, a colon and a password, not a hash, in each line
    #[arg(long, value_name = "FILE")]
    htpasswd: Option<PathBuf>,
    /// The password; other users of this machine can see it on the command line
    #[arg(long, env = "PROXY_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// A file with the password in its first line; overrides --password
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The address to listen on; with port 0, the system chooses a port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3128")]
    listen: SocketAddr,
    /// The challenges to offer, in this order
    ///
    /// Either order has a cost. Most clients answer the strongest challenge that they know. LWP, libsoup 3, Qt 5 and ffmpeg know
    /// Digest only with MD5, and pass if it is anywhere in the list. Python's urllib, libsoup 2 and ncat take the first Digest
    /// challenge, and pass only if it uses MD5. But if MD5 is first, clients that take the first challenge that they know answer
    /// MD5, even if they know SHA-256. If Basic is offered, an attacker who can change messages can get the password.
    #[arg(
        long,
        value_name = "LIST",
        value_enum,
        value_delimiter = ',',
        default_value = "sha-256,md5,basic"
    )]
    offer: Vec<Offer>,
    /// The lifetime of a nonce of Digest, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    max_age: Duration,
    #[command(flatten)]
    limits: Limits,
}

#[tokio::main]
async fn main() -> ExitCode {
    // It returns only on error.
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
    let users = match (options.htpasswd, options.password_file) {
        (Some(file), _) => users::read(&file)?,
        (None, Some(file)) => users::one(options.user.unwrap_or_default(), password::read(&file)?)?,
        (None, None) => users::one(options.user.unwrap_or_default(), options.password.unwrap_or_default())?,
    };
    // A key from the system's random source, which is used until the process ends.
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    let (first, more) = options.offer.split_first().ok_or("no challenge is offered")?;
    let gate = first.add_to(Gate::new(REALM)?, &key, options.max_age);
    let gate = more
        .iter()
        .fold(gate, |gate, offer| offer.add_to(gate, &key, options.max_age));

    let listener = TcpListener::bind(options.listen).await?;
    let _ = writeln!(io::stdout(), "listening on {}", listener.local_addr()?);
    let free = Arc::new(Semaphore::new(options.limits.max_connections.into()));
    let server = Arc::new(Server {
        gatekeeper: Gatekeeper::new(gate, users),
        limits: options.limits,
    });
    loop {
        let permit = Arc::clone(&free).acquire_owned().await?;
        let Ok((client, address)) = listener.accept().await else {
            // Too many files may be open. Wait until some are closed.
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
