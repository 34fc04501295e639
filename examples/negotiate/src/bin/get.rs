//! Fetches URLs through a proxy with the user's Kerberos ticket, or with NTLM:
//! `get [--ntlm] [--unproved] [--tunnel] http://localhost:3128 http://example.com/`.
//!
//! It prints the status code and the length of each response. With Kerberos, the proxy must prove its identity, unless `--unproved` is
//! given: Squid 5 never does. Messages about failures go to standard error, with exit status 1.

#[path = "../../../../adapters/tower/examples/get/fetch.rs"]
mod fetch;

use std::error::Error;
use std::process::ExitCode;

use negotiate_example::GssProvider;
use proxy_auth_tower::client::Proxy;

#[tokio::main]
async fn main() -> ExitCode {
    fetch::report(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (options, arguments) = fetch::arguments();
    let (address, urls) = arguments.split_first().ok_or("PROXY URL...")?;
    let has = |name: &str| options.iter().any(|option| option == name);
    let provider = if has("--ntlm") {
        GssProvider::Ntlm
    } else {
        GssProvider::Kerberos {
            requires_proof: !has("--unproved"),
        }
    };
    fetch::fetch(Proxy::from_provider(address, provider)?, urls, has("--tunnel")).await
}
