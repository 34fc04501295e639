//! Fetches URLs through a proxy that asks for a password, on hyper and tokio.
//!
//! ```sh
//! cargo run -p hyper-example --bin client -- 'http://aladdin:open%20sesame@127.0.0.1:3128' http://example.com/
//! ```
//!
//! `fetch.rs` authenticates. `proxy.rs` keeps the connection to the proxy, and `tunnel.rs` opens tunnels through it.

mod connection;
mod fetch;
#[path = "../../password.rs"]
mod password;
mod proxy;
mod report;
mod tunnel;
mod url;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use proxy_auth::{Policy, Session};

use crate::fetch::Client;
use crate::proxy::Proxy;
use crate::url::{ProxyUrl, Url};

/// Fetches URLs through a proxy that asks for a password
///
/// The content goes to standard output. Messages about the authentication go to standard error.
#[derive(Parser)]
#[command(
    name = "client",
    after_help = "Environment: PROXY_PASSWORD is the password if neither PROXY nor a file has one.\n\n\
                  Exit status: 0 if a response to each request came through the proxy; 1 if the proxy refused, offered no \
                  challenge that this client may answer, or did not prove that it knows the password; 2 if another error \
                  occurred. The first failure ends the program."
)]
struct Options {
    /// The proxy, as http://USER:PASSWORD@HOST:PORT, with USER and PASSWORD percent-encoded
    ///
    /// Other users of this machine can see the command line. Without :PASSWORD, the password comes from a file or the environment.
    proxy: String,
    /// The URLs to fetch in order, which must start with http:// and hold neither a user nor a password
    #[arg(required = true, value_name = "URL")]
    urls: Vec<String>,
    /// Fetch each URL through a tunnel of its own, which the proxy opens for CONNECT
    #[arg(long)]
    tunnel: bool,
    /// A file with the password in its first line; overrides a password in PROXY
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Allow Basic if the proxy offers no stronger scheme; anyone on the network path can read the password
    #[arg(long)]
    allow_basic: bool,
    /// Refuse a response without proof that the proxy knows the password; many proxies send no proof
    ///
    /// Only Digest has such a proof. A proxy that offers only Basic, or does not ask for the password, is refused.
    #[arg(long, conflicts_with = "allow_basic")]
    require_proof: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "client: {error}");
            ExitCode::from(2)
        }
    }
}

/// Fetches the URLs. Returns `false` if the proxy refused, or if its response is not trusted.
async fn run(options: Options) -> Result<bool, Box<dyn Error>> {
    let address = ProxyUrl::parse(&options.proxy)?;
    let urls = options.urls.iter().map(|url| Url::parse(url));
    let urls = urls.collect::<Result<Vec<_>, _>>()?;
    let from_file = options.password_file.as_deref().map(password::read).transpose()?;
    let password = from_file
        .or(address.password)
        .or_else(|| env::var("PROXY_PASSWORD").ok());
    let policy = match (options.require_proof, options.allow_basic) {
        (true, _) => Policy::digest_only().with_proof_required(),
        (false, false) => Policy::digest_only(),
        (false, true) => Policy::digest_or_basic(),
    };
    let mut client = Client {
        proxy: Proxy::new(address.host, address.port),
        name: address.user,
        password: password.ok_or("no password for the proxy")?,
        policy,
        session: Session::new(policy),
    };
    for url in &urls {
        let response = if options.tunnel {
            tunnel::fetch(&mut client, url).await?
        } else {
            client.send(&url.through_proxy()?).await?
        };
        let Some(response) = response else {
            return Ok(false);
        };
        let content = response.body();
        eprintln!("{}: {} bytes", response.status().as_u16(), content.len());
        io::stdout().write_all(content)?;
    }
    Ok(true)
}
