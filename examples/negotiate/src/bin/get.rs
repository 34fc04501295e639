//! Fetches URLs through a proxy with the user's Kerberos ticket, or with NTLM:
//! `get [--ntlm] [--unproved] [--tunnel] http://localhost:3128 http://example.com/`.
//!
//! It prints the status code and the length of each response. With Kerberos, the proxy must prove its identity, unless `--unproved` is
//! given: Squid 5 never does. Messages about failures go to standard error, with exit status 1.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use http_body_util::{BodyExt, Empty};
use hyper::{Request, body::Bytes};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use negotiate_example::GssProvider;
use proxy_auth_tower::client::{self, Proxy, ProxyAuth, ProxyConnector};
use tower::ServiceExt;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let error: &(dyn Error + 'static) = error.as_ref();
            match client::Error::find_in(error) {
                Some(error) => eprintln!("{error}"),
                None => eprintln!("{error}"),
            }
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (options, arguments): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let (address, urls) = arguments.split_first().ok_or("PROXY URL...")?;
    let has = |name: &str| options.iter().any(|option| option == name);
    let provider = if has("--ntlm") {
        GssProvider::Ntlm
    } else {
        GssProvider::Kerberos {
            requires_proof: !has("--unproved"),
        }
    };

    let proxy = Proxy::from_provider(address, provider)?;
    let connector = ProxyConnector::new(HttpConnector::new(), proxy.clone());
    let connector = if has("--tunnel") {
        connector.with_tunnels_only()
    } else {
        connector
    };
    let client = Client::builder(TokioExecutor::new()).build::<_, Empty<Bytes>>(connector);
    let client = ProxyAuth::new(client, proxy);
    for url in urls {
        let request = Request::get(url.as_str()).body(Empty::new())?;
        let response = client.clone().oneshot(request).await?;
        let status = response.status();
        let content = response.into_body().collect().await?.to_bytes();
        println!("{} {}", status.as_u16(), content.len());
    }
    Ok(())
}
