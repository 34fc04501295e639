//! Fetches URLs through a proxy, with tunnels or without:
//! `cargo run -p proxy-auth-tower --example get -- [--basic] [--tunnel] http://aladdin:open%20sesame@127.0.0.1:3128 http://example.com/`.
//!
//! It prints the status code and the length of each response. Messages about failures go to standard error, with exit status 1.

mod fetch;

use std::error::Error;
use std::process::ExitCode;

use proxy_auth_tower::client::{Policy, Proxy};

#[tokio::main]
async fn main() -> ExitCode {
    fetch::report(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (options, arguments) = fetch::arguments();
    let (address, urls) = arguments.split_first().ok_or("PROXY URL...")?;
    let has = |name: &str| options.iter().any(|option| option == name);
    let policy = if has("--basic") {
        Policy::digest_or_basic()
    } else {
        Policy::digest_only()
    };
    fetch::fetch(Proxy::parse(address, policy)?, urls, has("--tunnel")).await
}
