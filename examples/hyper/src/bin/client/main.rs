//! Fetches a URL through a proxy that asks for a password, on hyper and tokio.
//!
//! ```sh
//! cargo run -p hyper-example --bin client -- 'http://aladdin:open%20sesame@127.0.0.1:3128' http://example.com/
//! ```
//!
//! `exchange.rs` authenticates, and `proxy.rs` sends requests to the proxy.

mod exchange;
#[path = "../../password.rs"]
mod password;
mod proxy;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::exchange::{Exchange, Policy};
use crate::proxy::Proxy;

/// Fetches a URL through a proxy that asks for a password
///
/// The content goes to standard output. Messages about the authentication go to standard error.
#[derive(Parser)]
#[command(
    name = "client",
    after_help = "Environment: PROXY_PASSWORD is the password if neither PROXY nor a file has one.\n\n\
                  Exit status: 0 if a response came through the proxy; 1 if the proxy refused, offered no challenge that this \
                  client may answer, or did not prove that it knows the password; 2 if another error occurred."
)]
struct Options {
    /// The proxy, as http://USER:PASSWORD@HOST:PORT, with USER and PASSWORD percent-encoded
    ///
    /// Other users of this machine can see the command line. Without :PASSWORD, the password comes from a file or the environment.
    proxy: String,
    /// The URL to fetch, which must start with http:// and hold neither a user nor a password
    url: String,
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

/// Fetches the URL. Returns `false` if the proxy refused, or if its response is not trusted.
async fn run(options: Options) -> Result<bool, Box<dyn Error>> {
    let password = match options.password_file {
        Some(file) => Some(password::read(&file)?),
        None => None,
    };
    let policy = match (options.require_proof, options.allow_basic) {
        (true, _) => Policy::RequireProof,
        (false, false) => Policy::DigestOnly,
        (false, true) => Policy::AllowBasic,
    };
    let exchange = Exchange {
        proxy: Proxy::parse(&options.proxy, password, env::var("PROXY_PASSWORD").ok())?,
        url: proxy::parse_target(&options.url)?,
        policy,
    };
    let Some(response) = exchange.run().await? else {
        return Ok(false);
    };
    let content = response.body();
    eprintln!("{}: {} bytes", response.status().as_u16(), content.len());
    io::stdout().write_all(content)?;
    Ok(true)
}
