//! `reqwest-client PROXY PORT USER PASSWORD PAUSE METHOD URL...`, with the login in PROXY, the address of the proxy.

use std::env;
use std::error::Error;
use std::time::Duration;

use reqwest::{Client, Method, Proxy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [proxy, _, _, _, pause, method, urls @ ..] = &arguments[..] else {
        return Err("PROXY PORT USER PASSWORD PAUSE METHOD URL...".into());
    };
    let (pause, method): (f64, Method) = (pause.parse()?, method.parse()?);
    let client = Client::builder()
        .proxy(Proxy::all(proxy)?)
        .tls_danger_accept_invalid_certs(true)
        .timeout(Duration::from_secs(20))
        .build()?;
    for url in urls {
        let content = if method == Method::POST { vec![0; 65536] } else { Vec::new() };
        if let Ok(response) = client.request(method.clone(), url).body(content).send().await {
            response.bytes().await?;
        }
        tokio::time::sleep(Duration::from_secs_f64(pause)).await;
    }
    Ok(())
}
