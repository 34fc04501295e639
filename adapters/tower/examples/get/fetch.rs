//! Fetches URLs through a proxy, and reports them.

use std::error::Error;
use std::process::ExitCode;

use http_body_util::{BodyExt, Empty};
use hyper::{Request, body::Bytes};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use proxy_auth_tower::client::{self, Proxy, ProxyAuth, ProxyConnector};
use tower::ServiceExt;

/// Divides the arguments of the program into options, which start with `--`, and the address of the proxy with the URLs.
pub(crate) fn arguments() -> (Vec<String>, Vec<String>) {
    std::env::args()
        .skip(1)
        .partition(|argument| argument.starts_with("--"))
}

/// Fetches the URLs. With `tunnels_only`, also plain HTTP goes through tunnels.
pub(crate) async fn fetch(proxy: Proxy, urls: &[String], tunnels_only: bool) -> Result<(), Box<dyn Error>> {
    let connector = ProxyConnector::new(HttpConnector::new(), proxy.clone());
    let connector = if tunnels_only {
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

/// Prints the reason for a failure.
pub(crate) fn report(result: Result<(), Box<dyn Error>>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    let error: &(dyn Error + 'static) = error.as_ref();
    match client::Error::find_in(error) {
        Some(error) => eprintln!("{error}"),
        None => eprintln!("{error}"),
    }
    ExitCode::FAILURE
}
