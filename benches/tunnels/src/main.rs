//! Fetches a page many times, each time through a new tunnel of a proxy: with `proxy-auth-tower` and with reqwest.
//!
//! `tunnels LABEL CLIENT PROXY URL NUMBER`: PROXY is a URI with a name and a password, http:// or https://, and CLIENT one of
//! - `tower`: one `Proxy` for all tunnels, so that all but the first carry an answer at once
//! - `tower-new`: a new `Proxy` for each tunnel, which knows no challenge
//! - `reqwest`: reqwest, which sends Basic at once
//! - `ureq`: ureq without TLS, which sends Basic at once, for a proxy that forwards `http://`
//!
//! It prints a line with the time. The certificate of the origin server is not verified.

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use proxy_auth_tower::client::{Policy, Proxy, ProxyConnector};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};

type Failed = Box<dyn Error>;
type TlsClient = Client<HttpsConnector<ProxyConnector<HttpsConnector<HttpConnector>>>, Empty<Bytes>>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [label, client, proxy, url, number] = &arguments[..] else {
        return Err("LABEL CLIENT PROXY URL NUMBER".into());
    };
    let number: u32 = number.parse()?;
    ring::default_provider()
        .install_default()
        .map_err(|_| "a provider is installed")?;
    // One for all tunnels, so that all clients resume sessions of TLS.
    let config = ClientConfig::builder().dangerous();
    let config = config.with_custom_certificate_verifier(Arc::new(Trusting(ring::default_provider())));
    let config = config.with_no_client_auth();
    let started = Instant::now();
    match client.as_str() {
        "tower" => {
            let client = tower(proxy, &config)?;
            for _ in 0..number {
                fetch(&client, url).await?;
            }
        }
        "tower-new" => {
            for _ in 0..number {
                fetch(&tower(proxy, &config)?, url).await?;
            }
        }
        "reqwest" => {
            let client = reqwest::Client::builder()
                .proxy(reqwest::Proxy::all(proxy)?)
                .pool_max_idle_per_host(0)
                .tls_danger_accept_invalid_certs(true)
                .build()?;
            for _ in 0..number {
                client.get(url).send().await?.error_for_status()?.bytes().await?;
            }
        }
        "ureq" => {
            let (proxy, url) = (ureq::Proxy::new(proxy)?, url.clone());
            tokio::task::spawn_blocking(move || -> Result<(), ureq::Error> {
                for _ in 0..number {
                    let config = ureq::Agent::config_builder().proxy(Some(proxy.clone())).build();
                    config.new_agent().get(&url).call()?.body_mut().read_to_string()?;
                }
                Ok(())
            })
            .await??;
        }
        _ => return Err("no such client".into()),
    }
    report(label, started.elapsed(), number);
    Ok(())
}

fn report(label: &str, time: Duration, number: u32) {
    println!(
        "{label}: {number} in {:.2} s, {:.2} ms each",
        time.as_secs_f64(),
        time.as_secs_f64() * 1e3 / f64::from(number)
    );
}

fn tower(proxy: &str, config: &ClientConfig) -> Result<TlsClient, Failed> {
    let proxy = Proxy::parse(proxy, Policy::digest_or_basic())?;
    let mut http = HttpConnector::new();
    http.set_nodelay(true);
    http.enforce_http(false);
    let with_tls = || {
        let builder = HttpsConnectorBuilder::new().with_tls_config(config.clone());
        builder.https_or_http().enable_http1()
    };
    // TLS to the proxy, if its address is https://, is below. TLS to the origin server is above.
    let connector = ProxyConnector::new(with_tls().wrap_connector(http), proxy);
    let connector = with_tls().wrap_connector(connector);
    let client = Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build(connector);
    Ok(client)
}

async fn fetch(client: &TlsClient, url: &str) -> Result<(), Failed> {
    let response = client.get(url.parse()?).await?;
    if !response.status().is_success() {
        return Err(response.status().to_string().into());
    }
    response.into_body().collect().await?;
    Ok(())
}

/// Trusts every certificate, since that of the origin server is self-signed.
#[derive(Debug)]
struct Trusting(CryptoProvider);

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
